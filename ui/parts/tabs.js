// The tabs below the badge.

import { h } from '../core/draw.js';
import { change, ui } from '../core/state.js';

/** @import {Tab} from '../core/state.js' */

/** @type {{tab: Tab, name: string}[]} */
const TABS = [
  { tab: 'roles', name: 'Roles' },
  { tab: 'history', name: 'History' },
  { tab: 'tokens', name: 'Tokens' },
];

export function tabs() {
  return h(
    'nav',
    { key: 'tabs', class: 'tabs', 'aria-label': 'Views', 'data-region': 'tabs' },
    TABS.map(({ tab, name }, i) =>
      h(
        'button',
        {
          id: `tab-${tab}`,
          type: 'button',
          title: `${name} (Ctrl ${i + 1})`,
          'aria-current': ui.tab === tab && 'page',
          'aria-keyshortcuts': `Control+${i + 1}`,
          onclick: () => showTab(tab),
        },
        name,
      ),
    ),
  );
}

/** The tab at a place, counted from 0. @param {number} at */
export function tabAt(at) {
  return TABS[at]?.tab;
}

/** @param {Tab} tab */
export function showTab(tab) {
  change({ tab, filter: '', claims: null }, `#tab-${tab}`);
}
