// Trouble, in line above the content: what happened, what is kept, and the ways on.

import { h, icon } from '../core/draw.js';
import { change, run, ui } from '../core/state.js';

/** @import {Code, Tone, Trouble, View, Way} from '../view.d.ts' */

/** @type {Record<Exclude<Way, 'dismiss'>, {label: string, go: () => void}>} */
const WAYS = {
  sign_in: { label: 'Sign in again', go: () => signIn() },
  sign_in_with_consent: { label: 'Ask again with consent', go: () => signIn({ ask_consent: true }) },
  sign_in_memory_only: { label: 'Sign in without it…', go: () => signIn({ memory_only: true }) },
  unlock: { label: 'Unlock…', go: () => run('unlock') },
  refresh: { label: 'Try now', go: () => run('refresh') },
};

/** @type {Partial<Record<Code, string>>} */
const ICONS = {
  unreachable: 'offline',
  provider_failing: 'offline',
  session_ended: 'ended',
  key_store_locked: 'lock',
  key_store_missing: 'lock',
  key_store_failing: 'lock',
};

/** @type {Record<Tone, {icon: string, class: string, role: string}>} */
const TONES = {
  calm: { icon: 'info', class: ' calm', role: 'status' },
  warn: { icon: 'warn', class: '', role: 'alert' },
  bad: { icon: 'stop', class: ' bad', role: 'alert' },
};

/** Begins a sign-in. @param {{ask_consent?: boolean, memory_only?: boolean}} [how] */
export function signIn(how = {}) {
  return run('sign_in', { ask_consent: false, memory_only: false, ...how });
}

/** What is wrong now: the engine's word first, then a command that failed outright. @param {View} view */
export function noticeOf(view) {
  return view.trouble ?? ui.failure;
}

/** Whether the provider could not be asked, so that what is shown is as of the last time. @param {View} view */
export function isOffline(view) {
  return ['unreachable', 'provider_failing', 'untrusted_certificate'].includes(view.trouble?.code ?? '');
}

/**
 * The note about the trouble, if there is any.
 * @param {View} view
 * @param {Way[]} [elsewhere] ways the screen offers already
 */
export function noticeFor(view, elsewhere = []) {
  const trouble = noticeOf(view);
  return trouble && noticeBox(trouble, elsewhere);
}

/** @param {Trouble} trouble @param {Way[]} [elsewhere] */
export function noticeBox(trouble, elsewhere = []) {
  const tone = TONES[trouble.tone];
  const ways = trouble.ways.filter((way) => way !== 'dismiss' && !elsewhere.includes(way));
  return h(
    'div',
    { 'class': `notice block${tone.class}`, 'key': 'notice', 'data-region': 'notice' },
    icon(ICONS[trouble.code] ?? tone.icon),
    h(
      'div',
      { class: 'grow stack s' },
      h('p', { role: tone.role }, h('b', {}, sentence(trouble.title)), ' ', h('span', { dir: 'auto' }, trouble.text)),
      ways.length > 0 &&
        h(
          'div',
          { class: 'line wrap' },
          ways.map((way, i) => wayButton(way, i === 0 && trouble.tone === 'bad')),
        ),
    ),
    trouble.ways.includes('dismiss') &&
      h(
        'button',
        { 'class': 'tool', 'type': 'button', 'aria-label': 'Dismiss', 'title': 'Dismiss', 'onclick': dismiss },
        icon('x'),
      ),
  );
}

/** @param {Way} way @param {boolean} main */
function wayButton(way, main) {
  if (way === 'dismiss') return null;
  return h(
    'button',
    { key: way, class: `btn small${main ? ' main' : ''}`, type: 'button', onclick: WAYS[way].go },
    WAYS[way].label,
  );
}

function dismiss() {
  change({ failure: null });
  if (ui.view?.trouble) run('dismiss');
}

/** A title with its full stop. @param {string} title */
export function sentence(title) {
  return /[.!?…]$/.test(title) ? title : `${title}.`;
}
