// The button that cancels a sign-in.

import { h } from '../core/draw.js';
import { run } from '../core/state.js';

export function cancelButton() {
  return h(
    'button',
    {
      key: 'cancel',
      class: 'btn quiet plain',
      type: 'button',
      title: 'Cancel (Esc)',
      'aria-keyshortcuts': 'Escape',
      onclick: () => run('cancel_sign_in'),
    },
    'Cancel',
  );
}
