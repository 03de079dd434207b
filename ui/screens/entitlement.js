// One entitlement: its exact path in each document, whether it was verified by a signature or only by the connection,
// and the documents without it.

import { h, icon } from '../core/draw.js';
import { copyText, ui } from '../core/state.js';
import { backBar } from '../parts/bar.js';
import { timeOfDay } from '../core/times.js';
import { columns, inWords, markIn, marks, nameOf } from '../parts/documents.js';
import { allRows } from '../parts/filter.js';
import { backToTable } from '../parts/panels.js';
import { since } from './history.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Column} from '../parts/documents.js' */
/** @import {Row} from '../parts/filter.js' */
/** @import {Entitlement, Kind, SignedIn, Source} from '../view.d.ts' */

/** @type {Record<import('../view.d.ts').ValueClass, string>} */
const MARKS = {
  everybody_has: 'Everybody at this provider has it.',
  guid: 'An identifier (GUID), not a name.',
  arn: 'An identifier (ARN), not a name.',
  identifier: 'An identifier, not a name.',
  flag: 'A switch that is on.',
};

/** The row a detail is about, where it is still there. @param {SignedIn} me @param {string} key */
export function rowFor(me, key) {
  return allRows(me.entitlements).find((row) => row.key === key);
}

/** @param {SignedIn} me @param {Row} row @returns {Child[]} */
export function entitlementScreen(me, row) {
  const { entry, kind } = row;
  const across = columns(me.documents, me.directory.answer);
  const [there, missing] = [true, false].map((has) => across.filter((column) => carries(entry, column) === has));
  return [
    backBar({ role: 'Role', group: 'Group', permission: 'Permission' }[kind], backToTable),
    h(
      'main',
      // Nothing in it can be focused, so it is focusable itself to be scrolled by keys.
      { key: 'entitlement', class: 'scroll pad stack below-bar', tabindex: 0 },
      h(
        'div',
        { class: 'stack s' },
        h(
          'div',
          {},
          h(
            'p',
            { class: 'tag big' },
            h('span', { class: 'value', dir: 'auto' }, entry.value),
            marks(entry, across, kind),
            h('span', { class: 'visually-hidden' }, ` ${inWords(entry, across, kind)}`),
          ),
        ),
        h(
          'p',
          { class: 'soft small' },
          entry.context !== null && ['For ', h('bdi', {}, entry.context), '. '],
          entry.mark && `${MARKS[entry.mark]} `,
          inDocuments(entry, across),
        ),
      ),
      h(
        'section',
        { class: 'card raised', 'aria-label': 'Sources' },
        there?.map((column) => carried(me, entry, column, kind)),
        missing?.map((column) => notThere(me, entry, column, kind)),
      ),
      since(kind, entry.value),
    ),
    h(
      'footer',
      { key: 'detail foot', class: 'foot', 'data-region': 'foot' },
      copyButton('name', 'Copy name', entry.value),
      copyButton('path', 'Copy claim path', pathText(entry)),
    ),
  ];
}

/** @param {Entitlement} entry @param {Column} column */
function carries(entry, column) {
  return entry.sources.some((source) => source.document === column.document);
}

/** In how many documents; the directory is none. @param {Entitlement} entry @param {Column[]} across */
function inDocuments(entry, across) {
  const documents = across.filter((column) => !column.asked);
  return `In ${documents.filter((column) => carries(entry, column)).length} of ${documents.length} documents.`;
}

/** @param {SignedIn} me @param {Entitlement} entry @param {Column} column @param {Kind} kind */
function carried(me, entry, column, kind) {
  const sources = entry.sources.filter((source) => source.document === column.document);
  return h(
    'div',
    { class: 'src' },
    h('span', { class: `m ${markIn(entry, column, kind)}` }),
    h('h2', {}, nameOf(column.document)),
    sources.map((source) =>
      h(
        'p',
        { class: 'path', dir: 'ltr' },
        source.path.map((step, i) => [i > 0 && h('s', {}, '›'), h('bdi', {}, step)]),
      ),
    ),
    column.asked &&
      sources[0] &&
      h('p', { dir: 'auto' }, `${throughWhat(sources[0])}, asked at ${timeOfDay(column.asked.at)}.`),
    sources[0] &&
      h('p', { class: 'line verified' }, proofIcon(me, sources[0]), h('span', {}, verification(me, sources[0]))),
  );
}

/** A lock stands for a checked signature or TLS. @param {SignedIn} me @param {Source} source */
function proofIcon(me, source) {
  const sure = source.verified === 'signature' || (source.verified === 'tls' && !me.badge.plain_http);
  return icon(sure ? 'lock' : 'info', sure ? 's ok' : 's');
}

/** @param {SignedIn} me @param {Source} source */
function verification(me, source) {
  switch (source.verified) {
    case 'signature':
      return 'Signed by the provider, signature checked';
    case 'tls':
      return me.badge.plain_http
        ? `Not signed; fetched from ${me.badge.host} on this computer, without TLS`
        : `Not signed; fetched over TLS from ${me.badge.host}`;
    case 'none':
      return 'Not verified: shown as it was received';
  }
}

/** @param {SignedIn} me @param {Entitlement} entry @param {Column} column @param {Kind} kind */
function notThere(me, entry, column, kind) {
  if (column.asked) return notAssigned(entry, column, kind);
  const report = me.documents.find((known) => known.document === column.document);
  const claims = report?.claims ?? 0;
  const looked = `Not in its ${claims === 1 ? 'one claim' : `${claims} claims`}.`;
  const effect = ` An API that reads only this token won’t see ${entry.value}.`;
  const words = {
    read: column.document === 'access_token' ? looked + effect : looked,
    opaque: 'Can’t be read: it is an opaque token, meant for an API.',
    encrypted: 'Can’t be read: it is encrypted for an API.',
    absent: 'The provider gave none.',
    failed: 'Could not be fetched this time.',
  }[column.state];
  return h(
    'div',
    { class: 'src' },
    h('span', { class: `m ${markIn(entry, column, kind)}` }),
    h('h2', { class: 'soft' }, nameOf(column.document)),
    h('p', { dir: 'auto' }, words),
  );
}

/** @param {Source} source */
function throughWhat({ through }) {
  return through ? `Assigned through the ${through.kind} ${through.name}` : 'Assigned to the person';
}

/**
 * The directory's answer where the entitlement is not assigned.
 * @param {Entitlement} entry
 * @param {Column} column
 * @param {Kind} kind
 */
function notAssigned(entry, column, kind) {
  const at = column.asked ? timeOfDay(column.asked.at) : '';
  const asked = column.asked?.kinds.get(kind) === 'fully';
  return h(
    'div',
    { class: 'src' },
    h('span', { class: `m ${markIn(entry, column, kind)}` }),
    h('h2', { class: 'soft' }, nameOf(column.document)),
    h('p', {}, asked ? `Not assigned there, asked at ${at}.` : `Could not be asked about ${kind}s.`),
  );
}

/** @param {string} name @param {string} label @param {string} text */
function copyButton(name, label, text) {
  const done = ui.justCopied === name;
  return h(
    'button',
    { class: 'btn', type: 'button', onclick: () => copyText(name, text) },
    icon(done ? 'check' : 'copy'),
    done ? 'Copied' : label,
  );
}

/**
 * The claim path as policies write it: `realm_access.roles`, `["https://example.com/auth"].roles`.
 * @param {Entitlement} entry
 */
export function pathText(entry) {
  const [first] = entry.sources;
  if (!first) return '';
  return first.path
    .map((step, i) =>
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `${i > 0 ? '.' : ''}${step}` : `[${JSON.stringify(step)}]`,
    )
    .join('');
}
