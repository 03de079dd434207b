// The bar at the top: the active profile, or a button that leads back.

import { h, icon } from '../core/draw.js';
import { openMenu, openOverlay } from '../core/overlays.js';
import { ui } from '../core/state.js';

/** @import {Child} from '../core/draw.js' */
/** @import {ProfileSummary, View} from '../view.d.ts' */

/** @param {View} view */
export function bar(view) {
  const name = view.profile;
  const line = view.profiles.find((profile) => profile.name === name);
  return h(
    'header',
    { class: 'bar', key: 'bar', 'data-region': 'bar' },
    line &&
      h(
        'button',
        {
          id: 'profile-button',
          class: 'profile-button',
          type: 'button',
          title: 'Profiles (Ctrl P)',
          'aria-haspopup': 'menu',
          'aria-expanded': String(ui.menu.open),
          'aria-keyshortcuts': 'Control+P',
          onclick: openMenu,
        },
        profileIcon(line),
        h('span', { class: 'visually-hidden' }, 'Profile: '),
        h('span', { class: 'cut', dir: 'auto' }, line.name),
        icon('down', 's'),
      ),
    h('span', { class: 'grow' }),
    h(
      'button',
      {
        id: 'settings-button',
        class: 'tool',
        type: 'button',
        'aria-label': 'Settings',
        title: 'Settings (Ctrl ,)',
        'aria-keyshortcuts': 'Control+,',
        onclick: () => openOverlay('settings'),
      },
      icon('gear'),
    ),
  );
}

/** A badge in small, in its accent colour. @param {ProfileSummary} profile */
export function profileIcon(profile) {
  return h(
    'span',
    { class: 'profile-icon', 'data-accent': profile.accent_color, 'aria-hidden': 'true' },
    [...profile.name][0]?.toUpperCase(),
  );
}

/**
 * @param {string} title
 * @param {() => void} back
 * @param {...Child} more
 */
export function backBar(title, back, ...more) {
  return h(
    'header',
    { class: 'bar', key: 'back', 'data-region': 'bar' },
    h(
      'button',
      { id: 'back', class: 'tool', type: 'button', 'aria-label': 'Back', title: 'Back (Esc)', onclick: back },
      icon('left'),
    ),
    h('h1', { class: 'grow cut' }, title),
    more,
  );
}
