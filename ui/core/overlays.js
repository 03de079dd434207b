// Opens and closes what covers the screens: the menu of profiles, the settings and the screens that open from them.
// Every button for one of these calls a function here, so that no two parts of the page import each other.

import { fetchScreen, screenModule } from './lazy.js';
import { change, ui } from './state.js';

/** @import {Overlay} from './state.js' */

/** Opens the menu of profiles, with the focus on the active one. */
export function openMenu() {
  change({ menu: { open: true, removing: false } }, '#profiles [aria-checked="true"], #profiles .item');
}

/** Closes the menu and gives the focus back. */
export function closeMenu() {
  change({ menu: { open: false, removing: false } }, '#profile-button, #back');
}

/**
 * Lays a screen over whatever is shown, once it is loaded.
 * @param {Overlay} overlay
 * @param {string} [focus] what gets the focus
 */
export async function openOverlay(overlay, focus = '#back') {
  const screen = await fetchScreen(overlay);
  screen.opened(focus);
  change({ overlay, under: ui.overlay, menu: { open: false, removing: false } }, focus);
}

/** Takes the screen away that lies over the others, or leads back to the one it was opened from. */
export function closeOverlay() {
  const under = ui.under === ui.overlay ? null : ui.under;
  leave(ui.overlay);
  change({ overlay: under, under: null }, under ? '#back' : '#settings-button, #back');
}

/** Closes all of them, for something that can't wait. */
export function dropOverlays() {
  leave(ui.overlay);
  leave(ui.under);
  Object.assign(ui, { overlay: null, under: null });
}

/** Lets a screen forget what it held. @param {Overlay | null} overlay */
function leave(overlay) {
  const screen = overlay && screenModule(overlay);
  if (screen && 'closed' in screen) screen.closed();
}
