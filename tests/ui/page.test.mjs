// The page as it ships, in a real browser, fed with views.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { SCREENS, fixture, view } from './screens.mjs';
import { address, called, calls, focused, fresh, on, tell } from './harness.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const screen of Object.keys(SCREENS)) {
  test(`${screen} draws at every width, without sideways scroll, in order for assistive technology`, async () => {
    for (const theme of ['light', 'dark']) {
      await on(
        screen,
        async (page) => {
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html} ${node.failureSummary}`)]), [], theme);
          for (const width of [900, 440, 320, 220]) {
            await page.setViewportSize({ width, height: 640 });
            assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `sideways at ${width}`);
          }
        },
        { theme },
      );
    }
  });
}

test('a view that comes while somebody filters disturbs nothing', () =>
  on('many', async (page) => {
    await page.locator('#filter').press('ArrowLeft');
    await page.evaluate(() => (document.querySelector('.scroll').scrollTop = 900));
    const before = await page.evaluate(() => [document.querySelector('#filter').value, document.querySelector('#filter').selectionStart, document.querySelector('.scroll').scrollTop]);
    const next = await view('many');
    next.now += 5;
    next.screen.refreshing = true;
    await tell(page, next);
    await page.locator('.small.dim', { hasText: 'left' }).waitFor();
    const after = await page.evaluate(() => [document.querySelector('#filter').value, document.querySelector('#filter').selectionStart, document.querySelector('.scroll').scrollTop]);
    assert.deepEqual(after, before);
    assert.equal(await focused(page), 'filter');
    assert.equal(before[2], 900);
  }));

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

test('ten thousand groups: only those in sight are drawn, and a key press is done within a frame', () =>
  on('many-unfiltered', async (page) => {
    assert.ok((await page.locator('.table li').count()) < 60);
    await page.evaluate(() => (document.querySelector('.scroll').scrollTop = 150_000));
    await page.getByText('-04990').first().waitFor();
    const times = await page.evaluate(async () => {
      const field = document.querySelector('#filter');
      const took = [];
      for (const text of ['s', 'st', 'sta', 'stag', 'stagi', 'stagin', 'staging', 'stagin', 'stagi', 'stag', 'sta', 'st', 's', '']) {
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await Promise.resolve();
        await Promise.resolve();
        document.body.getBoundingClientRect();
        took.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
      }
      return took.toSorted((a, b) => a - b);
    });
    assert.ok(times[7] < 16, `half of the key presses took longer than ${times[7]} ms`);
    assert.ok((await page.locator('.table li').count()) < 60);
  }));

test('the table is walked by the arrow keys from the filter to its end, and Enter opens', () =>
  on('many', async (page) => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), /00001/);
    await page.keyboard.press('End');
    assert.match(await focused(page), /00127/);
    const inSight = await page.evaluate(() => document.activeElement.getBoundingClientRect().bottom <= document.querySelector('.scroll').getBoundingClientRect().bottom + 1);
    assert.ok(inSight);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Group' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#filter').waitFor();
    assert.match(await focused(page), /00127/);
    assert.equal(await page.locator('#filter').inputValue(), 'prod-eu');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(page), 'filter');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#filter').inputValue(), '');
  }));

test('walking ten thousand rows keeps the focus in sight', () =>
  on('many-unfiltered', async (page) => {
    await page.locator('#filter').press('ArrowDown');
    await page.keyboard.press('End');
    assert.match(await focused(page), /write:invoices/);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
    assert.match(await focused(page), /\d{5}/);
    const sight = await page.evaluate(() => {
      const row = document.activeElement.getBoundingClientRect();
      const frame = document.querySelector('.scroll').getBoundingClientRect();
      return row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1;
    });
    assert.ok(sight);
  }));

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
    assert.deepEqual(await called(page, 'copy_token'), [{ kind: 'access' }, { kind: 'id' }]);
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

test('a pasted secret is masked, dropped and never sent', () =>
  on('setup-wrong', async (page) => {
    const secret = 's'.repeat(64);
    assert.equal(await page.locator('#client-id').getAttribute('type'), 'password');
    assert.ok(!(await page.evaluate(() => [document.body.textContent, ...[...document.querySelectorAll('input')].map((input) => input.value)].join())).includes(secret));
    await page.getByRole('button', { name: 'Two things to mend first' }).click({ force: true });
    assert.deepEqual(await called(page, 'save_profile'), []);
    await page.getByRole('button', { name: 'Use acme.eu.auth0.com' }).click();
    await page.getByText('Sign-out').waitFor();
    assert.equal(await focused(page), 'client-id');
    await page.keyboard.press('k');
    assert.equal(await page.locator('#client-id').inputValue(), 'k');
    assert.equal(await page.locator('#client-id').getAttribute('type'), 'text');
    assert.ok(!JSON.stringify(await calls(page)).includes(secret));
  }));

test('set-up saves, takes the profile to the front and signs in', () =>
  on('setup-auth0', async (page) => {
    await page.getByText('More').click();
    await page.getByLabel('Scopes').fill('openid email');
    await page.getByRole('button', { name: 'Sign in with your browser' }).click();
    await page.waitForFunction(() => window.calls.some(([command]) => command === 'sign_in'));
    const done = (await calls(page)).filter(([command]) => /save|select|sign_in/.test(command));
    assert.deepEqual(done, [
      ['save_profile', { draft: { name: '', issuer: 'acme.eu.auth0.com', client_id: 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI', audience: '', scopes: 'openid email', provider: 'auth0' } }],
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
        if (command === 'check_issuer' && args.text === 'slow.example.com') await new Promise((resolve) => setTimeout(resolve, 1500));
        if (command === 'check_issuer' && args.text === 'slow.example.com') return real(command, { text: 'acme.auth0.com', provider: null });
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

test('every way on calls its command', async () => {
  const told = await fixture('trouble-locked');
  told.trouble.ways = ['unlock', 'sign_in', 'sign_in_with_consent', 'sign_in_memory_only', 'refresh', 'dismiss'];
  await on('trouble-locked', async (page) => {
    await tell(page, told);
    for (const name of ['Unlock…', 'Sign in again', 'Ask again with consent', 'Sign in without it…', 'Try now', 'Dismiss']) await page.getByRole('button', { name }).click();
    assert.deepEqual(
      (await calls(page)).slice(1),
      [
        ['unlock', null],
        ['sign_in', { ask_consent: false, memory_only: false }],
        ['sign_in', { ask_consent: true, memory_only: false }],
        ['sign_in', { ask_consent: false, memory_only: true }],
        ['refresh', null],
        ['dismiss', null],
      ],
    );
  });
});

test('tokens that are not at hand cannot be copied, and the page says why', () =>
  on('signed-in-memory', async (page) => {
    const button = page.getByRole('button', { name: 'Copy access token' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await button.click({ force: true });
    await page.keyboard.press('Control+Shift+A');
    assert.deepEqual(await called(page, 'copy_token'), []);
    await page.getByText('Tokens can be copied as soon as').waitFor();
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

test('names from the provider are text, whatever they look like', () =>
  on('signed-in-odd', async (page) => {
    assert.equal(await page.locator('#app img').count(), 0);
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(await page.getByText('مدير النظام', { exact: true }).evaluate((element) => getComputedStyle(element).unicodeBidi), 'isolate');
  }));

test('a role that went while its page was open leads back to the table', () =>
  on('role-detail', async (page) => {
    const told = await fixture('signed-in');
    told.screen.entitlements.roles = [];
    await tell(page, told);
    await page.locator('#filter').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Editor/ }).count(), 0);
  }));

test('a detail names the exact path and what is missing where', () =>
  on('role-detail', async (page) => {
    await page.getByText('Not in its 11 claims. An API that reads only this token won’t see Editor.').waitFor();
    await page.getByRole('button', { name: 'Copy claim path' }).click();
    assert.deepEqual(await called(page, 'copy_text'), [{ text: '["https://example.com/auth"].roles' }]);
    await page.getByRole('button', { name: 'Copied' }).waitFor();
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
      window.__TAURI_INTERNALS__.invoke = () => Promise.reject({ code: 'busy', title: 'Another Rolecall is renewing this session', text: 'The session is kept.' });
    });
    await page.keyboard.press('Control+r');
    await page.getByRole('alert').getByText('Another Rolecall is renewing this session.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.getByRole('alert').count(), 0);
  }));

test('one that is expected and missing leads to why, and a name typed there is asked about', () =>
  on('signed-in', async (page) => {
    await page.getByRole('button', { name: /^Publisher/ }).click();
    await page.getByText('These come close').waitFor();
    await page.getByLabel('Role, group or permission').fill('Editor');
    await page.getByRole('status').getByText('It is here.').waitFor();
    const asked = (await calls(page)).filter(([command]) => command === 'why').map(([, args]) => args);
    assert.deepEqual(asked[0], { value: 'Publisher', kind: 'role' });
    assert.deepEqual(asked.at(-1), { value: 'Editor', kind: null });
    await page.getByRole('button', { name: /Copy report/ }).click();
    const copied = (await calls(page)).filter(([command]) => command === 'copy_text');
    assert.match(copied[0][1].text, /^# Roles and groups/);
  }));

test('what everybody has is folded away and never dropped', () =>
  on('signed-in', async (page) => {
    assert.equal(await page.getByText('default-roles-acme').count(), 0);
    await page.getByRole('button', { name: 'and 2 that everybody has' }).click();
    await page.getByText('default-roles-acme').waitFor();
    await page.getByRole('button', { name: 'Hide what everybody has' }).click();
    await page.getByLabel('Filter').fill('default');
    await page.getByRole('button', { name: /default-roles-acme/ }).waitFor();
  }));

test('history tells a role taken away, a claim gone and a document not read apart', () =>
  on('signed-in', async (page) => {
    await page.keyboard.press('Control+2');
    const lines = page.getByRole('main', { name: 'History' });
    await lines.getByText('Reviewer went').waitFor();
    await lines.getByText('Editor vanished with its claim').waitFor();
    await lines.getByText('Userinfo could not be read').waitFor();
    await lines.getByText('3 refreshes, nothing changed').waitFor();
    await page.keyboard.press('Control+1');
    await page.getByLabel('Filter').waitFor();
  }));

test('an NGINX file fills the form, says what it leaves out, and one that is none changes nothing', () =>
  on('setup', async (page) => {
    const give = (/** @type {string} */ text) => page.locator('#nginx-file').setInputFiles({ name: 'oidc.conf', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await give('server { listen 80; }');
    await page.getByText('Nothing of OpenID Connect is in the file.').waitFor();
    await give('map $host $oidc_client { default "x"; }');
    await page.getByText('a desktop program keeps no client secret').waitFor();
    assert.equal(await page.getByLabel('Tenant domain').inputValue(), 'acme.eu.auth0.com');
    assert.equal(await page.getByLabel('Client ID').inputValue(), 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI');
  }));
