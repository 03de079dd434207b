// Nobody is signed in any more: the session ended, or it is in a key store that does not open.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { unlock } from '../core/state.js';
import { counted, moment, number } from '../core/times.js';
import { idleRing, names } from '../parts/badge.js';
import { columns, inWords, marks } from '../parts/documents.js';
import { KINDS } from '../parts/filter.js';
import { noticeFor, signIn } from '../parts/notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Inactive, View} from '../view.d.ts' */

const SHOWN = 60;

/** @param {View} view @param {Inactive} inactive @returns {Child[]} */
export function inactiveScreen(view, inactive) {
  const locked = inactive.why === 'locked';
  return [
    h(
      'section',
      { key: 'badge', class: 'badge blank', 'aria-label': 'Who you are' },
      h(
        'div',
        { class: 'badge-in' },
        idleRing(locked ? icon('lock') : inactive.badge.initials),
        names({ ...inactive.badge, email_verified: null }),
      ),
    ),
    noticeFor(view),
    h(
      'main',
      { key: 'inactive', class: 'sheet', 'aria-label': 'What is known', tabindex: -1 },
      locked ? known(view, inactive) : had(inactive),
    ),
    view.notice === null &&
      h(
        'footer',
        { key: 'foot', class: 'foot' },
        locked
          ? h('button', { class: 'btn main wide', type: 'button', onclick: () => unlock() }, unlockWords(view))
          : h(
              'button',
              { class: 'btn main wide', type: 'button', onclick: () => signIn() },
              'Sign in with your browser',
              icon('out'),
            ),
      ),
  ];
}

/** Only what is locked can be unlocked. @param {View} view */
function unlockWords(view) {
  return view.key_store.state === 'locked' ? 'Unlock…' : 'Try again';
}

/** @param {View} view @param {Inactive} inactive */
function known(view, inactive) {
  const counts = KINDS.map(({ of, one }) => counted(inactive.entitlements[of].length, one)).filter(
    (words) => !words.startsWith('0 '),
  );
  return h(
    'div',
    { class: 'scroll pad stack s' },
    h('p', { class: 'dim small' }, 'Roles and tokens are shown once it is open. Known without it:'),
    h(
      'ul',
      { class: 'card list' },
      line('Last refreshed', moment(inactive.refreshed_at, now())),
      line('Had then', counts.length > 0 ? counts.join(', ') : 'no roles or groups'),
      line('Key store', view.key_store.name),
    ),
  );
}

/** @param {string} what @param {string} is */
function line(what, is) {
  return h(
    'li',
    { class: 'in-row' },
    h('span', { class: 'grow' }, what),
    h('span', { class: 'soft', dir: 'auto' }, is),
  );
}

/** @param {Inactive} inactive @returns {Child[]} */
function had(inactive) {
  const entries = KINDS.flatMap(({ of }) => inactive.entitlements[of]);
  const across = columns([]);
  return [
    h(
      'p',
      { class: 'small dim until-then' },
      entries.length > 0
        ? `What you had until then, last read ${moment(inactive.refreshed_at, now())}`
        : 'No roles or groups are known.',
    ),
    h(
      'div',
      { class: 'scroll' },
      h(
        'ul',
        { class: 'line wrap tags' },
        entries
          .slice(0, SHOWN)
          .map((entry) =>
            h(
              'li',
              {},
              h(
                'span',
                { class: 'tag' },
                h('span', { class: 'value', dir: 'auto' }, entry.value),
                marks(entry, across),
                h('span', { class: 'visually-hidden' }, ` ${inWords(entry)}`),
              ),
            ),
          ),
        entries.length > SHOWN && h('li', { class: 'dim small' }, `and ${number(entries.length - SHOWN)} more`),
      ),
      h('p', { class: 'small dim after' }, 'Tokens can’t be copied any more.'),
    ),
  ];
}
