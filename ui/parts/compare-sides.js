// The two sides of a comparison: a profile now or at an earlier time, what is being inspected, or a document that is
// pasted or opened for this.

import { invoke } from '../core/bridge.js';
import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { change, redraw, ui } from '../core/state.js';
import { counted } from '../core/times.js';
import { fileField, openFile } from './given.js';

/** @import {Child} from '../core/draw.js' */
/** @import {CompareChoice, PastedSide, View} from '../view.d.ts' */

/** @typedef {{choice: string, days: number, pasted: string | null, begins: number | null, asked: string}} Side */
/** @typedef {{compare: () => Promise<void>, failed: (problem: unknown) => void}} Actions */

const DAY = 86_400;
/** The ages at which a profile can be compared, in days; 0 is the last refresh. */
const AGO = [0, 1, 7, 30, 60, 89];

/** @type {Record<PastedSide, Side>} */
const chosen = { a: fresh(), b: fresh() };

/** The name of what is being inspected, if anything is. */
let inspected = 0;

/** @returns {Side} */
function fresh() {
  return { choice: '', days: 0, pasted: null, begins: null, asked: '' };
}

/** Starts over: the active profile against what is inspected, the next profile, or a pasted document. */
export function forgetSides() {
  Object.assign(chosen, { a: fresh(), b: fresh() });
  inspected = 0;
  if (ui.under === 'inspect' || ui.overlay === 'inspect') inspected = 1;
  const profiles = ui.view?.profiles.map((profile) => profile.name) ?? [];
  const front = ui.view?.profile ?? profiles[0];
  const other = profiles.find((name) => name !== front);
  const named = (/** @type {string | undefined} */ name) => (name === undefined ? 'pasted' : `profile ${name}`);
  if (inspected > 0) {
    chosen.a.choice = 'inspected';
    chosen.b.choice = named(front);
  } else {
    chosen.a.choice = named(front);
    chosen.b.choice = named(other);
  }
}

/** What the engine is asked to compare. @returns {[CompareChoice, CompareChoice]} */
export function sides() {
  return [choiceOf(chosen.a), choiceOf(chosen.b)];
}

/** @param {Side} side @returns {CompareChoice} */
function choiceOf(side) {
  if (side.choice === 'inspected') return { is: 'inspected', person: 0 };
  if (side.choice === 'pasted') return { is: 'pasted' };
  const name = side.choice.replace(/^profile /, '');
  return side.days === 0 ? { is: 'profile', name } : { is: 'past', name, at: now() - side.days * DAY };
}

/** @param {View} view @param {Actions} actions @returns {Child} */
export function chooser(view, actions) {
  const ready = [chosen.a, chosen.b].every((side) => side.choice !== 'pasted' || side.pasted !== null);
  return h(
    'form',
    {
      key: 'chooser',
      class: 'stack',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (ready) void actions.compare();
      },
    },
    field(view, 'a', 'Compare', actions),
    field(view, 'b', 'with', actions),
    h(
      'button',
      { id: 'compare-now', class: 'btn main wide', 'aria-disabled': String(!ready) },
      icon('swap'),
      'Compare',
    ),
    h(
      'p',
      { class: 'hint' },
      'A document may be a token, what a token says, userinfo, a HAR, or what Rolecall wrote: ',
      'a report with names, or roles --json. It stays on this computer.',
    ),
  );
}

/** @param {View} view @param {PastedSide} which @param {string} label @param {Actions} actions */
function field(view, which, label, actions) {
  const side = chosen[which];
  const isProfile = side.choice.startsWith('profile ');
  if (isProfile) void askBegins(side);
  return h(
    'div',
    { key: which, class: 'field side' },
    h('label', { for: `side-${which}` }, label),
    h(
      'div',
      { class: 'in' },
      h(
        'select',
        { id: `side-${which}`, value: side.choice, onchange: (/** @type {Event} */ event) => pick(side, event) },
        inspected > 0 && h('option', { value: 'inspected' }, 'What is being inspected'),
        view.profiles.map((profile) => h('option', { value: `profile ${profile.name}` }, profile.name)),
        h('option', { value: 'pasted' }, 'A document…'),
      ),
    ),
    isProfile && ago(side, which),
    side.choice === 'pasted' && documentField(side, which, actions),
  );
}

/** @param {Side} side @param {PastedSide} which */
function ago(side, which) {
  const kept = side.begins === null ? 0 : Math.floor((now() - side.begins) / DAY);
  const offered = AGO.filter((days) => days === 0 || days <= kept);
  if (offered.length < 2) return h('p', { class: 'hint' }, 'As it was read last.');
  return h(
    'div',
    { class: 'in' },
    h('label', { for: `ago-${which}`, class: 'visually-hidden' }, 'When'),
    h(
      'select',
      {
        id: `ago-${which}`,
        value: String(side.days),
        onchange: (/** @type {Event} */ event) => {
          side.days = Number(/** @type {HTMLSelectElement} */ (event.target).value);
          redraw();
        },
      },
      offered.map((days) =>
        h(
          'option',
          { value: String(days) },
          days === 0 ? 'as it was read last' : `as it stood ${counted(days, 'day')} ago`,
        ),
      ),
    ),
  );
}

/** @param {Side} side @param {PastedSide} which @param {Actions} actions */
function documentField(side, which, actions) {
  const hold = async (/** @type {string | null} */ text, /** @type {string | null} */ name) => {
    try {
      side.pasted = await invoke('hold_side', { side: which, text, name });
      redraw();
    } catch (problem) {
      actions.failed(problem);
    }
  };
  return h(
    'div',
    { class: 'line given' },
    h(
      'button',
      { class: 'btn small', type: 'button', title: 'Reads the clipboard once', onclick: () => void hold(null, null) },
      icon('paste', 's'),
      'Paste',
    ),
    h(
      'button',
      { class: 'btn small', type: 'button', onclick: () => openFile(`file-${which}`) },
      icon('file', 's'),
      'Open file…',
    ),
    fileField(`file-${which}`, (given) => void hold(given.text, given.name)),
    h('span', { class: 'small soft', role: 'status', dir: 'auto' }, side.pasted === null ? '' : `Read: ${side.pasted}`),
  );
}

/** @param {Side} side @param {Event} event */
function pick(side, event) {
  Object.assign(side, fresh(), { choice: /** @type {HTMLSelectElement} */ (event.target).value });
  change({});
}

/** @param {Side} side */
async function askBegins(side) {
  const profile = side.choice.replace(/^profile /, '');
  if (side.asked === profile) return;
  side.asked = profile;
  side.begins = await invoke('history_begins', { profile }).catch(() => null);
  redraw();
}
