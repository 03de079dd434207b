// Why something is missing: a question, what was found, from what evidence, and what to do. Past the token both ways:
// the provider's directory, somebody else's account for who may ask, and a cluster that receives the token.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, copyText, ui } from '../core/state.js';
import { counted, timeOfDay } from '../core/times.js';
import { backBar } from '../parts/bar.js';
import { cluster, lookForClusters } from '../parts/cluster.js';
import { askButton } from '../parts/directory.js';
import { columns, inWords } from '../parts/documents.js';
import { allRows } from '../parts/filter.js';
import { findingCard, ruledOut } from '../parts/finding-card.js';
import { backToTable } from '../parts/panels.js';
import { forWhom, isOutdated, isToBeAsked, wouldGet } from '../parts/somebody.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Beside} from '../parts/finding-card.js' */
/** @import {DocumentReport, Entitlements, Kind, SignedIn, Why} from '../view.d.ts' */

/** Which question the answer at hand is to. */
let asked = '';

/** Asks the engine, unless the answer is available. @param {SignedIn} me */
async function ask(me) {
  const panel = ui.panel;
  if (panel?.is !== 'why') return;
  const value = panel.value.trim();
  const at = me.directory.answer?.asked_at ?? null;
  const key = JSON.stringify([ui.view?.profile, me.refreshed_at, at, value, panel.kind]);
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

/** What was asked about is asked once more: a receiver answered. */
function askAnew() {
  asked = '';
}

/** @param {SignedIn} me @returns {Child[]} */
export function whyScreen(me) {
  void ask(me);
  void lookForClusters();
  const panel = ui.panel?.is === 'why' ? ui.panel : null;
  if (isOutdated(panel?.value ?? '')) ui.somebody = null;
  const { somebody } = ui;
  const answer = somebody ? somebody.why : ui.answer;
  const findings = answer ? answer.findings : me.findings;
  const beside = besideEvidence(somebody ?? me, answer, panel?.kind ?? null);
  return [
    backBar('Roles', backToTable),
    h(
      'section',
      { key: 'ask', class: 'ask', 'aria-label': 'Question' },
      question(me),
      forWhom(me, panel?.value ?? '', panel?.kind ?? null),
      !somebody && !isToBeAsked() && h('p', { class: 'small dim', role: 'status' }, looked(me, answer)),
    ),
    h(
      'main',
      { key: 'why', class: 'scroll findings', tabindex: -1 },
      isToBeAsked() && h('p', { class: 'soft' }, 'Ask, and what holds for them stands here.'),
      !isToBeAsked() &&
        h(
          'div',
          { class: 'stack s' },
          answer && here(answer),
          findings.map((finding, i) => findingCard(finding, i, beside)),
          findings.length === 0 &&
            !answer?.present &&
            h('p', { class: 'soft' }, 'Nothing is known to be missing. Ask about a name above.'),
          answer && ruledOut(answer),
          somebody ? wouldGet(somebody) : [directory(me), cluster(answer?.receiver, askAnew)],
        ),
    ),
    answer && !isToBeAsked() && report(answer, somebody?.who),
  ];
}

/** @param {SignedIn} me @param {Why | null} answer */
function looked(me, answer) {
  const read = me.documents.filter((report) => report.state === 'read');
  const claims = read.reduce((sum, report) => sum + report.claims, 0);
  const directory = me.directory.answer;
  if (directory) return `The directory was asked at ${timeOfDay(directory.asked_at)} as ${directory.asked_as}.`;
  if (answer?.present) return 'It is here.';
  const what = `${counted(read.length, 'document')} and ${counted(claims, 'claim')}`;
  return `${what} looked at, as of ${timeOfDay(me.refreshed_at)}`;
}

/**
 * @param {{entitlements: Entitlements, documents: DocumentReport[]}} of
 * @param {Why | null} answer
 * @param {Kind | null} kind
 * @returns {Beside}
 */
function besideEvidence(of, answer, kind) {
  const wanted = answer?.wanted;
  const rows = wanted
    ? allRows(of.entitlements).filter((row) => row.entry.value === wanted && (kind === null || row.kind === kind))
    : [];
  return { across: columns(of.documents, answer?.directory), rows, kind };
}

/** The directory, where it was not asked yet: what asking would do. @param {SignedIn} me @returns {Child} */
function directory(me) {
  const { would_ask, answer, cannot } = me.directory;
  if (answer || (would_ask === null && cannot === null)) return null;
  return h(
    'section',
    { key: 'directory', class: 'card beyond', 'aria-labelledby': 'directory' },
    h(
      'div',
      { class: 'in-row' },
      h(
        'div',
        { class: 'grow' },
        h('h3', { id: 'directory' }, 'The provider’s directory'),
        h('p', { class: 'small dim', dir: 'auto' }, would_ask ?? cannot),
      ),
      would_ask !== null && askButton(me.directory),
    ),
  );
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
    h('span', {}, ui.somebody ? ' there?' : ' here?'),
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

/** @param {Why} answer @param {string} [who] */
function report(answer, who) {
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
      done ? 'Copied' : who === undefined ? 'Copy report for your administrator' : `Copy report for ${who}`,
    ),
    who === undefined &&
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
