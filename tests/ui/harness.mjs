// The page on a stage: served and opened in one real browser for all tests of a file.

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

/** Opens a screen, has `then` look at it, and insists that nothing went wrong on the page. */
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
/** A page of its own, to be closed by nobody but the end. */
export const fresh = (options) => open(browser, server.address, options);
/** Where the page is served. */
export const address = () => server.address;
