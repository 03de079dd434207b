// Setting up a profile, first step: paste an address, a link or a configuration, or choose the provider.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, redraw, ui } from '../core/state.js';
import { idleRing } from '../parts/badge.js';
import { backBar, bar } from '../parts/bar.js';
import { PLAIN, valueOf } from '../parts/connection-fields.js';
import { checkNow, checkSoon } from '../parts/connection.js';
import { guideFor, guides } from '../parts/guides.js';
import { noticeBox, noticeFor } from '../parts/notice.js';
import { form, leave, setup } from '../parts/setup-state.js';
import { setupForm } from './setup-form.js';

/** @import {Child} from '../core/draw.js' */
/** @import {ConnectionForm} from '../parts/connection.js' */
/** @import {SetupGuide, View} from '../view.d.ts' */

/** The most of a file that is read, in bytes; more is refused by the engine. */
const MOST_OF_A_FILE = 1_048_577;

/** @param {View} view @returns {Child[]} */
export function setupScreen(view) {
  const all = guides((problem) => (form.problem = problem));
  const guide = guideFor(all, form);
  if (setup.step === 'form' && guide) return setupForm(view, guide);
  return [
    ui.adding ? backBar('', leave) : bar(view),
    welcome(),
    form.problem ? noticeBox(form.problem) : noticeFor(view, ['sign_in']),
    tiles(all),
  ];
}

function welcome() {
  return h(
    'section',
    { key: 'badge', class: 'badge blank', 'aria-label': 'Start' },
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
      pasteField(),
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

function pasteField() {
  const nginx = { key: 'nginx', id: 'nginx', class: 'btn quiet small', type: 'button', onclick: chooseFile };
  return h(
    'div',
    { class: 'in' },
    icon('paste'),
    h('input', {
      id: 'paste',
      ...PLAIN,
      placeholder: 'Issuer, domain or discovery link',
      value: setup.pasted,
      oninput: pasting,
      onpaste: pasted,
    }),
    setup.pasted.trim() !== ''
      ? h('button', { key: 'next', class: 'btn quiet small' }, 'Next')
      : h('button', nginx, 'NGINX file…'),
    h('input', {
      key: 'file',
      id: 'nginx-file',
      type: 'file',
      class: 'visually-hidden',
      tabindex: -1,
      'aria-hidden': 'true',
      accept: '.conf,text/plain',
      onchange: fileChosen,
    }),
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
    const { draft, not_taken } = await invoke('import_nginx', { text: await file.slice(0, MOST_OF_A_FILE).text() });
    Object.assign(form, { client_id: draft.client_id, audience: draft.audience, scopes: draft.scopes });
    setup.notes = not_taken;
    toForm({ chosen: draft.provider === 'other' ? null : draft.provider, issuer: draft.issuer }, '#client-id');
  } catch (problem) {
    form.problem = asNotice(problem);
    redraw();
  }
}

/** @param {SetupGuide} guide */
function tile(guide) {
  return h(
    'button',
    { class: 'tile', type: 'button', onclick: () => choose(guide) },
    h('span', { class: 'mono-gram', 'aria-hidden': 'true' }, guide.monogram),
    h('span', {}, h('b', {}, guide.label), h('small', {}, guide.tile)),
  );
}

/** The one issuer of a product that has one is filled in. @param {SetupGuide} guide */
function choose({ provider, issuer }) {
  if (issuer === null) toForm({ chosen: provider }, '#issuer');
  else toForm({ chosen: provider, issuer }, '#client-id');
}

/** @param {Event} event */
function pasting(event) {
  setup.pasted = valueOf(event);
  redraw();
}

/** A whole address pasted at once needs no further key. @param {ClipboardEvent} event */
function pasted(event) {
  const text = event.clipboardData?.getData('text').trim() ?? '';
  if (setup.pasted !== '' || !/^(https?:\/\/\S+|[\w-]+(\.[\w-]+)+\S*)$/.test(text)) return;
  event.preventDefault();
  setup.pasted = text;
  takePasted();
}

/** @param {Event} [event] */
function takePasted(event) {
  event?.preventDefault();
  const text = setup.pasted.trim();
  if (text === '') return;
  toForm({ chosen: null, issuer: text }, '#client-id');
  void checkNow(form);
}

/** @param {Partial<ConnectionForm>} typed @param {string} focus */
function toForm(typed, focus) {
  if (typed.chosen !== form.chosen) form.check = null;
  Object.assign(form, typed, { problem: null });
  setup.step = 'form';
  if (form.issuer !== '') checkSoon(form);
  change({}, focus);
}
