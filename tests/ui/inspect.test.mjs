// Inspect, Compare and the history as a picture, as they ship, in a real browser: what is asked, what is shown, by keys
// and in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, focused, on } from './harness.mjs';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

/** Drops a file or a text on an element. */
const drop = (page, selector, { text, name }) =>
  page.evaluate(
    ([where, content, file]) => {
      const dataTransfer = new DataTransfer();
      if (file === null) dataTransfer.setData('text/plain', content);
      else dataTransfer.items.add(new File([content], file));
      const target = document.querySelector(where);
      for (const kind of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [selector, text, name ?? null],
  );

test('the clipboard is read once, by the shell, and no token is on the page', () =>
  on('inspect-empty', async (page) => {
    assert.equal(await focused(page), 'paste-it');
    await page.keyboard.press('Enter');
    await page.getByText('Rita Viewer').waitFor();
    assert.deepEqual(await called(page, 'inspect'), [{ text: null, name: null, add: false }]);
    assert.equal(await page.locator('textarea').count(), 0);
    await page.getByText('Not checked. Anybody can write a token.').waitFor();
    await page.getByText('Auth0 ID token, acme.eu.auth0.com').waitFor();
    assert.equal(await page.locator('.inspected .m.half').count(), 3);
  }));

test('Ctrl V pastes, and a dropped file and a dropped text are read', () =>
  on('inspect-empty', async (page) => {
    await page.keyboard.press('Control+v');
    await page.getByText('Rita Viewer').waitFor();
    await page.getByRole('button', { name: 'Add a document' }).click();
    await drop(page, 'main.give', { text: TOKEN, name: 'token.txt' });
    await page.getByText('Rita Viewer').waitFor();
    await page.getByRole('button', { name: 'Add a document' }).click();
    await drop(page, 'main.give', { text: TOKEN });
    await page.getByText('Rita Viewer').waitFor();
    assert.deepEqual(await called(page, 'inspect'), [
      { text: null, name: null, add: false },
      { text: TOKEN, name: 'token.txt', add: true },
      { text: TOKEN, name: null, add: true },
    ]);
    assert.equal(await page.evaluate((token) => document.documentElement.outerHTML.includes(token), TOKEN), false);
  }));

test('a file of Windows PowerShell is read as the text it is', () =>
  on('inspect-empty', async (page) => {
    const bytes = [0xff, 0xfe, ...Buffer.from('{"sub":"1"}', 'utf16le')];
    await page
      .locator('#inspect-file')
      .setInputFiles({ name: 'w.txt', mimeType: 'text/plain', buffer: Buffer.from(bytes) });
    await page.getByText('Rita Viewer').waitFor();
    assert.deepEqual(await called(page, 'inspect'), [{ text: '{"sub":"1"}', name: 'w.txt', add: false }]);
  }));

test('what can’t be read is said where one pasted, and nothing else changes', () =>
  on('inspect-empty', async (page) => {
    await drop(page, 'main.give', { text: 'hello' });
    await page.getByText('No token and no claims are in it.').waitFor();
    assert.equal(await focused(page), 'paste-it');
  }));

test('a check says what it asked of whom, and the badge is whole then', () =>
  on('inspect', async (page) => {
    assert.equal(
      await page.locator('.badge.copy').evaluate((badge) => getComputedStyle(badge).borderTopStyle),
      'dashed',
    );
    const button = page.getByRole('button', { name: 'Check now' });
    assert.equal(await button.getAttribute('title'), 'Asks acme.eu.auth0.com for its keys; sends nothing of this');
    await button.click();
    await page.getByText('Signed by acme.eu.auth0.com').waitFor();
    await page.getByText('https://acme.eu.auth0.com/.well-known/openid-configuration').waitFor();
    assert.equal(
      await page.locator('.badge.copy').evaluate((badge) => getComputedStyle(badge).borderTopStyle),
      'solid',
    );
    assert.deepEqual(await called(page, 'inspect_again'), [{ expected: [], check: true }]);
  }));

test('what is expected is asked, and why it is not there is one press away', () =>
  on('inspect', async (page) => {
    const field = page.getByLabel('A role or group that should be there');
    for (const name of ['Editor', 'Publisher']) {
      await field.fill(name);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: `Do not expect ${name}` }).waitFor();
    }
    await page.getByText('It is here.').waitFor();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByText('Assign it at the provider.').waitFor();
    await page.getByRole('button', { name: 'Do not expect Publisher' }).click();
    await page.getByText('In none of its').waitFor({ state: 'detached' });
    assert.deepEqual((await called(page, 'inspect_again')).at(-1), { expected: ['Editor'], check: false });
  }));

test('findings and claims unfold by keys, and closing forgets what was pasted', () =>
  on('inspect', async (page) => {
    await page.getByRole('button', { name: /^ID token/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The person, as Auth0 knows them. Never changes.').waitFor();
    await page.getByText('(a token or a secret of 842 characters, not shown)').waitFor();
    await page.getByText('And 5 more claims.').waitFor();
    await page.getByRole('button', { name: 'Copy report' }).click();
    assert.deepEqual(await called(page, 'copy_text'), [{ text: '# Roles and groups: report from Rolecall\n' }]);
    assert.deepEqual(await called(page, 'forget_pasted'), []);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Ed Itor' }).waitFor();
    assert.deepEqual(await called(page, 'forget_pasted'), [null]);
  }));

test('what is inspected is compared with a profile, and is there when one comes back', () =>
  on('inspect', async (page) => {
    await page.getByRole('button', { name: 'Compare with…' }).click();
    await page.locator('#compare-now').click();
    await page.getByText('What explains it').waitFor();
    assert.deepEqual(await called(page, 'compare'), [
      { a: { is: 'inspected', person: 0 }, b: { is: 'profile', name: 'Acme' } },
    ]);
    await page.keyboard.press('Escape');
    await page.getByText('Rita Viewer').waitFor();
    assert.deepEqual(await called(page, 'forget_pasted'), []);
  }));

test('two profiles are compared: only here, only there, spelled differently, and the settings', () =>
  on('compare', async (page) => {
    assert.match(await page.getByRole('main').innerText(), /3 differ, 2 are spelled differently/);
    const list = page.getByRole('region', { name: 'Only in Acme', exact: true });
    assert.equal(await list.getByRole('listitem').count(), 2);
    await page.getByText('there /acme/Samples').waitFor();
    const table = page.getByRole('table');
    assert.deepEqual(await table.getByRole('rowheader').allTextContents(), ['Audience', 'Issuer', 'Token’s age']);
    await page.getByText('The same: scopes granted, organisation.').waitFor();
    assert.equal(
      await page
        .locator('.cols .profile-icon')
        .allTextContents()
        .then((all) => all.join('')),
      'AS',
    );
    await page.getByRole('button', { name: 'Change…' }).click();
    assert.equal(await focused(page), 'side-a');
  }));

test('a side may be a profile as it stood, or a document that is pasted for it', () =>
  on('compare-empty', async (page) => {
    await page.locator('#ago-a').selectOption('30');
    await page.locator('#side-b').selectOption('pasted');
    assert.equal(await page.locator('#compare-now').getAttribute('aria-disabled'), 'true');
    await page.getByRole('button', { name: 'Paste' }).click();
    await page.getByText('Read: the clipboard').waitFor();
    await page.locator('#compare-now').click();
    await page.getByText('What explains it').waitFor();
    const [{ a, b }] = await called(page, 'compare');
    assert.deepEqual([a.is, a.name, b], ['past', 'Acme', { is: 'pasted' }]);
    assert.deepEqual(await called(page, 'hold_side'), [{ side: 'b', text: null, name: null }]);
    assert.equal(await page.locator('#ago-a option').count(), 0);
  }));

test('the history is a picture whose lines are read in words and walked by the arrow keys', () =>
  on('history', async (page) => {
    const lines = page.locator('.line-row');
    await lines.first().waitFor();
    assert.equal(await lines.count(), 5);
    assert.match(await lines.nth(1).innerText(), /^Reviewer/);
    const words = await lines.nth(1).textContent();
    assert.match(words, /role: added .*, gone with its claim .*, added with its claim .*, removed .*; not here now/);
    await page.getByText('nobody looked, 10 days').waitFor();
    await lines.first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), 'line-1');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Reviewer').waitFor();
    await page.keyboard.press('End');
    assert.equal(await focused(page), 'line-4');
    assert.equal(await page.locator('.line-row[tabindex="0"]').count(), 1);
    const bar = await page.locator('#line-0 .stay').boundingBox();
    const track = await page.locator('#line-0 .track').boundingBox();
    const inside = bar.x >= track.x && bar.x + bar.width <= track.x + track.width + 0.5;
    assert.ok(bar.width > 2.5 && inside, `what came just now is seen: ${JSON.stringify([bar, track])}`);
  }));

test('of five hundred lines only those in sight are drawn, and all are reached by keys', () =>
  on('history-many', async (page) => {
    const drawn = async () => page.locator('.line-row').count();
    assert.ok((await drawn()) < 60, `${await drawn()} rows`);
    assert.equal(await page.locator('.picture li').first().getAttribute('aria-setsize'), '505');
    await page.locator('.line-row').first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.id === 'line-504');
    assert.match(await page.locator('#line-504').innerText(), /team-499/);
    assert.ok((await drawn()) < 60);
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement?.id === 'line-0');
    await page.getByRole('button', { name: 'Fewer lines' }).click();
    assert.equal(await drawn(), 8);
  }));

test('a report names roles only where the button for that is pressed', () =>
  on('why', async (page) => {
    await page.getByRole('button', { name: 'With names' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.deepEqual(await called(page, 'named_report'), [{ value: 'Publisher', kind: 'role' }]);
    assert.deepEqual(await called(page, 'copy_text'), [{ text: 'a report with names' }]);
  }));
