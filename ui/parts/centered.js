// The layout of screens with a single message: a column in the middle, below a blank badge.

import { h } from '../core/draw.js';

/** @import {Child, VNode} from '../core/draw.js' */

/** @param {string} key @param {...Child} children */
export function centered(key, ...children) {
  return h('main', { key, class: 'centered', tabindex: -1 }, children);
}

/** A badge without a name. @param {VNode} ring @param {boolean} grey */
export function blankBadge(ring, grey) {
  return h(
    'section',
    {
      class: `badge${grey ? ' blank' : ''}`,
      'aria-hidden': grey && 'true',
      'aria-label': grey ? null : 'Time left to sign in',
    },
    ring,
    h('span', { class: 'ghost wide' }),
    h('span', { class: 'ghost' }),
  );
}
