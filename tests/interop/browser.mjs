// For $BROWSER: a headless chromium that fills in the provider's own pages as a person would, until it is back at
// Rolecall or, after signing out, at the provider's last page. What it saw goes to $INTEROP_PAGES.

import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const { INTEROP_FORM, INTEROP_USER, INTEROP_PASSWORD, INTEROP_CONSENT, INTEROP_PAGES, INTEROP_COOKIES, INTEROP_CODE, INTEROP_PASTE, CHROMIUM } = process.env;
const BACK = /^http:\/\/127\.0\.0\.1:\d+\/callback\/(\w+\/)?done/;

/** For each provider: the fields of its page, the buttons to click, and the confirmation of a sign-out. */
const FORMS = {
  keycloak: { user: '#username', password: '#password', send: '#kc-login', leave: '#kc-logout' },
  'oidc-provider': { user: 'input[name=login]', password: 'input[name=password]', send: 'button[type=submit]', consent: 'button[type=submit]', leave: 'button[value=yes]' },
  canaille_provider: { user: 'input[name=login]', next: 'button[type=submit]', password: 'input[name=password]', send: 'button[type=submit]', consent: 'button[name=answer][value=accept]', deny: 'button[name=answer][value=deny]' },
  django_provider: { user: 'input[name=username]', password: 'input[name=password]', send: '#send', consent: 'input[name=allow]', deny: 'input[type=submit]:not([name=allow])' },
  auth0: { user: '#username', password: '#password', send: '#submit' },
};

/** The pages for a code: its field, the buttons that confirm, allow and deny it, and the text of the last page. */
const DEVICES = {
  keycloak: { code: '[name=device_user_code]', enter: '[type=submit]', consent: '[name=accept]', deny: '[name=cancel]', done: /device login|consent/i },
  'oidc-provider': { code: 'input[name=user_code]', enter: 'button[type=submit]', confirm: 'button[autofocus]', deny: 'button[name=abort]', consent: 'button[type=submit]', done: /success|interrupted/i },
};

const note = (words) => appendFileSync(INTEROP_PAGES, `${words}\n`);
const form = FORMS[INTEROP_FORM];
const link = process.argv.at(-1);
const leaving = /logout|session\/end/.test(new URL(link).pathname);
const device = /device/.test(new URL(link).pathname) && DEVICES[INTEROP_FORM];

/** A proxy that makes the browser one on another computer: at the callback nothing answers, and its address is noted. */
async function anotherComputer() {
  const proxy = createServer((asked, answer) => {
    const to = new URL(asked.url);
    if (to.pathname.startsWith('/callback')) {
      writeFileSync(INTEROP_PASTE, asked.url, { mode: 0o600 });
      return asked.socket.destroy();
    }
    const { method, headers } = asked;
    const passed = request({ host: to.hostname, port: to.port, method, path: to.pathname + to.search, headers }, (came) => {
      answer.writeHead(came.statusCode, came.rawHeaders);
      came.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise((up) => proxy.listen(0, '127.0.0.1', up));
  // So that the proxy does not keep this program running.
  proxy.unref();
  return { server: `http://127.0.0.1:${proxy.address().port}`, bypass: '<-loopback>' };
}

const proxy = INTEROP_PASTE ? await anotherComputer() : undefined;
const browser = await chromium.launch({ proxy, executablePath: CHROMIUM, chromiumSandbox: false, args: ['--disable-gpu', '--no-first-run'] });
// Every sign-in starts at the form; only signing out needs the cookies of the sign-in.
const storageState = leaving && existsSync(INTEROP_COOKIES) ? INTEROP_COOKIES : undefined;
const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', storageState });
const page = await context.newPage();
page.setDefaultTimeout(30_000);
page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()}`));

// No request leaves this machine. The simulator's page loads Auth0's own library from the internet; the same
// version is in node_modules.
await page.route(/./, (route) => {
  const { hostname } = new URL(route.request().url());
  if (hostname === 'cdn.auth0.com') return route.fulfill({ path: createRequire(import.meta.url).resolve('auth0-js/dist/auth0.min.js'), contentType: 'text/javascript' });
  return ['127.0.0.1', 'localhost'].includes(hostname) ? route.continue() : route.abort();
});

try {
  await page.goto(link);
  if (leaving) {
    if (await page.locator(form.leave).count()) {
      await page.locator(form.leave).first().click();
      await page.waitForLoadState();
    }
  } else if (device) {
    if (INTEROP_CODE) {
      await page.fill(device.code, INTEROP_CODE);
      await page.click(device.enter);
    }
    const denies = INTEROP_CONSENT === 'deny';
    // Some providers ask for confirmation of the code before the user name.
    if (device.confirm) await page.click(denies ? device.deny : device.confirm);
    if (!device.confirm || !denies) {
      await page.fill(form.user, INTEROP_USER);
      await page.fill(form.password, INTEROP_PASSWORD);
      await page.click(form.send);
      if (device.confirm) await page.getByText('Authorize').or(page.getByText('Continue')).first().waitFor();
      await page.click(denies ? device.deny : device.consent);
    }
    await page.getByText(device.done).first().waitFor();
  } else {
    await page.fill(form.user, INTEROP_USER);
    // Some providers ask for the user name on a page before the password.
    if (form.next) await page.click(form.next);
    await page.fill(form.password, INTEROP_PASSWORD);
    await page.click(form.send);
    if (form.deny) {
      await page.click(INTEROP_CONSENT === 'deny' ? form.deny : form.consent);
    } else if (form.consent) {
      await page.getByText('Authorize').or(page.getByText('Continue')).first().waitFor();
      await page.click(form.consent);
    }
    if (INTEROP_PASTE) {
      for (const deadline = Date.now() + 30_000; !existsSync(INTEROP_PASTE); ) {
        if (Date.now() > deadline) throw new Error('it did not come to the callback');
        await page.waitForTimeout(50);
      }
    } else {
      await page.waitForURL(BACK);
    }
    await context.storageState({ path: INTEROP_COOKIES });
  }
  note(`at ${new URL(page.url()).pathname}: ${(await page.locator('body').innerText()).replaceAll(/\s+/g, ' ').slice(0, 300)}`);
} catch (error) {
  note(`failed at ${page.url().split('?')[0]}: ${error}`);
  note(await page.locator('body').innerText().catch(() => ''));
} finally {
  await browser.close();
}
