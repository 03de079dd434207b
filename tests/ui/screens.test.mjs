// Every screen, at every width, in both themes: accessible and without sideways scroll.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { on } from './harness.mjs';
import { SCREENS } from './screens.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const screen of Object.keys(SCREENS)) {
  test(`${screen} draws at every width, without sideways scroll, in order for assistive technology`, async () => {
    for (const theme of ['light', 'dark']) {
      await on(
        screen,
        async (page) => {
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() =>
            window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
          );
          assert.deepEqual(
            violations.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html} ${node.failureSummary}`)]),
            [],
            theme,
          );
          for (const width of [900, 440, 320, 220]) {
            await page.setViewportSize({ width, height: 640 });
            assert.ok(
              (await page.evaluate(() => document.documentElement.scrollWidth)) <= width,
              `sideways at ${width}`,
            );
          }
        },
        { theme },
      );
    }
  });
}
