// Which rows of the table match a filter. Pure, and fast enough for ten thousand rows per key press.

/** @import {Entitlement, Entitlements, Kind} from '../view.d.ts' */

/** @typedef {{key: string, kind: Kind, entry: Entitlement, folded: string}} Row */
/** @typedef {{kind: Kind, rows: Row[], all: number}} Section */

/** @type {{kind: Kind, of: keyof Entitlements, name: string, one: string}[]} */
export const KINDS = [
  { kind: 'role', of: 'roles', name: 'Roles', one: 'role' },
  { kind: 'group', of: 'groups', name: 'Groups', one: 'group' },
  { kind: 'permission', of: 'permissions', name: 'Permissions', one: 'permission' },
];

/** @type {WeakMap<Entitlements, Row[]>} */
const rowsByEntitlements = new WeakMap();

/**
 * Every row, in the order it is shown. Made once for each view.
 * @param {Entitlements} entitlements
 * @returns {Row[]}
 */
export function allRows(entitlements) {
  let rows = rowsByEntitlements.get(entitlements);
  if (!rows) {
    rows = KINDS.flatMap(({ kind, of }) =>
      entitlements[of].map((entry) => ({
        key: keyOf(kind, entry),
        kind,
        entry,
        folded: `${entry.value}\n${entry.context ?? ''}`.toLowerCase(),
      })),
    );
    rowsByEntitlements.set(entitlements, rows);
  }
  return rows;
}

/**
 * What tells a row from every other.
 * @param {Kind} kind
 * @param {Entitlement} entry
 */
export function keyOf(kind, entry) {
  return JSON.stringify([kind, entry.value, entry.context]);
}

/** The last answer of `sections`, asked for by several parts of one drawing. */
let last = { of: /** @type {Entitlements | null} */ (null), filter: '', found: /** @type {Section[]} */ ([]) };

/**
 * The rows whose value or context contains the filter, ignoring case, by section. Empty sections are left out.
 * @param {Entitlements} entitlements
 * @param {string} filter
 * @returns {Section[]}
 */
export function sections(entitlements, filter) {
  if (last.of !== entitlements || last.filter !== filter)
    last = { of: entitlements, filter, found: find(entitlements, filter) };
  return last.found;
}

/** @param {Entitlements} entitlements @param {string} filter @returns {Section[]} */
function find(entitlements, filter) {
  const wanted = filter.trim().toLowerCase();
  const rows = allRows(entitlements);
  const hits = wanted === '' ? rows : rows.filter((row) => row.folded.includes(wanted));
  return KINDS.map(({ kind, of }) => ({
    kind,
    rows: hits.filter((row) => row.kind === kind),
    all: entitlements[of].length,
  })).filter((section) => section.all > 0);
}

/**
 * The position of the filter in a value, for marking; null where it has none, or where case folding moved the letters.
 * @param {string} value
 * @param {string} filter
 * @returns {[string, string, string] | null}
 */
export function split(value, filter) {
  const wanted = filter.trim().toLowerCase();
  const folded = value.toLowerCase();
  const at = wanted === '' ? -1 : folded.indexOf(wanted);
  if (at < 0 || folded.length !== value.length) return null;
  return [value.slice(0, at), value.slice(at, at + wanted.length), value.slice(at + wanted.length)];
}

/** How many roles, groups and permissions there are. @param {Entitlements} entitlements */
export function total(entitlements) {
  return KINDS.reduce((sum, { of }) => sum + entitlements[of].length, 0);
}

/** The largest edit distance of a suggestion. */
const CLOSE = 2;
/** The most names that are compared, so that a key press stays fast. */
const COMPARED = 3000;

/**
 * Names that are nearly what was typed, the nearest first; at most three.
 * @param {Entitlements} entitlements
 * @param {string} typed
 */
export function nearest(entitlements, typed) {
  const wanted = typed.trim().toLowerCase();
  const limit = Math.min(CLOSE, Math.floor(wanted.length / 3));
  if (limit === 0) return [];
  /** @type {Map<string, number>} */
  const near = new Map();
  for (const { entry } of allRows(entitlements).slice(0, COMPARED)) {
    const apart = distance(entry.value.toLowerCase(), wanted, limit);
    if (apart <= limit) near.set(entry.value, apart);
  }
  const sorted = [...near].toSorted((one, other) => one[1] - other[1]);
  return sorted.slice(0, 3).map(([value]) => value);
}

/**
 * How many letters have to be added, taken or replaced (Levenshtein); more than `limit` is only reported as more.
 * @param {string} one
 * @param {string} other
 * @param {number} limit
 */
function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (before[j - 1] ?? 0) + Number(one[i - 1] !== other[j - 1]);
      row.push(Math.min(replaced, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[other.length] ?? limit + 1;
}
