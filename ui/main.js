// Hears views, draws them. The page decides nothing: it shows what the engine says and passes on what a person does.

import { awayFor } from './away.js';
import { bar } from './bar.js';
import { invoke, listen } from './bridge.js';
import { now, plan, setNow } from './clock.js';
import { detail, rowOf } from './detail.js';
import { draw } from './dom.js';
import { listenToKeys } from './keys.js';
import { profilesMenu } from './profiles.js';
import { keepHistory } from './history.js';
import { settingsScreen } from './later.js';
import { fillRoll } from './register.js';
import { untilNextMinute } from './remaining.js';
import { forget, setup } from './setup.js';
import { signedIn } from './signed-in.js';
import { signedOut, waitingFor } from './stage.js';
import { drawWith, redraw, takeFocus, ui } from './state.js';
import { warmUp } from './warm.js';
import { why } from './why.js';

/** @import {Kid} from './dom.js' */
/** @import {View} from './view.d.ts' */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));

drawWith(drawAll);
listenToKeys();
document.addEventListener('visibilitychange', () => redraw());
// The shell puts the view of the moment in which it made the window into the page, so that nothing has to be asked first.
const { firstView } = /** @type {{firstView?: View}} */ (/** @type {unknown} */ (window));
if (firstView) take(firstView);
const drawn = ui.view;
await listen('view', take);
const asked = await invoke('snapshot');
// An event that overtook the answer is newer.
if (ui.view === drawn) take(asked);

/** @param {View} view */
function take(view) {
  const before = ui.view;
  setNow(view.now);
  ui.view = view;
  if (before && before.profile !== view.profile) Object.assign(ui, { panel: null, filter: '', failure: null, tab: 'roles', history: null, papers: null });
  if (view.screen.kind === 'set_up') ui.adding = false;
  if (view.screen.kind === 'waiting') ui.settings = false;
  if (view.screen.kind !== 'set_up' && !ui.adding) forget();
  if (view.screen.kind !== 'signed_in') Object.assign(ui, { panel: null, filter: '', papers: null });
  redraw();
  warmUp(view, drawAll);
}

function drawAll() {
  const { view } = ui;
  if (!view) return;
  const focused = document.activeElement;
  const region = focused?.closest('[data-region]')?.getAttribute('data-region');
  document.documentElement.dataset['lanyard'] = view.profiles.find((profile) => profile.name === view.profile)?.lanyard ?? 'green';
  const { look } = view.settings;
  if (look === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = look;
  draw(app, [screen(view), profilesMenu(view)]);
  const { kind } = view.screen;
  if (view.screen.kind === 'signed_in') fillRoll(view.screen);
  app.dataset['screen'] = ui.adding ? 'set_up' : kind;
  keepFocus(focused, region);
  plan(untilChange(view), redraw);
}

/** @param {View} view @returns {Kid[]} */
function screen(view) {
  const settings = ui.settings ? settingsScreen() : null;
  if (settings) return settings.settings(view);
  if (ui.adding || view.screen.kind === 'set_up') return setup(view);
  switch (view.screen.kind) {
    case 'signed_out':
      return [bar(view), signedOut(view, view.screen.host, view.screen.last)];
    case 'waiting':
      return [bar(view), waitingFor(view, view.screen)];
    case 'away':
      return [bar(view), awayFor(view, view.screen)];
    case 'signed_in': {
      const { panel } = ui;
      if (ui.tab === 'history' || panel?.is === 'detail') void keepHistory(view.profile, view.screen);
      const row = panel?.is === 'detail' ? rowOf(view.screen, panel.key) : undefined;
      if (row) return detail(view.screen, row);
      if (panel?.is === 'why') return why(view.screen);
      // What it was about has gone with the last refresh.
      ui.panel = null;
      return [bar(view), signedIn(view, view.screen)];
    }
  }
}

/**
 * Gives the focus to what asked for it. Where the element that had it is gone, its region keeps it, so that nobody is
 * thrown back to the top of the page.
 * @param {Element | null} focused
 * @param {string | null | undefined} region
 */
function keepFocus(focused, region) {
  const asked = takeFocus();
  if (asked) {
    asked.focus();
    return;
  }
  if (!focused || focused.isConnected) return;
  const next = region ? app.querySelector(`[data-region="${region}"] :is(button, input)`) : null;
  /** @type {HTMLElement | null} */ (next ?? app.querySelector('main'))?.focus({ preventScroll: true });
}

/** Seconds until something on the page reads differently; null when no time is shown. @param {View} view */
function untilChange(view) {
  const at = now();
  const { screen, copied } = view;
  const second = (/** @type {number} */ until) => (until > at ? (until - at) % 1 || 1 : null);
  if (screen.kind === 'waiting') return second(screen.deadline);
  if (screen.kind === 'signed_in' && copied && copied.until > at) return second(copied.until);
  const times = view.profiles.flatMap((profile) => profile.expires_at ?? []);
  if (screen.kind === 'signed_in') times.push(screen.refreshed_at, screen.expires_at ?? at);
  if (screen.kind === 'away') times.push(screen.refreshed_at);
  if (screen.kind === 'signed_out' && screen.last) times.push(screen.last.at);
  return times.length > 0 ? untilNextMinute(at, times) : null;
}
