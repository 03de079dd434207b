// Setting up a profile, second step: the fields of one provider, checked while typing, and the addresses to register.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, redraw, run } from '../core/state.js';
import { backBar } from '../parts/bar.js';
import { addresses, clientIdField, issuerField, textField } from '../parts/connection-fields.js';
import { checkOfNow, countWrong, firstWrong, typed } from '../parts/connection.js';
import { noticeBox, noticeFor, signIn } from '../parts/notice.js';
import { form, goBack, setup } from '../parts/setup-state.js';

/** @import {Child} from '../core/draw.js' */
/** @import {SetupGuide, View} from '../view.d.ts' */

/** @param {View} view @param {SetupGuide} guide @returns {Child[]} */
export function setupForm(view, guide) {
  return [
    backBar(guide.label, goBack, h('span', { class: 'tiny dim step' }, 'Step 2 of 2')),
    h(
      'main',
      { key: 'form', class: 'scroll pad below-bar', tabindex: -1 },
      h(
        'form',
        { id: 'profile', class: 'stack loose', novalidate: true, onsubmit: submit },
        form.problem ? noticeBox(form.problem) : noticeFor(view, ['sign_in']),
        setup.notes.length > 0 && notTaken(),
        issuerField(form, guide),
        clientIdField(form, guide),
        guide.audience_field && audienceField(guide.audience_field),
        addresses(guide, checkOfNow(form)?.redirects ?? null),
        more(),
      ),
    ),
    submitButton(),
  ];
}

/** @param {{label: string, placeholder: string, hint: string}} field in the provider's words */
function audienceField({ label, placeholder, hint }) {
  const take = (/** @type {string} */ audience) => typed(form, { audience });
  return textField({ name: 'audience', label, placeholder, value: form.audience, says: hint, optional: true, take });
}

/** What is seldom needed. */
function more() {
  const scopes = {
    name: 'scopes',
    label: 'Scopes',
    placeholder: 'openid profile email',
    value: form.scopes,
    says: 'With spaces between. The usual ones for this provider when left empty.',
    optional: true,
    mono: true,
    take: (/** @type {string} */ scopes) => typed(form, { scopes }),
  };
  const name = {
    name: 'name',
    label: 'Name of the profile',
    placeholder: 'Made from the issuer',
    value: setup.name,
    says: 'As it appears in the list of profiles.',
    optional: true,
    take: takeName,
  };
  return h(
    'details',
    { key: 'more' },
    h('summary', { class: 'small' }, 'More'),
    h('div', { class: 'stack loose' }, textField(scopes), textField(name)),
  );
}

/** @param {string} name */
function takeName(name) {
  setup.name = name;
  typed(form, {});
}

function submitButton() {
  const wrong = countWrong(form);
  const waits = wrong === 1 ? 'One thing to correct first' : `${wrong} things to correct first`;
  const disabled = (wrong > 0 || form.saving) && 'true';
  return h(
    'footer',
    { key: 'form foot', class: 'foot', 'data-region': 'foot' },
    h(
      'button',
      { class: `btn wide${wrong === 0 ? ' main' : ' waits'}`, form: 'profile', 'aria-disabled': disabled },
      wrong === 0 ? ['Sign in with your browser', icon('out')] : waits,
    ),
  );
}

/** What an imported file held that a desktop program can't use. */
function notTaken() {
  return h(
    'div',
    { key: 'not taken', class: 'notice calm', role: 'status' },
    icon('info'),
    h(
      'div',
      { class: 'grow' },
      h('p', {}, 'Read from the file, except for:'),
      h(
        'ul',
        { class: 'small' },
        setup.notes.map((line) => h('li', { dir: 'auto' }, line)),
      ),
    ),
  );
}

/** @param {Event} event */
function submit(event) {
  event.preventDefault();
  const field = firstWrong(form);
  if (field === null) return save();
  if (countWrong(form) === 0) form.pressed = true;
  return change({}, field);
}

/** Keeps the profile and goes on to the browser. */
async function save() {
  if (form.saving) return;
  form.saving = true;
  redraw();
  try {
    const { issuer, client_id, audience, scopes, chosen } = form;
    const provider = chosen ?? checkOfNow(form)?.set_up_for ?? null;
    const draft = { name: setup.name, issuer, client_id, audience, scopes, provider };
    const kept = await invoke('save_profile', { draft });
    change({ adding: false });
    await run('select_profile', { name: kept });
    await signIn();
  } catch (problem) {
    form.problem = { ...asNotice(problem), remedies: [] };
  }
  form.saving = false;
  redraw();
}
