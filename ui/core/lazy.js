// Screens that are not needed at first are loaded when they are opened, so that the window is up sooner. They come from
// the program itself, not from the network.

import { redraw } from './state.js';

/** How each is loaded. Where `styled`, a style sheet of the same name belongs to it. */
const SCREENS = {
  tokens: { load: () => import('../screens/tokens.js'), styled: true },
  settings: { load: () => import('../screens/settings.js'), styled: true },
  connection: { load: () => import('../screens/connection.js'), styled: true },
  inspect: { load: () => import('../screens/inspect.js'), styled: true },
  compare: { load: () => import('../screens/compare.js'), styled: true },
  picture: { load: () => import('../parts/history-picture.js'), styled: true },
  shortcuts: { load: () => import('../screens/shortcuts.js'), styled: false },
};

/**
 * @template {keyof typeof SCREENS} N
 * @typedef {Awaited<ReturnType<typeof SCREENS[N]['load']>>} ScreenModule
 */

/** What was asked for; the module once it is there. @type {Map<string, {module: unknown, done: Promise<unknown>}>} */
const loaded = new Map();

/**
 * A screen's module; null until it is there, and then the page is drawn again.
 * @template {keyof typeof SCREENS} N
 * @param {N} name
 * @returns {ScreenModule<N> | null}
 */
export function screenModule(name) {
  return /** @type {ScreenModule<N> | null} */ (entry(name).module);
}

/**
 * Loads a screen, where it is not there yet.
 * @template {keyof typeof SCREENS} N
 * @param {N} name
 * @returns {Promise<ScreenModule<N>>}
 */
export function fetchScreen(name) {
  return /** @type {Promise<ScreenModule<N>>} */ (entry(name).done);
}

/** @param {keyof typeof SCREENS} name */
function entry(name) {
  const known = loaded.get(name);
  if (known) return known;
  const { load, styled } = SCREENS[name];
  const fresh = { module: /** @type {unknown} */ (null), done: /** @type {Promise<unknown>} */ (Promise.resolve()) };
  fresh.done = Promise.all([load(), styled && addStyle(`styles/${name}.css`)]).then(([module]) => {
    fresh.module = module;
    redraw();
    return module;
  });
  loaded.set(name, fresh);
  return fresh;
}

/** @param {string} href @returns {Promise<unknown>} */
function addStyle(href) {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  const done = new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = resolve;
  });
  document.head.append(link);
  return done;
}
