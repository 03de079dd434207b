// Use of the window: keys, scroll positions, copying, and announcements.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, focused, on, tell } from './harness.mjs';
import { fixture } from './screens.mjs';

test('the window closes, quits and grows by keys, and ? lists them', () =>
  on('signed-in', async (page) => {
    for (const key of ['Control+w', 'Control+q', 'Control+Equal', 'Control+Minus', 'Control+0'])
      await page.keyboard.press(key);
    assert.deepEqual(await called(page, 'close_window'), [null]);
    assert.deepEqual(await called(page, 'quit'), [null]);
    assert.deepEqual(await called(page, 'zoom'), [{ direction: 'in' }, { direction: 'out' }, { direction: 'reset' }]);
    await page.keyboard.press('?');
    await page.getByText('Close the window; the tray stays').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#filter').focus();
    await page.keyboard.press('?');
    assert.equal(await page.locator('#filter').inputValue(), '?');
  }));

test('the row and the tab in focus have a ring', () =>
  on('signed-in', async (page) => {
    const ring = () => page.evaluate(() => getComputedStyle(document.activeElement).boxShadow);
    await page.locator('#filter').focus();
    await page.keyboard.type('e');
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), /Editor/);
    assert.match(await ring(), /inset/);
    await page.locator('#tab-history').focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'tab-history');
    assert.match(await ring(), /inset/);
  }));

test('a key store that is asking is told of, with a notice and without one', () =>
  on('signed-in', async (page) => {
    const asking = 'may be asking for its password in a window of its own';
    for (const name of ['signed-in', 'notice-locked', 'signed-out']) {
      const told = await fixture(name);
      await tell(page, told);
      await page.getByText(asking).waitFor({ state: 'detached' });
      told.key_store.asking = true;
      await tell(page, told);
      await page.getByRole('status').filter({ hasText: asking }).waitFor();
    }
  }));

test('a tab is left and found again at the same place', () =>
  on('many-unfiltered', async (page) => {
    const top = () => page.evaluate(() => document.querySelector('.sheet .scroll').scrollTop);
    await page.evaluate(() => (document.querySelector('.sheet .scroll').scrollTop = 3000));
    await page.keyboard.press('Control+3');
    await page.getByText('Signature checked').waitFor();
    await page.evaluate(() => (document.querySelector('#document').scrollTop = 200));
    await page.keyboard.press('Control+1');
    await page.locator('#filter').waitFor();
    assert.equal(await top(), 3000);
    await page.keyboard.press('Control+3');
    await page.getByText('Signature checked').waitFor();
    await page.waitForFunction(() => document.querySelector('#document').scrollTop === 200);
  }));

test('the question about a missing role names it, and what changed leads to the history', () =>
  on('signed-in', async (page) => {
    await page.locator('#why').click();
    assert.equal(await page.getByLabel('Role, group or permission').inputValue(), 'Publisher');
    await page.keyboard.press('Escape');
    const told = await fixture('signed-in-copied');
    told.copied = null;
    await tell(page, told);
    await page.getByRole('button', { name: 'role Publisher added' }).click();
    await page.getByRole('main', { name: 'History' }).waitFor();
  }));

test('a name one lacks is asked about, expected, or found by a near miss', () =>
  on('no-match', async (page) => {
    await page.getByText('No role, group or permission is called Edtor.').waitFor();
    await page.getByRole('button', { name: 'Editor', exact: true }).click();
    assert.equal(await page.locator('#filter').inputValue(), 'Editor');
    await page.locator('#filter').fill('Auditor');
    await page.getByRole('button', { name: 'Expect it' }).click();
    assert.deepEqual(await called(page, 'set'), [
      { setting: { what: 'expect', to: { kind: 'role', value: 'Auditor' } } },
    ]);
    await page.locator('#filter').fill('Auditor');
    await page.getByRole('button', { name: 'Why isn’t “Auditor” here?' }).click();
    assert.equal(await page.getByLabel('Role, group or permission').inputValue(), 'Auditor');
  }));

test('a copied token is offered as a header and for curl', () =>
  on('signed-in-copied', async (page) => {
    await page.getByRole('button', { name: 'As header' }).click();
    await page.getByText('Access token copied as header').waitFor();
    await page.getByRole('button', { name: 'As curl' }).click();
    assert.deepEqual(await called(page, 'copy_token'), [
      { kind: 'access', format: 'header' },
      { kind: 'access', format: 'curl' },
    ]);
  }));

test('what came today stays new for the day, whichever refresh brought it', () =>
  on('signed-in', async (page) => {
    const told = await fixture('signed-in');
    told.screen.changes = [];
    told.screen.refreshed_at += 1;
    await tell(page, told);
    await page.getByText('new today').first().waitFor();
  }));

test('no lock stands over plain HTTP', () =>
  on('signed-in', async (page) => {
    const told = await fixture('signed-in');
    told.screen.badge.plain_http = true;
    await tell(page, told);
    await page.getByText('not signed', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Editor/ }).click();
    await page.getByText('on this computer, without TLS').waitFor();
    assert.equal(await page.locator('.src', { hasText: 'without TLS' }).locator('use[href="#icon-lock"]').count(), 0);
  }));

test('what in the file is not used is told once, and in the settings', () =>
  on('signed-in', async (page) => {
    const told = await fixture('signed-in');
    told.warnings = ['profiles.Acme.future is not known'];
    await tell(page, told);
    await page.getByText('profiles.Acme.future is not known.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.getByText('profiles.Acme.future').count(), 0);
    await page.keyboard.press('Control+,');
    await page.getByText('profiles.Acme.future is not known.').waitFor();
  }));

test('an installed update is told, and a restart offered', () =>
  on('signed-in', async (page) => {
    const told = await fixture('signed-in');
    told.updated = true;
    await tell(page, told);
    await page.getByText('Rolecall was updated.').waitFor();
    await page.getByRole('button', { name: 'Restart' }).click();
    assert.deepEqual(await called(page, 'restart'), [null]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.getByText('Rolecall was updated.').count(), 0);
  }));

test('nothing offers to unlock a key store that is not there, and a pending one is told', () =>
  on('notice-locked', async (page) => {
    await page.getByRole('button', { name: 'Unlock…' }).click();
    await page.getByText('The key store may be asking for its password in a window of its own.').waitFor();
    const told = await fixture('notice-locked');
    Object.assign(told, { notice: null });
    told.key_store.state = 'missing';
    await tell(page, told);
    assert.equal(await page.getByRole('button', { name: 'Unlock…' }).count(), 0);
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  }));
