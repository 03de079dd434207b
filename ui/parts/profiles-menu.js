// The list of profiles: who is signed in where and for how long, switching, signing out, adding and removing.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { closeMenu, openOverlay } from '../core/overlays.js';
import { change, run, ui } from '../core/state.js';
import { left } from '../core/times.js';
import { profileIcon } from './bar.js';
import { signIn } from './notice.js';

/** @import {ProfileSummary, View} from '../view.d.ts' */

/** @param {View} view */
export function profilesMenu(view) {
  if (!ui.menu.open) return null;
  const front = view.profiles.find((profile) => profile.name === view.profile);
  return [
    h('div', { key: 'scrim', class: 'scrim', onclick: closeMenu }),
    h(
      'nav',
      { key: 'profiles', class: 'profiles', 'aria-label': 'Profiles', onkeydown: moved },
      h(
        'div',
        { id: 'profiles', class: 'menu', role: 'menu', 'aria-label': 'Profiles' },
        view.profiles.map((profile) => profileItem(profile, profile === front)),
        h('hr', { key: 'rule 1' }),
        item('add', 'plus', 'Add a profile…', add),
        front && item('connection', 'pencil', 'Edit connection…', () => openOverlay('connection')),
        front && item('rename', 'gear', `Rename ${front.name}…`, () => openOverlay('settings', '#profile-name')),
        h('hr', { key: 'rule look' }),
        item('inspect', 'file', 'Inspect a token or file…', () => openOverlay('inspect', '#paste-it')),
        item('compare', 'swap', 'Compare…', () => openOverlay('compare', '#side-a')),
        front && [h('hr', { key: 'rule 2' }), ui.menu.removing ? removing(front) : frontItems(front)],
      ),
    ),
  ];
}

/** @param {ProfileSummary} profile @param {boolean} inFront */
function profileItem(profile, inFront) {
  const troubled = profile.state === 'ended' || profile.state === 'locked';
  return h(
    'button',
    {
      key: `profile ${profile.name}`,
      class: 'item',
      type: 'button',
      role: 'menuitemradio',
      'aria-checked': String(inFront),
      tabindex: -1,
      onclick: () => choose(profile.name),
    },
    profileIcon(profile),
    h(
      'span',
      { class: 'grow' },
      h('b', { class: 'cut', dir: 'auto' }, profile.name),
      h('span', { class: 'small dim cut', dir: 'auto' }, profileStatus(profile)),
    ),
    inFront ? icon('check', 'ok') : troubled && icon('warn', 'warnc'),
  );
}

/** How a profile stands, in words. @param {ProfileSummary} profile */
export function profileStatus(profile) {
  switch (profile.state) {
    case 'signed_in': {
      const rest = profile.expires_at === null ? null : profile.expires_at - now();
      return [profile.who, rest !== null && (rest > 0 ? `${left(rest)} left` : 'token has ended')]
        .filter(Boolean)
        .join(' · ');
    }
    case 'signed_out':
      return `Signed out, ${profile.host}`;
    case 'waiting':
      return 'Waiting for the browser';
    case 'ended':
      return 'Session ended, sign in again';
    case 'locked':
      return 'Key store locked';
  }
}

/** @param {ProfileSummary} front */
function frontItems(front) {
  const here = front.state !== 'signed_out' && front.state !== 'waiting';
  return [
    here && item('else', 'out', 'Sign in as another user…', () => close(() => signIn())),
    here &&
      item('sign out', 'ended', `Sign out of ${front.name}`, () =>
        close(() => run('sign_out', { profile: front.name })),
      ),
    item('remove', 'bin', `Remove ${front.name}…`, () => change({ menu: { open: true, removing: true } }, '#keep')),
  ];
}

/** @param {ProfileSummary} front */
function removing(front) {
  return [
    h('p', { key: 'sure', class: 'sure', role: 'status' }, removal(front)),
    item('keep', 'left', 'Keep it', () => change({ menu: { open: true, removing: false } }, '#profiles .item'), 'keep'),
    item(
      'really',
      'bin',
      `Remove ${front.name}`,
      () => close(() => run('remove_profile', { name: front.name })),
      'really',
    ),
  ];
}

/** @param {string} key @param {string} picture @param {string} label @param {() => void} go @param {string} [id] */
function item(key, picture, label, go, id) {
  return h(
    'button',
    { key, id, class: 'item', type: 'button', role: 'menuitem', tabindex: -1, onclick: go },
    icon(picture),
    h('span', { class: 'grow', dir: 'auto' }, label),
  );
}

function add() {
  change({ menu: { open: false, removing: false }, adding: true, panel: null }, '#paste');
}

/** @param {string} name */
function choose(name) {
  close(() => {
    if (name !== ui.view?.profile) run('select_profile', { name });
  });
}

/** @param {() => void} then */
function close(then) {
  closeMenu();
  then();
}

/** @param {KeyboardEvent} event */
function moved(event) {
  const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#profiles .item')]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const next = to[event.key];
  if (event.key === 'Tab') closeMenu();
  else if (next !== undefined) items[(next + items.length) % items.length]?.focus();
  else return;
  event.preventDefault();
}

/** What removing does, session first. @param {ProfileSummary} front */
function removal(front) {
  const { name, host, state } = front;
  if (state === 'signed_out' || state === 'ended') return `Remove ${name}? Its settings and its history go.`;
  const session = `You are signed out, and the session is revoked at ${host} where the provider offers that.`;
  return `Remove ${name}? ${session} Its settings and its history go, too.`;
}
