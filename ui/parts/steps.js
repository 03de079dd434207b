// The steps of a longer operation, with the current one marked.

import { h } from '../core/draw.js';

/**
 * @param {string[]} names
 * @param {number} at which is under way
 */
export function steps(names, at) {
  return h(
    'ol',
    { class: 'steps' },
    names.map((name, i) => {
      const state = i < at ? 'done' : i === at ? 'now' : '';
      const mark = state === 'done' ? 'on' : state === 'now' ? 'now' : 'off';
      return h(
        'li',
        { class: state || null, 'aria-current': state === 'now' && 'step' },
        h('span', { class: `m ${mark}` }),
        name,
      );
    }),
  );
}
