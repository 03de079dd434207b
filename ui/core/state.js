// State of the page besides the last view: which panel is open, what is filtered, what was just copied.

import { invoke } from './bridge.js';

/**
 * @import {
 *   AboutSomebody, DocumentKind, Documents, HistoryPicture, Kind, Moment, Notice, TokenKind, View, Why,
 * } from '../view.d.ts'
 */
/** @import {Commands} from './bridge.js' */

/** @typedef {{is: 'why', value: string, kind: Kind | null} | {is: 'entitlement', key: string}} Panel */
/** @typedef {'roles' | 'history' | 'tokens'} Tab */
/** @typedef {'settings' | 'connection' | 'shortcuts' | 'inspect' | 'compare'} Overlay */
/**
 * What the Tokens tab shows: of which refresh it is, the documents or why there are none, and long values unfolded.
 * @typedef {{of: string, documents: Documents | null, notice: Notice | null, whole: Map<string, string>}} ClaimsData
 */

export const ui = {
  /** @type {View | null} */
  view: null,
  /** What is laid over the table. @type {Panel | null} */
  panel: null,
  /** Which tab is shown below the badge. @type {Tab} */
  tab: 'roles',
  /** What came and went; null until it was asked for. @type {Moment[] | null} */
  history: null,
  /** The same as one line for each role and group; null until it was asked for. @type {HistoryPicture | null} */
  picture: null,
  /** The provider's answers, while the Tokens tab is open. @type {ClaimsData | null} */
  claims: null,
  /** Which of them is shown. @type {DocumentKind} */
  document: 'id_token',
  /** The answer to the question that is open. @type {Why | null} */
  answer: null,
  /** What was asked about somebody else, while the question is open. @type {AboutSomebody | null} */
  somebody: null,
  /** Whether the rows that everybody has are unfolded. */
  everybody: false,
  /** The list of profiles is open; `removing` asks once more. */
  menu: { open: false, removing: false },
  /** Which screen covers everything. @type {Overlay | null} */
  overlay: null,
  /** Which one it was opened from. @type {Overlay | null} */
  under: null,
  /** The text in the filter. */
  filter: '',
  /** Whether another profile is being set up. */
  adding: false,
  /** A command that failed outright. @type {Notice | null} */
  failure: null,
  /** In which form a token was copied last. @type {'token' | 'header' | 'curl'} */
  copiedFormat: 'token',
  /** Which warnings about the configuration file were dismissed. */
  warningsSeen: '',
  /** Whether the note about an update was dismissed. */
  updateSeen: false,
  /** The key store was asked to open, and may ask for its password in a window of its own. */
  unlocking: false,
  /** The copy button that was pressed last, for a moment. */
  justCopied: '',
};

/** @type {() => void} */
let drawAll = () => {};
let queued = false;
let focusOn = '';

/** @param {() => void} how */
export function drawWith(how) {
  drawAll = how;
}

/** Draws once, after the current task. */
export function redraw() {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    drawAll();
  });
}

/**
 * Changes what the page remembers and draws it; then, where given, the focus goes to what `focus` selects.
 * @param {Partial<typeof ui>} change
 * @param {string} [focus]
 */
export function change(change, focus) {
  Object.assign(ui, change);
  if (focus !== undefined) focusOn = focus;
  redraw();
}

/** A selector of the element to focus after the next drawing. */
export function takeFocusTarget() {
  const selector = focusOn;
  focusOn = '';
  return selector === '' ? null : /** @type {HTMLElement | null} */ (document.querySelector(selector));
}

/**
 * Invokes a command whose result shows in the next view.
 * @template {keyof Commands} C
 * @param {C} command
 * @param {Commands[C][0]} [args]
 */
export async function run(command, args) {
  try {
    await invoke(command, args);
  } catch (problem) {
    change({ failure: asNotice(problem) });
  }
}

/**
 * What a command rejected with, as something to show.
 * @param {unknown} problem
 * @returns {Notice}
 */
export function asNotice(problem) {
  const known = /** @type {Partial<Notice>} */ (typeof problem === 'object' && problem !== null ? problem : {});
  return {
    code: known.code ?? 'files_failing',
    severity: 'warning',
    title: known.title ?? 'That did not work',
    text: known.text ?? 'Try again.',
    remedies: ['dismiss'],
  };
}

/**
 * Copies a token. It goes from the engine to the clipboard and never passes through the page.
 * @param {TokenKind} kind
 * @param {'token' | 'header' | 'curl'} [format]
 */
export function copyToken(kind, format = 'token') {
  ui.copiedFormat = format;
  return run('copy_token', { kind, format });
}

/** Asks the key store to open. */
export function unlock() {
  change({ unlocking: true });
  return run('unlock');
}

/**
 * Copies text that is no secret and lets the button say so for a moment.
 * @param {string} name the button
 * @param {string} text
 */
export async function copyText(name, text) {
  await run('copy_text', { text });
  change({ justCopied: name });
  setTimeout(() => {
    if (ui.justCopied === name) change({ justCopied: '' });
  }, 2000);
}
