// Receives views and draws them. The page decides nothing: it shows what the engine says and passes on what a person
// does.

import { invoke, listen } from './core/bridge.js';
import { now, plan, setNow } from './core/clock.js';
import { draw } from './core/draw.js';
import { provideScreens, screenModule } from './core/lazy.js';
import { dropOverlays } from './core/overlays.js';
import { forgetPlaces, restorePlace } from './core/scroll.js';
import { drawWith, redraw, takeFocusTarget, ui } from './core/state.js';
import { untilNextMinute } from './core/times.js';
import { warmUp } from './core/warm-up.js';
import { bar } from './parts/bar.js';
import { total } from './parts/filter.js';
import { profilesMenu } from './parts/profiles-menu.js';
import { forget } from './parts/setup-state.js';
import { entitlementScreen, rowFor } from './screens/entitlement.js';
import { loadHistory } from './screens/history.js';
import { inactiveScreen } from './screens/inactive.js';
import { fillTable } from './screens/roles.js';
import { setupScreen } from './screens/setup.js';
import { signedInScreen } from './screens/signed-in.js';
import { signedOutScreen } from './screens/signed-out.js';
import { waitingScreen } from './screens/waiting.js';
import { whyScreen } from './screens/why.js';
import { listenToKeyboard } from './keyboard.js';
import { LAZY_SCREENS } from './lazy-screens.js';

/** @import {Child} from './core/draw.js' */
/** @import {View} from './view.d.ts' */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));

provideScreens(LAZY_SCREENS);
drawWith(drawAll);
listenToKeyboard();
document.addEventListener('visibilitychange', () => redraw());
document.addEventListener('focusin', ({ target }) => {
  // A webview scrolls to the caret and no further, so the lower edge of a field would stay hidden behind the footer.
  if (target instanceof HTMLElement && target.matches('textarea, input:not([type="checkbox"], [type="radio"])'))
    target.scrollIntoView({ block: 'nearest' });
});
// The shell puts the current view into the page when it makes the window, so that the first drawing needs no request.
const { firstView } = /** @type {{firstView?: View}} */ (/** @type {unknown} */ (window));
if (firstView) receive(firstView);
const drawn = ui.view;
await listen('view', receive);
const asked = await invoke('snapshot');
// A view that arrived as an event in the meantime is newer.
if (ui.view === drawn) receive(asked);

/** @param {View} view */
function receive(view) {
  const before = ui.view;
  setNow(view.now);
  ui.view = view;
  ui.unlocking = false;
  if (!view.copied) ui.copiedFormat = 'token';
  if (before && before.profile !== view.profile) forgetPlaces();
  if (before && before.profile !== view.profile)
    Object.assign(ui, {
      panel: null,
      filter: '',
      failure: null,
      tab: 'roles',
      history: null,
      picture: null,
      claims: null,
      somebody: null,
    });
  if (view.screen.kind === 'set_up') ui.adding = false;
  const beganWaiting = view.screen.kind === 'waiting' && before?.screen.kind !== 'waiting';
  if (beganWaiting) dropOverlays();
  if (view.screen.kind !== 'set_up' && !ui.adding) forget();
  if (view.screen.kind !== 'signed_in') Object.assign(ui, { panel: null, filter: '', claims: null });
  redraw();
  if (view.screen.kind === 'signed_in') warmUp(total(view.screen.entitlements), drawAll);
}

function drawAll() {
  const { view } = ui;
  if (!view) return;
  const focused = document.activeElement;
  const region = focused?.closest('[data-region]')?.getAttribute('data-region');
  document.documentElement.dataset['accent'] =
    view.profiles.find((profile) => profile.name === view.profile)?.accent_color ?? 'green';
  const { theme } = view.settings;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  draw(app, [screen(view), profilesMenu(view)]);
  const { kind } = view.screen;
  if (view.screen.kind === 'signed_in') fillTable(view.screen);
  app.dataset['screen'] = ui.adding ? 'set_up' : kind;
  restorePlace();
  keepFocus(focused, region);
  plan(untilChange(view), redraw);
}

/** @param {View} view @returns {Child[]} */
function screen(view) {
  const overlay = ui.overlay && screenModule(ui.overlay);
  if (overlay) return overlay.overlay(view);
  if (ui.adding || view.screen.kind === 'set_up') return setupScreen(view);
  switch (view.screen.kind) {
    case 'signed_out':
      return [bar(view), signedOutScreen(view, view.screen.host, view.screen.last)];
    case 'waiting':
      return [bar(view), waitingScreen(view, view.screen)];
    case 'inactive':
      return [bar(view), inactiveScreen(view, view.screen)];
    case 'signed_in': {
      const { panel } = ui;
      void loadHistory(view.profile, view.screen);
      const row = panel?.is === 'entitlement' ? rowFor(view.screen, panel.key) : undefined;
      if (row) return entitlementScreen(view.screen, row);
      if (panel?.is === 'why') return whyScreen(view.screen);
      // The entry that the panel shows was removed by the last refresh.
      ui.panel = null;
      return [bar(view), signedInScreen(view, view.screen)];
    }
  }
}

/**
 * Focuses the element that was requested. If the focused element is gone, its region gets the focus, so that the
 * keyboard does not start at the top of the page again.
 * @param {Element | null} focused
 * @param {string | null | undefined} region
 */
function keepFocus(focused, region) {
  const asked = takeFocusTarget();
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
  if (screen.kind === 'inactive') times.push(screen.refreshed_at);
  if (screen.kind === 'signed_out' && screen.last) times.push(screen.last.at);
  return times.length > 0 ? untilNextMinute(at, times) : null;
}
