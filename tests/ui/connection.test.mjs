// *Edit connection*: where it opens from, what it says before saving, and what it sends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, calls, focused, on, tell } from './harness.mjs';
import { fixture } from './screens.mjs';

const OTHER = 'Qm2cT7LwEu9sXh4RkPzN5dVb3yAo81Xz';

test('it opens from the menu, the settings, the signed-out screen and while waiting', async () => {
  await on('connection', (page) => page.getByRole('heading', { name: 'Edit connection' }).waitFor());
  await on('settings', async (page) => {
    await page.getByRole('button', { name: 'Edit connection…' }).click();
    await page.getByLabel('Client ID').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Start when I log in').waitFor();
  });
  await on('signed-out', async (page) => {
    await page.getByRole('button', { name: 'Edit connection…' }).click();
    await page.getByLabel('Client ID').waitFor();
  });
  await on('waiting', async (page) => {
    await page.getByText('The browser shows an error?').waitFor();
    await page.getByRole('button', { name: 'Check client ID and callback addresses' }).click();
    await page.getByLabel('Client ID').waitFor();
    await tell(page, await fixture('waiting'));
    await page.getByLabel('Client ID').waitFor();
  });
});

test('what saving does to the session is said first, and on the button', () =>
  on('connection', async (page) => {
    await page.getByText('Sign-out').waitFor();
    assert.equal(await page.locator('#save-connection').getAttribute('aria-disabled'), 'true');
    await page.getByLabel('Scopes').fill('openid email');
    await page.getByText('Your session stays.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor();
    await page.getByText('Before: openid profile email offline_access').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Your session stays.').waitFor({ state: 'detached' });
    await page.getByLabel('Client ID').fill(OTHER);
    await page.getByText('Saving ends your session. It belongs to the old client ID.').waitFor();
    await page.getByRole('button', { name: 'Save and sign in again' }).click();
    await page.waitForFunction(() => window.calls.some(([command]) => command === 'sign_in'));
    const [{ typed }] = await called(page, 'save_connection');
    assert.equal(typed.client_id, OTHER);
    assert.equal(typed.redirect_ports, '47825, 47826');
    await page.getByLabel('Filter').waitFor();
  }));

test('a change that keeps the session is saved without a sign-in', () =>
  on('connection', async (page) => {
    await page.getByLabel('API audience').fill('https://other.example.com');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Filter').waitFor();
    assert.equal((await called(page, 'save_connection')).length, 1);
    assert.deepEqual(await called(page, 'sign_in'), []);
  }));

test('callback addresses are shown as they would be used, and a wrong port is told', () =>
  on('connection-unfolded', async (page) => {
    await page.getByText('127.0.0.1:47825 and 47826 · no parameters · the system’s').waitFor();
    await page.getByLabel('Ports of the callback').fill('8400');
    await page.getByText('http://127.0.0.1:8400/callback', { exact: true }).waitFor();
    await page.getByLabel('Ports of the callback').fill('70000');
    await page.getByText('A port is a number from 1 to 65535.').waitFor();
    await page.getByRole('button', { name: 'Correct what is marked' }).waitFor();
    await page.keyboard.press('Enter');
    assert.deepEqual(await called(page, 'save_connection'), []);
  }));

test('a pasted secret is dropped here, too, and Cancel changes nothing', () =>
  on('connection', async (page) => {
    await page.getByLabel('Client ID').fill('s'.repeat(64));
    await page.getByRole('alert').getByText('this looks like the client').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Filter').waitFor();
    assert.equal(await focused(page), 'settings-button');
    assert.ok(!(await calls(page)).some(([command]) => command === 'save_connection'));
  }));

const SECRET = 'a-secret-of-the-application-0123456789';

/** Whether the secret stands anywhere on the page but in its own field. */
function onPage(page) {
  return page.evaluate((secret) => {
    const fields = [...document.querySelectorAll('input, textarea')].filter((field) => field.id !== 'client-secret');
    return document.documentElement.outerHTML.includes(secret) || fields.some((field) => field.value.includes(secret));
  }, SECRET);
}

test('a client secret is masked, goes to the engine once and leaves the page', () =>
  on('connection', async (page) => {
    const field = page.getByLabel('Client secret');
    await page.getByText('Only where your provider wants one.').waitFor();
    assert.equal(await field.getAttribute('type'), 'password');
    await field.pressSequentially(SECRET);
    await page.getByText('and into no file.').waitFor();
    assert.equal(await onPage(page), false);
    await page.getByText('The change takes effect at the next refresh or sign-in.').waitFor();
    await page.getByLabel('Scopes').fill('openid email');
    assert.equal(await field.inputValue(), SECRET, 'redrawing leaves it alone');
    const handle = await field.elementHandle();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Filter').waitFor();
    const [{ secret }] = await called(page, 'save_connection');
    assert.equal(secret, SECRET);
    assert.equal(await handle.evaluate((gone) => gone.value), '');
    const effects = await called(page, 'connection_effect');
    assert.ok(!JSON.stringify(effects).includes(SECRET), 'it is not sent before it is saved');
  }));

test('leaving the screen forgets a typed secret, and nothing is sent', () =>
  on('connection', async (page) => {
    const handle = await page.getByLabel('Client secret').elementHandle();
    await page.getByLabel('Client secret').fill(SECRET);
    await page.keyboard.press('Escape');
    await page.getByLabel('Filter').waitFor();
    assert.equal(await handle.evaluate((gone) => gone.value), '');
    assert.ok(!JSON.stringify(await calls(page)).includes(SECRET));
  }));

test('it says whether a secret is kept, and one that is kept can be removed', () =>
  on('connection-secret', async (page) => {
    await page.getByText('One is kept in').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Removed when you save.').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('One is kept in').waitFor();
    await page.getByLabel('Client ID').fill(OTHER);
    await page.getByText('belongs to the old client').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Filter').waitFor();
    const [{ secret }] = await called(page, 'save_connection');
    assert.equal(secret, '');
  }));

test('a provider that wants a secret leads to its field, before another sign-in', () =>
  on('signed-out-secret', async (page) => {
    const wanted = page.getByRole('button', { name: 'Enter client secret…' });
    await wanted.waitFor();
    assert.equal(await wanted.count(), 1, 'once, as the main button');
    assert.match((await wanted.getAttribute('class')) ?? '', /main/);
    assert.doesNotMatch((await page.locator('#sign-in').getAttribute('class')) ?? '', /main/);
    await wanted.click();
    await page.waitForFunction(() => document.activeElement?.id === 'client-secret');
  }));

test('without a key store the main button is the one that helps', () =>
  on('signed-out-no-key-store', async (page) => {
    const main = page.locator('.btn.main');
    assert.deepEqual(await main.allTextContents(), ['Sign in without it…']);
    await main.click();
    const [{ memory_only }] = await called(page, 'sign_in');
    assert.equal(memory_only, true);
  }));

test('keys typed on behind a secret are dropped with it, and do not become a client ID', () =>
  on('connection', async (page) => {
    const field = page.getByLabel('Client ID');
    await field.fill('');
    await field.pressSequentially('s'.repeat(60), { delay: 5 });
    await page.getByRole('alert').getByText('60 characters: this looks like the client').waitFor();
    assert.equal(await field.getAttribute('type'), 'password');
    assert.equal(await field.inputValue(), 'x'.repeat(60));
    await page.keyboard.press('Backspace');
    await field.pressSequentially('abc');
    await page.waitForFunction(() => document.querySelector('#client-id')?.value === 'abc');
  }));
