// Shown when the filter finds nothing: a similar name, why it is not there, and a button to expect it.

import { invoke } from '../core/bridge.js';
import { h } from '../core/draw.js';
import { asNotice, change } from '../core/state.js';
import { nearest } from './filter.js';
import { openWhy } from './panels.js';

/** @import {SignedIn} from '../view.d.ts' */

/** @param {SignedIn} me @param {string} filter */
export function noMatch(me, filter) {
  const wanted = filter.trim();
  const near = nearest(me.entitlements, wanted);
  return h(
    'div',
    { key: 'no match', class: 'pad stack s', role: 'status' },
    h('p', {}, 'No role, group or permission is called ', h('b', { dir: 'auto' }, wanted), '.'),
    near.length > 0 &&
      h(
        'p',
        {},
        'Did you mean ',
        near.map((value, i) => [i > 0 && ' or ', suggestion(value)]),
        '?',
      ),
    h(
      'div',
      { class: 'line wrap' },
      h(
        'button',
        { id: 'why-not', class: 'btn small', type: 'button', onclick: () => openWhy(wanted) },
        h('span', { class: 'breaks' }, 'Why isn’t “', h('bdi', {}, wanted), '” here?'),
      ),
      h(
        'button',
        { id: 'expect-it', class: 'btn small', type: 'button', onclick: () => expect(me, wanted) },
        'Expect it',
      ),
    ),
  );
}

/** @param {string} value */
function suggestion(value) {
  return h(
    'button',
    { key: value, class: 'link', type: 'button', onclick: () => change({ filter: value }, '#filter') },
    h('bdi', {}, value),
  );
}

/**
 * Expects a role of this name, or a group where this person has only groups.
 * @param {SignedIn} me
 * @param {string} value
 */
async function expect(me, value) {
  const { roles, groups } = me.entitlements;
  const kind = roles.length === 0 && groups.length > 0 ? 'group' : 'role';
  try {
    await invoke('set', { setting: { what: 'expect', to: { kind, value } } });
    change({ filter: '' }, '#filter');
  } catch (problem) {
    change({ failure: asNotice(problem) });
  }
}
