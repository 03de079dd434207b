// The keys and what they do.

import { h } from '../core/draw.js';
import { MODIFIER } from '../core/keys.js';
import { closeOverlay } from '../core/overlays.js';
import { backBar } from '../parts/bar.js';
import { SHORTCUTS } from '../parts/shortcut-list.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Shortcut} from '../parts/shortcut-list.js' */

/** Nothing is asked or forgotten when it is opened. */
export function opened() {}

/** @returns {Child[]} */
export function overlay() {
  return [
    backBar('Keys', closeOverlay),
    h(
      'main',
      { key: 'shortcuts', class: 'scroll pad stack below-bar', tabindex: 0 },
      h(
        'dl',
        { class: 'card list' },
        SHORTCUTS.map((shortcut) => row(shortcut)),
      ),
      h('p', { class: 'small dim' }, 'In the table, the arrow keys move and Enter opens.'),
    ),
  ];
}

/** @param {Shortcut} shortcut */
function row({ shown, words, alone }) {
  return h(
    'div',
    { class: 'in-row' },
    h('dt', { class: 'grow' }, words),
    h('dd', { class: 'kbd' }, alone ? shown : `${MODIFIER} ${shown}`),
  );
}
