// Screens that are not needed at first are loaded when they are opened, so that the window is up sooner. All of it is
// in the program.

import { redraw } from './state.js';

/** @template T @typedef {{module: T | null, done: Promise<void>}} Part */

/** @type {Map<string, Part<any>>} */
const parts = new Map();

/** The Tokens tab; null until it is there, and then the page is drawn again. */
export function tokensModule() {
  return part('tokens', () => import('../screens/tokens.js')).module;
}

/** The settings; null until they are there. */
export function settingsModule() {
  return fetchSettings().module;
}

/** Fetches the settings, where they are not there yet. */
export function fetchSettings() {
  return part('settings', () => import('../screens/settings.js'));
}

/**
 * A module with the style sheet of the same name.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} fetchModule
 * @returns {Part<T>}
 */
function part(name, fetchModule) {
  let known = parts.get(name);
  if (!known) {
    const fresh = /** @type {Part<T>} */ ({ module: null, done: Promise.resolve() });
    fresh.done = Promise.all([fetchModule(), styled(`styles/${name}.css`)]).then(([module]) => {
      fresh.module = module;
      redraw();
    });
    known = fresh;
    parts.set(name, known);
  }
  return known;
}

/** @param {string} href @returns {Promise<unknown>} */
function styled(href) {
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
