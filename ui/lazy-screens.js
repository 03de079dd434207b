// The screens that are loaded when they are opened, from the program itself, so that the window is up sooner. They are
// listed here and not in core/, because they import core/ and would make a circle of imports.

/** How each is loaded. Where `styled`, a style sheet of the same name belongs to it. */
export const LAZY_SCREENS = {
  tokens: { load: () => import('./screens/tokens.js'), styled: true },
  settings: { load: () => import('./screens/settings.js'), styled: true },
  connection: { load: () => import('./screens/connection.js'), styled: true },
  inspect: { load: () => import('./screens/inspect.js'), styled: true },
  compare: { load: () => import('./screens/compare.js'), styled: true },
  picture: { load: () => import('./parts/history-picture.js'), styled: true },
  shortcuts: { load: () => import('./screens/shortcuts.js'), styled: false },
};

/** @typedef {typeof LAZY_SCREENS} LazyScreens */
