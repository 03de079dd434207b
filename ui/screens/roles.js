// The sheet with the table: what is missing, the filter, the table.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { change, ui } from '../core/state.js';
import { counted, isToday, number, timeOfDay } from '../core/times.js';
import { directoryFoot } from '../parts/directory.js';
import { columns, isLone, legend, nameOf } from '../parts/documents.js';
import { allRows, KINDS, sections, total } from '../parts/filter.js';
import { noMatch } from '../parts/no-match.js';
import { memoryNote, sentence } from '../parts/notice.js';
import { clearFilter, openEntitlement, openWhy } from '../parts/panels.js';
import { focusRow, show, table } from '../parts/table.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Column} from '../parts/documents.js' */
/** @import {Change, Finding, Moment, Severity, SignedIn} from '../view.d.ts' */

/** @type {Record<Severity, {class: string, icon: string}>} */
const SEVERITY = {
  info: { class: ' calm', icon: 'info' },
  warning: { class: '', icon: 'warn' },
  error: { class: ' bad', icon: 'stop' },
};

/** @param {SignedIn} me @returns {Child[]} */
export function roles(me) {
  const across = columns(me.documents, me.directory.answer);
  const isEmpty = sections(me.entitlements, ui.filter).every((section) => section.rows.length === 0);
  return [
    me.memory_only && memoryNote(),
    me.findings[0] && ui.filter === '' && findingNote(me.findings[0], me.findings.length - 1),
    tableHead(me, across),
    ui.filter !== '' && !isEmpty && matched(me),
    h(
      'div',
      { key: 'scroll', class: 'scroll' },
      table,
      ui.filter.trim() !== '' && isEmpty && noMatch(me, ui.filter),
      selfAsserted(me),
      h('p', { key: 'key', class: 'key', 'aria-hidden': 'true' }, marksUsed(me, across)),
    ),
    ui.filter === '' && directoryFoot(me),
  ];
}

/** @param {Finding} finding @param {number} more */
function findingNote(finding, more) {
  const { about } = finding;
  const severity = SEVERITY[finding.severity];
  return h(
    'div',
    { key: 'finding', class: `notice${severity.class}`, role: 'status' },
    icon(severity.icon),
    h(
      'p',
      { class: 'grow', dir: 'auto' },
      sentence(finding.title),
      more > 0 && h('span', {}, ` ${number(more)} more.`),
    ),
    h(
      'button',
      { id: 'why', class: 'btn small', type: 'button', onclick: () => openWhy(about?.value, about?.kind) },
      'Why?',
    ),
  );
}

/** @param {SignedIn} me @param {Column[]} across */
function tableHead(me, across) {
  return h(
    'div',
    { key: 'head', class: 'table-head' },
    h(
      'label',
      { class: 'in' },
      icon('search', 's'),
      h('span', { class: 'visually-hidden' }, 'Filter'),
      h('input', {
        id: 'filter',
        placeholder: `Filter ${number(total(me.entitlements))}`,
        value: ui.filter,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        'aria-keyshortcuts': '/ Control+F',
        oninput: filtered,
        onkeydown: downIntoTable,
      }),
      ui.filter === ''
        ? h('span', { key: 'kbd', class: 'kbd', 'aria-hidden': 'true' }, '/')
        : h(
            'button',
            {
              key: 'clear',
              class: 'clear',
              type: 'button',
              'aria-label': 'Clear filter',
              onclick: clearFilter,
            },
            icon('x', 's'),
          ),
    ),
    h(
      'div',
      { class: 'cols', 'aria-hidden': 'true' },
      across.map((column) =>
        column.asked
          ? h(
              'span',
              { title: `Directory, asked at ${timeOfDay(column.asked.at)}` },
              column.head,
              h('small', {}, timeOfDay(column.asked.at)),
            )
          : h('span', { title: nameOf(column.document) }, column.head),
      ),
    ),
  );
}

/** @param {InputEvent} event */
function filtered(event) {
  change({ filter: /** @type {HTMLInputElement} */ (event.target).value });
}

/** @param {KeyboardEvent} event */
function downIntoTable(event) {
  if (event.key !== 'ArrowDown') return;
  event.preventDefault();
  focusRow();
}

/** How many match of how many: the kind with the most matches first. @param {SignedIn} me */
function matched(me) {
  const [most, ...others] = sections(me.entitlements, ui.filter).toSorted((a, b) => b.rows.length - a.rows.length);
  const named = (/** @type {string} */ kind) => KINDS.find((known) => known.kind === kind);
  if (!most) return null;
  const one = named(most.kind)?.one ?? '';
  return h(
    'p',
    { key: 'matched', class: 'small soft line matched', role: 'status' },
    h('span', { class: 'grow' }, h('b', {}, number(most.rows.length)), ` of ${counted(most.all, one)}`),
    h(
      'span',
      { class: 'dim tiny' },
      others
        .map((section) => `${named(section.kind)?.name} ${number(section.rows.length)} of ${number(section.all)}`)
        .join(' · '),
    ),
  );
}

/** What the person may have written themself stands apart. @param {SignedIn} me */
function selfAsserted(me) {
  const all = KINDS.flatMap(({ of }) => me.self_asserted[of]);
  if (all.length === 0) return null;
  const names = all
    .slice(0, 20)
    .map((entry) => entry.value)
    .join(', ');
  return h(
    'p',
    { key: 'own', class: 'small dim pad' },
    'Set by the person themself, so not used: ',
    h('bdi', {}, names),
    all.length > 20 && ' …',
  );
}

/** Fills the table; to be called once it is on the page. @param {SignedIn} me */
export function fillTable(me) {
  if (!table.isConnected) return;
  show({
    entitlements: me.entitlements,
    across: columns(me.documents, me.directory.answer),
    filter: ui.filter,
    missing: expectedMissing(me).filter(({ value }) => value.toLowerCase().includes(ui.filter.trim().toLowerCase())),
    everybody: ui.everybody,
    unfold: () => change({ everybody: !ui.everybody }),
    ask: (missing) => openWhy(missing.value, missing.kind),
    newRows: newRows(me.changes, ui.history ?? []),
    open: (row) => (isLone(row.entry) ? openWhy(row.entry.value, row.kind) : openEntitlement(row.key)),
    up: () => document.getElementById('filter')?.focus(),
  });
}

/**
 * The expected entitlements that are missing; those that the directory has get a row of their own.
 * @param {SignedIn} me
 */
function expectedMissing(me) {
  const there = allRows(me.entitlements);
  return me.missing.filter(({ kind, value }) => !there.some((row) => row.kind === kind && row.entry.value === value));
}

/** @type {{of: SignedIn | null, legend: Child}} */
let used = { of: null, legend: null };

/** The legend, made once for each view. @param {SignedIn} me @param {Column[]} across */
function marksUsed(me, across) {
  if (used.of !== me)
    used = {
      of: me,
      legend: legend(
        KINDS.flatMap(({ kind, of }) => me.entitlements[of].slice(0, 1000).map((entry) => ({ kind, entry }))),
        across,
        me.badge.plain_http,
      ),
    };
  return used.legend;
}

/**
 * What was added today, by any refresh, and is still there.
 * @param {Change[]} changes of the last refresh
 * @param {Moment[]} history newest first
 */
function newRows(changes, history) {
  /** @type {Map<string, {words: string, now: boolean}>} */
  const rows = new Map();
  const seen = new Set();
  const all = [...changes, ...history.flatMap((moment) => moment.changes)];
  for (const { at, kind, value, change } of all) {
    const key = JSON.stringify([kind, value]);
    if (seen.has(key) || !isToday(at, now())) continue;
    seen.add(key);
    if (change !== 'added' && change !== 'claim_appeared') continue;
    const justNow = now() - at < 60;
    rows.set(key, { words: justNow ? 'new just now' : 'new today', now: justNow });
  }
  return rows;
}
