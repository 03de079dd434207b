// The page as it ships, in a real browser, given views.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, called, calls, focused, fresh, on, tell } from './harness.mjs';
import { fixture } from './screens.mjs';

test('the keys do what they say', () =>
  on('signed-in', async (page) => {
    await page.keyboard.press('/');
    assert.equal(await focused(page), 'filter');
    await page.keyboard.press('/');
    assert.equal(await page.locator('#filter').inputValue(), '/');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+r');
    await page.keyboard.press('Control+Shift+A');
    await page.keyboard.press('Control+Shift+D');
    assert.deepEqual(await called(page, 'refresh'), [null]);
    assert.deepEqual(await called(page, 'copy_token'), [
      { kind: 'access', format: 'token' },
      { kind: 'id', format: 'token' },
    ]);
    await page.keyboard.press('Control+p');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), /Staging/);
    await page.keyboard.press('Enter');
    assert.deepEqual(await called(page, 'select_profile'), [{ name: 'Staging' }]);
    assert.equal(await page.getByRole('menu').count(), 0);
    await page.keyboard.press('Control+p');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await focused(page), 'profile-button');
  }));

test('escape cancels a sign-in', () =>
  on('waiting', async (page) => {
    await page.keyboard.press('Escape');
    assert.deepEqual(await called(page, 'cancel_sign_in'), [null]);
  }));

test('times move by themselves and stand still while nobody looks', async () => {
  const page = await fresh({ screen: 'signed-out' });
  await page.clock.install({ time: new Date('2030-01-01T00:00:00Z') });
  await page.goto(`${address()}/?screen=signed-in`);
  await page.getByText('47 min').waitFor();
  await page.clock.fastForward(61_000);
  await page.getByText('46 min').waitFor();
  await page.getByText('Refreshed 10:42, 14 min ago').waitFor();
  await page.goto(`${address()}/?screen=waiting`);
  await page.getByText('4:12').waitFor();
  await page.clock.fastForward(3_000);
  await page.getByText('4:09').waitFor();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.clock.fastForward(30_000);
  assert.equal(await page.locator('.dial').textContent(), '4:09');
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.getByText('3:39').waitFor();
  await page.context().close();
});

test('every way on calls its command', async () => {
  const told = await fixture('notice-locked');
  told.notice.remedies = ['unlock', 'sign_in', 'sign_in_with_consent', 'sign_in_memory_only', 'refresh', 'dismiss'];
  await on('notice-locked', async (page) => {
    await tell(page, told);
    for (const name of [
      'Unlock…',
      'Sign in again',
      'Ask again with consent',
      'Sign in without it…',
      'Try now',
      'Dismiss',
    ])
      await page.getByRole('button', { name }).click();
    assert.deepEqual((await calls(page)).slice(1), [
      ['unlock', null],
      ['sign_in', { ask_consent: false, memory_only: false }],
      ['sign_in', { ask_consent: true, memory_only: false }],
      ['sign_in', { ask_consent: false, memory_only: true }],
      ['refresh', null],
      ['dismiss', null],
    ]);
  });
});

test('tokens that are not at hand cannot be copied, and the page says why', () =>
  on('signed-in-memory', async (page) => {
    const button = page.getByRole('button', { name: 'Copy access token' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await button.click({ force: true });
    await page.keyboard.press('Control+Shift+A');
    assert.deepEqual(await called(page, 'copy_token'), []);
    await page.getByText('Tokens can be copied once').waitFor();
  }));

test('after copying the focus stays at the foot, and clearing is one key away', () =>
  on('signed-in', async (page) => {
    await page.getByRole('button', { name: 'Copy access token' }).focus();
    await page.keyboard.press('Enter');
    const told = await fixture('signed-in');
    told.copied = { what: 'access', at: told.now, until: told.now + 30 };
    await tell(page, told);
    await page.getByText('Access token copied').waitFor();
    await page.keyboard.press('Enter');
    assert.deepEqual(await called(page, 'clear_clipboard'), [null]);
  }));

test('removing a profile asks once more', () =>
  on('profiles', async (page) => {
    await page.getByRole('menuitem', { name: 'Remove Acme…' }).click();
    assert.equal(await focused(page), 'keep');
    assert.deepEqual(await called(page, 'remove_profile'), []);
    await page.getByRole('menuitem', { name: 'Remove Acme', exact: true }).click();
    assert.deepEqual(await called(page, 'remove_profile'), [{ name: 'Acme' }]);
  }));

test('signing out names the profile', () =>
  on('profiles', async (page) => {
    await page.getByRole('menuitem', { name: 'Sign out of Acme' }).click();
    assert.deepEqual(await called(page, 'sign_out'), [{ profile: 'Acme' }]);
  }));

test('a further profile can be begun and left again', () =>
  on('profiles', async (page) => {
    await page.getByRole('menuitem', { name: 'Add a profile…' }).click();
    await page.getByLabel('Paste what you have').waitFor();
    assert.equal(await focused(page), 'paste');
    await tell(page, await fixture('signed-in'));
    await page.getByLabel('Paste what you have').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#filter').waitFor();
  }));

test('a command that fails outright says so', () =>
  on('signed-in', async (page) => {
    await page.evaluate(() => {
      window.__TAURI_INTERNALS__.invoke = () =>
        Promise.reject({
          code: 'busy',
          title: 'Another Rolecall is refreshing this session',
          text: 'The session is kept.',
        });
    });
    await page.keyboard.press('Control+r');
    await page.getByRole('alert').getByText('Another Rolecall is refreshing this session.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.getByRole('alert').count(), 0);
  }));
