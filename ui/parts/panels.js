// Opens the panels that cover the table of roles.

import { change, ui } from '../core/state.js';
import { foldClusters } from './cluster.js';
import { forgetSomebody } from './somebody.js';
import { focusRow, resume, table } from './table.js';

/** @import {Kind} from '../view.d.ts' */

/**
 * Opens the question why something is missing: about one value, or about everything.
 * @param {string} [value]
 * @param {Kind | null} [kind]
 */
export function openWhy(value = '', kind = null) {
  foldClusters();
  forgetSomebody();
  change({ panel: { is: 'why', value, kind }, answer: null }, '#back');
}

/** Opens one entitlement. @param {string} key of its row */
export function openEntitlement(key) {
  change({ panel: { is: 'entitlement', key } }, '#back');
}

/** Closes what lies over the table and goes back to where one was in it. */
export function backToTable() {
  const from = ui.panel?.is;
  change({ panel: null }, from === 'why' ? '#why, #filter' : undefined);
  queueMicrotask(() => {
    if (!table.isConnected) return;
    resume();
    if (from === 'entitlement') focusRow();
  });
}

/** Empties the filter, staying in it. */
export function clearFilter() {
  change({ filter: '' }, '#filter');
}
