// *Edit connection*: how the active profile reaches its provider. The screen and its button say what saving does to the
// session before it is done.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { closeOverlay } from '../core/overlays.js';
import { asNotice, change, redraw } from '../core/state.js';
import { backBar } from '../parts/bar.js';
import { addresses, areaField, clientIdField, issuerField, textField } from '../parts/connection-fields.js';
import { checkOfNow, clearForm, countWrong, firstWrong, newForm, typed } from '../parts/connection.js';
import { guideFor, guides } from '../parts/guides.js';
import { noticeBox, signIn } from '../parts/notice.js';
import { clearSecret, newSecret, secretChange, secretField, secretText } from '../parts/secret-field.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Connection, ConnectionEffect, SavedConnection, SetupGuide, View} from '../view.d.ts' */

/** How long nothing is typed, in milliseconds, before the engine is asked what saving would do. */
const PAUSE = 300;

const form = newForm(() => void askSoon());

const secret = newSecret(() => void askSoon());

/** What is typed besides; the members are those of a connection. */
const more = { params: '', redirect_host: '', redirect_ports: '', redirect_path: '', ca_file: '' };

const state = {
  /** @type {SavedConnection | null} */
  saved: null,
  /** @type {ConnectionEffect | null} */
  effect: null,
  /** Callback addresses, parameters and authority are unfolded. */
  unfolded: false,
  /** Of which question the effect is the answer. */
  asked: 0,
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  pause: undefined,
};

/** Reads what is saved, each time the screen is opened. @param {string} [focus] the field to begin with */
export function opened(focus = '') {
  clearForm(form);
  clearSecret(secret);
  Object.assign(state, { saved: null, effect: null, unfolded: false, asked: state.asked + 1 });
  void read(focus);
}

/** Forgets a typed secret when the screen is left. */
export function closed() {
  clearSecret(secret);
}

/** @param {string} focus */
async function read(focus) {
  try {
    const saved = await invoke('connection');
    const { issuer, client_id, audience, scopes, ...rest } = saved.connection;
    state.saved = saved;
    Object.assign(form, { chosen: saved.provider, client_id, audience, scopes });
    Object.assign(more, rest);
    typed(form, { issuer });
    await ask();
    if (focus === '#client-secret') change({}, focus);
  } catch (problem) {
    form.problem = asNotice(problem);
    redraw();
  }
}

/** @returns {Connection} what is typed */
function connection() {
  const { issuer, client_id, audience, scopes } = form;
  return { issuer, client_id, audience, scopes, ...more };
}

function askSoon() {
  clearTimeout(state.pause);
  state.pause = setTimeout(() => void ask(), PAUSE);
}

/** Asks what saving would do. Only the answer to the last question counts. */
async function ask() {
  state.asked += 1;
  const mine = state.asked;
  try {
    const names_itself = checkOfNow(form)?.names_itself ?? null;
    const secret_changes = secretChange(secret) !== 'none';
    const effect = await invoke('connection_effect', { typed: connection(), secret_changes, names_itself });
    if (mine === state.asked) state.effect = effect;
  } catch (problem) {
    if (mine === state.asked) form.problem = asNotice(problem);
  }
  redraw();
}

/** @param {View} view @returns {Child[]} */
export function overlay(view) {
  const guide = guideFor(guides(), form);
  return [
    backBar('Edit connection', closeOverlay, h('span', { class: 'small dim step', dir: 'auto' }, view.profile)),
    h(
      'main',
      { key: 'connection', class: 'scroll pad below-bar', tabindex: -1 },
      form.problem && noticeBox({ ...form.problem, remedies: [] }),
      state.saved && guide && fields(guide, state.saved, view.key_store.name),
    ),
    state.saved && effectNote(state.saved),
    h('footer', { key: 'connection foot', class: 'foot', 'data-region': 'foot' }, buttons()),
  ];
}

/** @param {SetupGuide} guide @param {SavedConnection} all @param {string} keyStore */
function fields(guide, { connection: saved, client_secret }, keyStore) {
  const sameClient = form.client_id.trim() === saved.client_id && form.issuer.trim() === saved.issuer;
  return h(
    'form',
    { id: 'connection', class: 'stack loose', novalidate: true, onsubmit: submit },
    issuerField(form, guide, before('issuer', saved.issuer)),
    clientIdField(form, guide, {
      aside: form.client_id !== saved.client_id && undo('client_id', saved.client_id),
      below: before('client_id', saved.client_id),
    }),
    secretField(secret, { kept: client_secret, sameClient, keyStore }),
    textField({
      name: 'audience',
      label: guide.audience_field?.label ?? 'Audience',
      value: form.audience,
      optional: true,
      below: before('audience', saved.audience),
      take: (audience) => typed(form, { audience }),
    }),
    textField({
      name: 'scopes',
      label: 'Scopes',
      placeholder: 'openid profile email',
      value: form.scopes,
      mono: true,
      below: before('scopes', saved.scopes),
      take: (scopes) => typed(form, { scopes }),
    }),
    seldomChanged(guide),
  );
}

/**
 * The earlier value, under a field that was changed.
 * @param {'issuer' | 'client_id' | 'audience' | 'scopes'} name
 * @param {string} saved
 */
function before(name, saved) {
  if (form[name] === saved) return null;
  const value = saved === '' ? 'nothing' : h('span', { class: 'mono', dir: 'auto' }, saved);
  return h(
    'p',
    { class: 'hint before' },
    h('span', { class: 'grow' }, 'Before: ', value),
    name !== 'client_id' && undo(name, saved),
  );
}

/** @param {'issuer' | 'client_id' | 'audience' | 'scopes'} name @param {string} saved */
function undo(name, saved) {
  return h('button', { class: 'link', type: 'button', onclick: () => typed(form, { [name]: saved }) }, 'Undo');
}

/** Callback addresses, parameters and authority, folded to one line. @param {SetupGuide} guide */
function seldomChanged(guide) {
  const none = more.params.trim() === '' ? 'no parameters' : more.params.trim().split('\n').join(', ');
  const authority = more.ca_file.trim() === '' ? 'the system’s' : more.ca_file.trim();
  const ports = more.redirect_ports
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(' and ');
  const callback = ports === '' ? `${more.redirect_host}, any port` : `${more.redirect_host}:${ports}`;
  return h(
    'details',
    { key: 'seldom', class: 'card fold-card', open: state.unfolded, ontoggle: toggled },
    h(
      'summary',
      {},
      h('span', { class: 'grow' }, h('b', {}, 'Callback addresses, parameters, authority')),
      h('span', { class: 'small dim', dir: 'auto' }, [callback, none, authority].join(' · ')),
    ),
    h(
      'div',
      { class: 'stack loose' },
      addresses(guide, state.effect?.redirects ?? null),
      callbackFields(),
      parameterField(),
      authorityField(),
    ),
  );
}

/** @param {Event} event */
function toggled(event) {
  state.unfolded = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
}

/** @returns {Child} */
function callbackFields() {
  return [
    textField({
      name: 'redirect_host',
      label: 'Host of the callback',
      value: more.redirect_host,
      says: '127.0.0.1, localhost or [::1]: this computer.',
      mono: true,
      take: takeMore('redirect_host'),
    }),
    textField({
      name: 'redirect_ports',
      label: 'Ports of the callback',
      placeholder: 'Any free port',
      value: more.redirect_ports,
      says: 'Tried in this order. Leave it empty where the provider lets any port through.',
      mono: true,
      take: takeMore('redirect_ports'),
    }),
    textField({
      name: 'redirect_path',
      label: 'Path of the callback',
      value: more.redirect_path,
      mono: true,
      take: takeMore('redirect_path'),
    }),
  ];
}

function parameterField() {
  return areaField({
    name: 'params',
    label: 'Parameters',
    placeholder: 'organization=org_123',
    value: more.params,
    says: 'Sent with the authorization request, one name=value a line.',
    take: takeMore('params'),
  });
}

function authorityField() {
  return textField({
    name: 'ca_file',
    label: 'Certificate authority',
    placeholder: '/etc/ssl/company-ca.pem',
    value: more.ca_file,
    says: 'A file of PEM certificates to trust besides the system’s.',
    optional: true,
    mono: true,
    take: takeMore('ca_file'),
  });
}

/** @param {keyof typeof more} name */
function takeMore(name) {
  return (/** @type {string} */ value) => {
    more[name] = value;
    typed(form, name === 'ca_file' ? { ca_file: value, issuer: form.issuer } : {});
  };
}

/** What saving does to the session. @param {SavedConnection} saved @returns {Child} */
function effectNote({ connection, provider_name }) {
  const { effect } = state;
  if (!effect) return null;
  if (effect.notice && effect.changed === false && isDirty(connection)) {
    return noticeBox({ ...effect.notice, remedies: [] });
  }
  if (effect.ends_session) {
    const whose = form.client_id.trim() === connection.client_id ? 'issuer' : 'client ID';
    const what = `It belongs to the old ${whose}. It is signed out at ${provider_name}, and you sign in again.`;
    return sayEffect('warn', '', 'Saving ends your session.', `${what} Its history here goes with it.`);
  }
  if (!effect.from_next_sign_in) return null;
  const from = secretChange(secret) === 'none' ? 'at the next sign-in' : 'at the next refresh or sign-in';
  return sayEffect('info', ' calm', 'Your session stays.', `The change takes effect ${from}.`);
}

/** @param {Connection} saved */
function isDirty(saved) {
  return JSON.stringify(connection()) !== JSON.stringify(saved);
}

/** @param {string} sign @param {string} more @param {string} head @param {string} words */
function sayEffect(sign, more, head, words) {
  return h(
    'div',
    { key: 'effect', class: `notice block effect${more}`, role: 'status' },
    icon(sign),
    h('p', { class: 'grow' }, h('b', {}, head), ' ', h('span', {}, words)),
  );
}

/** @returns {Child[]} */
function buttons() {
  const { effect } = state;
  const wrong = countWrong(form) > 0 || Boolean(effect?.notice);
  const idle = !effect?.changed;
  const label = effect?.ends_session
    ? 'Save and sign in again'
    : effect?.from_next_sign_in
      ? 'Save'
      : 'Save and sign in';
  const waits = wrong || idle || form.saving;
  const attributes = {
    key: 'save',
    id: 'save-connection',
    class: `btn save${waits ? ' waits' : ' main'}`,
    form: 'connection',
    'aria-disabled': waits && 'true',
  };
  const words = idle && !effect?.notice ? 'Nothing changed' : wrong ? 'Correct what is marked' : label;
  return [
    h('button', attributes, words, !waits && label !== 'Save' && icon('out')),
    h('button', { key: 'cancel', class: 'btn', type: 'button', onclick: closeOverlay }, 'Cancel'),
  ];
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const field = firstWrong(form);
  if (field !== null) {
    form.pressed = true;
    return change({}, field);
  }
  await ask();
  if (form.saving || !state.effect?.changed || state.effect.notice) return;
  await save(!state.effect.from_next_sign_in);
}

/** @param {boolean} thenSignIn whether the person has to sign in with it */
async function save(thenSignIn) {
  form.saving = true;
  redraw();
  try {
    await invoke('save_connection', { typed: connection(), secret: secretText(secret) });
    clearSecret(secret);
    change({ overlay: null, under: null }, '#settings-button');
    if (thenSignIn) await signIn();
  } catch (problem) {
    form.problem = asNotice(problem);
  }
  form.saving = false;
  redraw();
}
