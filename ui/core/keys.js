// The keyboard. Esc undoes the last thing: closes, goes back, clears, cancels.

import { closeSettings, openSettings } from '../parts/bar.js';
import { closeMenu, openMenu } from '../parts/profiles-menu.js';
import { clearFilter, backToTable } from '../screens/roles.js';
import { goBack } from '../screens/setup.js';
import { run, ui } from './state.js';
import { showTab } from '../parts/tabs.js';

const MAC = navigator.platform.startsWith('Mac');

/** Begins to listen. */
export function listenToKeys() {
  document.addEventListener('keydown', pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const done = (MAC ? event.metaKey : event.ctrlKey) ? shortcut(event) : single(event);
  if (done) event.preventDefault();
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const screen = ui.view?.screen;
  const me = screen?.kind === 'signed_in' && !ui.adding ? screen : null;
  switch ((event.shiftKey ? 'shift ' : '') + event.key.toLowerCase()) {
    case 'r':
      if (me && !me.refreshing) run('refresh');
      return true;
    case 'shift a':
      if (me?.tokens_ready) run('copy_token', { kind: 'access' });
      return true;
    case 'shift d':
      if (me?.tokens_ready) run('copy_token', { kind: 'id' });
      return true;
    case '1':
    case '2':
    case '3':
      if (me && !ui.panel && !ui.settings)
        showTab(event.key === '1' ? 'roles' : event.key === '2' ? 'history' : 'tokens');
      return me !== null;
    case ',':
      if (ui.settings) closeSettings();
      else void openSettings();
      return true;
    case 'f':
      return toFilter();
    case 'p':
      if (ui.menu.open) closeMenu();
      else if (document.getElementById('profile-button')) openMenu();
      return true;
    default:
      return false;
  }
}

/** @param {KeyboardEvent} event */
function single(event) {
  if (event.ctrlKey || event.metaKey) return false;
  if (event.key === 'Escape') return escape();
  const typing = event.target instanceof HTMLInputElement;
  return event.key === '/' && !typing && toFilter();
}

function toFilter() {
  const filter = /** @type {HTMLInputElement | null} */ (document.getElementById('filter'));
  filter?.focus();
  filter?.select();
  return filter !== null;
}

function escape() {
  if (ui.menu.open) closeMenu();
  else if (ui.settings) closeSettings();
  else if (ui.panel) backToTable();
  else if (ui.adding || ui.view?.screen.kind === 'set_up') goBack();
  else if (ui.filter !== '') clearFilter();
  else if (ui.view?.screen.kind === 'waiting') run('cancel_sign_in');
  else return false;
  return true;
}
