// Every screen: accessible in both themes; no cut text and no horizontal scrolling at any width and text size.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { scaleText } from './browser.mjs';
import { on } from './harness.mjs';
import { SCREENS } from './screens.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Widths in pixels by size of text; 220 is a small window zoomed to 200 %. */
const WIDTHS = {
  1: [900, 800, 480, 440, 360, 320, 220],
  1.25: [800, 480, 440, 360, 320],
  1.5: [800, 480, 440, 360, 320],
  2: [800, 480, 440, 360, 320],
};

for (const screen of Object.keys(SCREENS)) {
  test(`${screen} is in order for assistive technology, light and dark`, async () => {
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
        },
        { theme },
      );
    }
  });

  test(`${screen} is whole at every width and size of text`, () =>
    on(screen, async (page) => {
      for (const [text, widths] of Object.entries(WIDTHS)) {
        await scaleText(page, text);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 640 });
          await page.evaluate(() => new Promise(requestAnimationFrame));
          assert.deepEqual(await page.evaluate(faults), [], `${width} px, ${text} times the text`);
        }
      }
    }));
}

/** The elements that are cut or reach over the edge, found in the page. */
function faults() {
  const edge = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > edge) found.push(`sideways: ${document.documentElement.scrollWidth}`);
  const narrow = edge < 25 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  for (const element of document.querySelectorAll('#app *')) {
    const isText = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim() !== '',
    );
    if (!isText || element.closest('.visually-hidden, pre, .table.many, svg, datalist, .whole')) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.right > edge + 1 || box.left < -1) found.push(`over the edge: ${element.outerHTML.slice(0, 120)}`);
    const mayBeCut = element.closest('.cut') && (!narrow || !element.closest('.badge, .bar'));
    const isCut = getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    if (isCut && !mayBeCut) found.push(`cut: ${element.outerHTML.slice(0, 120)}`);
    const letters = (element.textContent ?? '').trim().length;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (letters > 6 && box.width < 2.5 * size) found.push(`a letter a line: ${element.outerHTML.slice(0, 120)}`);
  }
  return found;
}
