// A notice above the content: what happened, what is kept, and what to do.

import { h, icon } from '../core/draw.js';
import { openOverlay } from '../core/overlays.js';
import { change, run, ui, unlock } from '../core/state.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Code, Notice, Remedy, Severity, View} from '../view.d.ts' */

/** @type {Record<Exclude<Remedy, 'dismiss'>, {label: string, go: () => unknown}>} */
const REMEDIES = {
  sign_in: { label: 'Sign in again', go: () => signIn() },
  sign_in_with_consent: { label: 'Ask again with consent', go: () => signIn({ ask_consent: true }) },
  new_code: { label: 'New code', go: () => run('sign_in_elsewhere') },
  sign_in_memory_only: { label: 'Sign in without it…', go: () => signIn({ memory_only: true }) },
  unlock: { label: 'Unlock…', go: () => unlock() },
  client_secret: { label: 'Enter client secret…', go: () => openOverlay('connection', '#client-secret') },
  edit_connection: { label: 'Edit connection…', go: () => openOverlay('connection') },
  refresh: { label: 'Try now', go: () => run('refresh') },
};

/** The remedies that a screen without a session offers before a sign-in. @type {Exclude<Remedy, 'dismiss'>[]} */
const INSTEAD = ['client_secret', 'edit_connection', 'sign_in_memory_only', 'unlock'];

/** @type {Partial<Record<Code, string>>} */
const ICONS = {
  unreachable: 'offline',
  provider_failing: 'offline',
  session_ended: 'ended',
  key_store_locked: 'lock',
  key_store_missing: 'lock',
  key_store_failing: 'lock',
};

const SESSIONS_STAY = 'The new version comes with a restart. Sessions stay.';
const MEMORY_ENDS = 'The new version comes with a restart, which ends the session that is kept in memory only.';

const ASKS = 'The key store may be asking for its password in a window of its own.';

/** @type {Record<Severity, {icon: string, class: string, role: string}>} */
const SEVERITIES = {
  info: { icon: 'info', class: ' calm', role: 'status' },
  warning: { icon: 'warn', class: '', role: 'alert' },
  error: { icon: 'stop', class: ' bad', role: 'alert' },
};

/** Begins a sign-in. @param {{ask_consent?: boolean, memory_only?: boolean}} [how] */
export function signIn(how = {}) {
  return run('sign_in', { ask_consent: false, memory_only: false, ...how });
}

/** What is wrong now: the engine's word first, then a command that failed outright. @param {View} view */
export function noticeOf(view) {
  return view.notice ?? ui.failure;
}

/** Whether the provider could not be asked, so that what is shown is as of the last time. @param {View} view */
export function isOffline(view) {
  return ['unreachable', 'provider_failing', 'untrusted_certificate'].includes(view.notice?.code ?? '');
}

/**
 * The note about the notice, if there is any.
 * @param {View} view
 * @param {Remedy[]} [elsewhere] remedies the screen offers already
 */
export function noticeFor(view, elsewhere = []) {
  const notice = noticeOf(view);
  if (notice) return noticeBox(notice, elsewhere);
  if (view.key_store.asking) return askingNote();
  return updatedNote(view) ?? warningsNote(view.warnings);
}

/** That the key store is waited for, which asks the person in a window that may be hidden behind this one. */
function askingNote() {
  return h(
    'div',
    { key: 'asking', class: 'notice block calm', 'data-region': 'notice' },
    icon('lock'),
    h('p', { class: 'grow', role: 'status' }, h('b', {}, 'Waiting for the key store.'), ' ', h('span', {}, ASKS)),
  );
}

/** Says that another version was installed and takes effect after a restart, until dismissed. @param {View} view */
function updatedNote(view) {
  if (!view.updated || ui.updateSeen) return null;
  const words = view.screen.kind === 'signed_in' && view.screen.memory_only ? MEMORY_ENDS : SESSIONS_STAY;
  return calmNote(
    'updated',
    h('p', { role: 'status' }, h('b', {}, 'Rolecall was updated.'), ' ', h('span', {}, words)),
    h('button', { class: 'btn small', type: 'button', onclick: () => run('restart') }, 'Restart'),
    () => change({ updateSeen: true }),
  );
}

/** What of the configuration file is not used, until it is put away. @param {string[]} warnings */
function warningsNote(warnings) {
  const [first] = warnings;
  if (!first || ui.warningsSeen === warnings.join('\n')) return null;
  const more = warnings.length > 1 ? ` ${warnings.length - 1} more.` : '';
  return calmNote(
    'warnings',
    h(
      'p',
      { role: 'status' },
      h('b', {}, 'Something in rolecall.toml is not used.'),
      h('span', { dir: 'auto' }, ` ${sentence(first)}${more}`),
    ),
    h('button', { class: 'btn small', type: 'button', onclick: () => openOverlay('settings') }, 'Settings'),
    () => change({ warningsSeen: warnings.join('\n') }),
  );
}

/**
 * A note with one button, which can be dismissed.
 * @param {string} key
 * @param {Child} words
 * @param {Child} button
 * @param {() => void} dismissed
 */
function calmNote(key, words, button, dismissed) {
  return h(
    'div',
    { class: 'notice block calm', key, 'data-region': 'notice' },
    icon('info'),
    h('div', { class: 'grow stack s' }, words, h('div', { class: 'line wrap' }, button)),
    dismissButton(dismissed),
  );
}

/** @param {() => void} onclick */
function dismissButton(onclick) {
  return h('button', { class: 'tool', type: 'button', 'aria-label': 'Dismiss', title: 'Dismiss', onclick }, icon('x'));
}

/** @param {Notice} notice @param {Remedy[]} [elsewhere] */
export function noticeBox(notice, elsewhere = []) {
  const severity = SEVERITIES[notice.severity];
  const remedies = notice.remedies.filter((remedy) => remedy !== 'dismiss' && !elsewhere.includes(remedy));
  return h(
    'div',
    { class: `notice block${severity.class}`, key: 'notice', 'data-region': 'notice' },
    icon(ICONS[notice.code] ?? severity.icon),
    h(
      'div',
      { class: 'grow stack s' },
      h('p', { role: severity.role }, h('b', {}, sentence(notice.title)), ' ', h('span', { dir: 'auto' }, notice.text)),
      asks(notice) && h('p', { class: 'small', role: 'status' }, ASKS),
      remedies.length > 0 &&
        h(
          'div',
          { class: 'line wrap' },
          remedies.map((remedy, i) => remedyButton(remedy, i === 0 && notice.severity === 'error')),
        ),
    ),
    notice.remedies.includes('dismiss') && dismissButton(dismiss),
  );
}

/** Whether the key store may be asking the person now. @param {Notice} notice */
function asks(notice) {
  return ui.view?.key_store.asking || (ui.unlocking && notice.code.startsWith('key_store_'));
}

/**
 * What a screen without a session offers first in place of a sign-in that would fail again for the same reason.
 * @param {View} view
 */
export function insteadOfSignIn(view) {
  const first = noticeOf(view)?.remedies[0];
  return INSTEAD.find((remedy) => remedy === first) ?? null;
}

/** A remedy as the main button of a screen. @param {Exclude<Remedy, 'dismiss'>} remedy */
export function mainRemedy(remedy) {
  return h(
    'button',
    { key: remedy, class: 'btn main wide', type: 'button', onclick: REMEDIES[remedy].go },
    REMEDIES[remedy].label,
  );
}

/** @param {Remedy} remedy @param {boolean} main */
function remedyButton(remedy, main) {
  if (remedy === 'dismiss') return null;
  return h(
    'button',
    { key: remedy, class: `btn small${main ? ' main' : ''}`, type: 'button', onclick: REMEDIES[remedy].go },
    REMEDIES[remedy].label,
  );
}

function dismiss() {
  change({ failure: null });
  if (ui.view?.notice) run('dismiss');
}

/** The text with a capital first letter, unless it starts with a value such as an address. @param {string} words */
export function capital(words) {
  return /^[\p{L}’'-]+([\s,:;.]|$)/u.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/** A title with its full stop. @param {string} title */
export function sentence(title) {
  return /[.!?…]$/.test(title) ? title : `${title}.`;
}

/** That the session ends with the program. */
export function memoryNote() {
  return h(
    'div',
    { key: 'memory', class: 'notice calm' },
    icon('info'),
    h('p', { class: 'grow' }, 'Kept in memory only. ', h('span', {}, 'This session ends when Rolecall quits.')),
  );
}
