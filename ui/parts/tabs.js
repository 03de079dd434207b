// The tabs below the badge.

import { h } from '../core/draw.js';
import { leavePlace, returnToPlace } from '../core/scroll.js';
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

/** Shows a tab, at the place where it was left. @param {Tab} tab */
export function showTab(tab) {
  if (tab !== ui.tab) {
    leavePlace(placeOf(ui.tab));
    returnToPlace(placeOf(tab));
  }
  change({ tab, claims: null }, `#tab-${tab}`);
}

/** @param {Tab} tab */
function placeOf(tab) {
  return tab === 'tokens' ? `tokens ${ui.document}` : tab;
}
