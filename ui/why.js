// Why something is missing: what was found, from what evidence, and what to do.

import { backBar } from './bar.js';
import { h, icon } from './dom.js';
import { resumeRoll } from './register.js';
import { counted, timeOfDay } from './remaining.js';
import { copyText, ui } from './state.js';

/** @import {Kid} from './dom.js' */
/** @import {Finding, SignedIn, Snippet} from './view.d.ts' */

/** @param {SignedIn} me @returns {Kid[]} */
export function why(me) {
  const read = me.documents.filter((report) => report.state === 'read');
  const claims = read.reduce((sum, report) => sum + report.claims, 0);
  return [
    backBar('Roles', resumeRoll),
    h(
      'section',
      { key: 'ask', class: 'ask', 'aria-label': 'Question' },
      h('h2', { class: 'large' }, 'What is missing, and why'),
      h('p', { class: 'small dim' }, `${counted(read.length, 'document')} and ${counted(claims, 'claim')} looked at, as of ${timeOfDay(me.refreshed_at)}`),
    ),
    h('main', { key: 'why', class: 'scroll findings', tabindex: -1 }, h('div', { class: 'stack s' }, me.findings.map((finding, i) => card(finding, i)))),
  ];
}

/** @param {Finding} finding @param {number} i */
function card(finding, i) {
  return h(
    'section',
    { key: `${finding.code} ${i}`, class: `card raised find${i === 0 && finding.severity !== 'info' ? ' top' : ''}`, 'aria-labelledby': `finding-${i}` },
    h('div', { class: 'head' }, h('span', { class: 'n', 'aria-hidden': 'true' }, i + 1), h('h3', { id: `finding-${i}`, class: 'grow', dir: 'auto' }, finding.title)),
    h(
      'dl',
      {},
      finding.evidence.length > 0 && [h('dt', {}, 'Evidence'), finding.evidence.map((line) => h('dd', { dir: 'auto' }, line))],
      finding.fix !== null && [h('dt', {}, 'Fix'), h('dd', { dir: 'auto' }, finding.fix)],
    ),
    finding.snippet && paste(finding.snippet, `snippet ${i}`),
  );
}

/** @param {Snippet} snippet @param {string} name @returns {Kid[]} */
function paste(snippet, name) {
  const done = ui.justCopied === name;
  return [
    h(
      'div',
      { key: 'snippet head', class: 'code-head over' },
      h('span', { class: 'grow' }, 'To paste'),
      h('button', { class: 'btn quiet small', type: 'button', onclick: () => copyText(name, snippet.text) }, icon(done ? 'check' : 'copy', 's'), done ? 'Copied' : 'Copy'),
    ),
    h('pre', { key: 'snippet', class: 'code', dir: 'ltr', tabindex: 0, 'aria-label': 'To paste' }, snippet.text),
  ];
}
