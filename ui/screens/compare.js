// Compare: two profiles, a profile and a pasted document, or one profile at two times. Shows what only one has, what
// both have in different ways, and the settings that explain it.

import { invoke } from '../core/bridge.js';
import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { closeOverlay } from '../core/overlays.js';
import { asNotice, change, copyText, ui } from '../core/state.js';
import { counted, isToday, moment, number, timeOfDay } from '../core/times.js';
import { backBar } from '../parts/bar.js';
import { chooser, forgetSides, sides } from '../parts/compare-sides.js';
import { noticeBox } from '../parts/notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {ComparedPair, ComparedSetting, ComparedSide, Comparison} from '../view.d.ts' */
/** @import {Entitlement, Finding, Found, Notice, View} from '../view.d.ts' */

/** So many rows of a list are drawn at first. */
const AT_ONCE = 100;

const state = {
  /** @type {Comparison | null} */
  comparison: null,
  /** @type {Notice | null} */
  problem: null,
  /** The sides are being chosen. */
  choosing: true,
  /** How many rows of each list are drawn. */
  drawn: AT_ONCE,
};

/** Begins with the profile in front, and with what is being inspected where that is so. */
export function opened() {
  Object.assign(state, { comparison: null, problem: null, choosing: true, drawn: AT_ONCE });
  forgetSides();
}

/** Nothing is kept. What is being inspected stays: one goes back to it. */
export function closed() {
  state.comparison = null;
}

/** @param {View} view @returns {Child[]} */
export function overlay(view) {
  const { comparison } = state;
  if (!comparison || state.choosing)
    return [
      backBar('Compare', comparison ? stopChoosing : closeOverlay),
      h(
        'main',
        { key: 'choose', class: 'scroll pad stack below-bar', tabindex: -1 },
        state.problem && noticeBox(state.problem),
        chooser(view, { compare, failed }),
      ),
    ];
  return [
    backBar(
      'Compare',
      closeOverlay,
      h(
        'button',
        { id: 'change', class: 'btn quiet small', type: 'button', onclick: choose },
        icon('swap', 's'),
        'Change…',
      ),
    ),
    h('div', { key: 'pair', class: 'pair' }, sideBadge(comparison.a, 'a'), sideBadge(comparison.b, 'b')),
    h(
      'main',
      { key: 'sheet', class: 'sheet two', 'aria-label': 'What differs', tabindex: -1 },
      tableHead(comparison),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Differences' },
        lists(comparison),
        explained(comparison),
      ),
    ),
    foot(comparison),
  ];
}

/** @param {ComparedSide} side @param {string} which */
function sideBadge(side, which) {
  return h(
    'section',
    {
      key: which,
      class: `badge${side.accent_color === null ? ' copy' : ''}`,
      'data-accent': side.accent_color,
      'aria-label': side.label,
    },
    h('h2', { class: 'cut', dir: 'auto', title: side.label }, side.label),
    h('p', { class: 'dim', dir: 'auto' }, side.who ?? 'it does not say who'),
    side.at !== null &&
      h(
        'p',
        { class: 'dim' },
        `${side.when_word} ${isToday(side.at, now()) ? timeOfDay(side.at) : moment(side.at, now())}`,
      ),
    side.notes.map((note) => h('p', { class: 'hint', dir: 'auto' }, note)),
  );
}

/** @param {Comparison} compared */
function tableHead(compared) {
  const differ = compared.only_a.length + compared.only_b.length;
  const spelled = compared.spelled.length;
  const words = !compared.names_known
    ? [h('b', {}, 'Names can’t be compared'), ', one side only counts them']
    : differ + spelled === 0
      ? [h('b', {}, 'The same'), `, all ${counted(compared.same + compared.elsewhere.length, 'value')}`]
      : [
          h('b', {}, `${number(differ)} ${differ === 1 ? 'differs' : 'differ'}`),
          spelled > 0 && `, ${number(spelled)} ${spelled === 1 ? 'is' : 'are'} spelled differently`,
        ];
  return h(
    'div',
    { class: 'table-head' },
    h('p', { class: 'grow small soft', role: 'status' }, words),
    h(
      'div',
      { class: 'cols', 'aria-hidden': 'true' },
      sign(compared.a, initial(compared.a)),
      sign(compared.b, otherInitial(compared)),
    ),
  );
}

/** @param {ComparedSide} side */
function initial(side) {
  return [...side.label][0]?.toUpperCase() ?? '';
}

/** The letter of the other side: of its last word where the first would be the same. @param {Comparison} compared */
function otherInitial({ a, b }) {
  const last = [...(b.label.split(/[\s_-]+/).at(-1) ?? '')][0]?.toUpperCase() ?? '';
  return initial(a) === initial(b) ? last : initial(b);
}

/** @param {ComparedSide} side @param {string} letter */
function sign(side, letter) {
  return h(
    'span',
    { title: side.label },
    h(
      'span',
      { class: `profile-icon${side.accent_color === null ? ' of-nobody' : ''}`, 'data-accent': side.accent_color },
      letter,
    ),
  );
}

/** @param {Comparison} compared */
function lists(compared) {
  const { a, b } = compared;
  return h(
    'div',
    { class: 'table ruled-cols' },
    found(`Only in ${a.label}`, compared.only_a, `in ${a.label}`, true),
    found(`Only in ${b.label}`, compared.only_b, `in ${b.label}`, false),
    pairs('Same but for case or prefix', compared.spelled, 'in both, spelled differently', (pair) => [
      'there ',
      h('code', {}, pair.b.value),
    ]),
    pairs('Same value elsewhere', compared.elsewhere, 'in both', (pair) => pair.differs),
  );
}

/** @param {string} title @param {Found[]} all @param {string} words @param {boolean} left @returns {Child} */
function found(title, all, words, left) {
  return section(title, all, (one) =>
    row(
      one.value,
      [one.context !== null && `${one.context} `, one.kind],
      words,
      left ? markOf(one) : 'off',
      left ? 'off' : markOf(one),
    ),
  );
}

/**
 * @param {string} title
 * @param {ComparedPair[]} all
 * @param {string} words
 * @param {(pair: ComparedPair) => Child} more
 */
function pairs(title, all, words, more) {
  return section(title, all, (pair) => row(pair.a.value, more(pair), words, markOf(pair.a), markOf(pair.b)));
}

/**
 * @template T
 * @param {string} title
 * @param {T[]} all
 * @param {(one: T) => Child} line
 * @returns {Child}
 */
function section(title, all, line) {
  if (all.length === 0) return null;
  const rest = all.length - state.drawn;
  return h(
    'section',
    { key: title, 'aria-label': title },
    h('h2', { dir: 'auto' }, title, h('b', {}, number(all.length))),
    h('ul', {}, all.slice(0, state.drawn).map(line)),
    rest > 0 &&
      h(
        'button',
        { class: 'fold', type: 'button', onclick: more },
        `Show ${counted(Math.min(rest, 10 * AT_ONCE), 'more value')}`,
      ),
  );
}

function more() {
  state.drawn += 10 * AT_ONCE;
  change({});
}

/** @param {string} value @param {Child} dim @param {string} words @param {string} a @param {string} b */
function row(value, dim, words, a, b) {
  return h(
    'li',
    { class: 'row' },
    h('span', { class: 'v' }, h('b', { dir: 'auto' }, value), h('span', { dir: 'auto' }, dim)),
    h('span', { class: 'visually-hidden' }, ` ${words}`),
    h('span', { class: 'marks', 'aria-hidden': 'true' }, h('i', { class: `m ${a}` }), h('i', { class: `m ${b}` })),
  );
}

/** @param {Entitlement} entry */
function markOf(entry) {
  const proofs = entry.sources.map((source) => source.verified);
  if (proofs.includes('signature')) return 'on';
  return proofs.includes('tls') ? 'tls' : 'half';
}

/** @param {Comparison} compared */
function explained(compared) {
  const differing = compared.settings.filter((setting) => setting.differs);
  return h(
    'section',
    { key: 'explained', class: 'explained', 'aria-labelledby': 'explains' },
    h('h2', { id: 'explains' }, 'What explains it'),
    compared.findings.map((finding) => finder(finding)),
    differing.length > 0 && h('div', { class: 'card' }, settings(compared, differing)),
    compared.findings.length === 0 &&
      differing.length === 0 &&
      h('p', { class: 'soft small' }, 'Nothing that is known of both sides differs.'),
  );
}

/** @param {Finding} finding */
function finder(finding) {
  return h(
    'div',
    { key: finding.code, class: 'card explains' },
    h('h3', { dir: 'auto' }, finding.title),
    h(
      'ul',
      {},
      finding.evidence.map((line) => h('li', { dir: 'auto' }, line)),
    ),
    finding.fix !== null && h('p', { dir: 'auto' }, finding.fix),
  );
}

/** @param {Comparison} compared @param {ComparedSetting[]} rows */
function settings(compared, rows) {
  return h(
    'table',
    { class: 'sides' },
    h(
      'thead',
      { class: 'visually-hidden' },
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Setting'),
        h('th', { scope: 'col' }, compared.a.label),
        h('th', { scope: 'col' }, compared.b.label),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((setting) =>
        h('tr', { key: setting.name }, h('th', { scope: 'row' }, setting.name), cell(setting.a), cell(setting.b)),
      ),
    ),
  );
}

/** @param {string | null} text */
function cell(text) {
  const none = text !== null && /^none|^not /.test(text);
  return h('td', { class: none ? 'warnc' : null, dir: 'auto' }, text === null ? 'not known' : breakable(text));
}

/** An address that may be broken after a dot. @param {string} text @returns {Child[]} */
function breakable(text) {
  return text.split(/(?<=[./])/).map((part, i) => [i > 0 && h('wbr'), part]);
}

/** @param {Comparison} compared */
function foot(compared) {
  const same = compared.settings.filter((setting) => !setting.differs && setting.a !== null && setting.a === setting.b);
  const names = same.map((setting) => setting.name.toLowerCase());
  const done = ui.justCopied === 'comparison';
  return h(
    'footer',
    { key: 'compare foot', class: 'foot same', 'data-region': 'foot' },
    h('span', { class: 'grow small dim' }, names.length > 0 ? `The same: ${names.join(', ')}.` : ''),
    h(
      'button',
      {
        id: 'copy-comparison',
        class: 'btn quiet small',
        type: 'button',
        title: 'Names roles and groups; holds no token',
        onclick: () => copyText('comparison', compared.text),
      },
      icon(done ? 'check' : 'copy', 's'),
      done ? 'Copied' : 'Copy as text',
    ),
  );
}

function choose() {
  state.choosing = true;
  change({}, '#side-a');
}

function stopChoosing() {
  state.choosing = false;
  state.problem = null;
  change({}, '#change');
}

async function compare() {
  try {
    const [a, b] = sides();
    state.comparison = await invoke('compare', { a, b });
    Object.assign(state, { problem: null, choosing: false, drawn: AT_ONCE });
    change({}, '#change');
  } catch (problem) {
    failed(problem);
  }
}

/** @param {unknown} problem */
function failed(problem) {
  state.problem = { ...asNotice(problem), remedies: [] };
  change({});
}
