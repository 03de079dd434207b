// The screens with one thing on them: nobody signed in, and waiting for the browser.

import { idleRing, waitingRing } from '../parts/badge.js';
import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { signIn, noticeFor } from '../parts/notice.js';
import { dial, moment } from '../core/times.js';
import { run } from '../core/state.js';

/** @import {Child, VNode} from '../core/draw.js' */
/** @import {LastSignIn, Step, View, Waiting} from '../view.d.ts' */

/**
 * @param {View} view
 * @param {string} host
 * @param {LastSignIn | null} last
 */
export function signedOut(view, host, last) {
  return centered(
    'signed out',
    blank(idleRing(null, 'big'), true),
    h('h1', {}, 'Nobody is signed in'),
    h('p', {}, 'Sign in at ', h('b', { dir: 'auto' }, host), '. Your browser opens; come back here when it says so.'),
    noticeFor(view, ['sign_in']),
    h('span', { class: 'grow' }),
    h(
      'div',
      { class: 'stack s last-line' },
      h(
        'button',
        { id: 'sign-in', class: 'btn main wide', type: 'button', onclick: () => signIn() },
        'Sign in with your browser',
        icon('out'),
      ),
      last && h('p', { class: 'small dim' }, 'Last here: ', h('bdi', {}, last.name), `, ${moment(last.at, now())}`),
    ),
  );
}

/**
 * @param {View} view
 * @param {Waiting} waiting
 */
export function waitingScreen(view, waiting) {
  const rest = Math.max(0, waiting.deadline - now());
  const checking = waiting.step === 'checking';
  return centered(
    'waiting',
    blank(waitingRing(rest, waiting.deadline - waiting.started_at, dial(rest)), false),
    h('div', { class: 'told', role: 'status' }, told(waiting)),
    steps(waiting),
    noticeFor(view),
    h('span', { class: 'grow' }),
    h(
      'div',
      { class: 'line wrap last-line' },
      !checking &&
        h(
          'button',
          {
            'key': 'again',
            'class': 'btn grow',
            'type': 'button',
            'aria-disabled': String(waiting.step === 'preparing'),
            'onclick': () => linkReady(waiting) && run('open_again'),
          },
          icon('out'),
          'Open again',
        ),
      !checking &&
        h(
          'button',
          {
            'key': 'copy',
            'class': `btn grow${waiting.browser_opened ? '' : ' main'}`,
            'type': 'button',
            'aria-disabled': String(waiting.step === 'preparing'),
            'onclick': () => linkReady(waiting) && run('copy_link'),
          },
          icon('copy'),
          'Copy link',
        ),
      !checking &&
        h(
          'button',
          {
            'key': 'cancel',
            'class': 'btn quiet plain',
            'type': 'button',
            'title': 'Cancel (Esc)',
            'aria-keyshortcuts': 'Escape',
            'onclick': () => run('cancel_sign_in'),
          },
          'Cancel',
        ),
    ),
  );
}

/** @param {Waiting} waiting */
function linkReady(waiting) {
  return waiting.step === 'in_browser';
}

/** @param {Waiting} waiting @returns {VNode[]} */
function told(waiting) {
  const host = h('bdi', {}, waiting.host);
  if (waiting.step === 'preparing')
    return [h('h1', {}, 'Getting ready'), h('p', {}, 'Asking ', host, ' how it signs people in.')];
  if (waiting.step === 'checking')
    return [h('h1', {}, 'You are back'), h('p', {}, 'Checking the answer of ', host, '.')];
  if (!waiting.browser_opened)
    return [
      h('h1', {}, 'Open the link yourself'),
      h('p', {}, 'No browser could be opened. Copy the link and open it in the browser you use for ', host, '.'),
    ];
  return [h('h1', {}, 'Finish in your browser'), h('p', {}, 'A page of ', host, ' is open there.')];
}

/** @param {Waiting} waiting */
function steps(waiting) {
  const opened = waiting.browser_opened ? 'Browser opened' : 'Link made';
  const names = [waiting.step === 'preparing' ? 'Browser opens' : opened, 'You sign in', 'Answer checked, roles read'];
  /** @type {Record<Step, number>} */
  const at = { preparing: 0, in_browser: 1, checking: 2 };
  return h(
    'ol',
    { class: 'steps' },
    names.map((name, i) => {
      const state = i < at[waiting.step] ? 'done' : i === at[waiting.step] ? 'now' : '';
      const mark = state === 'done' ? 'on' : state === 'now' ? 'now' : 'off';
      return h(
        'li',
        { 'class': state || null, 'aria-current': state === 'now' && 'step' },
        h('span', { class: `m ${mark}` }),
        name,
      );
    }),
  );
}

/** @param {string} key @param {...Child} children */
function centered(key, ...children) {
  return h('main', { key, class: 'centered', tabindex: -1 }, children);
}

/** A badge nobody wears yet. @param {VNode} ring @param {boolean} grey */
function blank(ring, grey) {
  return h(
    'section',
    {
      'class': `badge${grey ? ' blank' : ''}`,
      'aria-hidden': grey && 'true',
      'aria-label': grey ? null : 'Time left to sign in',
    },
    ring,
    h('span', { class: 'ghost wide' }),
    h('span', { class: 'ghost' }),
  );
}
