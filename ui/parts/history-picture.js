// Roles and groups over the kept days: one line each, with when it was added, removed or vanished with its claim, and
// when nothing was read. Each line also says it in words. However many there are, only those in view are drawn.

import { now } from '../core/clock.js';
import { h } from '../core/draw.js';
import { change, ui } from '../core/state.js';
import { counted, date, moment } from '../core/times.js';
import { KINDS } from './filter.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Begins, Ends, HistoryLine, HistoryPicture} from '../view.d.ts' */

/** So many lines are shown before all are asked for. */
const AT_FIRST = 8;
/** From so many on, those out of sight are not drawn. */
const ALL_DRAWN = 60;
const SPARE = 6;
const DAY = 86_400;

const shown = {
  /** All lines, not only the first. */
  all: false,
  /** The line the arrow keys are at. */
  at: 0,
  /** The line whose words stand below. */
  chosen: -1,
  top: 0,
};

/** Nothing is asked when it is loaded. */
export function opened() {}

/** @returns {Child} */
export function picture() {
  const { picture: data } = ui;
  if (!data || data.lines.length === 0) return null;
  const lines = shown.all ? data.lines : data.lines.slice(0, AT_FIRST);
  if (shown.at >= lines.length) shown.at = 0;
  const chosen = lines[shown.chosen];
  const rest = data.lines.length - AT_FIRST;
  return h(
    'section',
    { key: 'picture', class: 'picture', 'aria-labelledby': 'picture-title' },
    h(
      'div',
      { class: 'scale' },
      h('h2', { id: 'picture-title' }, `${counted(days(data), 'day')}`),
      h('span', { class: 'from', 'aria-hidden': 'true' }, date(data.from, now())),
      h('span', { 'aria-hidden': 'true' }, 'now'),
    ),
    list(data, lines),
    h(
      'p',
      { id: 'picture-words', class: 'words', role: 'status' },
      chosen ? [h('bdi', {}, chosen.value), `, ${inWords(chosen, data)}`] : legend(data),
    ),
    rest > 0 &&
      h(
        'button',
        { class: 'link small', type: 'button', 'aria-expanded': String(shown.all), onclick: unfold },
        shown.all ? 'Fewer lines' : `All ${counted(data.lines.length, 'line')}`,
      ),
  );
}

function unfold() {
  Object.assign(shown, { all: !shown.all, at: 0, top: 0, chosen: -1 });
  change({});
}

/** @param {HistoryPicture} data @param {HistoryLine[]} lines */
function list(data, lines) {
  const many = lines.length > ALL_DRAWN;
  const height = rowHeight();
  const from = many ? Math.max(0, Math.floor(shown.top / height) - SPARE) : 0;
  const to = many ? Math.min(lines.length, from + Math.ceil((15 * height) / height) + 2 * SPARE) : lines.length;
  return h(
    'div',
    {
      key: 'lines',
      class: `lines${many ? ' many' : ''}`,
      onscroll: many && scrolled,
      onkeydown: (/** @type {KeyboardEvent} */ event) => moved(event, lines.length),
    },
    h('div', { key: 'room', style: { height: many ? `${lines.length * height}px` : 'auto' } }, [
      h(
        'ol',
        { style: { transform: many ? `translateY(${from * height}px)` : 'none' } },
        lines.slice(from, to).map((line, i) => row(data, line, from + i, lines.length)),
      ),
    ]),
  );
}

/** @param {HistoryPicture} data @param {HistoryLine} line @param {number} at @param {number} count */
function row(data, line, at, count) {
  return h(
    'li',
    { key: `${line.kind} ${line.value}`, 'aria-setsize': count, 'aria-posinset': at + 1 },
    h(
      'button',
      {
        id: `line-${at}`,
        class: `line-row${shown.chosen === at ? ' is-on' : ''}`,
        type: 'button',
        tabindex: at === shown.at ? 0 : -1,
        'aria-pressed': String(shown.chosen === at),
        onclick: () => choose(at),
        onfocus: () => (shown.at = at),
      },
      h('span', { class: `name cut${line.here ? '' : ' gone'}`, dir: 'auto', title: line.value }, line.value),
      h('span', { class: 'visually-hidden' }, `, ${inWords(line, data)}`),
      track(data, line),
    ),
  );
}

/** @param {HistoryPicture} data @param {HistoryLine} line */
function track(data, line) {
  const pieces = line.spans.flatMap((span, i) => {
    const next = line.spans[i + 1]?.from ?? data.to;
    return [
      piece(`stay ${span.begins} ${span.ends}`, span.from, span.to, data),
      span.ends === 'claim_vanished' && piece('unknown', span.to, next, data),
    ];
  });
  return h(
    'span',
    { class: 'track', 'aria-hidden': 'true' },
    data.unseen.map((stretch) => piece('unseen', stretch.from, stretch.to, data)),
    pieces,
  );
}

/** @param {string} kind @param {number} from @param {number} to @param {HistoryPicture} data */
function piece(kind, from, to, data) {
  const whole = Math.max(1, data.to - data.from);
  const left = ((from - data.from) / whole) * 100;
  const width = ((to - from) / whole) * 100;
  return h('i', {
    class: kind,
    style: { left: `min(${left.toFixed(2)}%, 100% - 4px)`, width: `${Math.max(0, width).toFixed(2)}%` },
  });
}

/** @param {HistoryPicture} data */
function days(data) {
  return Math.max(1, Math.round((data.to - data.from) / DAY));
}

/** What the marks mean, for those that are there. @param {HistoryPicture} data @returns {Child} */
function legend(data) {
  const ends = new Set(data.lines.flatMap((line) => line.spans.map((span) => span.ends)));
  const unseen = data.unseen.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0) / DAY;
  const sign = (/** @type {string} */ kind, /** @type {string} */ words) =>
    h('span', {}, h('i', { class: `sample ${kind}`, 'aria-hidden': 'true' }), words);
  return [
    sign('stay', 'here'),
    ends.has('claim_vanished') && sign('unknown', 'gone with its claim, so unknown'),
    unseen >= 0.5 && sign('unseen', `nobody looked, ${counted(Math.round(unseen), 'day')}`),
  ];
}

/** @type {Record<Begins, string>} */
const BEGINS = { before: 'here since', added: 'added', with_claim: 'added with its claim' };
/** @type {Record<Ends, string>} */
const ENDS = { here: '', removed: 'removed', claim_vanished: 'gone with its claim' };

/** @param {HistoryLine} line @param {HistoryPicture} data */
function inWords(line, data) {
  const kind = KINDS.find((known) => known.kind === line.kind)?.one.toLowerCase() ?? line.kind;
  const parts = line.spans.flatMap((span) => {
    const began =
      span.begins === 'before' && span.from <= data.from
        ? `here since ${date(span.from, now())} at least`
        : `${BEGINS[span.begins]} ${moment(span.from, now())}`;
    return span.ends === 'here' ? [began] : [began, `${ENDS[span.ends]} ${moment(span.to, now())}`];
  });
  return `${kind}: ${parts.join(', ')}${line.here ? '' : '; not here now'}`;
}

/** @param {number} at */
function choose(at) {
  shown.chosen = shown.chosen === at ? -1 : at;
  shown.at = at;
  change({});
}

/** @param {Event} event */
function scrolled(event) {
  shown.top = /** @type {HTMLElement} */ (event.target).scrollTop;
  change({});
}

function rowHeight() {
  return 1.625 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** @param {KeyboardEvent} event @param {number} count */
function moved(event, count) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  /** @type {Record<string, number>} */
  const to = { ArrowDown: shown.at + 1, ArrowUp: shown.at - 1, Home: 0, End: count - 1 };
  const next = to[event.key];
  if (next === undefined) return;
  event.preventDefault();
  shown.at = Math.min(count - 1, Math.max(0, next));
  const box = /** @type {HTMLElement} */ (event.currentTarget);
  const height = rowHeight();
  const y = shown.at * height;
  if (y < box.scrollTop) box.scrollTop = y;
  else if (y + height > box.scrollTop + box.clientHeight) box.scrollTop = y + height - box.clientHeight;
  shown.top = box.scrollTop;
  change({}, `#line-${shown.at}`);
}
