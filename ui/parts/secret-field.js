// The field of the client secret. What is typed is in the field and nowhere else on this page; it is passed to the
// engine when it is saved, and the engine never returns it.

import { h, icon } from '../core/draw.js';
import { redraw } from '../core/state.js';
import { PLAIN } from './connection-fields.js';

/** @import {Child} from '../core/draw.js' */
/** @import {ClientSecretState} from '../view.d.ts' */

/**
 * @typedef {{
 *   field: HTMLInputElement | null,
 *   typed: boolean,
 *   removed: boolean,
 *   changed: () => void,
 * }} SecretForm
 */

/** @param {() => void} changed called when what saving does to the secret has changed @returns {SecretForm} */
export function newSecret(changed) {
  return { field: null, typed: false, removed: false, changed };
}

/** Forgets what was typed. @param {SecretForm} secret */
export function clearSecret(secret) {
  if (secret.field) secret.field.value = '';
  Object.assign(secret, { typed: false, removed: false });
}

/** What saving does to the secret that is kept. @param {SecretForm} secret @returns {'none' | 'replace' | 'remove'} */
export function secretChange(secret) {
  if (secret.typed) return 'replace';
  return secret.removed ? 'remove' : 'none';
}

/** What is passed to the engine: null leaves the secret as it is, '' removes it. @param {SecretForm} secret */
export function secretText(secret) {
  const change = secretChange(secret);
  if (change === 'none') return null;
  return change === 'remove' ? '' : (secret.field?.value ?? null);
}

/**
 * @param {SecretForm} secret
 * @param {{kept: ClientSecretState, sameClient: boolean, keyStore: string}} about `sameClient` where issuer and
 *   client ID are those the secret was given for
 */
export function secretField(secret, about) {
  return h(
    'div',
    { key: 'client-secret', class: 'field' },
    h('div', { class: 'legend' }, h('label', { for: 'client-secret' }, 'Client secret'), aside(secret, about)),
    h(
      'div',
      { class: 'in' },
      h('input', {
        id: 'client-secret',
        ...PLAIN,
        type: 'password',
        class: 'mono',
        placeholder: about.kept === 'kept' && about.sameClient && !secret.removed ? '•'.repeat(16) : null,
        'aria-describedby': 'client-secret-says',
        ref: (/** @type {Element} */ field) => (secret.field = /** @type {HTMLInputElement} */ (field)),
        oninput: () => take(secret),
      }),
      secret.typed && icon('check', 'yes'),
    ),
    h('p', { id: 'client-secret-says', class: 'hint', 'aria-live': 'polite' }, says(secret, about)),
  );
}

/** @param {SecretForm} secret @param {{kept: ClientSecretState, sameClient: boolean}} about @returns {Child} */
function aside(secret, { kept, sameClient }) {
  if (kept !== 'kept' || !sameClient || secret.typed) return h('span', { class: 'opt' }, 'optional');
  const toggle = () => {
    secret.removed = !secret.removed;
    secret.changed();
    redraw();
  };
  const words = secret.removed ? 'Keep it' : 'Remove';
  return h('button', { id: 'remove-secret', class: 'link', type: 'button', onclick: toggle }, words);
}

/** @param {SecretForm} secret @param {{kept: ClientSecretState, sameClient: boolean, keyStore: string}} about */
function says(secret, { kept, sameClient, keyStore }) {
  const has = kept === 'kept';
  if (secret.typed && has && sameClient) return `Replaces the one that is in ${keyStore}.`;
  if (secret.typed) return `Saving puts it into ${keyStore}, and into no file.`;
  if (secret.removed) return 'Removed when you save. The client ID is sent alone then.';
  if (has && !sameClient) return 'The one that is kept belongs to the old client, and is deleted when you save.';
  if (has) return `One is kept in ${keyStore}. It is not shown; type another to replace it.`;
  if (kept === 'missing') return 'One is to be sent, and none is kept. Enter it here.';
  return 'Only where your provider wants one. A native (public) client has none.';
}

/** @param {SecretForm} secret */
function take(secret) {
  secret.typed = secret.field !== null && secret.field.value !== '';
  secret.removed = false;
  secret.changed();
  redraw();
}
