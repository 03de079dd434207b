// Loads screens that are not needed at first when they are opened. Which they are is listed in lazy-screens.js.

import { redraw } from './state.js';

/** @import {LazyScreens} from '../lazy-screens.js' */

/**
 * @template {keyof LazyScreens} N
 * @typedef {Awaited<ReturnType<LazyScreens[N]['load']>>} ScreenModule
 */

/** How each is loaded. @type {LazyScreens} */
let screens;

/** What was asked for; the module once it is there. @type {Map<string, {module: unknown, done: Promise<unknown>}>} */
const loaded = new Map();

/** Sets how each screen is loaded; called once, before the first drawing. @param {LazyScreens} all */
export function provideScreens(all) {
  screens = all;
}

/**
 * A screen's module; null until it is there, and then the page is drawn again.
 * @template {keyof LazyScreens} N
 * @param {N} name
 * @returns {ScreenModule<N> | null}
 */
export function screenModule(name) {
  return /** @type {ScreenModule<N> | null} */ (entry(name).module);
}

/**
 * Loads a screen, where it is not there yet.
 * @template {keyof LazyScreens} N
 * @param {N} name
 * @returns {Promise<ScreenModule<N>>}
 */
export function fetchScreen(name) {
  return /** @type {Promise<ScreenModule<N>>} */ (entry(name).done);
}

/** @param {keyof LazyScreens} name */
function entry(name) {
  const known = loaded.get(name);
  if (known) return known;
  const { load, styled } = screens[name];
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
