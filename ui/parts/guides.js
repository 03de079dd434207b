// The texts of set-up for each provider, requested from the engine once.

import { invoke } from '../core/bridge.js';
import { asNotice, redraw } from '../core/state.js';

/** @import {Notice, SetupGuide} from '../view.d.ts' */
/** @import {ConnectionForm} from './connection.js' */

/** @type {SetupGuide[] | null} */
let all = null;

/** The guides; none until they are there. @param {(problem: Notice) => void} [failed] @returns {SetupGuide[]} */
export function guides(failed) {
  if (all === null) void load(failed);
  return all ?? [];
}

/** @param {(problem: Notice) => void} [failed] */
async function load(failed) {
  all = [];
  try {
    all = await invoke('setup_guides');
  } catch (problem) {
    failed?.(asNotice(problem));
  }
  redraw();
}

/**
 * The guide of the chosen provider, else of the one the check recognised, else the general one.
 * @param {SetupGuide[]} known
 * @param {ConnectionForm} form
 */
export function guideFor(known, form) {
  const provider = form.chosen ?? form.check?.provider ?? 'other';
  return known.find((guide) => guide.provider === provider) ?? known.at(-1);
}
