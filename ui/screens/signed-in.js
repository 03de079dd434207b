// Somebody is signed in: the badge, the sheet below it, and the copies.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { screenModule } from '../core/lazy.js';
import { run, ui } from '../core/state.js';
import { left, number, since, timeOfDay } from '../core/times.js';
import { names, tokenRing } from '../parts/badge.js';
import { total } from '../parts/filter.js';
import { foot } from '../parts/footer.js';
import { isOffline, noticeFor } from '../parts/notice.js';
import { showTab, tabs } from '../parts/tabs.js';
import { empty } from './empty.js';
import { history, historyFoot } from './history.js';
import { roles } from './roles.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Became, Change, SignedIn, View} from '../view.d.ts' */

/** @type {Record<Became, string>} */
const BECAME = {
  added: 'added',
  removed: 'removed',
  claim_vanished: 'gone with its claim',
  claim_appeared: 'added with its claim',
};

/** @param {View} view @param {SignedIn} me @returns {Child[]} */
export function signedInScreen(view, me) {
  const nothing = total(me.entitlements) === 0;
  const folded = ui.filter !== '' && !nothing;
  if (ui.tab === 'history') {
    return [
      thinBadge(me),
      noticeFor(view, isOffline(view) ? ['refresh'] : []),
      tabs(),
      h('main', { key: 'sheet', class: 'sheet', 'aria-label': 'History', tabindex: -1 }, history()),
      historyFoot(),
    ];
  }
  if (ui.tab === 'tokens') {
    return [
      thinBadge(me),
      noticeFor(view, isOffline(view) ? ['refresh'] : []),
      tabs(),
      h(
        'main',
        { key: 'sheet', class: 'sheet', 'aria-label': 'Tokens', tabindex: -1 },
        screenModule('tokens')?.claims(view, me),
      ),
      foot(view, me, false),
    ];
  }
  return [
    folded ? thinBadge(me) : badge(view, me),
    noticeFor(view, isOffline(view) ? ['refresh'] : []),
    tabs(),
    h(
      'main',
      { key: 'sheet', class: 'sheet', 'aria-label': 'Roles and groups', tabindex: -1 },
      nothing ? empty(me) : roles(me),
    ),
    foot(view, me, folded),
  ];
}

/** @param {View} view @param {SignedIn} me */
function badge(view, me) {
  const rest = me.expires_at === null ? null : me.expires_at - now();
  return h(
    'section',
    { key: 'badge', class: 'badge', 'aria-label': 'Who you are', 'data-region': 'badge' },
    h(
      'div',
      { class: 'badge-in' },
      tokenRing(me, ''),
      names(me.badge),
      rest !== null && h('p', { class: 'left' }, h('b', {}, rest > 0 ? left(rest) : 'No time'), 'left on token'),
    ),
    h(
      'div',
      { class: 'badge-foot' },
      h('span', { class: 'grow cut status', role: 'status' }, statusLine(view, me)),
      refreshButton(view, me),
    ),
  );
}

/** @param {View} view @param {SignedIn} me @returns {Child} */
function statusLine(view, me) {
  if (me.refreshing) return ['Asking ', h('bdi', {}, me.badge.host), '…'];
  if (isOffline(view)) return `As of ${since(me.refreshed_at, now())}`;
  const news = changesInWords(me.changes);
  if (news === null) return `Refreshed ${since(me.refreshed_at, now())}`;
  const when = now() - me.refreshed_at < 60 ? 'Just now' : timeOfDay(me.refreshed_at);
  return [
    h('span', { class: 'nowrap' }, `${when}: `),
    h(
      'button',
      { id: 'news', class: 'link ok cut', type: 'button', title: 'History', onclick: () => showTab('history') },
      h('b', { dir: 'auto' }, news),
    ),
  ];
}

/** What the last refresh changed: up to two by name, more in numbers. @param {Change[]} changes */
export function changesInWords(changes) {
  if (changes.length === 0) return null;
  if (changes.length <= 2) return changes.map((one) => `${one.kind} ${one.value} ${BECAME[one.change]}`).join(', ');
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { change } of changes) counts.set(BECAME[change], (counts.get(BECAME[change]) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${number(count)} ${word}`).join(', ');
}

/** @param {View} view @param {SignedIn} me */
function refreshButton(view, me) {
  const label = me.refreshing ? 'Refreshing' : isOffline(view) ? 'Try now' : 'Refresh';
  return h(
    'button',
    {
      id: 'refresh',
      class: 'btn quiet small',
      type: 'button',
      title: 'Refresh (Ctrl R)',
      'aria-keyshortcuts': 'Control+R',
      'aria-disabled': me.refreshing && 'true',
      onclick: () => me.refreshing || run('refresh'),
    },
    icon('refresh', me.refreshing ? 's turning' : 's'),
    label,
  );
}

/** The badge folded to one line, while filtering. @param {SignedIn} me */
function thinBadge(me) {
  const rest = me.expires_at === null ? null : me.expires_at - now();
  return h(
    'section',
    { key: 'thin', class: 'badge thin', 'aria-label': 'Who you are' },
    h(
      'div',
      { class: 'badge-in' },
      tokenRing(me, 's'),
      h(
        'div',
        { class: 'grow line' },
        h('h1', { class: 'cut', dir: 'auto' }, me.badge.name),
        h('span', { class: 'dim small cut', dir: 'auto' }, me.badge.email !== me.badge.name && me.badge.email),
      ),
      rest !== null && h('span', { class: 'small dim nowrap' }, `${left(rest)} left`),
    ),
  );
}
