// Why something is missing: a question, what was found, from what evidence, and what to do.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, copyText, ui } from '../core/state.js';
import { counted, timeOfDay } from '../core/times.js';
import { backBar } from '../parts/bar.js';
import { inWords } from '../parts/documents.js';
import { backToTable } from '../parts/panels.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Finding, SignedIn, Snippet, Why} from '../view.d.ts' */

/** Which question the answer at hand is to. */
let asked = '';

/** Asks the engine, unless the answer is available. @param {SignedIn} me */
async function ask(me) {
  const panel = ui.panel;
  if (panel?.is !== 'why') return;
  const value = panel.value.trim();
  const key = JSON.stringify([ui.view?.profile, me.refreshed_at, value, panel.kind]);
  if (asked === key) return;
  asked = key;
  try {
    const answer = await invoke('why', { value: value === '' ? null : value, kind: panel.kind });
    if (asked === key) change({ answer });
  } catch (problem) {
    asked = '';
    change({ failure: asNotice(problem) });
  }
}

/** @param {SignedIn} me @returns {Child[]} */
export function whyScreen(me) {
  void ask(me);
  const { answer } = ui;
  const findings = answer ? answer.findings : me.findings;
  const read = me.documents.filter((report) => report.state === 'read');
  const claims = read.reduce((sum, report) => sum + report.claims, 0);
  const looked = `${counted(read.length, 'document')} and ${counted(claims, 'claim')}`;
  return [
    backBar('Roles', backToTable),
    h(
      'section',
      { key: 'ask', class: 'ask', 'aria-label': 'Question' },
      question(me),
      h(
        'p',
        { class: 'small dim', role: 'status' },
        answer?.present ? 'It is here.' : `${looked} looked at, as of ${timeOfDay(me.refreshed_at)}`,
      ),
    ),
    h(
      'main',
      { key: 'why', class: 'scroll findings', tabindex: -1 },
      h(
        'div',
        { class: 'stack s' },
        answer && here(answer),
        findings.map((finding, i) => card(finding, i)),
        findings.length === 0 &&
          !answer?.present &&
          h('p', { class: 'soft' }, 'Nothing is known to be missing. Ask about a name above.'),
      ),
    ),
    answer && report(answer),
  ];
}

/** @param {SignedIn} me */
function question(me) {
  const value = ui.panel?.is === 'why' ? ui.panel.value : '';
  const options = me.missing.map((missing) => missing.value);
  return h(
    'h2',
    { class: 'question large' },
    h('span', {}, 'Why isn’t '),
    h('input', {
      id: 'wanted',
      class: 'blank-in',
      'aria-label': 'Role, group or permission',
      placeholder: 'anything',
      list: 'expected',
      value,
      size: Math.min(24, Math.max(9, value.length + 1)),
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      oninput: typed,
    }),
    h(
      'datalist',
      { id: 'expected' },
      options.map((option) => h('option', { value: option })),
    ),
    h('span', {}, ' here?'),
  );
}

/** @param {InputEvent} event */
function typed(event) {
  change({ panel: { is: 'why', value: /** @type {HTMLInputElement} */ (event.target).value, kind: null } });
}

/** @param {Why} answer @returns {Child[]} */
function here(answer) {
  const list = (/** @type {string} */ name, /** @type {Why['found']} */ found, /** @type {string} */ words) =>
    found.length > 0 &&
    h(
      'section',
      { key: name, class: 'card raised pad small', 'aria-label': words },
      h('p', { class: 'soft' }, words),
      found.map((one) =>
        h(
          'p',
          {},
          h('b', { dir: 'auto' }, one.value),
          one.context !== null && [' (', h('bdi', {}, one.context), ')'],
          ` ${one.kind}, ${inWords(one)}`,
        ),
      ),
    );
  return [list('found', answer.found, 'It is here'), list('alike', answer.alike, 'These come close')];
}

/** @param {Why} answer */
function report(answer) {
  const done = ui.justCopied === 'report';
  return h(
    'footer',
    { key: 'why foot', class: 'foot', 'data-region': 'foot' },
    h(
      'button',
      {
        id: 'copy-report',
        class: 'btn main grow',
        type: 'button',
        title: 'As Markdown, without any token and without names of roles',
        onclick: () => copyText('report', answer.report),
      },
      icon(done ? 'check' : 'copy'),
      done ? 'Copied' : 'Copy report for your administrator',
    ),
    h(
      'button',
      {
        id: 'copy-named-report',
        class: 'btn names',
        type: 'button',
        title: 'The same with the names of all your roles and groups',
        onclick: () => void copyNamed(),
      },
      ui.justCopied === 'named report' ? 'Copied' : 'With names',
    ),
  );
}

/** Copies the report with the names in it, because the person wants that. */
async function copyNamed() {
  const panel = ui.panel;
  if (panel?.is !== 'why') return;
  const value = panel.value.trim();
  const report = await invoke('named_report', { value: value === '' ? null : value, kind: panel.kind });
  if (report !== null) await copyText('named report', report);
}

/** @param {Finding} finding @param {number} i */
function card(finding, i) {
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
        finding.evidence.map((line) => h('dd', { dir: 'auto' }, line)),
      ],
      finding.fix !== null && [h('dt', {}, 'Fix'), h('dd', { dir: 'auto' }, finding.fix)],
    ),
    finding.snippet && paste(finding.snippet, `snippet ${i}`),
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
