// The rows of the settings: a label, the value, and what went wrong when it was set.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change } from '../core/state.js';
import { sentence } from './notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Notice, Setting} from '../view.d.ts' */

/** What was refused, by the row it belongs to. @type {Map<string, Notice>} */
const refused = new Map();

/**
 * Changes a setting and shows a refusal in its row. Resolves with whether it was changed.
 * @param {string} name the row
 * @param {Setting | null} setting
 * @param {string} [focus] what gets the focus then
 * @param {() => Promise<unknown>} [otherwise] what is asked in place of a setting
 */
export async function apply(name, setting, focus, otherwise) {
  try {
    await (otherwise ? otherwise() : setting && invoke('set', { setting }));
    refused.delete(name);
  } catch (problem) {
    refused.set(name, asNotice(problem));
  }
  change({}, focus);
  return !refused.has(name);
}

/** Puts away what was refused. */
export function clearRefused() {
  refused.clear();
}

/** @param {string} name @param {...Child} children @returns {Child} */
export function row(name, ...children) {
  const why = refused.get(name);
  return [
    h('div', { key: name, class: 'in-row' }, children),
    why &&
      h(
        'p',
        { key: `${name} refused`, class: 'hint bad refused', role: 'alert' },
        icon('stop', 's'),
        h('span', { dir: 'auto' }, h('b', {}, sentence(why.title)), ' ', why.text),
      ),
  ];
}

/**
 * @typedef {{
 *   name: string,
 *   label: string,
 *   hint?: string,
 *   on: boolean,
 *   disabled?: boolean,
 *   flip: (on: boolean) => unknown,
 * }} Switch
 */

/** @param {Switch} what
 */
export function switchRow({ name, label, hint, on, disabled = false, flip }) {
  return row(
    name,
    h(
      'label',
      { class: 'grow', for: `switch-${name}` },
      label,
      hint && h('span', { id: `hint-${name}`, class: 'dim', dir: 'auto' }, hint),
    ),
    h('button', {
      id: `switch-${name}`,
      class: 'switch',
      type: 'button',
      role: 'switch',
      'aria-checked': String(on),
      'aria-disabled': disabled && 'true',
      'aria-label': label,
      'aria-describedby': hint && `hint-${name}`,
      onclick: () => disabled || flip(!on),
    }),
  );
}

/**
 * @template {string | number} T
 * @param {{name: string, label: string, choices: [T, string][], chosen: T, choose: (value: T) => unknown}} what
 */
export function segments({ name, label, choices, chosen, choose }) {
  return row(
    name,
    h('p', { id: `label-${name}`, class: 'grow' }, label),
    h(
      'div',
      { class: 'seg', role: 'group', 'aria-labelledby': `label-${name}` },
      choices.map(([value, words]) =>
        h(
          'button',
          {
            key: String(value),
            id: `${name}-${value}`,
            type: 'button',
            'aria-pressed': String(value === chosen),
            onclick: () => choose(value),
          },
          words,
        ),
      ),
    ),
  );
}
