// The fields of a connection: issuer, client ID and others, each with what is wrong or right about it below.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { change, copyText, ui } from '../core/state.js';
import { number } from '../core/times.js';
import { checkNow, issuerIsWrong, typed } from './connection.js';
import { sentence } from './notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {IssuerCheck, SetupGuide} from '../view.d.ts' */
/** @import {ConnectionForm} from './connection.js' */

/** What every field here has: nothing is remembered, corrected or capitalised. */
export const PLAIN = {
  type: 'text',
  autocomplete: 'off',
  autocapitalize: 'off',
  autocorrect: 'off',
  spellcheck: 'false',
  dir: 'auto',
};

/** @param {ConnectionForm} form @param {SetupGuide} guide @param {Child} [more] what stands below */
export function issuerField(form, guide, more) {
  const { check, checking } = form;
  const missing = form.pressed && form.issuer.trim() === '';
  const bad = issuerIsWrong(form) || missing;
  const says = () => {
    if (missing) return hint('Fill this in.', true);
    return check && form.issuer.trim() !== '' ? checked(form, check) : hint(guide.issuer_field.hint);
  };
  return h(
    'div',
    { key: 'issuer', class: 'field' },
    h('label', { for: 'issuer' }, guide.issuer_field.label),
    h(
      'div',
      { class: `in${bad ? ' wrong' : ''}` },
      h('input', {
        id: 'issuer',
        ...PLAIN,
        inputmode: 'url',
        placeholder: guide.issuer_field.placeholder,
        value: form.issuer,
        'aria-invalid': bad && 'true',
        'aria-describedby': 'issuer-says',
        oninput: (/** @type {Event} */ event) => typed(form, { issuer: valueOf(event) }),
      }),
      stateIcon(checking ? 'busy' : bad ? 'wrong' : check?.issuer ? 'right' : null),
    ),
    h('div', { id: 'issuer-says', 'aria-live': 'polite' }, says()),
    check?.suggestion && suggestion(form, check.suggestion),
    more,
  );
}

/** @param {'busy' | 'wrong' | 'right' | null} state */
function stateIcon(state) {
  if (state === 'busy') return icon('refresh', 'turning');
  if (state === 'wrong') return icon('stop', 'no');
  return state === 'right' ? icon('check', 'yes') : null;
}

/** @param {ConnectionForm} form @param {IssuerCheck} check @returns {Child} */
function checked(form, check) {
  const { notice } = check;
  if (notice) {
    const words = h('span', { dir: 'auto' }, h('b', {}, sentence(notice.title)), ' ', notice.text);
    return h('p', { class: `hint${issuerIsWrong(form) ? ' bad' : ''}` }, words);
  }
  const found = check.found.map((word) => h('li', {}, icon('check', 's'), word));
  return [h('ul', { key: 'found', class: 'checks' }, found), check.lacks.length > 0 && lacks(check.lacks)];
}

/** @param {string[]} lines what the provider does not offer, and what that means */
function lacks(lines) {
  return h(
    'details',
    { key: 'lacks', class: 'lacks' },
    h('summary', { class: 'small' }, `Good to know: ${number(lines.length)}`),
    h(
      'ul',
      {},
      lines.map((line) => h('li', { class: 'hint', dir: 'auto' }, line)),
    ),
  );
}

/** @param {ConnectionForm} form @param {string} issuer */
function suggestion(form, issuer) {
  const use = () => {
    typed(form, { issuer, check: null });
    void checkNow(form);
    change({}, '#client-id');
  };
  return h(
    'div',
    { class: 'line' },
    h(
      'button',
      { class: 'btn small', type: 'button', onclick: use },
      h('span', { class: 'breaks' }, 'Use ', h('bdi', {}, issuer)),
    ),
  );
}

/** @param {ConnectionForm} form @param {SetupGuide} guide @param {{aside?: Child, below?: Child}} [more] */
export function clientIdField(form, guide, { aside, below } = {}) {
  const missing = form.pressed && form.client_id.trim() === '' && form.dropped === 0;
  const bad = form.dropped > 0 || missing;
  const masked = form.dropped > 0;
  return h(
    'div',
    { key: 'client', class: 'field' },
    h('div', { class: 'legend' }, h('label', { for: 'client-id' }, 'Client ID'), aside ?? whereButton(form)),
    h('p', { id: 'where', class: 'hint', hidden: !form.whereShown, dir: 'auto' }, guide.client_id_where),
    h(
      'div',
      { class: `in${bad ? ' wrong' : ''}` },
      h('input', {
        id: 'client-id',
        ...PLAIN,
        class: 'mono',
        type: masked ? 'password' : 'text',
        value: masked ? 'x'.repeat(Math.min(form.dropped, 64)) : form.client_id,
        'aria-invalid': bad && 'true',
        'aria-describedby': bad ? 'client-says' : null,
        onbeforeinput: (/** @type {InputEvent} */ event) => startAnew(form, event),
        onfocus: (/** @type {Event} */ event) => emptyField(form, event),
        oninput: (/** @type {Event} */ event) => typedClientId(form, valueOf(event), guide),
      }),
      stateIcon(bad ? 'wrong' : form.client_id.trim() !== '' ? 'right' : null),
    ),
    bad &&
      h('div', { id: 'client-says', role: 'alert' }, missing ? hint('Fill this in.', true) : secretHint(form.dropped)),
    below,
  );
}

/** @param {ConnectionForm} form */
function whereButton(form) {
  return h(
    'button',
    {
      class: 'link',
      type: 'button',
      'aria-expanded': String(form.whereShown),
      'aria-controls': 'where',
      onclick: () => typed(form, { whereShown: !form.whereShown }),
    },
    'Where is it?',
  );
}

/** @param {number} length */
function secretHint(length) {
  const words = [`${length} characters: this looks like the client `, h('b', {}, 'secret'), '. '];
  return h(
    'p',
    { class: 'hint bad' },
    h('span', {}, words, 'Rolecall needs the client ID, not the secret. Nothing of it was kept.'),
  );
}

/**
 * Empties a field that shows dots in place of a dropped secret, when something is pasted or deleted in it. Keys that
 * are typed on are the rest of that secret and are dropped too.
 * @param {ConnectionForm} form
 * @param {InputEvent} event
 */
function startAnew(form, event) {
  if (form.dropped === 0) return;
  if (event.inputType === 'insertText') {
    event.preventDefault();
    typed(form, { dropped: form.dropped + 1 });
    return;
  }
  emptyField(form, event);
}

/** Removes the dots of a dropped secret. @param {ConnectionForm} form @param {Event} event */
function emptyField(form, event) {
  if (form.dropped === 0) return;
  form.dropped = 0;
  const field = /** @type {HTMLInputElement} */ (event.target);
  field.value = '';
}

/**
 * Takes a client ID. A text that the engine recognises as a secret is dropped.
 * @param {ConnectionForm} form
 * @param {string} value
 * @param {SetupGuide} guide
 */
async function typedClientId(form, value, guide) {
  typed(form, { client_id: value.trim() === '' ? '' : value, dropped: 0 });
  const isSecret = await invoke('check_client_id', { text: value, provider: form.chosen ?? guide.provider });
  if (isSecret && form.client_id === value) typed(form, { client_id: '', dropped: value.trim().length });
}

/**
 * @typedef {{
 *   name: string,
 *   label: string,
 *   value: string,
 *   placeholder?: string,
 *   says?: string,
 *   optional?: boolean,
 *   mono?: boolean,
 *   below?: Child,
 *   take: (value: string) => void,
 * }} TextField
 */

/** @param {TextField} field */
export function textField({ name, label, value, placeholder, says, optional, mono, below, take }) {
  return h(
    'div',
    { key: name, class: 'field' },
    h('label', { for: name }, label, optional && h('span', { class: 'opt' }, 'optional')),
    h(
      'div',
      { class: 'in' },
      h('input', {
        id: name,
        ...PLAIN,
        class: mono && 'mono',
        placeholder,
        value,
        'aria-describedby': says && `${name}-says`,
        oninput: (/** @type {Event} */ event) => take(valueOf(event)),
      }),
    ),
    says && h('p', { id: `${name}-says`, class: 'hint', dir: 'auto' }, says),
    below,
  );
}

/** A field of several lines. @param {TextField} field */
export function areaField({ name, label, value, placeholder, says, take }) {
  return h(
    'div',
    { key: name, class: 'field' },
    h('label', { for: name }, label, h('span', { class: 'opt' }, 'optional')),
    h(
      'div',
      { class: 'in area' },
      h('textarea', {
        id: name,
        ...PLAIN,
        type: null,
        class: 'mono',
        rows: 3,
        placeholder,
        value,
        'aria-describedby': says && `${name}-says`,
        oninput: (/** @type {Event} */ event) => take(valueOf(event)),
      }),
    ),
    says && h('p', { id: `${name}-says`, class: 'hint', dir: 'auto' }, says),
  );
}

/**
 * The addresses to register at the provider.
 * @param {SetupGuide} guide
 * @param {string[] | null} list null while they depend on what the provider has not said yet
 */
export function addresses(guide, list) {
  const none = list ? list.length === 0 : !guide.registers_redirects;
  if (none) return h('p', { key: 'redirects', class: 'hint', dir: 'auto' }, guide.redirects_where);
  const where = guide.provider === 'other' ? 'your provider' : guide.label;
  if (list === null) return addressesToCome(guide, where);
  const one = list.length === 1;
  const done = ui.justCopied === 'redirects';
  const copy = one ? 'Copy' : list.length === 2 ? 'Copy both' : 'Copy all';
  return h(
    'div',
    { key: 'redirects', class: 'card' },
    h(
      'div',
      { class: 'code-head' },
      h('b', { class: 'grow' }, `Register ${one ? 'this address' : 'these addresses'} at ${where}`),
      h(
        'button',
        { class: 'btn quiet small', type: 'button', onclick: () => copyText('redirects', list.join('\n')) },
        icon(done ? 'check' : 'copy', 's'),
        done ? 'Copied' : copy,
      ),
    ),
    h('pre', { class: 'code' }, list.join('\n')),
    h('p', { class: 'hint', dir: 'auto' }, guide.redirects_where),
  );
}

/** @param {SetupGuide} guide @param {string} where */
function addressesToCome(guide, where) {
  return h(
    'div',
    { key: 'redirects', class: 'card' },
    h('div', { class: 'code-head' }, h('b', { class: 'grow' }, `Callback addresses to register at ${where}`)),
    h('p', { class: 'hint' }, 'They follow from the issuer, and are shown here once the provider has answered.'),
    h('p', { class: 'hint', dir: 'auto' }, guide.redirects_where),
  );
}

/** @param {string} words @param {boolean} [bad] */
export function hint(words, bad = false) {
  return words === '' ? null : h('p', { class: `hint${bad ? ' bad' : ''}`, dir: 'auto' }, words);
}

/** @param {Event} event */
export function valueOf(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}
