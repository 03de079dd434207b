// The settings: those of the selected profile, those of Rolecall, and where the session and the file are. Changes
// made to the file by other programs show here too.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { closeOverlay, openOverlay } from '../core/overlays.js';
import { asNotice, redraw, unlock } from '../core/state.js';
import { backBar } from '../parts/bar.js';
import { expected, resetExpected } from '../parts/expected.js';
import { noticeFor, sentence } from '../parts/notice.js';
import { renameRow, resetRename } from '../parts/rename.js';
import { apply, clearRefused, row, segments, switchRow } from '../parts/setting-rows.js';

/** @import {Child} from '../core/draw.js' */
/** @import {AccentColor, KeyStoreState, Notice, Theme, View} from '../view.d.ts' */

/** @type {AccentColor[]} */
const ACCENT_COLORS = ['green', 'slate', 'brick'];
/** @type {[Theme, string][]} */
const THEMES = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];
/** @type {[number, string][]} */
const SECONDS = [
  [10, '10 s'],
  [30, '30 s'],
  [120, '2 min'],
];
/** Notices that the configuration file is about. */
const OF_THE_FILE = ['config_broken', 'files_failing', 'bad_setting', 'bad_issuer', 'insecure_issuer'];

/** @type {Record<KeyStoreState, string>} */
const STATES = {
  unknown: 'not asked yet',
  works: 'unlocked',
  locked: 'locked',
  missing: 'not there',
  failing: 'does not answer as it should',
};

/** @type {Partial<Record<KeyStoreState, string>>} */
const AMISS = { locked: 'Locked', missing: 'Missing', failing: 'Failing' };

/** What the system was asked. @type {{login: boolean | null | undefined, why: Notice | null, checked: string}} */
const system = { login: undefined, why: null, checked: '' };

/** To be called each time the settings are opened: the system's list is not ours alone. */
export function opened() {
  system.checked = '';
  clearRefused();
  resetExpected();
  resetRename();
  void askLogin();
}

/** @param {View} view @returns {Child[]} */
export function overlay(view) {
  return [
    backBar('Settings', closeOverlay),
    h(
      'main',
      { key: 'settings', class: 'scroll pad stack below-bar settings', tabindex: -1 },
      view.notice && OF_THE_FILE.includes(view.notice.code) && noticeFor(view),
      view.profile !== null && ofProfile(view, view.profile),
      ofRolecall(view),
      whereThingsAre(view),
    ),
  ];
}

/** @param {View} view @param {string} name */
function ofProfile(view, name) {
  return h(
    'section',
    { key: 'profile', 'aria-labelledby': 'of-profile' },
    h('h2', { id: 'of-profile', class: 'dim' }, 'This profile: ', h('bdi', {}, name)),
    h('div', { class: 'card' }, renameRow(name), connectionRow(view), expected(view), accentColors(view)),
  );
}

/** @param {View} view */
function connectionRow(view) {
  const host = view.profiles.find((profile) => profile.name === view.profile)?.host ?? '';
  const edit = { id: 'edit', class: 'btn small', type: 'button', onclick: () => openOverlay('connection') };
  return row(
    'connection',
    h('p', { class: 'grow' }, 'Connection', h('span', { class: 'dim', dir: 'auto' }, host)),
    h('button', edit, 'Edit connection…'),
  );
}

/** @param {View} view */
function accentColors(view) {
  const current = view.profiles.find((profile) => profile.name === view.profile)?.accent_color ?? 'green';
  const choose = (/** @type {AccentColor} */ color) =>
    apply('accent', { what: 'accent_color', to: color }, `#accent-${color}`);
  const moved = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (ACCENT_COLORS.indexOf(current) + step + ACCENT_COLORS.length) % ACCENT_COLORS.length;
    void choose(/** @type {AccentColor} */ (ACCENT_COLORS[next]));
  };
  return row(
    'accent',
    h('p', { id: 'accent', class: 'grow' }, 'Colour'),
    h(
      'span',
      { class: 'line', role: 'radiogroup', 'aria-labelledby': 'accent', onkeydown: moved },
      ACCENT_COLORS.map((color) =>
        h('button', {
          id: `accent-${color}`,
          class: 'swatch',
          type: 'button',
          role: 'radio',
          'data-accent': color,
          'aria-checked': String(color === current),
          'aria-label': color,
          title: color,
          tabindex: color === current ? 0 : -1,
          onclick: () => choose(color),
        }),
      ),
    ),
  );
}

/** @param {View} view */
function ofRolecall(view) {
  const { clear_clipboard_after, auto_refresh, notify_changes, theme } = view.settings;
  /** @type {[number, string][]} */
  const seconds = SECONDS.some(([value]) => value === clear_clipboard_after)
    ? SECONDS
    : [...SECONDS, [clear_clipboard_after, `${clear_clipboard_after} s`]];
  return h(
    'section',
    { key: 'rolecall', 'aria-labelledby': 'of-rolecall' },
    h('h2', { id: 'of-rolecall', class: 'dim' }, 'Rolecall'),
    h(
      'div',
      { class: 'card' },
      switchRow({
        name: 'login',
        label: 'Start when I log in',
        hint:
          system.login === null
            ? 'Not available while Rolecall’s files are in another folder'
            : (system.why?.text ?? 'In the tray'),
        on: system.login ?? false,
        disabled: typeof system.login !== 'boolean',
        flip: startAtLogin,
      }),
      switchRow({
        name: 'notify',
        label: 'Notify when a role is added or removed',
        on: notify_changes,
        flip: (on) => apply('notify', { what: 'notify_changes', to: on }),
      }),
      switchRow({
        name: 'refresh',
        label: 'Refresh automatically',
        hint: 'Before the token expires, at the notch on the ring',
        on: auto_refresh,
        flip: (on) => apply('refresh', { what: 'auto_refresh', to: on }),
      }),
      segments({
        name: 'clear',
        label: 'Clear a copied token after',
        choices: seconds,
        chosen: clear_clipboard_after,
        choose: (to) => apply('clear', { what: 'clear_clipboard_after', to }),
      }),
      segments({
        name: 'theme',
        label: 'Theme',
        choices: THEMES,
        chosen: theme,
        choose: (to) => apply('theme', { what: 'theme', to }),
      }),
    ),
  );
}

async function askLogin() {
  try {
    Object.assign(system, { login: await invoke('starts_at_login'), why: null });
  } catch (problem) {
    Object.assign(system, { login: undefined, why: asNotice(problem) });
  }
  redraw();
}

/** @param {boolean} on */
async function startAtLogin(on) {
  await apply('login', null, undefined, () => invoke('start_at_login', { on }));
  await askLogin();
}

/** @param {View} view */
function whereThingsAre(view) {
  const { key_store, screen } = view;
  const inMemory = screen.kind === 'signed_in' && screen.memory_only;
  const stands = inMemory
    ? 'In memory only; it ends when Rolecall quits'
    : `${key_store.name} key store, ${key_store.asking ? 'waited for' : STATES[key_store.state]}`;
  const isClosed = ['locked', 'missing', 'failing'].includes(key_store.state);
  return h(
    'section',
    { key: 'where', 'aria-label': 'Where things are' },
    h(
      'div',
      { class: 'card' },
      row(
        'store',
        h(
          'p',
          { class: 'grow' },
          'Where your session is stored',
          h('span', { class: 'dim', role: 'status' }, stands, system.checked && ` ${system.checked}`),
        ),
        key_store.state === 'works' && h('span', { class: 'ok line small works' }, icon('check', 's'), 'Works'),
        isClosed && h('span', { class: 'warnc line small works' }, icon('warn', 's'), AMISS[key_store.state]),
        key_store.state === 'locked' && view.profile !== null
          ? h('button', { key: 'unlock', class: 'btn small', type: 'button', onclick: () => unlock() }, 'Unlock…')
          : h(
              'button',
              {
                key: 'check',
                id: 'check',
                class: 'btn quiet small',
                type: 'button',
                title: 'Writes, reads and deletes an item',
                onclick: check,
              },
              'Check',
            ),
      ),
      row(
        'file',
        h('p', { class: 'grow' }, 'Everything else is in ', h('code', {}, 'rolecall.toml'), passedOver(view.warnings)),
        h(
          'button',
          {
            id: 'show-file',
            class: 'btn small',
            type: 'button',
            onclick: () => apply('file', null, undefined, () => invoke('show_file')),
          },
          'Show file',
        ),
      ),
    ),
  );
}

/** What of the file is not used. @param {string[]} warnings @returns {Child} */
function passedOver(warnings) {
  return warnings.map((warning) => h('span', { class: 'warnc small warning', dir: 'auto' }, sentence(warning)));
}

async function check() {
  const works = await apply('store', null, undefined, () => invoke('check_key_store'));
  system.checked = works ? 'Checked just now.' : '';
  redraw();
}
