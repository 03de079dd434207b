// Nobody is signed in.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { openOverlay } from '../core/overlays.js';
import { run } from '../core/state.js';
import { moment } from '../core/times.js';
import { idleRing } from '../parts/badge.js';
import { blankBadge, centered } from '../parts/centered.js';
import { insteadOfSignIn, mainRemedy, noticeFor, signIn } from '../parts/notice.js';

/** @import {LastSignIn, View} from '../view.d.ts' */

/**
 * @param {View} view
 * @param {string} host
 * @param {LastSignIn | null} last
 */
export function signedOutScreen(view, host, last) {
  const instead = insteadOfSignIn(view);
  return centered(
    'signed out',
    blankBadge(idleRing(null, 'big'), true),
    h('h1', {}, 'Nobody is signed in'),
    h(
      'p',
      {},
      'Sign in at ',
      h('b', { dir: 'auto' }, host),
      '. Your browser opens; when you are done there, this window shows who you are.',
    ),
    noticeFor(view, instead ? ['sign_in', instead] : ['sign_in']),
    h('span', { class: 'grow' }),
    h(
      'div',
      { class: 'stack s last-line' },
      instead && mainRemedy(instead),
      h(
        'button',
        { id: 'sign-in', class: `btn wide${instead ? '' : ' main'}`, type: 'button', onclick: () => signIn() },
        'Sign in with your browser',
        icon('out'),
      ),
      h(
        'button',
        { id: 'elsewhere', class: 'btn quiet small', type: 'button', onclick: () => run('sign_in_elsewhere') },
        'Sign in on another device',
      ),
      instead !== 'edit_connection' &&
        h(
          'button',
          { id: 'edit', class: 'btn quiet small', type: 'button', onclick: () => openOverlay('connection') },
          'Edit connection…',
        ),
      last && h('p', { class: 'small dim' }, 'Last here: ', h('bdi', {}, last.name), `, ${moment(last.at, now())}`),
    ),
  );
}
