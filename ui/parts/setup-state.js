// The step of set-up a person is at, and what is typed there. It is kept outside the views, so that a new view does not
// disturb it.

import { change, ui } from '../core/state.js';
import { clearForm, newForm } from './connection.js';

/** What is typed into the fields of the second step. */
export const form = newForm();

const START = {
  step: /** @type {'tiles' | 'form'} */ ('tiles'),
  /** What stands in the paste field. */
  pasted: '',
  /** The name of the profile. */
  name: '',
  /** What an imported file held that was not taken over. @type {string[]} */
  notes: [],
};

/** How far the person is. */
export const setup = { ...START };

/** Goes one step back: from the form to the tiles, from the tiles to where one came from. */
export function goBack() {
  if (setup.step === 'form') {
    setup.step = 'tiles';
    Object.assign(form, { problem: null, pressed: false });
    change({}, '#paste');
    return;
  }
  leave();
}

/** Goes back to the screen from which a further profile was begun. */
export function leave() {
  if (!ui.adding) return;
  reset();
  change({ adding: false }, '#profile-button');
}

/** Forgets what was typed, once another screen has taken over. */
export function forget() {
  if (setup.step !== 'tiles' || setup.pasted !== '') reset();
}

function reset() {
  clearForm(form);
  Object.assign(setup, START);
}
