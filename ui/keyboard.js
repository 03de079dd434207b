// What the keys do. Escape undoes the last step: it closes, goes back, clears or cancels.

import { listenToKeys } from './core/keys.js';
import { closeMenu, closeOverlay, openMenu, openOverlay } from './core/overlays.js';
import { copyToken, run, ui } from './core/state.js';
import { backToTable, clearFilter } from './parts/panels.js';
import { goBack } from './parts/setup-state.js';
import { SHORTCUTS } from './parts/shortcut-list.js';
import { showTab, tabAt } from './parts/tabs.js';

/** @import {ShortcutId} from './parts/shortcut-list.js' */

/** Who is signed in, where that is what the window shows. */
function signedIn() {
  const screen = ui.view?.screen;
  return screen?.kind === 'signed_in' && !ui.adding ? screen : null;
}

/**
 * Each receives the key; one that answers `false` leaves it to the browser.
 * @type {Record<ShortcutId, (key: string) => boolean | void>}
 */
const ACTIONS = {
  refresh() {
    if (signedIn()?.refreshing === false) void run('refresh');
  },
  copy_access() {
    if (signedIn()?.tokens_ready) void copyToken('access');
  },
  copy_id() {
    if (signedIn()?.tokens_ready) void copyToken('id');
  },
  filter() {
    const filter = /** @type {HTMLInputElement | null} */ (document.getElementById('filter'));
    filter?.focus();
    filter?.select();
    return filter !== null;
  },
  views(key) {
    const tab = tabAt(Number(key) - 1);
    if (tab && signedIn() && !ui.panel && !ui.overlay) showTab(tab);
    return signedIn() !== null;
  },
  profiles() {
    if (ui.menu.open) closeMenu();
    else if (document.getElementById('profile-button')) openMenu();
  },
  settings() {
    if (ui.overlay === 'settings') closeOverlay();
    else void openOverlay('settings');
  },
  larger() {
    void run('zoom', { direction: 'in' });
  },
  smaller() {
    void run('zoom', { direction: 'out' });
  },
  usual_size() {
    void run('zoom', { direction: 'reset' });
  },
  close() {
    void run('close_window');
  },
  quit() {
    void run('quit');
  },
  shortcuts() {
    if (ui.overlay === 'shortcuts') closeOverlay();
    else void openOverlay('shortcuts');
  },
  back() {
    if (ui.menu.open) closeMenu();
    else if (ui.overlay) closeOverlay();
    else if (ui.panel) backToTable();
    else if (ui.adding || ui.view?.screen.kind === 'set_up') goBack();
    else if (ui.filter !== '' && ui.tab === 'roles') clearFilter();
    else if (ui.view?.screen.kind === 'waiting') void run('cancel_sign_in');
    else return false;
    return true;
  },
};

/** Begins to listen. */
export function listenToKeyboard() {
  const bindings = SHORTCUTS.map(({ id, keys, alone }) => ({ keys, alone, run: ACTIONS[id] }));
  listenToKeys(
    bindings.filter((binding) => !binding.alone),
    bindings.filter((binding) => binding.alone),
  );
}
