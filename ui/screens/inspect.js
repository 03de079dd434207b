// Inspect: whose a pasted token is, which roles it has and where, and what is odd about it. What is pasted is passed to
// the engine, which keeps it while this screen is open; the answer has no token in it.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { closeOverlay, openOverlay } from '../core/overlays.js';
import { asNotice, change, copyText, ui } from '../core/state.js';
import { backBar } from '../parts/bar.js';
import { dropTarget, fileField, openFile } from '../parts/given.js';
import { of, person } from '../parts/inspected.js';
import { noticeBox } from '../parts/notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Inspection, Notice} from '../view.d.ts' */

const state = {
  /** @type {Inspection | null} */
  inspection: null,
  /** @type {Notice | null} */
  problem: null,
  /** Something is held above the screen. */
  over: false,
  /** A check is under way. */
  checking: false,
  /** A further document is being given. */
  adding: false,
};

/** Forgets nothing that is still to be looked at: one may have come back from Compare. */
export function opened() {
  state.problem = null;
}

/** What was pasted is held no longer than the screen is open. */
export function closed() {
  Object.assign(state, { inspection: null, problem: null, adding: false, over: false });
  of.expected = [];
  of.open.clear();
  void invoke('forget_pasted');
}

/** @returns {Child[]} */
export function overlay() {
  const { inspection } = state;
  if (!inspection || state.adding) return [backBar('Inspect', inspection ? stopAdding : closeOverlay), empty()];
  return [
    backBar(
      'Inspect',
      closeOverlay,
      h(
        'button',
        { id: 'add', class: 'btn quiet small', type: 'button', onclick: () => add() },
        icon('plus', 's'),
        'Add a document',
      ),
    ),
    h(
      'main',
      { key: 'inspected', class: 'scroll inspected', tabindex: 0, 'aria-label': 'What was found' },
      state.problem && noticeBox(state.problem),
      inspection.people.map((one, i) => person(one, i, inspection, { checking: state.checking, check, expect })),
      notes(inspection),
    ),
    foot(inspection),
  ];
}

function empty() {
  return h(
    'main',
    {
      key: 'give',
      class: 'scroll stack give',
      tabindex: 0,
      'aria-label': 'Give a token',
      ...dropTarget(over, (given) => void take(given.text, given.name)),
    },
    state.problem && noticeBox(state.problem),
    h(
      'section',
      { class: `badge copy drop${state.over ? ' over' : ''}`, 'aria-label': 'Drop here' },
      icon('file', 'dim'),
      h('h2', {}, 'Drop a token or a file'),
      h('p', { class: 'soft' }, 'See whose it is, which roles it carries, and where.'),
      h(
        'div',
        { class: 'line' },
        h(
          'button',
          {
            id: 'paste-it',
            class: 'btn main',
            type: 'button',
            title: 'Paste (Ctrl V); reads the clipboard once',
            onclick: () => void take(null, null),
          },
          icon('paste'),
          'Paste',
        ),
        h(
          'button',
          {
            id: 'open-file',
            class: 'btn',
            type: 'button',
            title: 'Open (Ctrl O)',
            onclick: () => openFile('inspect-file'),
          },
          icon('file'),
          'Open file…',
        ),
        fileField('inspect-file', (given) => void take(given.text, given.name)),
      ),
    ),
    h(
      'section',
      {},
      h('h2', { class: 'dim reads' }, 'It reads'),
      h(
        'dl',
        { class: 'card list' },
        reads('A token', 'JWT, Authorization line, token response'),
        reads('What a token says', 'Its JSON, userinfo, an introspection answer'),
        reads('A recording', 'HAR or log with a token in it'),
      ),
    ),
    h(
      'p',
      { class: 'hint line' },
      icon('lock', 's'),
      h('span', {}, 'It stays on this computer. Nothing is kept, and nothing is sent unless you ask for a check.'),
    ),
  );
}

/** @param {string} what @param {string} more */
function reads(what, more) {
  return h('div', { class: 'in-row' }, h('dt', {}, what), h('dd', { class: 'dim grow' }, more));
}

/** @param {Inspection} inspection */
function notes(inspection) {
  const all = [...inspection.notes];
  if (inspection.left_out > 0) all.push(`${inspection.left_out} more documents were found than are read.`);
  return all.map((note, i) => h('p', { key: `note ${i}`, class: 'hint', dir: 'auto' }, note));
}

/** @param {Inspection} inspection */
function foot(inspection) {
  const done = ui.justCopied === 'inspection';
  return h(
    'footer',
    { key: 'inspect foot', class: 'foot', 'data-region': 'foot' },
    inspection.people.length === 1 &&
      h(
        'button',
        { id: 'compare-with', class: 'btn', type: 'button', onclick: () => openOverlay('compare', '#side-b') },
        icon('swap'),
        'Compare with…',
      ),
    h(
      'button',
      {
        id: 'copy-report',
        class: 'btn main',
        type: 'button',
        title: 'As Markdown, without a token and without names of roles',
        onclick: () => copyText('inspection', inspection.people.map((one) => one.report).join('\n')),
      },
      icon(done ? 'check' : 'copy'),
      done ? 'Copied' : 'Copy report',
    ),
  );
}

/** @param {boolean} is */
function over(is) {
  if (state.over === is) return;
  state.over = is;
  change({});
}

function add() {
  state.adding = true;
  state.problem = null;
  change({}, '#paste-it');
}

function stopAdding() {
  state.adding = false;
  state.problem = null;
  change({}, '#add');
}

/**
 * Has the engine read a text; `null` stands for the clipboard, which the page never sees.
 * @param {string | null} text
 * @param {string | null} name
 */
async function take(text, name) {
  try {
    const further = state.inspection !== null;
    state.inspection = await invoke('inspect', { text, name, add: further });
    Object.assign(state, { adding: false, problem: null });
    change({}, '#add');
  } catch (problem) {
    state.problem = inPlace(problem);
    change({}, '#paste-it');
  }
}

async function check() {
  state.checking = true;
  change({});
  await again(true);
  state.checking = false;
  change({});
}

/** @param {string[]} expected */
function expect(expected) {
  of.expected = expected;
  return again(false);
}

/** @param {boolean} check */
async function again(check) {
  try {
    state.inspection = await invoke('inspect_again', { expected: of.expected, check });
    state.problem = null;
  } catch (problem) {
    state.problem = inPlace(problem);
  }
  change({});
}

/** There is nothing to press in it: one pastes again. @param {unknown} problem @returns {Notice} */
function inPlace(problem) {
  return { ...asNotice(problem), remedies: [] };
}

document.addEventListener('keydown', pressed);

/** Pasting and opening by keys, wherever on this screen the focus is. @param {KeyboardEvent} event */
function pressed(event) {
  if (ui.overlay !== 'inspect' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.target instanceof HTMLInputElement) return;
  const key = event.key.toLowerCase();
  if (key === 'v') void take(null, null);
  else if (key === 'o') openFile('inspect-file');
  else return;
  event.preventDefault();
}
