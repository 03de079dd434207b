// The Tokens tab and the settings, as they ship, in a real browser: what is asked, what is shown, by keys and in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCREENS, fixture } from './screens.mjs';
import { called, focused, on, tell } from './harness.mjs';

/** Has the shell refuse one command from now on. */
const refuse = (page, command, problem) =>
  page.evaluate(
    ([refused, why]) => {
      const real = window.__TAURI_INTERNALS__.invoke;
      window.__TAURI_INTERNALS__.invoke = (asked, args) =>
        asked === refused ? Promise.reject(why) : real(asked, args);
    },
    [command, problem],
  );

test('nothing of the lazy screens is fetched before they are opened', () =>
  on('signed-in', async (page) => {
    const fetched = () =>
      page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name.split('/').pop()));
    const before = await fetched();
    assert.deepEqual(
      before.filter((name) => /tokens|settings|expected|rename|setting-rows|claims-data|verification/.test(name)),
      [],
    );
    assert.deepEqual(await called(page, 'documents'), []);
    await page.keyboard.press('Control+3');
    await page.getByText('Signature checked').waitFor();
    await page.keyboard.press('Control+,');
    await page.getByText('Start when I log in').waitFor();
    const after = await fetched();
    for (const name of ['tokens.js', 'tokens.css', 'settings.js', 'settings.css'])
      assert.equal(after.filter((known) => known === name).length, 1, name);
  }));

test('an ID token says how it was checked, then the claims roles are read from, then the others in words', () =>
  on('tokens', async (page) => {
    const panel = page.getByRole('tabpanel');
    await panel
      .getByText(/with Auth0’s key NkJD…Uwx0, RS256, when it came today, 10:42\. It is for this application/)
      .waitFor();
    const names = await page.locator('.claim dt').allTextContents();
    assert.equal(names[0], 'https://example.com/auth');
    await panel.getByText('Added by your administrators at Auth0. Your roles and groups are read here.').waitFor();
    await panel.getByText('name it under claims in rolecall.toml').waitFor();
    await panel.getByText('so it is not used').waitFor();
    await panel.getByText('Today at 20:42, in 9 h 47 min').waitFor();
    await panel.getByText('After that it proves nothing. 1764016920').waitFor();
    await panel.getByText('A link, not loaded. 1,284 characters.').waitFor();
    assert.equal(await page.locator('#app a').count(), 0);
  }));

test('documents are chosen by the arrow keys, and each says what it is worth', () =>
  on('signed-in', async (page) => {
    await page.keyboard.press('Control+3');
    await page.getByRole('tab', { name: 'ID token', selected: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Not verified. Read only as a view.').waitFor();
    assert.equal(await focused(page), 'document-access_token');
    assert.equal(await page.getByRole('tabpanel').getAttribute('aria-labelledby'), 'document-access_token');
    await page.getByText('a\\u{200b}b').waitFor();
    await page.getByText('(a token or a secret of 842 characters, not shown)').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Copy idp_access_token' }).count(), 0);
    await page.getByText('And 12 more claims, too many to show.').waitFor();
    await page.keyboard.press('End');
    await page.getByText('Not at hand. Userinfo is not stored').waitFor();
    await page.getByText('Last time it had 4 claims: sub, name, email, https://example.com/auth.').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    assert.deepEqual(await called(page, 'refresh'), [null]);
    await page.getByRole('tab', { name: 'Userinfo' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(page), 'document-id_token');
  }));

test('a long value is had whole when asked for, and folded again', () =>
  on('tokens-access', async (page) => {
    await page.getByText('10,000 values, 312,345 characters.').waitFor();
    await page.getByRole('button', { name: 'Show all of groups' }).click();
    await page.getByRole('region', { name: 'All of groups' }).getByText('team-9999').waitFor();
    assert.deepEqual(await called(page, 'claim'), [{ document: 'access_token', name: 'groups' }]);
    const box = await page.getByRole('region', { name: 'All of groups' }).boundingBox();
    assert.ok(box.height < 320, `it scrolls inside: ${box.height}`);
    await page.getByRole('button', { name: 'Show less of groups' }).click();
    assert.equal(await page.getByText('team-9999').count(), 0);
  }));

test('a value is copied as text, the whole of it', () =>
  on('tokens', async (page) => {
    await page.getByRole('button', { name: 'Copy sub' }).focus();
    assert.equal(
      await page.getByRole('button', { name: 'Copy sub' }).evaluate((element) => getComputedStyle(element).opacity),
      '1',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'sub copied' }).waitFor();
    await page.getByRole('button', { name: 'Copy picture' }).click({ force: true });
    await page.getByRole('button', { name: 'picture copied' }).waitFor();
    const copied = (await called(page, 'copy_text')).map(({ text }) => text.length);
    assert.deepEqual(copied, [
      'auth0|5f7c8ec7c33c6c004bbafe82'.length,
      'https://s.gravatar.com/avatar/'.length + 1200 + '/default.png'.length,
    ]);
  }));

test('behind a locked key store the tab says so, and shows claims when it opens', () =>
  on('signed-in', async (page) => {
    await page.evaluate(() => {
      const real = window.__TAURI_INTERNALS__.invoke;
      window.real = real;
      window.__TAURI_INTERNALS__.invoke = (asked, args) =>
        asked === 'documents'
          ? Promise.reject({
              code: 'key_store_locked',
              title: 'The key store is locked',
              text: 'Your session is safe inside.',
            })
          : real(asked, args);
    });
    await page.keyboard.press('Control+3');
    await page.getByRole('alert').getByText('The key store is locked. Your session is safe inside.').waitFor();
    await page.getByRole('button', { name: 'Unlock…' }).click();
    assert.deepEqual(await called(page, 'unlock'), [null]);
    await page.evaluate(() => (window.__TAURI_INTERNALS__.invoke = window.real));
    const told = await fixture('signed-in');
    told.screen.refreshed_at += 5;
    await tell(page, told);
    await page.getByText('Signature checked').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
  }));

test('claims are asked for anew after a refresh, and nothing of them stays when the tab is left', () =>
  on('tokens', async (page) => {
    const told = await fixture('signed-in');
    told.screen.refreshed_at += 60;
    await tell(page, told);
    await page.waitForFunction(() => window.calls.filter(([command]) => command === 'documents').length === 2);
    await page.keyboard.press('Control+1');
    await page.getByLabel('Filter').waitFor();
    assert.equal(await page.getByText('gravatar').count(), 0);
  }));

test('settings show what the file says and send what is chosen', () =>
  on('settings', async (page) => {
    assert.equal(await page.getByRole('button', { name: '30 s' }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: '2 min' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.getByRole('switch', { name: 'Refresh automatically' }).click();
    await page.getByText('Notify when a role is added or removed').click();
    await page.getByRole('radio', { name: 'green' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await called(page, 'set'), [
      { setting: { what: 'clear_clipboard_after', to: 120 } },
      { setting: { what: 'theme', to: 'dark' } },
      { setting: { what: 'auto_refresh', to: false } },
      { setting: { what: 'notify_changes', to: false } },
      { setting: { what: 'accent_color', to: 'slate' } },
    ]);
    const told = await fixture('signed-in');
    told.settings = { clear_clipboard_after: 45, auto_refresh: false, notify_changes: false, theme: 'dark' };
    told.profiles[0].accent_color = 'brick';
    told.expect = { roles: [], groups: ['By hand'] };
    await tell(page, told);
    await page.getByText('By hand').waitFor();
    assert.equal(await page.getByRole('button', { name: '45 s' }).getAttribute('aria-pressed'), 'true');
    assert.equal(
      await page.getByRole('switch', { name: 'Refresh automatically' }).getAttribute('aria-checked'),
      'false',
    );
    assert.equal(await page.getByRole('radio', { name: 'brick' }).getAttribute('aria-checked'), 'true');
    assert.deepEqual(
      await page.evaluate(() => [
        document.documentElement.dataset.theme,
        getComputedStyle(document.body).backgroundColor,
      ]),
      ['dark', 'rgb(13, 17, 15)'],
    );
    told.settings.theme = 'system';
    await tell(page, told);
    await page.getByRole('button', { name: 'System' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
  }));

test('what is expected is shown with where it is, added and taken out', () =>
  on('settings', async (page) => {
    const list = page.getByRole('list', { name: 'Expected here' });
    assert.match(await list.getByRole('listitem').nth(0).textContent(), /Editor in ID token, userinfo/);
    assert.match(await list.getByRole('listitem').nth(1).textContent(), /Publisher in no document/);
    await list.getByRole('button', { name: 'Stop expecting group Samples' }).click();
    await page.getByRole('button', { name: 'Add an expected role or group' }).click();
    assert.equal(await focused(page), 'expect-name');
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.getByLabel('Name of the group').fill(' Sales ');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of the group').waitFor({ state: 'detached' });
    assert.equal(await focused(page), 'expect');
    assert.deepEqual(await called(page, 'set'), [
      { setting: { what: 'stop_expecting', to: { kind: 'group', value: 'Samples' } } },
      { setting: { what: 'expect', to: { kind: 'group', value: 'Sales' } } },
    ]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByLabel('Name of the group').waitFor({ state: 'detached' });
    await page.getByText('Start when I log in').waitFor();
  }));

test('a profile is renamed from the list of profiles, and a name that is refused says why', () =>
  on('profiles', async (page) => {
    await page.getByRole('menuitem', { name: 'Rename Acme…' }).click();
    await page.getByLabel('Name', { exact: true }).waitFor();
    assert.equal(await focused(page), 'profile-name');
    assert.equal(await page.getByRole('button', { name: 'Rename' }).count(), 0);
    await page.keyboard.press('End');
    await page.keyboard.type('-2');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.calls.some(([command]) => command === 'rename_profile'));
    assert.deepEqual(await called(page, 'rename_profile'), [{ name: 'Acme-2' }]);
    await refuse(page, 'rename_profile', {
      code: 'bad_setting',
      title: 'That setting can’t be used',
      text: 'There is a profile ‘Staging’ already. Nothing was changed.',
    });
    await page.getByLabel('Name', { exact: true }).fill('Staging');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('alert').getByText('There is a profile ‘Staging’ already.').waitFor();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Staging');
  }));

test('what was refused stands where it was asked for, and goes when it works', () =>
  on('settings', async (page) => {
    await refuse(page, 'set', {
      code: 'files_failing',
      title: 'A file of Rolecall’s can’t be used',
      text: 'Check that the folder is yours. The session is kept.',
    });
    await page.getByRole('button', { name: 'Light' }).click();
    await page
      .getByRole('alert')
      .getByText('A file of Rolecall’s can’t be used. Check that the folder is yours.')
      .waitFor();
    assert.equal(await page.getByRole('button', { name: 'System' }).getAttribute('aria-pressed'), 'true');
    await page.reload();
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Light' }).click();
    assert.equal(await page.getByRole('alert').count(), 0);
  }));

test('starting at log-in is asked of the system each time, and can be switched', () =>
  on('settings', async (page) => {
    const start = page.getByRole('switch', { name: 'Start when I log in' });
    assert.equal(await start.getAttribute('aria-checked'), 'false');
    await start.click();
    await page.waitForFunction(() => window.calls.filter(([command]) => command === 'starts_at_login').length === 2);
    assert.deepEqual(await called(page, 'start_at_login'), [{ on: true }]);
    await page.keyboard.press('Escape');
    await page.getByLabel('Filter').waitFor();
    assert.equal(await focused(page), 'settings-button');
    await page.keyboard.press('Control+,');
    await page.waitForFunction(() => window.calls.filter(([command]) => command === 'starts_at_login').length === 3);
    assert.equal(await focused(page), 'back');
  }));

test('the key store is checked, and the file is shown by the shell', () =>
  on('settings', async (page) => {
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Checked just now.').waitFor();
    await page.getByRole('button', { name: 'Show file' }).click();
    assert.deepEqual([await called(page, 'check_key_store'), await called(page, 'show_file')], [[null], [null]]);
    await refuse(page, 'check_key_store', {
      code: 'key_store_locked',
      title: 'The key store is locked',
      text: 'Your session is safe inside.',
    });
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('alert').getByText('The key store is locked.').waitFor();
    const told = await fixture('signed-in');
    told.key_store.state = 'locked';
    await tell(page, told);
    await page.getByRole('button', { name: 'Unlock…' }).click();
    assert.deepEqual(await called(page, 'unlock'), [null]);
  }));

test('before a profile is set up the settings of Rolecall are there, and lead back', () =>
  on('setup', async (page) => {
    await page.keyboard.press('Control+,');
    await page.getByText('Start when I log in').waitFor();
    assert.equal(await page.getByText('This profile').count(), 0);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Paste what you have').waitFor();
  }));
