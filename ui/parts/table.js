// The table: one row per name, one column per document. Up to a few hundred rows all are drawn, above that only those
// in view, in rows of one height, so that ten thousand groups scroll and filter without a dropped frame.

import { draw, h } from '../core/draw.js';
import { number } from '../core/times.js';
import { inWords, isLone, marks } from './documents.js';
import { KINDS, sections, split } from './filter.js';

/** @import {Entitlements, Kind, Missing} from '../view.d.ts' */
/** @import {Column} from './documents.js' */
/** @import {Row, Section} from './filter.js' */

/**
 * @typedef {{
 *   entitlements: Entitlements,
 *   across: Column[],
 *   filter: string,
 *   missing: Missing[],
 *   everybody: boolean,
 *   unfold: () => void,
 *   ask: (missing: Missing) => void,
 *   newRows: Map<string, {words: string, now: boolean}>,
 *   open: (row: Row) => void,
 *   up: () => void,
 * }} Shown
 */
/** @typedef {{head: Section} | {row: Row} | {missing: Missing} | {fold: number, kind: Kind}} Line */

/** Up to so many rows all are drawn; fewer while somebody types, for each key has a frame's time. */
const ALL_DRAWN = 200;
const ALL_DRAWN_FILTERED = 40;
const SPARE = 8;

const element = document.createElement('div');
element.className = 'table ruled-cols';
element.tabIndex = -1;
element.addEventListener('keydown', moved);
document.addEventListener('scroll', scrolled, { capture: true, passive: true });
window.addEventListener('resize', scrolled, { passive: true });

/** @type {Shown | null} */
let shown = null;
/** @type {Line[]} */
let lines = [];
/** The row the arrow keys are at. */
let active = '';
let scrollTop = 0;

/**
 * The element, to be put on the page; fill it with `show` once it is there.
 */
export const table = element;

/**
 * Draws the rows.
 * @param {Shown} what
 */
export function show(what) {
  const refiltered = shown?.filter !== what.filter;
  shown = what;
  const found = sections(what.entitlements, what.filter).filter((section) => section.rows.length > 0);
  const heads = what.filter === '' || found.length > 1;
  lines = found.flatMap((section) => (heads ? [{ head: section }, ...linesOf(section, what)] : linesOf(section, what)));
  const without = what.missing.filter((missing) => !found.some((section) => section.kind === missing.kind));
  lines.unshift(...without.map((missing) => ({ missing })));
  if (refiltered) toTop();
  fill();
}

/**
 * Missing rows that are expected first, then the rows that are there, then those that everybody has, folded.
 * @param {Section} section
 * @param {Shown} what
 * @returns {Line[]}
 */
function linesOf(section, what) {
  const everybody = what.filter === '' ? section.rows.filter((row) => row.entry.mark === 'everybody_has') : [];
  const own = everybody.length === 0 ? section.rows : section.rows.filter((row) => row.entry.mark !== 'everybody_has');
  const missing = what.missing.filter((missing) => missing.kind === section.kind);
  return [
    ...missing.map((missing) => ({ missing })),
    ...own.map((row) => ({ row })),
    ...(everybody.length > 0 ? [{ fold: everybody.length, kind: section.kind }] : []),
    ...(what.everybody ? everybody.map((row) => ({ row })) : []),
  ];
}

function isMany() {
  return lines.length > (shown?.filter ? ALL_DRAWN_FILTERED : ALL_DRAWN);
}

/** Puts the focus on the row it was last on, or the first. */
export function focusRow() {
  const at = lines.findIndex((line) => 'row' in line && line.row.key === active);
  focusLine(at >= 0 ? at : lines.findIndex((line) => 'row' in line));
}

/** Takes up the scroll position from before the table was off the page. */
export function resume() {
  const scroller = element.closest('.scroll');
  if (scroller && scroller.scrollTop !== scrollTop) scroller.scrollTop = scrollTop;
}

function toTop() {
  active = '';
  // Reading the scroller's size would force a layout at every key press.
  if (scrollTop === 0) return;
  scrollTop = 0;
  const scroller = element.closest('.scroll');
  if (scroller) scroller.scrollTop = 0;
}

function scrolled() {
  if (!element.isConnected) return;
  scrollTop = element.closest('.scroll')?.scrollTop ?? 0;
  if (isMany()) fill();
}

function fill() {
  if (!shown) return;
  const hadFocus = element.contains(document.activeElement);
  const many = isMany();
  element.classList.toggle('many', many);
  element.style.setProperty('--columns', String(shown.across.length));
  if (many) {
    const height = rowHeight();
    const [from, to] = inSight(height);
    element.style.setProperty('height', `${lines.length * height}px`);
    draw(element, [
      h(
        'div',
        { key: 'window', class: 'window', style: { transform: `translateY(${from * height}px)` } },
        pieces(from, to),
      ),
    ]);
  } else {
    element.style.removeProperty('height');
    draw(element, pieces(0, lines.length));
  }
  // The focused row may have been scrolled out and removed; the arrow keys continue from its position.
  if (hadFocus && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
}

/** @param {number} height @returns {[number, number]} */
function inSight(height) {
  const here = element.getBoundingClientRect();
  const frame = element.closest('.scroll')?.getBoundingClientRect();
  const top = Math.max(0, frame?.top ?? 0);
  const bottom = Math.min(window.innerHeight, frame?.bottom ?? window.innerHeight);
  const from = Math.max(0, Math.floor((top - here.top) / height) - SPARE);
  const to = Math.min(lines.length, Math.ceil((bottom - here.top) / height) + SPARE);
  return [Math.min(from, lines.length), Math.max(to, from)];
}

function rowHeight() {
  return 1.875 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** @param {number} from @param {number} to */
function pieces(from, to) {
  const inView = lines.slice(from, to);
  const activeInView = inView.some((line) => 'row' in line && line.row.key === active);
  let tabStop = !activeInView;
  /** @type {import('../core/draw.js').VNode[]} */
  const out = [];
  let list = /** @type {import('../core/draw.js').VNode | null} */ (null);
  inView.forEach((line, i) => {
    if ('head' in line) {
      out.push(head(line.head));
      list = null;
      return;
    }
    if ('missing' in line) {
      out.push(missingRow(line.missing));
      list = null;
      return;
    }
    if ('fold' in line) {
      out.push(fold(line));
      list = null;
      return;
    }
    if (!list) {
      list = h('ul', { key: `list ${line.row.kind} ${out.length}`, 'aria-label': kindName(line.row.kind) });
      out.push(list);
    }
    list.children.push(item(line.row, from + i, tabStop || line.row.key === active));
    tabStop = false;
  });
  return out;
}

/** @param {Section} section */
function head(section) {
  const asked = shown?.across.find((column) => column.asked)?.asked;
  const note = asked?.kinds.get(section.kind) === 'could_not_be_asked' && 'could not be asked';
  return h(
    'h2',
    { key: `head ${section.kind}` },
    kindName(section.kind),
    h('b', {}, number(section.rows.length)),
    note && h('i', {}, note),
  );
}

/** One that is expected and not there, with the way to why. @param {Missing} missing */
function missingRow(missing) {
  const word = KINDS.find((known) => known.kind === missing.kind)?.one ?? '';
  return h(
    'button',
    {
      key: `missing ${missing.kind} ${missing.value}`,
      class: 'row missing',
      type: 'button',
      onclick: () => shown?.ask(missing),
    },
    h(
      'span',
      { class: 'v' },
      h('b', { dir: 'auto' }, missing.value),
      h('span', { class: 'visually-hidden' }, ` (${word}) expected, in no document. `),
      h('span', { class: 'asks' }, 'Why?'),
    ),
    h(
      'span',
      { class: 'marks', 'aria-hidden': 'true' },
      (shown?.across ?? []).map(() => h('i', { class: 'm missing' })),
    ),
  );
}

/** @param {{fold: number, kind: Kind}} line */
function fold(line) {
  const words = shown?.everybody ? 'Hide what everybody has' : `and ${number(line.fold)} that everybody has`;
  return h(
    'button',
    {
      key: `fold ${line.kind}`,
      class: 'fold',
      type: 'button',
      'aria-expanded': String(shown?.everybody ?? false),
      onclick: () => shown?.unfold(),
    },
    words,
  );
}

/** @param {string} kind */
function kindName(kind) {
  return KINDS.find((known) => known.kind === kind)?.name ?? '';
}

/** @param {Row} row @param {number} at @param {boolean} tabStop */
function item(row, at, tabStop) {
  const { entry } = row;
  const added = shown?.newRows.get(JSON.stringify([row.kind, entry.value]));
  const slim = isMany() || shown?.filter !== '';
  const lone = isLone(entry);
  const parts = split(entry.value, shown?.filter ?? '');
  return h(
    'li',
    { key: row.key },
    h(
      'button',
      {
        class: `row${slim ? ' slim' : ''}${added?.now ? ' is-on' : ''}${lone ? ' lone' : ''}`,
        type: 'button',
        'data-line': at,
        tabindex: tabStop ? 0 : -1,
        onclick: () => opened(row),
        onfocus: () => (active = row.key),
      },
      h(
        'span',
        { class: 'v' },
        h('b', { dir: 'auto' }, parts ? [parts[0], h('mark', {}, parts[1]), parts[2]] : entry.value),
        entry.context !== null && h('span', { class: 'context', dir: 'auto' }, entry.context),
        lone
          ? h('span', { 'aria-hidden': 'true' }, 'assigned, in no document')
          : added && h('span', { class: 'new' }, added.words),
      ),
      h('span', { class: 'visually-hidden' }, ` ${inWords(entry, shown?.across, row.kind)}`),
      marks(entry, shown?.across ?? [], row.kind),
    ),
  );
}

/** @param {Row} row */
function opened(row) {
  active = row.key;
  shown?.open(row);
}

/** @param {KeyboardEvent} event */
function moved(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor((element.closest('.scroll')?.clientHeight ?? 300) / rowHeight()) - 1);
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const rows = lines.flatMap((line, at) => ('row' in line ? [{ at, key: line.row.key }] : []));
  const now = rows.findIndex((row) => row.key === active);
  if (step === -1 && now <= 0) {
    shown?.up();
    return;
  }
  const next = rows[Math.min(rows.length - 1, Math.max(0, now + step))];
  if (next) focusLine(next.at);
}

/** @param {number} at */
function focusLine(at) {
  const line = lines[at];
  if (!line || !('row' in line)) return;
  active = line.row.key;
  if (isMany()) bringIntoSight(at);
  fill();
  const button = /** @type {HTMLElement | null} */ (element.querySelector(`[data-line="${at}"]`));
  button?.focus({ preventScroll: isMany() });
}

/** @param {number} at */
function bringIntoSight(at) {
  const height = rowHeight();
  const scroller = element.closest('.scroll');
  const frame = scroller?.getBoundingClientRect();
  const y = element.getBoundingClientRect().top + at * height;
  const top = Math.max(0, frame?.top ?? 0);
  const bottom = Math.min(window.innerHeight, frame?.bottom ?? window.innerHeight);
  const by = y < top ? y - top : Math.max(0, y + height - bottom);
  const within = scroller !== null && scroller.scrollHeight > scroller.clientHeight + 1;
  if (by !== 0) (within ? scroller : window).scrollBy(0, by);
}
