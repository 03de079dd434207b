// An administrator's question about another person: for whom, at which client, asked as whom. The answer is not stored.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, redraw, ui } from '../core/state.js';
import { timeOfDay } from '../core/times.js';
import { columns, inWords, isLone, marks } from './documents.js';
import { allRows } from './filter.js';
import { sentence } from './notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {AboutSomebody, Kind, Notice, SignedIn} from '../view.d.ts' */

/** The most rows of what somebody would get. */
const ROWS = 200;

/**
 * The typed text, whether a request is running, the question that the answer belongs to, and why there is none.
 * @type {{who: string, client: string, asking: boolean, of: string, refused: Notice | null}}
 */
const form = { who: '', client: '', asking: false, of: '', refused: null };

/** Back to oneself. */
export function forgetSomebody() {
  Object.assign(form, { who: '', client: '', asking: false, of: '', refused: null });
  ui.somebody = null;
}

/** Whether somebody is named who was not asked about yet. */
export function isToBeAsked() {
  return ui.somebody === null && form.who.trim() !== '';
}

/** Whether the answer at hand is to another question than the one that stands there. @param {string} value */
export function isOutdated(value) {
  return ui.somebody !== null && form.of !== value;
}

/**
 * The line below the question: for whom, at which client.
 * @param {SignedIn} me
 * @param {string} value what is asked about
 * @param {Kind | null} kind
 * @returns {Child}
 */
export function forWhom(me, value, kind) {
  const { others } = me.directory;
  if (others === null) return null;
  return h(
    'form',
    { key: 'for', class: 'for', onsubmit: (/** @type {Event} */ event) => void ask(event, value, kind) },
    h('label', { class: 'soft', for: 'for-whom' }, 'for'),
    h(
      'span',
      { class: 'in grow' },
      icon('person', 's'),
      h('input', {
        id: 'for-whom',
        title: others,
        'aria-describedby': 'others',
        placeholder: `${me.badge.name} (you)`,
        value: form.who,
        maxlength: 200,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        oninput: (/** @type {Event} */ event) => typed('who', event),
      }),
      (form.who !== '' || ui.somebody) &&
        h(
          'button',
          { key: 'self', class: 'clear', type: 'button', 'aria-label': 'Back to yourself', onclick: backToSelf },
          icon('x', 's'),
        ),
    ),
    h('label', { class: 'soft', for: 'at-client' }, 'at'),
    h(
      'span',
      { class: 'in client' },
      h('input', {
        id: 'at-client',
        placeholder: 'this client',
        value: form.client,
        maxlength: 200,
        size: Math.min(18, Math.max(11, form.client.length + 1)),
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        oninput: (/** @type {Event} */ event) => typed('client', event),
      }),
    ),
    h(
      'button',
      { id: 'ask-about', class: 'btn small', 'aria-disabled': (form.asking || form.who.trim() === '') && 'true' },
      form.asking ? 'Asking…' : 'Ask',
    ),
    form.refused
      ? h(
          'p',
          { key: 'refused', id: 'others', class: 'hint bad', role: 'alert', dir: 'auto' },
          icon('stop', 's'),
          h('span', {}, h('b', {}, sentence(form.refused.title)), ' ', form.refused.text),
        )
      : h('p', { key: 'others', id: 'others', class: 'small dim', role: 'status', dir: 'auto' }, said(me, others)),
  );
}

/** What would be asked, and once it was, when and as whom. @param {SignedIn} me @param {string} others */
function said(me, others) {
  const { somebody } = ui;
  if (form.asking) return `Asking as ${me.badge.name}…`;
  if (somebody) return `Asked at ${timeOfDay(somebody.asked_at)} as ${somebody.asked_as}. Not kept.`;
  return `${others} It would be asked as ${me.badge.name} and not kept.`;
}

/** @param {'who' | 'client'} field @param {Event} event */
function typed(field, event) {
  form[field] = /** @type {HTMLInputElement} */ (event.target).value;
  form.refused = null;
  redraw();
}

function backToSelf() {
  forgetSomebody();
  change({}, '#for-whom');
}

/** @param {Event} event @param {string} value @param {Kind | null} kind */
async function ask(event, value, kind) {
  event.preventDefault();
  const who = form.who.trim();
  if (form.asking || who === '') return;
  Object.assign(form, { asking: true, refused: null });
  ui.somebody = null;
  redraw();
  const client = form.client.trim();
  try {
    const wanted = value.trim();
    const somebody = await invoke('about_somebody', {
      who,
      client: client === '' ? null : client,
      value: wanted === '' ? null : wanted,
      kind,
    });
    form.of = value;
    change({ somebody });
  } catch (problem) {
    form.refused = asNotice(problem);
  } finally {
    form.asking = false;
    redraw();
  }
}

/** What the client would get about that person. @param {AboutSomebody} somebody @returns {Child} */
export function wouldGet(somebody) {
  const rows = allRows(somebody.entitlements);
  if (rows.length === 0) return null;
  const across = columns(somebody.documents, somebody.why.directory);
  return h(
    'section',
    {
      key: 'would get',
      class: 'card would-get',
      'aria-labelledby': 'would-get',
      style: { '--columns': String(across.length) },
    },
    h(
      'div',
      { class: 'table-head' },
      h('h3', { id: 'would-get', class: 'grow' }, 'What ', h('code', {}, somebody.client), ' would get'),
      h(
        'div',
        { class: 'cols', 'aria-hidden': 'true' },
        across.map((column) => h('span', {}, column.head)),
      ),
    ),
    h(
      'div',
      { class: 'table ruled-cols' },
      h(
        'ul',
        {},
        rows
          .slice(0, ROWS)
          .map((row) =>
            h(
              'li',
              { key: row.key, class: 'row' },
              h(
                'span',
                { class: 'v' },
                h('b', { dir: 'auto' }, row.entry.value),
                h('span', {}, isLone(row.entry) ? `${row.kind}, in no document` : row.kind),
              ),
              h('span', { class: 'visually-hidden' }, ` ${inWords(row.entry, across, row.kind)}`),
              marks(row.entry, across, row.kind),
            ),
          ),
      ),
    ),
    rows.length > ROWS && h('p', { class: 'small dim pad' }, `and ${rows.length - ROWS} more`),
  );
}
