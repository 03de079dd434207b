// A browser for the tests: the installed Chromium, with an empty profile.

import { chromium } from 'playwright-core';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: false,
    args: FLAGS,
  });
}

/** A page of the usual size, at a fixed time zone. */
export async function open(
  browser,
  address,
  { screen, theme = 'light', width = 440, height = 640, scale = 1, motion = 'reduce', text = 1 },
) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: motion,
    colorScheme: theme,
  });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') page.problems.push(message.text());
  });
  await page.goto(`${address}/?screen=${screen}`);
  await scaleText(page, text);
  await page.locator('#app > *').first().waitFor();
  return page;
}

/** Makes text larger, as a system's text scale does. */
export function scaleText(page, text) {
  return page.evaluate((size) => (document.documentElement.style.fontSize = size), `${text * 16}px`);
}
