// Serves the page and opens it in one real browser for all tests of a file.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launch, open } from './browser.mjs';
import { SCREENS } from './screens.mjs';
import { serve } from './serve.mjs';

let server;
let browser;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** Opens a screen, runs `then` on it, and fails if the page reported an error. */
export async function on(screen, then, options = {}) {
  const page = await open(browser, server.address, { screen, ...options });
  try {
    await SCREENS[screen]?.steps?.(page);
    await then(page);
    assert.deepEqual(page.problems, []);
    assert.deepEqual(await page.evaluate(() => window.violations), []);
  } finally {
    await page.context().close();
  }
}

export const calls = (page) => page.evaluate(() => window.calls);
export const called = async (page, name) =>
  (await calls(page)).filter(([command]) => command === name).map(([, args]) => args);
export const tell = (page, told) => page.evaluate((given) => window.tell(given), told);
export const focused = (page) =>
  page.evaluate(
    () => document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName,
  );
/** A page that stays open until all tests are done. */
export const fresh = (options) => open(browser, server.address, options);
/** The address at which the page is served. */
export const address = () => server.address;
