// The claims of the provider's answers, requested when the Tokens tab is opened, and which are unfolded. Never a token:
// what the engine passes are claims, with tokens in them replaced.

import { invoke } from '../core/bridge.js';
import { asNotice, change, copyText, redraw, ui } from '../core/state.js';

/** @import {ClaimsData} from '../core/state.js' */
/** @import {Claim, Document, Notice, SignedIn, View} from '../view.d.ts' */

/** What is available; asks when that is nothing, or older than the view. @param {View} view @param {SignedIn} me */
export function claimsData(view, me) {
  const of = JSON.stringify([view.profile, me.refreshed_at, me.issued_at, me.tokens_ready, view.key_store.state]);
  if (ui.claims?.of !== of) {
    ui.claims = { of, documents: ui.claims?.documents ?? null, notice: ui.claims?.notice ?? null, whole: new Map() };
    void ask(ui.claims);
  }
  return ui.claims;
}

/** @param {ClaimsData} claims */
async function ask(claims) {
  try {
    claims.documents = await invoke('documents');
    claims.notice = null;
  } catch (problem) {
    claims.documents = null;
    claims.notice = inLine(asNotice(problem));
  }
  redraw();
}

/** @param {Notice} notice @returns {Notice} */
function inLine(notice) {
  return { ...notice, remedies: notice.code === 'key_store_locked' ? ['unlock'] : [] };
}

/** @param {Document} document @param {Claim} claim */
function keyOf(document, claim) {
  return `${document.document} ${claim.name}`;
}

/** The whole of a long value, where it was unfolded. @param {Document} document @param {Claim} claim */
export function unfolded(document, claim) {
  return ui.claims?.whole.get(keyOf(document, claim));
}

/** Unfolds a long value, or folds it again. @param {Document} document @param {Claim} claim */
export async function unfold(document, claim) {
  const whole = ui.claims?.whole;
  if (whole?.delete(keyOf(document, claim))) return redraw();
  const text = await wholeOf(document, claim);
  if (text !== null) whole?.set(keyOf(document, claim), text);
  redraw();
}

/** Copies a value as text. @param {Document} document @param {Claim} claim */
export async function copyClaim(document, claim) {
  const text = await wholeOf(document, claim);
  if (text !== null) await copyText(keyOf(document, claim), text);
}

/** Whether a value was copied a moment ago. @param {Document} document @param {Claim} claim */
export function isCopied(document, claim) {
  return ui.justCopied === keyOf(document, claim);
}

/** @param {Document} document @param {Claim} claim @returns {Promise<string | null>} */
async function wholeOf(document, claim) {
  if (claim.whole) return claim.value;
  try {
    return unfolded(document, claim) ?? (await invoke('claim', { document: document.document, name: claim.name }));
  } catch (problem) {
    change({ failure: asNotice(problem) });
    return null;
  }
}
