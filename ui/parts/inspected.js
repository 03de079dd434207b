// The person in pasted documents: an unverified badge, what they have and where, what was expected, what is odd, and
// the claims.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { change } from '../core/state.js';
import { ago, counted, left, when } from '../core/times.js';
import { idleRing, names } from './badge.js';
import { allRows } from './filter.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Claim, Entitlement, Expected, Finding, Source} from '../view.d.ts' */
/** @import {InspectedDocument, InspectedPerson, Inspection} from '../view.d.ts' */
/** @import {Row} from './filter.js' */

/** @typedef {{checking: boolean, check: () => void, expect: (names: string[]) => Promise<void>}} Actions */

/** So many values are drawn at first, and with each press so many more. */
const AT_ONCE = 100;

/** What the screen remembers of all people in it. */
export const of = {
  /** What is expected. @type {string[]} */
  expected: [],
  /** Which findings and documents are unfolded. @type {Set<string>} */
  open: new Set(),
  /** How many values are drawn. */
  drawn: AT_ONCE,
};

/** @type {Record<Source['document'], string>} */
const SHORT = {
  id_token: 'ID token',
  access_token: 'access token',
  userinfo: 'userinfo',
  introspection: 'introspection',
  directory: 'directory',
};

/**
 * @param {InspectedPerson} one
 * @param {number} i
 * @param {Inspection} all
 * @param {Actions} actions
 * @returns {Child}
 */
export function person(one, i, all, actions) {
  const checked = one.check.state === 'fits';
  return h(
    'section',
    { key: `person ${i}`, class: 'stack s', 'aria-label': one.badge.name },
    badge(one, checked),
    checkNote(one, actions),
    values(one, i, all, actions),
    one.findings.map((finding, n) => findingCard(finding, `${i} finding ${n}`, n)),
    one.documents.map((document, n) => claims(document, `${i} document ${n}`)),
  );
}

/** @param {InspectedPerson} one @param {boolean} checked */
function badge(one, checked) {
  const what = one.documents.map((document) => document.what).join(', ');
  const host = one.badge.host || 'no issuer named';
  const provider = one.provider && one.provider !== one.badge.host ? `${one.provider} ` : '';
  const line = `${provider}${what}, ${host}`;
  return h(
    'section',
    { key: 'badge', class: `badge copy${checked ? ' checked' : ''}`, 'aria-label': 'Whom it is about' },
    h(
      'div',
      { class: 'badge-in' },
      idleRing(one.badge.initials || '?'),
      names({ ...one.badge, host: line }),
      time(one),
    ),
  );
}

/** @param {InspectedPerson} one @returns {Child} */
function time(one) {
  if (one.expires_at === null) return null;
  const rest = one.expires_at - now();
  return h('p', { class: 'left' }, h('b', {}, rest > 0 ? left(rest) : 'Ended'), rest > 0 ? 'left' : ago(-rest));
}

/** @param {InspectedPerson} one @param {Actions} actions @returns {Child} */
function checkNote(one, actions) {
  const { check } = one;
  if (check.state === 'fits')
    return h(
      'div',
      { key: 'check', class: 'notice calm block check', role: 'status' },
      icon('check', 'ok'),
      h('div', { class: 'grow' }, h('p', {}, h('b', {}, 'Signature checked. '), check.words), asked(check.asked)),
    );
  const bad = check.state === 'fails';
  return h(
    'div',
    { key: 'check', class: `notice block check${bad ? ' bad' : ''}`, role: 'status' },
    bad ? icon('stop') : h('span', { class: 'm half', 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'grow' },
      h('p', {}, h('b', {}, bad ? 'Do not believe it. ' : 'Not checked. '), h('span', {}, wordsOf(check.words))),
      asked(check.asked),
    ),
    check.host !== null &&
      h(
        'button',
        {
          id: 'check-now',
          class: 'btn small',
          type: 'button',
          'aria-disabled': String(actions.checking),
          title: `Asks ${check.host} for its keys; sends nothing of this`,
          onclick: () => actions.checking || actions.check(),
        },
        actions.checking ? 'Asking…' : check.state === 'not_checked' ? 'Check now' : 'Check again',
      ),
  );
}

/** The sentence without what the bold words before it say. @param {string} words */
function wordsOf(words) {
  return words.replace(/^Not checked[.:] ?/, '');
}

/** @param {string[]} addresses */
function asked(addresses) {
  return (
    addresses.length > 0 && h('p', { class: 'small dim' }, 'Asked: ', h('span', { dir: 'ltr' }, addresses.join(', ')))
  );
}

/** @param {InspectedPerson} one @param {number} i @param {Inspection} all @param {Actions} actions */
function values(one, i, all, actions) {
  const rows = allRows(one.entitlements);
  const several = one.documents.filter((document) => !document.superseded).length > 1;
  const claims = one.documents.reduce(
    (sum, document) => sum + document.content.claims.length + document.content.left_out,
    0,
  );
  const rest = rows.length - of.drawn;
  return h(
    'section',
    { key: 'values', class: 'card raised', 'aria-label': 'Roles and groups' },
    rows.slice(0, of.drawn).map((row) => value(row, several)),
    rest > 0 &&
      h(
        'button',
        { key: 'more', class: 'fold-more', type: 'button', onclick: () => more() },
        `Show ${counted(Math.min(rest, 10 * AT_ONCE), 'more value')} of ${counted(rows.length, 'value')}`,
      ),
    rows.length === 0 &&
      h('p', { key: 'none', class: 'none soft' }, `No roles, groups or permissions in ${counted(claims, 'claim')}.`),
    one.expected.map((expected) => expectedRow(expected, one, i, claims, actions)),
    i === all.people.length - 1 && expectForm(actions),
  );
}

function more() {
  of.drawn += 10 * AT_ONCE;
  change({});
}

/** @param {Row} row @param {boolean} several */
function value({ key, kind, entry }, several) {
  return h(
    'div',
    { key, class: 'src' },
    h('span', { class: `m ${markOf(entry)}`, 'aria-hidden': 'true' }),
    h(
      'h2',
      { dir: 'auto' },
      entry.value,
      entry.context !== null && h('span', { class: 'kind' }, ` for ${entry.context}`),
      h('span', { class: 'kind' }, ` ${kind}`),
    ),
    entry.sources.map((source) =>
      h(
        'p',
        { class: 'path', dir: 'ltr' },
        several && h('span', { class: 'doc' }, SHORT[source.document]),
        source.path.map((step, n) => [n > 0 && h('s', {}, '›'), h('bdi', {}, step)]),
      ),
    ),
  );
}

/** @param {Entitlement} entry */
function markOf(entry) {
  return entry.sources.some((source) => source.verified === 'signature') ? 'on' : 'half';
}

/**
 * @param {Expected} expected
 * @param {InspectedPerson} one
 * @param {number} i
 * @param {number} claims
 * @param {Actions} actions
 */
function expectedRow(expected, one, i, claims, actions) {
  const about = one.findings.findIndex((finding) => finding.about?.value === expected.value);
  return h(
    'div',
    { key: `expected ${expected.value}`, class: 'src' },
    h('span', { class: `m ${expected.here ? 'on' : 'missing'}`, 'aria-hidden': 'true' }),
    h('h2', { dir: 'auto' }, expected.value, h('span', { class: 'kind' }, ' expected')),
    h(
      'p',
      {},
      expected.here ? 'It is here. ' : `In none of its ${counted(claims, 'claim')}. `,
      !expected.here &&
        about >= 0 &&
        h('button', { class: 'link', type: 'button', onclick: () => unfold(`${i} finding ${about}`) }, 'Why?'),
      ' ',
      h(
        'button',
        {
          class: 'link plain',
          type: 'button',
          'aria-label': `Do not expect ${expected.value}`,
          onclick: () => void actions.expect(of.expected.filter((name) => name !== expected.value)),
        },
        'Do not expect it',
      ),
    ),
  );
}

/** @param {Actions} actions */
function expectForm(actions) {
  return h(
    'form',
    {
      key: 'expect',
      class: 'expect',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const field = /** @type {HTMLInputElement} */ (document.getElementById('expect'));
        const name = field.value.trim();
        field.value = '';
        if (name !== '' && !of.expected.includes(name)) void actions.expect([...of.expected, name]);
      },
    },
    h('label', { for: 'expect', class: 'visually-hidden' }, 'A role or group that should be there'),
    h('input', {
      id: 'expect',
      placeholder: 'Expect a role or group…',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
    }),
    h('button', { class: 'btn quiet small' }, 'Expect'),
  );
}

/** @param {string} key */
function unfold(key) {
  of.open.add(key);
  change({}, `[data-fold="${key}"]`);
}

/** @param {string} key @param {Child} number @param {Child} title @param {Child} below @param {boolean} top */
function head(key, number, title, below, top) {
  const isOpen = of.open.has(key);
  return h(
    'button',
    {
      key: 'head',
      class: 'head',
      type: 'button',
      'data-fold': key,
      'aria-expanded': String(isOpen),
      onclick: () => {
        if (isOpen) of.open.delete(key);
        else of.open.add(key);
        change({});
      },
    },
    number !== null && h('span', { class: `n${top ? ' top' : ''}`, 'aria-hidden': 'true' }, number),
    h(
      'span',
      { class: 'grow' },
      h('span', { class: 'title', dir: 'auto' }, title),
      h('span', { class: 'tiny', dir: 'auto' }, below),
    ),
    icon('down', `dim${isOpen ? ' turned' : ''}`),
  );
}

/** @param {Finding} finding @param {string} key @param {number} n */
function findingCard(finding, key, n) {
  const isOpen = of.open.has(key);
  return h(
    'section',
    { key, class: 'card find' },
    head(key, n + 1, finding.title, finding.evidence[0] ?? '', n === 0 && finding.severity !== 'info'),
    isOpen &&
      h(
        'dl',
        {},
        h('dt', {}, 'Evidence'),
        finding.evidence.map((line) => h('dd', { dir: 'auto' }, line)),
        finding.fix !== null && [h('dt', {}, 'Fix'), h('dd', { dir: 'auto' }, finding.fix)],
      ),
    isOpen &&
      finding.snippet &&
      h('pre', { class: 'code', dir: 'ltr', tabindex: 0, 'aria-label': 'To paste' }, finding.snippet.text),
  );
}

/** @param {InspectedDocument} document @param {string} key */
function claims(document, key) {
  const { content } = document;
  const what = document.what.charAt(0).toUpperCase() + document.what.slice(1);
  const count = content.claims.length + content.left_out;
  const state =
    content.state === 'encrypted'
      ? 'encrypted, so nothing in it can be read'
      : content.state === 'opaque'
        ? 'no JWT, so nothing in it can be read'
        : `${counted(count, 'claim')}${document.superseded ? ', an earlier one, not counted' : ''}`;
  return h(
    'section',
    { key, class: 'card find' },
    head(key, null, what, `${state} · ${document.from}`, false),
    of.open.has(key) && [
      document.check.state !== 'not_checked' && h('p', { class: 'hint pad-x' }, document.check.words),
      h('dl', { class: 'claims' }, content.claims.map(claimRow)),
      content.left_out > 0 && h('p', { class: 'hint pad-x' }, `And ${counted(content.left_out, 'more claim')}.`),
    ],
  );
}

/** @param {Claim} claim */
function claimRow(claim) {
  const more = claim.whole ? '' : `, ${claim.items === null ? '' : `${counted(claim.items, 'value')}, `}cut`;
  return h(
    'div',
    { key: claim.name, class: 'claim long' },
    h('dt', { dir: 'auto' }, claim.name),
    h(
      'dd',
      {},
      h(
        'p',
        { class: claim.form === 'structure' ? 'raw' : null, dir: 'auto' },
        claim.time === null ? claim.value : when(claim.time, now()),
      ),
      (claim.meaning !== null || more !== '') && h('small', { dir: 'auto' }, `${claim.meaning ?? ''}${more}`),
    ),
  );
}
