// The provider's answers as columns, and the mark an entitlement has in each. Position says which document, shape says
// how it was proved.

import { h } from '../core/draw.js';

/** @import {DocumentKind, DocumentReport, DocumentState, Entitlement, Verified} from '../view.d.ts' */

/** @typedef {{document: DocumentKind, head: string, state: DocumentState}} Column */
/** @typedef {'on' | 'tls' | 'half' | 'off' | 'na'} Mark */

/** @type {Record<DocumentKind, {name: string, head: string}>} */
const NAMES = {
  id_token: { name: 'ID token', head: 'ID' },
  access_token: { name: 'Access token', head: 'Access' },
  userinfo: { name: 'Userinfo', head: 'Info' },
  introspection: { name: 'Introspection', head: 'Intro' },
  directory: { name: 'Directory', head: 'Dir' },
};

/** @type {Record<Verified, Mark>} */
const PROOF = { signature: 'on', tls: 'tls', none: 'half' };

/** @type {Record<Mark, string>} */
const MEANING = {
  on: 'signed and checked',
  tls: 'over TLS',
  half: 'not verified',
  off: 'not there',
  na: 'can’t be read',
};

/** @param {DocumentKind} document */
export function nameOf(document) {
  return NAMES[document].name;
}

/**
 * The columns of the table: always the three, and introspection where the provider has it.
 * @param {DocumentReport[]} reports what was looked at; none when only the remembered table is shown
 * @returns {Column[]}
 */
export function columns(reports) {
  /** @type {DocumentKind[]} */
  const three = ['id_token', 'access_token', 'userinfo'];
  const shown = reports.some((report) => report.document === 'introspection' && report.state !== 'absent')
    ? [...three, /** @type {const} */ ('introspection')]
    : three;
  return shown.map((document) => ({
    document,
    head: NAMES[document].head,
    state: reports.length === 0 ? 'read' : (reports.find((report) => report.document === document)?.state ?? 'absent'),
  }));
}

/**
 * @param {Entitlement} entry
 * @param {Column} column
 * @returns {Mark}
 */
export function markIn(entry, column) {
  const proofs = entry.sources
    .filter((source) => source.document === column.document)
    .map((source) => PROOF[source.verified]);
  for (const best of /** @type {Mark[]} */ (['on', 'tls', 'half'])) if (proofs.includes(best)) return best;
  return column.state === 'read' ? 'off' : 'na';
}

/** @param {Entitlement} entry @param {Column[]} across */
export function marks(entry, across) {
  return h(
    'span',
    { class: 'marks', 'aria-hidden': 'true' },
    across.map((column) => h('i', { class: `m ${markIn(entry, column)}` })),
  );
}

/**
 * The same in words: `in ID token, userinfo`.
 * @param {Entitlement} entry
 */
export function inWords(entry) {
  const names = [...new Set(entry.sources.map((source) => lowered(nameOf(source.document))))];
  return names.length === 0 ? 'in no document' : `in ${names.join(', ')}`;
}

/**
 * What the marks mean, for those that are there. The first thousand rows stand for all.
 * @param {Entitlement[]} entries
 * @param {Column[]} across
 * @param {boolean} plainHttp the provider is reached without TLS
 */
export function legend(entries, across, plainHttp) {
  const used = new Set(entries.slice(0, 1000).flatMap((entry) => across.map((column) => markIn(entry, column))));
  const shown = /** @type {Mark[]} */ (Object.keys(MEANING)).filter((mark) => used.has(mark));
  const meaning = plainHttp ? { ...MEANING, tls: 'not signed' } : MEANING;
  return shown.map((mark) => h('span', {}, h('i', { class: `m ${mark}` }), meaning[mark]));
}

/** @param {string} name */
function lowered(name) {
  return name.startsWith('ID') ? name : name.toLowerCase();
}
