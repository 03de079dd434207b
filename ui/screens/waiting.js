// Somebody is signing in: waiting for the browser.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { openOverlay } from '../core/overlays.js';
import { run } from '../core/state.js';
import { dial } from '../core/times.js';
import { waitingRing } from '../parts/badge.js';
import { cancelButton } from '../parts/cancel.js';
import { blankBadge, centered } from '../parts/centered.js';
import { noticeFor } from '../parts/notice.js';
import { steps } from '../parts/steps.js';
import { codeUserScreen, otherDeviceScreen } from './other-device.js';

/** @import {VNode} from '../core/draw.js' */
/** @import {View, Waiting} from '../view.d.ts' */

/**
 * @param {View} view
 * @param {Waiting} waiting
 */
export function waitingScreen(view, waiting) {
  if (waiting.device?.person) return codeUserScreen(waiting, waiting.device.person);
  if (waiting.device && waiting.step === 'in_browser') return otherDeviceScreen(view, waiting, waiting.device);
  const rest = Math.max(0, waiting.deadline - now());
  const checking = waiting.step === 'checking';
  return centered(
    'waiting',
    blankBadge(waitingRing(rest, waiting.deadline - waiting.started_at, dial(rest)), false),
    h('div', { class: 'heading', role: 'status' }, heading(waiting)),
    steps(stepNames(waiting), { preparing: 0, in_browser: 1, checking: 2 }[waiting.step]),
    noticeFor(view),
    waiting.step === 'in_browser' && errorHint(),
    h('span', { class: 'grow' }),
    h(
      'div',
      { class: 'line wrap last-line' },
      !checking &&
        h(
          'button',
          {
            key: 'again',
            class: 'btn grow',
            type: 'button',
            'aria-disabled': String(waiting.step === 'preparing'),
            onclick: () => linkReady(waiting) && run('open_again'),
          },
          icon('out'),
          'Open again',
        ),
      !checking &&
        h(
          'button',
          {
            key: 'copy',
            class: `btn grow${waiting.browser_opened ? '' : ' main'}`,
            type: 'button',
            'aria-disabled': String(waiting.step === 'preparing'),
            onclick: () => linkReady(waiting) && run('copy_link'),
          },
          icon('copy'),
          'Copy link',
        ),
      !checking && cancelButton(),
    ),
  );
}

/** The way on where the provider shows an error in the browser, which Rolecall can't see. */
function errorHint() {
  return h(
    'p',
    { key: 'error', class: 'small dim error-hint' },
    'The browser shows an error? ',
    h(
      'button',
      { id: 'edit', class: 'link', type: 'button', onclick: () => openOverlay('connection') },
      'Check client ID and callback addresses',
    ),
  );
}

/** @param {Waiting} waiting */
function linkReady(waiting) {
  return waiting.step === 'in_browser';
}

/** @param {Waiting} waiting @returns {VNode[]} */
function heading(waiting) {
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
function stepNames(waiting) {
  const opened = waiting.browser_opened ? 'Browser opened' : 'Link ready';
  return [waiting.step === 'preparing' ? 'Browser opens' : opened, 'You sign in', 'Answer checked, roles read'];
}
