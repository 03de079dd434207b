// Pictures of every screen, light and dark: `node screenshots.mjs FOLDER [SCREEN…]`.

import { mkdir } from 'node:fs/promises';
import { launch, open } from './browser.mjs';
import { SCREENS } from './screens.mjs';
import { serve } from './serve.mjs';

const [folder = '/tmp/rolecall-shots', ...only] = process.argv.slice(2);
const SIZES = [
  ['', 440, 640],
  ['narrow-', 220, 640],
  ['wide-', 900, 640],
  ['large-', 440, 640, 1.5],
  ['large-320-', 320, 640, 1.5],
];

await mkdir(folder, { recursive: true });
const server = await serve();
const browser = await launch();
for (const [screen, { steps }] of Object.entries(SCREENS)) {
  if (only.length > 0 && !only.includes(screen)) continue;
  for (const theme of ['light', 'dark']) {
    for (const [size, width, height, text = 1] of SIZES) {
      if (size !== '' && size !== 'large-' && theme === 'dark') continue;
      const page = await open(browser, server.address, { screen, theme, width, height, text, scale: 2 });
      await steps?.(page);
      await page.screenshot({ path: `${folder}/${screen}-${size}${theme}.png` });
      if (page.problems.length > 0) console.error(screen, theme, page.problems);
      await page.context().close();
    }
  }
}
await browser.close();
server.stop();
