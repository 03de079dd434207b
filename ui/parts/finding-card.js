// A finding as a card: evidence with the mark of the document it is about, the fix, what to paste.

import { h, icon } from '../core/draw.js';
import { copyText, ui } from '../core/state.js';
import { markIn } from './documents.js';

/** @import {Child} from '../core/draw.js' */
/** @import {DocumentKind, Finding, Kind, Snippet, Why} from '../view.d.ts' */
/** @import {Column} from './documents.js' */
/** @import {Row} from './filter.js' */

/** How a line of evidence begins that is about a document. @type {[string, DocumentKind][]} */
const ABOUT = [
  ['Directory:', 'directory'],
  ['ID token:', 'id_token'],
  ['Access token:', 'access_token'],
  ['Userinfo:', 'userinfo'],
  ['Introspection:', 'introspection'],
];

/**
 * What the marks beside the evidence are drawn from: the columns, and the rows the question is about.
 * @typedef {{across: Column[], rows: Row[], kind: Kind | null}} Beside
 */

/** @param {Finding} finding @param {number} i @param {Beside} beside */
export function findingCard(finding, i, beside) {
  // Only findings from the directory are about the row in question.
  const marked = finding.evidence.some((line) => line.startsWith('Directory:'));
  return h(
    'section',
    {
      key: `${finding.code} ${i}`,
      class: `card raised find${i === 0 && finding.severity !== 'info' ? ' top' : ''}`,
      'aria-labelledby': `finding-${i}`,
    },
    h(
      'div',
      { class: 'head' },
      h('span', { class: 'n', 'aria-hidden': 'true' }, i + 1),
      h('h3', { id: `finding-${i}`, class: 'grow', dir: 'auto' }, finding.title),
    ),
    h(
      'dl',
      {},
      finding.evidence.length > 0 && [
        h('dt', {}, 'Evidence'),
        finding.evidence.map((line) =>
          h('dd', { dir: 'auto', class: 'seen' }, marked && markBeside(line, beside), h('span', {}, line)),
        ),
      ],
      finding.fix !== null && [h('dt', {}, 'Fix'), h('dd', { dir: 'auto' }, finding.fix)],
    ),
    finding.snippet && paste(finding.snippet, `snippet ${i}`),
  );
}

/**
 * The mark that the table has for what a line says.
 * @param {string} line
 * @param {Beside} beside
 * @returns {Child}
 */
function markBeside(line, { across, rows, kind }) {
  if (!across.some((column) => column.asked)) return null;
  const document = ABOUT.find(([beginning]) => line.startsWith(beginning))?.[1];
  const column = document && across.find((known) => known.document === document);
  if (!column) return null;
  const row = rows[0];
  const mark = row ? markIn(row.entry, column, row.kind) : absent(column, kind);
  return h('span', { class: `m ${mark}`, 'aria-hidden': 'true' });
}

/** @param {Column} column @param {Kind | null} kind */
function absent(column, kind) {
  if (!column.asked) return column.state === 'read' ? 'off' : 'na';
  const states = kind
    ? [column.asked.kinds.get(kind)]
    : [column.asked.kinds.get('role'), column.asked.kinds.get('group')];
  return states.every((state) => state === 'fully') ? 'off' : 'na';
}

/** What could be the cause and is not. @param {Why} answer */
export function ruledOut(answer) {
  if (answer.ruled_out.length === 0) return null;
  return h(
    'section',
    { key: 'ruled out', class: 'card find ruled', 'aria-labelledby': 'ruled-out' },
    h(
      'div',
      { class: 'head' },
      h('span', { class: 'n' }, icon('check', 'ok')),
      h(
        'div',
        { class: 'grow' },
        h('h3', { id: 'ruled-out' }, 'Ruled out'),
        h('p', { class: 'small dim', dir: 'auto' }, answer.ruled_out.join(' · ')),
      ),
    ),
  );
}

/** @param {Snippet} snippet @param {string} name @returns {Child[]} */
function paste(snippet, name) {
  const done = ui.justCopied === name;
  return [
    h(
      'div',
      { key: 'snippet head', class: 'code-head over' },
      h('span', { class: 'grow' }, 'To paste'),
      h(
        'button',
        { class: 'btn quiet small', type: 'button', onclick: () => copyText(name, snippet.text) },
        icon(done ? 'check' : 'copy', 's'),
        done ? 'Copied' : 'Copy',
      ),
    ),
    h('pre', { key: 'snippet', class: 'code', dir: 'ltr', tabindex: 0, 'aria-label': 'To paste' }, snippet.text),
  ];
}
