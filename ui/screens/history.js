// What was added and removed, newest first. A removed role, a vanished claim and an unread document are told apart.

import { invoke } from '../core/bridge.js';
import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { screenModule } from '../core/lazy.js';
import { change, copyText, ui } from '../core/state.js';
import { counted, dayOf, moment, timeOfDay } from '../core/times.js';
import { nameOf } from '../parts/documents.js';
import { KINDS } from '../parts/filter.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Became, Change, Kind, Moment, SignedIn} from '../view.d.ts' */

/** @type {Record<Became, {words: string, more: string, dot: string, icon: string}>} */
const WORDS = {
  added: { words: 'added', more: '', dot: 'came', icon: 'plus' },
  removed: {
    words: 'removed',
    more: 'The rest of the claim stayed, so it was removed at the provider.',
    dot: 'went',
    icon: 'minus',
  },
  claim_vanished: {
    words: 'gone with its claim',
    more: 'The claim is missing, so it is unknown for now, not removed: a rule or mapper changed.',
    dot: 'warn',
    icon: 'warn',
  },
  claim_appeared: { words: 'added, in a claim that was not there before', more: '', dot: 'came', icon: 'check' },
};

/** Of which refresh the history at hand is. */
let asked = '';

/**
 * Requests the history when the loaded one is older than the view.
 * @param {string | null} profile
 * @param {SignedIn} me
 */
export async function loadHistory(profile, me) {
  // Two refreshes within a second differ in what they changed.
  const key = `${profile} ${me.refreshed_at} ${JSON.stringify(me.changes)}`;
  if (asked === key) return;
  asked = key;
  try {
    const [history, picture] = await Promise.all([invoke('history'), invoke('history_picture')]);
    change({ history, picture });
  } catch {
    asked = '';
  }
}

/** The sheet of the History tab. @returns {Child[]} */
export function history() {
  const moments = ui.history ?? [];
  if (moments.length === 0)
    return [
      h(
        'div',
        { key: 'no history', class: 'scroll pad' },
        h('p', { class: 'soft' }, 'Nothing has changed yet. What a refresh adds or removes is listed here.'),
      ),
    ];
  /** @type {Map<string, Moment[]>} */
  const days = new Map();
  for (const entry of moments) {
    const day = dayOf(entry.at, now());
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [
    h(
      'div',
      { key: 'history', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Changes' },
      screenModule('picture')?.picture(),
      [...days].map(([day, entries]) => [
        h('h2', { key: `day ${day}`, class: 'day' }, day),
        h('ol', { key: `list ${day}`, class: 'timeline' }, entries.flatMap(lines)),
      ]),
    ),
  ];
}

/** The footer of the History tab. */
export function historyFoot() {
  const done = ui.justCopied === 'history';
  return h(
    'footer',
    { key: 'history foot', class: 'foot keys', 'data-region': 'foot' },
    h('span', { class: 'grow small dim' }, 'Kept 90 days. Holds no token.'),
    h(
      'button',
      { class: 'btn quiet small', type: 'button', onclick: () => copyText('history', asText(ui.history ?? [])) },
      icon(done ? 'check' : 'copy', 's'),
      done ? 'Copied' : 'Copy as text',
    ),
  );
}

/** @param {Moment} entry @param {number} at @returns {Child[]} */
function lines(entry, at) {
  const time = timeOfDay(entry.at);
  const key = `${entry.at} ${at}`;
  const rest = entry.changes.length - 50;
  return [
    ...entry.changes
      .slice(0, 50)
      .map((one, i) =>
        line(
          `${key} ${i}`,
          i === 0 ? time : '',
          WORDS[one.change].dot,
          WORDS[one.change].icon,
          [tag(one), ` ${WORDS[one.change].words}`],
          `${KINDS.find((known) => known.kind === one.kind)?.one ?? ''}. ${WORDS[one.change].more}`,
        ),
      ),
    rest > 0 &&
      line(`${key} rest`, '', 'nil', '', [h('span', { class: 'sub' }, `and ${counted(rest, 'more change')}`)], ''),
    ...entry.unread.map((document) =>
      line(
        `${key} ${document}`,
        time,
        'warn',
        'warn',
        [`${nameOf(document)} could not be read`],
        'What it holds is unknown, not removed.',
      ),
    ),
    entry.signed_in &&
      line(
        `${key} in`,
        entry.changes.length > 0 ? '' : time,
        'nil',
        '',
        [h('span', { class: 'sub' }, 'You signed in')],
        '',
      ),
    !entry.signed_in &&
      entry.changes.length === 0 &&
      entry.unread.length === 0 &&
      line(
        `${key} quiet`,
        time,
        'nil',
        '',
        [
          h(
            'span',
            { class: 'sub' },
            `${entry.times === 1 ? '1 refresh' : `${entry.times} refreshes`}, nothing changed`,
          ),
        ],
        '',
      ),
  ];
}

/**
 * @param {string} key
 * @param {string} time
 * @param {string} dot
 * @param {string} sign
 * @param {Child[]} what
 * @param {string} more
 */
function line(key, time, dot, sign, what, more) {
  const first = more.charAt(0).toUpperCase() + more.slice(1);
  return h(
    'li',
    { key },
    h('time', {}, time),
    h('span', { class: `dot ${dot}` }, sign !== '' && icon(sign)),
    h('div', {}, h('span', { class: 'what' }, what), more.trim() !== '' && h('p', { class: 'sub' }, first.trim())),
  );
}

/** @param {Change} one */
function tag(one) {
  return h(
    'span',
    { class: `tag${one.change === 'removed' || one.change === 'claim_vanished' ? ' gone' : ''}`, dir: 'auto' },
    one.value,
  );
}

/** What is known of one value, newest first. @param {Kind} kind @param {string} value @returns {Child} */
export function since(kind, value) {
  const own = (ui.history ?? [])
    .flatMap((entry) => entry.changes)
    .filter((one) => one.kind === kind && one.value === value);
  return h(
    'section',
    { key: 'since', 'aria-label': 'Since then' },
    h('h2', { class: 'over' }, 'Since then'),
    own.length === 0
      ? h('p', { class: 'small dim' }, 'It has been here since Rolecall first looked.')
      : h(
          'ol',
          { class: 'timeline flush' },
          own.map((one, i) =>
            line(
              `${one.at} ${i}`,
              '',
              WORDS[one.change].dot,
              WORDS[one.change].icon,
              [`${moment(one.at, now())}: ${WORDS[one.change].words}`],
              WORDS[one.change].more,
            ),
          ),
        ),
  );
}

/** @param {Moment[]} moments */
function asText(moments) {
  return moments
    .flatMap((entry) => [
      ...entry.changes.map(
        (one) => `${new Date(entry.at * 1000).toISOString()}  ${one.kind} ${one.value} ${WORDS[one.change].words}`,
      ),
      ...entry.unread.map(
        (document) => `${new Date(entry.at * 1000).toISOString()}  ${nameOf(document)} could not be read`,
      ),
    ])
    .join('\n');
}
