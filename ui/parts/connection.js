// The fields of a connection and the check of the issuer in them. Set-up and *Edit connection* each
// have a form of their own.

import { invoke } from '../core/bridge.js';
import { asNotice, redraw } from '../core/state.js';

/** @import {IssuerCheck, Notice, Product} from '../view.d.ts' */

/** The pause in typing after which the issuer is checked, in milliseconds. */
const PAUSE = 400;

const EMPTY = {
  /** Chosen by the person; what the issuer looks like does not change it. @type {Product | null} */
  chosen: null,
  issuer: '',
  client_id: '',
  audience: '',
  scopes: '',
  /** A file of certificates to trust when the issuer is checked. */
  ca_file: '',
  /** The length of a secret that was pasted as client ID; the secret itself is not kept. */
  dropped: 0,
  /** @type {IssuerCheck | null} */
  check: null,
  /** The question that `check` answers. */
  checkOf: '',
  checking: false,
  /** Whether the person pressed the button while something was missing. */
  pressed: false,
  /** Whether the help on finding the client ID is shown. */
  whereShown: false,
  saving: false,
  /** Why it could not be saved. @type {Notice | null} */
  problem: null,
};

/**
 * @typedef {typeof EMPTY & {
 *   asked: number,
 *   pause: ReturnType<typeof setTimeout> | undefined,
 *   changed: () => void,
 * }} ConnectionForm
 */
/** The members a text field stands for. @typedef {'issuer' | 'client_id' | 'audience' | 'scopes'} FieldName */

/** @param {() => void} [changed] is called whenever something was typed @returns {ConnectionForm} */
export function newForm(changed = () => {}) {
  return { ...EMPTY, asked: 0, pause: undefined, changed };
}

/** Forgets what was typed; an answer that is still to come no longer counts. @param {ConnectionForm} form */
export function clearForm(form) {
  clearTimeout(form.pause);
  Object.assign(form, EMPTY, { asked: form.asked + 1 });
}

/** Takes what was typed into a field. @param {ConnectionForm} form @param {Partial<ConnectionForm>} change */
export function typed(form, change) {
  Object.assign(form, change, { problem: null });
  if ('issuer' in change) checkSoon(form);
  form.changed();
  redraw();
}

/** @param {ConnectionForm} form */
export function checkSoon(form) {
  clearTimeout(form.pause);
  form.asked += 1;
  form.checking = false;
  if (form.issuer.trim() === '') form.check = null;
  else form.pause = setTimeout(() => checkNow(form), PAUSE);
}

/**
 * Checks the issuer in the form. Only the answer to the last check counts.
 * @param {ConnectionForm} form
 */
export async function checkNow(form) {
  clearTimeout(form.pause);
  form.asked += 1;
  const mine = form.asked;
  form.checking = true;
  redraw();
  const checkOf = questionOf(form);
  const check = await checkIssuer(form);
  if (mine !== form.asked) return;
  Object.assign(form, { check, checkOf, checking: false });
  form.changed();
  redraw();
}

/** What the answer of a check depends on. @param {ConnectionForm} form */
function questionOf({ issuer, chosen, ca_file }) {
  return JSON.stringify([issuer.trim(), chosen, ca_file.trim()]);
}

/**
 * The check, if it is of the current fields; an earlier one may no longer apply.
 * @param {ConnectionForm} form
 */
export function checkOfNow(form) {
  return form.checkOf === questionOf(form) ? form.check : null;
}

/** @param {ConnectionForm} form @returns {Promise<IssuerCheck>} */
async function checkIssuer({ issuer: text, chosen: provider, ca_file }) {
  try {
    return await invoke('check_issuer', { text, provider, ca_file: ca_file.trim() || null });
  } catch (problem) {
    return {
      issuer: null,
      provider: provider ?? 'other',
      found: [],
      lacks: [],
      notice: asNotice(problem),
      suggestion: null,
      redirects: null,
      set_up_for: null,
      names_itself: null,
    };
  }
}

/** A provider that can't be reached now does not prevent saving. @param {ConnectionForm} form */
export function issuerIsWrong(form) {
  const notice = form.check?.notice;
  return Boolean(notice && (notice.severity !== 'info' || form.check?.suggestion));
}

/** How many fields are wrong, not counting empty ones. @param {ConnectionForm} form */
export function countWrong(form) {
  return Number(issuerIsWrong(form)) + Number(form.dropped > 0);
}

/**
 * The field that keeps the form from being saved, as a selector; null when nothing does.
 * @param {ConnectionForm} form
 */
export function firstWrong(form) {
  if (issuerIsWrong(form)) return '#issuer';
  if (form.dropped > 0) return '#client-id';
  if (form.issuer.trim() === '') return '#issuer';
  return form.client_id.trim() === '' ? '#client-id' : null;
}
