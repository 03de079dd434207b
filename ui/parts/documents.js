// The provider's answers as columns, and the mark of an entitlement in each. The column says which document, the
// shape of the mark how it was verified.

import { h } from '../core/draw.js';

/**
 * @import {
 *   Asked, Directory, DocumentKind, DocumentReport, DocumentState, Entitlement, Kind, Source, Verified,
 * } from '../view.d.ts'
 */

/**
 * A column: a document, or what the directory says, with when and how far it was asked.
 * @typedef {{
 *   document: DocumentKind,
 *   head: string,
 *   state: DocumentState,
 *   asked?: {at: number, kinds: Map<Kind, Asked>},
 * }} Column
 */
/** @typedef {'on' | 'tls' | 'half' | 'off' | 'na' | 'missing' | 'dir' | 'lone'} Mark */

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

/** The directory is no document, so its marks are no circles. @type {Record<Mark, string>} */
const MEANING = {
  on: 'signed and checked',
  tls: 'over TLS',
  half: 'not verified',
  dir: 'assigned',
  lone: 'assigned, in no document',
  off: 'not there',
  na: 'can’t be read',
  missing: 'should be there',
};

/** @param {DocumentKind} document */
export function nameOf(document) {
  return NAMES[document].name;
}

/**
 * The columns of the table: always the three, introspection where the provider has it, and last the directory where it
 * was asked and could answer.
 * @param {DocumentReport[]} reports what was looked at; none when only the remembered table is shown
 * @param {Directory | null} [directory]
 * @returns {Column[]}
 */
export function columns(reports, directory = null) {
  /** @type {DocumentKind[]} */
  const three = ['id_token', 'access_token', 'userinfo'];
  const shown = reports.some((report) => report.document === 'introspection' && report.state !== 'absent')
    ? [...three, /** @type {const} */ ('introspection')]
    : three;
  /** @type {Column[]} */
  const across = shown.map((document) => ({
    document,
    head: NAMES[document].head,
    state: reports.length === 0 ? 'read' : (reports.find((report) => report.document === document)?.state ?? 'absent'),
  }));
  if (directory?.kinds.some(({ state }) => state !== 'could_not_be_asked')) {
    const kinds = new Map(directory.kinds.map(({ kind, state }) => [kind, state]));
    const asked = { at: directory.asked_at, kinds };
    across.push({ document: 'directory', head: NAMES.directory.head, state: 'read', asked });
  }
  return across;
}

/** Whether the directory alone has it: it is assigned, and no document carries it. @param {Entitlement} entry */
export function isLone(entry) {
  return entry.sources.length > 0 && entry.sources.every((source) => source.document === 'directory');
}

/**
 * @param {Entitlement} entry
 * @param {Column} column
 * @param {Kind} kind
 * @returns {Mark}
 */
export function markIn(entry, column, kind) {
  if (column.asked) {
    if (entry.sources.some((source) => source.document === 'directory')) return isLone(entry) ? 'lone' : 'dir';
    return column.asked.kinds.get(kind) === 'fully' ? 'off' : 'na';
  }
  const proofs = entry.sources
    .filter((source) => source.document === column.document)
    .map((source) => PROOF[source.verified]);
  for (const best of /** @type {Mark[]} */ (['on', 'tls', 'half'])) if (proofs.includes(best)) return best;
  if (column.state !== 'read') return 'na';
  return isLone(entry) ? 'missing' : 'off';
}

/** @param {Entitlement} entry @param {Column[]} across @param {Kind} [kind] */
export function marks(entry, across, kind = 'role') {
  return h(
    'span',
    { class: 'marks', 'aria-hidden': 'true' },
    across.map((column) => h('i', { class: `m ${markIn(entry, column, kind)}` })),
  );
}

/**
 * The same in words: `in ID token, userinfo`; where the directory was asked, what it says: `in no document; assigned in
 * the directory, through the group Editors`.
 * @param {Entitlement} entry
 * @param {Column[]} [across]
 * @param {Kind} [kind]
 */
export function inWords(entry, across = [], kind = 'role') {
  const documents = entry.sources.filter((source) => source.document !== 'directory');
  const names = [...new Set(documents.map((source) => lowered(nameOf(source.document))))];
  const found = names.length === 0 ? 'in no document' : `in ${names.join(', ')}`;
  const there = entry.sources.find((source) => source.document === 'directory');
  if (there) return `${found}; ${assigned(there)}`;
  const asked = across.find((column) => column.asked)?.asked;
  if (!asked) return found;
  const fully = asked.kinds.get(kind) === 'fully';
  return `${found}; ${fully ? 'not assigned in the directory' : 'the directory could not be asked'}`;
}

/** That it is assigned, and through what. @param {Source} source */
export function assigned({ through }) {
  return `assigned in the directory${through ? `, through the ${through.kind} ${through.name}` : ''}`;
}

/**
 * What the marks mean, for those that are there. The first thousand rows stand for all.
 * @param {{entry: Entitlement, kind: Kind}[]} entries
 * @param {Column[]} across
 * @param {boolean} plainHttp the provider is reached without TLS
 */
export function legend(entries, across, plainHttp) {
  const used = new Set(entries.flatMap(({ entry, kind }) => across.map((column) => markIn(entry, column, kind))));
  const shown = /** @type {Mark[]} */ (Object.keys(MEANING)).filter((mark) => used.has(mark));
  const meaning = plainHttp ? { ...MEANING, tls: 'not signed' } : MEANING;
  return shown.map((mark) => h('span', {}, h('i', { class: `m ${mark}` }), meaning[mark]));
}

/** @param {string} name */
function lowered(name) {
  return name.startsWith('ID') ? name : name.toLowerCase();
}
