// The fields of one provider, checked as one types, and the addresses to register there.

import { backBar } from '../parts/bar.js';
import { h, icon } from '../core/draw.js';
import { noticeBox, sentence, noticeFor } from '../parts/notice.js';
import { number } from '../core/times.js';
import { looksSecret } from '../parts/secret.js';
import { checkNow, form, goBack, plain, save, typed } from './setup.js';
import { change, copyText, ui } from '../core/state.js';

/** @import {Child} from '../core/draw.js' */
/** @import {IssuerCheck, SetupGuide, View} from '../view.d.ts' */

/** @param {View} view @param {SetupGuide} guide @returns {Child[]} */
export function setupForm(view, guide) {
  const wrong = wrongs();
  return [
    backBar(guide.label, goBack, h('span', { class: 'tiny dim step' }, 'Step 2 of 2')),
    h(
      'main',
      { key: 'form', class: 'scroll pad below-bar', tabindex: -1 },
      h(
        'form',
        {
          id: 'profile',
          class: 'stack loose',
          novalidate: true,
          onsubmit: (/** @type {Event} */ event) => submit(event),
        },
        form.problem ? noticeBox(form.problem) : noticeFor(view, ['sign_in']),
        form.notes.length > 0 && notTaken(),
        issuerField(guide),
        clientField(guide),
        guide.audience_field &&
          textField(
            'audience',
            guide.audience_field.label,
            guide.audience_field.placeholder,
            guide.audience_field.hint,
          ),
        addresses(guide),
        h(
          'details',
          { key: 'more' },
          h('summary', { class: 'small' }, 'More'),
          h(
            'div',
            { class: 'stack loose' },
            textField(
              'scopes',
              'Scopes',
              'openid profile email',
              'With spaces between. The usual ones for this provider when left empty.',
              'mono',
            ),
            textField('name', 'Name of the profile', 'Made from the issuer', 'Letters, digits, - and _.'),
          ),
        ),
      ),
    ),
    h(
      'footer',
      { 'key': 'form foot', 'class': 'foot', 'data-region': 'foot' },
      h(
        'button',
        {
          'class': `btn wide${wrong === 0 ? ' main' : ' waits'}`,
          'form': 'profile',
          'aria-disabled': (wrong > 0 || form.saving) && 'true',
        },
        wrong === 0
          ? ['Sign in with your browser', icon('out')]
          : wrong === 1
            ? 'One thing to mend first'
            : 'Two things to mend first',
      ),
    ),
  ];
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
      h('p', {}, 'Read from the file. Not taken over:'),
      h(
        'ul',
        { class: 'small' },
        form.notes.map((line) => h('li', { dir: 'auto' }, line)),
      ),
    ),
  );
}

/** How many fields are wrong, not counting empty ones. */
function wrongs() {
  return Number(issuerWrong()) + Number(form.dropped > 0);
}

/** A provider that is only out of reach now does not stop anybody. */
function issuerWrong() {
  const notice = form.check?.notice;
  return Boolean(notice && (notice.severity !== 'info' || form.check?.suggestion));
}

/** @param {Event} event */
function submit(event) {
  event.preventDefault();
  if (wrongs() > 0) return change({}, issuerWrong() ? '#issuer' : '#client-id');
  if (form.issuer.trim() === '' || form.client_id.trim() === '') {
    form.pressed = true;
    return change({}, form.issuer.trim() === '' ? '#issuer' : '#client-id');
  }
  return save();
}

/** @param {SetupGuide} guide */
function issuerField(guide) {
  const { check, checking } = form;
  const missing = form.pressed && form.issuer.trim() === '';
  const bad = issuerWrong() || missing;
  const sign = checking
    ? icon('refresh', 'turning')
    : bad
      ? icon('stop', 'no')
      : check?.issuer
        ? icon('check', 'yes')
        : null;
  return h(
    'div',
    { key: 'issuer', class: 'field' },
    h('label', { for: 'issuer' }, guide.issuer_field.label),
    h(
      'div',
      { class: `in${bad ? ' wrong' : ''}` },
      h('input', {
        'id': 'issuer',
        ...plain,
        'inputmode': 'url',
        'placeholder': guide.issuer_field.placeholder,
        'value': form.issuer,
        'aria-invalid': bad && 'true',
        'aria-describedby': 'issuer-says',
        'oninput': (/** @type {Event} */ event) => typed({ issuer: valueOf(event) }),
      }),
      sign,
    ),
    h(
      'div',
      { 'id': 'issuer-says', 'aria-live': 'polite' },
      missing
        ? hint('This one is needed.', true)
        : check && form.issuer.trim() !== ''
          ? checked(check)
          : hint(guide.issuer_field.hint),
    ),
    check?.suggestion &&
      h(
        'div',
        { class: 'line' },
        h(
          'button',
          { class: 'btn small', type: 'button', onclick: useSuggestion },
          h('span', { class: 'breaks' }, 'Use ', h('bdi', {}, check.suggestion)),
        ),
      ),
  );
}

/** @param {IssuerCheck} check @returns {Child} */
function checked(check) {
  if (check.notice)
    return h(
      'p',
      { class: `hint${issuerWrong() ? ' bad' : ''}` },
      h('span', { dir: 'auto' }, h('b', {}, sentence(check.notice.title)), ' ', check.notice.text),
    );
  return [
    h(
      'ul',
      { key: 'found', class: 'checks' },
      check.found.map((word) => h('li', {}, icon('check', 's'), word)),
    ),
    check.lacks.length > 0 &&
      h(
        'details',
        { key: 'lacks', class: 'lacks' },
        h('summary', { class: 'small' }, `Good to know: ${number(check.lacks.length)}`),
        h(
          'ul',
          {},
          check.lacks.map((line) => h('li', { class: 'hint', dir: 'auto' }, line)),
        ),
      ),
  ];
}

function useSuggestion() {
  const suggestion = form.check?.suggestion;
  if (!suggestion) return;
  typed({ issuer: suggestion, check: null });
  checkNow();
  change({}, '#client-id');
}

/** @param {SetupGuide} guide */
function clientField(guide) {
  const missing = form.pressed && form.client_id.trim() === '' && form.dropped === 0;
  const bad = form.dropped > 0 || missing;
  const sign = bad ? icon('stop', 'no') : form.client_id.trim() !== '' ? icon('check', 'yes') : null;
  return h(
    'div',
    { key: 'client', class: 'field' },
    h(
      'div',
      { class: 'legend' },
      h('label', { for: 'client-id' }, 'Client ID'),
      h(
        'button',
        {
          'class': 'link',
          'type': 'button',
          'aria-expanded': String(form.whereShown),
          'aria-controls': 'where',
          'onclick': () => typed({ whereShown: !form.whereShown }),
        },
        'Where is it?',
      ),
    ),
    h('p', { id: 'where', class: 'hint', hidden: !form.whereShown, dir: 'auto' }, guide.client_id_where),
    h(
      'div',
      { class: `in${bad ? ' wrong' : ''}` },
      h('input', {
        'id': 'client-id',
        ...plain,
        'class': 'mono',
        'type': form.dropped > 0 ? 'password' : 'text',
        'value': form.dropped > 0 ? 'x'.repeat(Math.min(form.dropped, 64)) : form.client_id,
        'aria-invalid': bad && 'true',
        'aria-describedby': bad ? 'client-says' : null,
        'onbeforeinput': startAnew,
        'oninput': (/** @type {Event} */ event) => typedClient(valueOf(event), guide),
      }),
      sign,
    ),
    bad && h('div', { id: 'client-says', role: 'alert' }, missing ? hint('This one is needed.', true) : secretHint()),
  );
}

function secretHint() {
  return h(
    'p',
    { class: 'hint bad' },
    h(
      'span',
      {},
      `${form.dropped} characters: this looks like the client `,
      h('b', {}, 'secret'),
      '. Rolecall needs the client ID and never a secret. Nothing was kept.',
    ),
  );
}

/** The dots standing for a dropped secret go with the first key. @param {Event} event */
function startAnew(event) {
  if (form.dropped === 0) return;
  form.dropped = 0;
  const field = /** @type {HTMLInputElement} */ (event.target);
  field.value = '';
}

/** @param {string} value @param {SetupGuide} guide */
function typedClient(value, guide) {
  if (looksSecret(value, guide.provider)) typed({ client_id: '', dropped: value.trim().length });
  else typed({ client_id: value.trim() === '' ? '' : value, dropped: 0 });
}

/**
 * @param {'audience' | 'scopes' | 'name'} name
 * @param {string} label
 * @param {string} placeholder
 * @param {string} says
 * @param {string} [more]
 */
function textField(name, label, placeholder, says, more) {
  return h(
    'div',
    { key: name, class: 'field' },
    h('label', { for: name }, label, h('span', { class: 'opt' }, 'optional')),
    h(
      'div',
      { class: 'in' },
      h('input', {
        'id': name,
        ...plain,
        'class': more,
        placeholder,
        'value': form[name],
        'aria-describedby': `${name}-says`,
        'oninput': (/** @type {Event} */ event) => typed({ [name]: valueOf(event) }),
      }),
    ),
    h('p', { id: `${name}-says`, class: 'hint', dir: 'auto' }, says),
  );
}

/** @param {SetupGuide} guide */
function addresses(guide) {
  const count = guide.redirects.length;
  if (count === 0) return h('p', { key: 'redirects', class: 'hint', dir: 'auto' }, guide.redirects_where);
  const done = ui.justCopied === 'redirects';
  return h(
    'div',
    { key: 'redirects', class: 'card' },
    h(
      'div',
      { class: 'code-head' },
      h(
        'b',
        { class: 'grow' },
        count === 1 ? `Allow this address in ${guide.label}` : `Allow these addresses in ${guide.label}`,
      ),
      h(
        'button',
        { class: 'btn quiet small', type: 'button', onclick: () => copyText('redirects', guide.redirects.join('\n')) },
        icon(done ? 'check' : 'copy', 's'),
        done ? 'Copied' : count === 1 ? 'Copy' : count === 2 ? 'Copy both' : 'Copy all',
      ),
    ),
    h('pre', { class: 'code' }, guide.redirects.join('\n')),
    h('p', { class: 'hint', dir: 'auto' }, guide.redirects_where),
  );
}

/** @param {string} words @param {boolean} [bad] */
function hint(words, bad = false) {
  return words === '' ? null : h('p', { class: `hint${bad ? ' bad' : ''}`, dir: 'auto' }, words);
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}
