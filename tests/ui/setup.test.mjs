// Setting up a profile, as it ships, in a real browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, calls, focused, on, tell } from './harness.mjs';
import { fixture } from './screens.mjs';

test('a view that comes while somebody types in set-up disturbs nothing', () =>
  on('setup-auth0', async (page) => {
    await page.getByLabel('API audience').pressSequentially('https://api');
    await page.locator('#audience').press('Home');
    const told = await fixture('setup');
    told.now += 5;
    told.key_store.state = 'works';
    await tell(page, told);
    await page.locator('#audience').pressSequentially('x');
    assert.equal(await page.locator('#audience').inputValue(), 'xhttps://api');
    assert.equal(await page.locator('#client-id').inputValue(), 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI');
  }));

test('a pasted secret is masked, dropped and never kept', () =>
  on('setup-wrong', async (page) => {
    const secret = 's'.repeat(64);
    assert.equal(await page.locator('#client-id').getAttribute('type'), 'password');
    assert.ok(
      !(
        await page.evaluate(() =>
          [document.body.textContent, ...[...document.querySelectorAll('input')].map((input) => input.value)].join(),
        )
      ).includes(secret),
    );
    await page.getByRole('button', { name: '2 things to correct first' }).click({ force: true });
    assert.deepEqual(await called(page, 'save_profile'), []);
    await page.getByRole('button', { name: 'Use acme.eu.auth0.com' }).click();
    await page.getByText('Sign-out').waitFor();
    assert.equal(await focused(page), 'client-id');
    await page.keyboard.press('k');
    assert.equal(await page.locator('#client-id').inputValue(), 'k');
    assert.equal(await page.locator('#client-id').getAttribute('type'), 'text');
    const asked = (await calls(page)).filter(([command]) => command !== 'check_client_id');
    assert.ok(!JSON.stringify(asked).includes(secret), 'it goes nowhere but into the check');
  }));

test('set-up saves, takes the profile to the front and signs in', () =>
  on('setup-auth0', async (page) => {
    await page.getByText('More').click();
    await page.getByLabel('Scopes').fill('openid email');
    await page.getByRole('button', { name: 'Sign in with your browser' }).click();
    await page.waitForFunction(() => window.calls.some(([command]) => command === 'sign_in'));
    const done = (await calls(page)).filter(([command]) => /save|select|sign_in/.test(command));
    assert.deepEqual(done, [
      [
        'save_profile',
        {
          draft: {
            name: '',
            issuer: 'acme.eu.auth0.com',
            client_id: 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI',
            audience: '',
            scopes: 'openid email',
            provider: 'auth0',
          },
        },
      ],
      ['select_profile', { name: 'Acme' }],
      ['sign_in', { ask_consent: false, memory_only: false }],
    ]);
  }));

test('a refused profile says why and keeps what was typed', () =>
  on('setup-auth0', async (page) => {
    await page.getByLabel('Client ID').fill('refused');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That setting can’t be used.').waitFor();
    assert.equal(await page.locator('#client-id').inputValue(), 'refused');
    assert.deepEqual(await called(page, 'sign_in'), []);
  }));

test('a pasted address goes straight to the form of its provider', () =>
  on('setup', async (page) => {
    await page.getByLabel('Paste what you have').fill('https://id.example.com/realms/staff');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Keycloak' }).waitFor();
    assert.equal(await focused(page), 'client-id');
    await page.getByText('Good to know: 1').click();
    await page.getByText('has no revocation_endpoint').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Paste what you have').waitFor();
  }));

test('only the answer about the issuer as it stands counts', () =>
  on('setup', async (page) => {
    await page.evaluate(() => {
      const real = window.__TAURI_INTERNALS__.invoke;
      window.__TAURI_INTERNALS__.invoke = async (command, args) => {
        if (command === 'check_issuer' && args.text === 'slow.example.com')
          await new Promise((resolve) => setTimeout(resolve, 1500));
        if (command === 'check_issuer' && args.text === 'slow.example.com')
          return real(command, { text: 'acme.auth0.com', provider: null });
        return real(command, args);
      };
    });
    await page.getByRole('button', { name: 'Auth0' }).click();
    await page.locator('#issuer').fill('slow.example.com');
    await page.waitForTimeout(600);
    await page.locator('#issuer').fill('acme.eu.auth0.com');
    await page.getByText('Sign-out').waitFor();
    await page.waitForTimeout(1500);
    assert.equal(await page.getByText('No tenant answers there.').count(), 0);
  }));

test('callback addresses are shown once the provider answered, for the issuer that stands there', () =>
  on('setup', async (page) => {
    const toCome = page.getByText('They follow from the issuer');
    const addresses = page.locator('pre.code');
    await page.getByRole('button', { name: 'Auth0' }).click();
    await toCome.waitFor();
    assert.equal(await addresses.count(), 0);
    await page.locator('#issuer').fill('acme.eu.auth0.com');
    await addresses.getByText('http://127.0.0.1:47825/callback/').waitFor();
    await page.locator('#issuer').press('x');
    await toCome.waitFor();
    assert.equal(await addresses.count(), 0, 'another issuer may have others');
  }));

test('a profile is set up for the product whose addresses were shown', () =>
  on('setup', async (page) => {
    await page.getByLabel('Paste what you have').fill('https://id.example.com/realms/staff');
    await page.keyboard.press('Enter');
    await page.getByText('http://127.0.0.1/callback', { exact: true }).waitFor();
    await page.getByLabel('Client ID').fill('desktop');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.calls.some(([command]) => command === 'save_profile'));
    const [{ draft }] = await called(page, 'save_profile');
    assert.equal(draft.provider, 'keycloak');
  }));

test('an NGINX file fills the form, says what it leaves out, and one that is none changes nothing', () =>
  on('setup', async (page) => {
    const give = (/** @type {string} */ text) =>
      page
        .locator('#nginx-file')
        .setInputFiles({ name: 'oidc.conf', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await give('server { listen 80; }');
    await page.getByText('Nothing of OpenID Connect is in the file.').waitFor();
    await give('map $host $oidc_client { default "x"; }');
    await page.getByText('a desktop program keeps no client secret').waitFor();
    assert.equal(await page.getByLabel('Tenant domain').inputValue(), 'acme.eu.auth0.com');
    assert.equal(await page.getByLabel('Client ID').inputValue(), 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI');
  }));
