// Setting up a profile. What is typed lives here, so that no view that comes meanwhile can disturb it.

import { idleRing } from '../parts/badge.js';
import { invoke } from '../core/bridge.js';
import { backBar, bar } from '../parts/bar.js';
import { h, icon } from '../core/draw.js';
import { noticeBox, signIn, noticeFor } from '../parts/notice.js';
import { setupForm } from './setup-form.js';
import { asNotice, change, redraw, run, ui } from '../core/state.js';

/** @import {Child} from '../core/draw.js' */
/** @import {IssuerCheck, Product, SetupGuide, Notice, View} from '../view.d.ts' */

const PAUSE = 400;

const EMPTY = {
  step: /** @type {'tiles' | 'form'} */ ('tiles'),
  /** What stands in the paste field. */
  pasted: '',
  /** Chosen from the tiles; what the issuer looks like does not change it. @type {Product | null} */
  chosen: null,
  issuer: '',
  client_id: '',
  audience: '',
  scopes: '',
  name: '',
  /** How long the secret was that stood in the client ID; the secret itself is not kept. */
  dropped: 0,
  /** @type {IssuerCheck | null} */
  check: null,
  checking: false,
  /** The person pressed the button while something was still missing. */
  pressed: false,
  whereShown: false,
  saving: false,
  /** What an imported file held that was not taken over. @type {string[]} */
  notes: [],
  /** @type {Notice | null} */
  problem: null,
};

/** The form as it stands. */
export const form = { ...EMPTY };

/** @type {SetupGuide[] | null} */
let guides = null;
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

/** @param {View} view @returns {Child[]} */
export function setup(view) {
  if (guides === null) loadGuides();
  const guide = guideFor(guides ?? []);
  if (form.step === 'form' && guide) return setupForm(view, guide);
  return [
    ui.adding ? backBar('', leave) : bar(view),
    welcome(),
    form.problem ? noticeBox(form.problem) : noticeFor(view, ['sign_in']),
    tiles(guides ?? []),
  ];
}

/** Which guide fits: the tile, else what the check made of the issuer, else the general one. @param {SetupGuide[]} all */
function guideFor(all) {
  const provider = form.chosen ?? form.check?.provider ?? 'other';
  return all.find((guide) => guide.provider === provider) ?? all.at(-1);
}

async function loadGuides() {
  guides = [];
  try {
    guides = await invoke('setup_guides');
  } catch (problem) {
    form.problem = asNotice(problem);
  }
  redraw();
}

function welcome() {
  return h(
    'section',
    { 'key': 'badge', 'class': 'badge blank', 'aria-label': 'Start' },
    h(
      'div',
      { class: 'badge-in' },
      idleRing(null),
      h(
        'div',
        { class: 'grow' },
        h('h1', {}, 'Who signs you in?'),
        h('p', { class: 'soft small' }, 'You sign in with your own browser. Rolecall never sees your password.'),
      ),
    ),
  );
}

/** @param {SetupGuide[]} all */
function tiles(all) {
  return h(
    'main',
    { key: 'tiles', class: 'scroll pad stack', tabindex: -1 },
    h(
      'form',
      { class: 'field', onsubmit: takePasted },
      h('label', { for: 'paste' }, 'Paste what you have'),
      h(
        'div',
        { class: 'in' },
        icon('paste'),
        h('input', {
          id: 'paste',
          ...plain,
          placeholder: 'Issuer, domain or discovery link',
          value: form.pasted,
          oninput: pasting,
          onpaste: pasted,
        }),
        form.pasted.trim() !== ''
          ? h('button', { key: 'next', class: 'btn quiet small' }, 'Next')
          : h(
              'button',
              { key: 'nginx', id: 'nginx', class: 'btn quiet small', type: 'button', onclick: chooseFile },
              'NGINX file…',
            ),
        h('input', {
          'key': 'file',
          'id': 'nginx-file',
          'type': 'file',
          'class': 'visually-hidden',
          'tabindex': -1,
          'aria-hidden': 'true',
          'accept': '.conf,text/plain',
          'onchange': fileChosen,
        }),
      ),
    ),
    h(
      'div',
      {},
      h('h2', { class: 'dim or' }, 'or choose your provider'),
      h(
        'ul',
        { class: 'tiles' },
        all.map((guide) => h('li', { key: guide.provider }, tile(guide))),
      ),
    ),
  );
}

function chooseFile() {
  document.getElementById('nginx-file')?.click();
}

/** Reads an NGINX file into the form; what is not taken over is said there. @param {Event} event */
async function fileChosen(event) {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const file = field.files?.[0];
  field.value = '';
  if (!file) return;
  form.problem = null;
  try {
    const { draft, not_taken } = await invoke('import_nginx', { text: await file.slice(0, 1_048_577).text() });
    Object.assign(form, {
      client_id: draft.client_id,
      audience: draft.audience,
      scopes: draft.scopes,
      notes: not_taken,
    });
    toForm({ chosen: draft.provider === 'other' ? null : draft.provider, issuer: draft.issuer }, '#client-id');
  } catch (problem) {
    form.problem = asNotice(problem);
    redraw();
  }
}

/** What every field here has: nothing is remembered, corrected or capitalised. */
export const plain = {
  type: 'text',
  autocomplete: 'off',
  autocapitalize: 'off',
  autocorrect: 'off',
  spellcheck: 'false',
  dir: 'auto',
};

/** @param {SetupGuide} guide */
function tile(guide) {
  return h(
    'button',
    { class: 'tile', type: 'button', onclick: () => toForm({ chosen: guide.provider }, '#issuer') },
    h('span', { 'class': 'mono-gram', 'aria-hidden': 'true' }, guide.monogram),
    h('span', {}, h('b', {}, guide.label), h('small', {}, guide.tile)),
  );
}

/** @param {InputEvent} event */
function pasting(event) {
  form.pasted = /** @type {HTMLInputElement} */ (event.target).value;
  redraw();
}

/** A whole address pasted at once needs no further key. @param {ClipboardEvent} event */
function pasted(event) {
  const text = event.clipboardData?.getData('text').trim() ?? '';
  if (form.pasted !== '' || !/^(https?:\/\/\S+|[\w-]+(\.[\w-]+)+\S*)$/.test(text)) return;
  event.preventDefault();
  form.pasted = text;
  takePasted();
}

/** @param {Event} [event] */
function takePasted(event) {
  event?.preventDefault();
  const text = form.pasted.trim();
  if (text === '') return;
  toForm({ chosen: null, issuer: text }, '#client-id');
  checkNow();
}

/** @param {Partial<typeof form>} change @param {string} focus */
function toForm(change, focus) {
  if (change.chosen !== form.chosen) form.check = null;
  Object.assign(form, change, { step: 'form', problem: null });
  if (form.issuer !== '') checkSoon();
  focusOn(focus);
}

/** @param {string} selector */
function focusOn(selector) {
  change({}, selector);
}

/** Goes one step back: from the form to the tiles, from the tiles to where one came from. */
export function goBack() {
  if (form.step === 'form') {
    Object.assign(form, { step: 'tiles', problem: null, pressed: false });
    focusOn('#paste');
    return;
  }
  leave();
}

function leave() {
  if (!ui.adding) return;
  clear();
  change({ adding: false }, '#profile-button');
}

/** Forgets what was typed, once another screen has taken over. */
export function forget() {
  if (form.step !== 'tiles' || form.pasted !== '') clear();
}

function clear() {
  clearTimeout(pause);
  asked += 1;
  Object.assign(form, EMPTY);
}

/** Takes what was typed into a field. @param {Partial<typeof form>} change */
export function typed(change) {
  Object.assign(form, change, { problem: null });
  if ('issuer' in change) checkSoon();
  redraw();
}

function checkSoon() {
  clearTimeout(pause);
  asked += 1;
  form.checking = false;
  if (form.issuer.trim() === '') form.check = null;
  else pause = setTimeout(checkNow, PAUSE);
}

/** Asks who answers at the issuer as it stands. Only the answer to the last question counts. */
export async function checkNow() {
  clearTimeout(pause);
  asked += 1;
  const mine = asked;
  form.checking = true;
  redraw();
  /** @type {IssuerCheck | null} */
  let check = null;
  try {
    check = await invoke('check_issuer', { text: form.issuer, provider: form.chosen });
  } catch (problem) {
    check = {
      issuer: null,
      provider: form.chosen ?? 'other',
      found: [],
      lacks: [],
      notice: asNotice(problem),
      suggestion: null,
    };
  }
  if (mine !== asked) return;
  Object.assign(form, { check, checking: false });
  redraw();
}

/** Keeps the profile and goes on to the browser. */
export async function save() {
  if (form.saving) return;
  form.saving = true;
  redraw();
  try {
    const { name, issuer, client_id, audience, scopes, chosen } = form;
    const kept = await invoke('save_profile', {
      draft: { name, issuer, client_id, audience, scopes, provider: chosen },
    });
    change({ adding: false });
    await run('select_profile', { name: kept });
    await signIn();
    form.saving = false;
    redraw();
  } catch (problem) {
    Object.assign(form, { problem: { ...asNotice(problem), remedies: [] }, saving: false });
    redraw();
  }
}
