// Renames the selected profile. The engine moves its session along.

import { invoke } from '../core/bridge.js';
import { h } from '../core/draw.js';
import { redraw } from '../core/state.js';
import { apply, row } from './setting-rows.js';

/**
 * The typed name and the current one; null before anything is typed.
 * @type {{of: string, value: string | null, busy: boolean}}
 */
const form = { of: '', value: null, busy: false };

/** Puts away what was begun. */
export function resetRename() {
  Object.assign(form, { value: null, busy: false });
}

/** @param {string} name */
export function renameRow(name) {
  if (form.of !== name) Object.assign(form, { of: name, value: null });
  const value = form.value ?? name;
  const isNew = value.trim() !== '' && value.trim() !== name;
  return row(
    'name',
    h('label', { class: 'grow', for: 'profile-name' }, 'Name'),
    h(
      'form',
      { class: 'line', onsubmit: (/** @type {Event} */ event) => rename(event, name) },
      h(
        'div',
        { class: 'in' },
        h('input', {
          id: 'profile-name',
          value,
          maxlength: 40,
          autocomplete: 'off',
          autocapitalize: 'off',
          spellcheck: 'false',
          oninput: typed,
        }),
      ),
      (isNew || form.busy) && h('button', { class: 'btn small', 'aria-disabled': form.busy && 'true' }, 'Rename'),
    ),
  );
}

/** @param {Event} event */
function typed(event) {
  form.value = /** @type {HTMLInputElement} */ (event.target).value;
  redraw();
}

/** @param {Event} event @param {string} name */
async function rename(event, name) {
  event.preventDefault();
  const wanted = (form.value ?? name).trim();
  if (form.busy || wanted === '' || wanted === name) return;
  form.busy = true;
  const done = await apply('name', null, '#profile-name', () => invoke('rename_profile', { name: wanted }));
  form.busy = false;
  if (done) form.value = null;
  redraw();
}
