// The roles and groups expected in the selected profile: shown with their current state, added and removed.

import { h, icon } from '../core/draw.js';
import { change, redraw } from '../core/state.js';
import { columns, inWords, markIn } from './documents.js';
import { allRows, KINDS } from './filter.js';
import { apply, row } from './setting-rows.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Kind, SignedIn, View} from '../view.d.ts' */
/** @import {Row} from './filter.js' */

/** The most suggestions while typing. */
const OFFERED = 100;

/** What is being added. @type {{open: boolean, kind: Kind, value: string}} */
const form = { open: false, kind: 'role', value: '' };

/** @param {View} view @returns {Child} */
export function expected(view) {
  const me = view.screen.kind === 'signed_in' ? view.screen : null;
  /** @type {[Kind, string][]} */
  const all = [
    ...view.expect.roles.map((value) => /** @type {[Kind, string]} */ (['role', value])),
    ...view.expect.groups.map((value) => /** @type {[Kind, string]} */ (['group', value])),
  ];
  return [
    row(
      'expected',
      h('p', { class: 'grow' }, 'Expected here', h('span', { class: 'dim' }, 'Warns when missing')),
      h(
        'ul',
        { class: 'chips', 'aria-label': 'Expected here' },
        all.map(([kind, value]) => chip(me, kind, value)),
        h(
          'li',
          { key: 'add' },
          h(
            'button',
            {
              id: 'expect',
              class: 'tool',
              type: 'button',
              'aria-label': 'Add an expected role or group',
              title: 'Add',
              'aria-expanded': String(form.open),
              onclick: () => toggle(!form.open),
            },
            icon('plus', 's'),
          ),
        ),
      ),
    ),
    form.open && adding(me, all),
  ];
}

/** @param {SignedIn | null} me @param {Kind} kind @param {string} value */
function chip(me, kind, value) {
  const rows = me ? allRows(me.entitlements).filter((known) => known.kind === kind && known.entry.value === value) : [];
  const mark = me && (rows.length > 0 ? best(me, rows) : 'missing');
  const group = kind === 'group' ? 'Group ' : '';
  return h(
    'li',
    { key: `${kind} ${value}` },
    h(
      'span',
      { class: `tag${mark === 'missing' ? ' missing' : ''}` },
      group && h('span', { class: 'dim tiny' }, group),
      h('span', { class: 'value', dir: 'auto' }, value),
      mark && h('span', { class: 'marks', 'aria-hidden': 'true' }, h('i', { class: `m ${mark}` })),
      me && h('span', { class: 'visually-hidden' }, rows[0] ? ` ${inWords(rows[0].entry)}` : ' in no document'),
      h(
        'button',
        {
          class: 'less',
          type: 'button',
          'aria-label': `Stop expecting ${group.toLowerCase()}${value}`,
          title: 'Stop expecting it',
          onclick: () => apply('expected', { what: 'stop_expecting', to: { kind, value } }, '#expect'),
        },
        icon('x', 's'),
      ),
    ),
  );
}

/** The best proof among all documents. @param {SignedIn} me @param {Row[]} rows */
function best(me, rows) {
  const across = columns(me.documents);
  const marks = rows.flatMap(({ entry, kind }) => across.map((column) => markIn(entry, column, kind)));
  return /** @type {const} */ (['on', 'tls', 'half', 'missing']).find((mark) => marks.includes(mark)) ?? 'off';
}

/** Discards what was being added. */
export function resetExpected() {
  Object.assign(form, { open: false, value: '' });
}

/** @param {boolean} open */
function toggle(open) {
  Object.assign(form, { open, value: '' });
  change({}, open ? '#expect-name' : '#expect');
}

/** @param {SignedIn | null} me @param {[Kind, string][]} all */
function adding(me, all) {
  const taken = new Set(all.filter(([kind]) => kind === form.kind).map(([, value]) => value));
  const known = me
    ? allRows(me.entitlements).filter((known) => known.kind === form.kind && !taken.has(known.entry.value))
    : [];
  const kinds = KINDS.filter(({ kind }) => kind !== 'permission');
  return h(
    'form',
    { key: 'adding', class: 'in-row adding', onsubmit: add, onkeydown: pressed },
    h(
      'div',
      { class: 'seg', role: 'group', 'aria-label': 'What it is' },
      kinds.map(({ kind, one }) =>
        h(
          'button',
          { type: 'button', 'aria-pressed': String(form.kind === kind), onclick: () => choose(kind) },
          one.charAt(0).toUpperCase() + one.slice(1),
        ),
      ),
    ),
    h(
      'div',
      { class: 'in grow' },
      h('input', {
        id: 'expect-name',
        'aria-label': `Name of the ${form.kind}`,
        placeholder: 'Name, as the provider writes it',
        list: 'known',
        maxlength: 1000,
        value: form.value,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        oninput: typed,
      }),
    ),
    h(
      'datalist',
      { id: 'known' },
      known.slice(0, OFFERED).map(({ entry }) => h('option', { value: entry.value })),
    ),
    h('button', { class: 'btn small' }, 'Add'),
  );
}

/** @param {Kind} kind */
function choose(kind) {
  form.kind = kind;
  redraw();
}

/** @param {Event} event */
function typed(event) {
  form.value = /** @type {HTMLInputElement} */ (event.target).value;
}

/** Not every web view submits a form on Enter in a field with suggestions. @param {KeyboardEvent} event */
function pressed(event) {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    toggle(false);
  } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
    void add(event);
  }
}

/** @param {Event} event */
async function add(event) {
  event.preventDefault();
  const { kind, value } = form;
  if (value.trim() === '') return toggle(false);
  if (await apply('expected', { what: 'expect', to: { kind, value: value.trim() } })) toggle(false);
}
