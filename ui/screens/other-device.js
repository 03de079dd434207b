// A sign-in that is finished on another device: the code for it, and who used it.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { run } from '../core/state.js';
import { dial, spoken, timeOfDay } from '../core/times.js';
import { breakable, idleRing, names, ring } from '../parts/badge.js';
import { cancelButton } from '../parts/cancel.js';
import { centered } from '../parts/centered.js';
import { noticeFor } from '../parts/notice.js';
import { steps } from '../parts/steps.js';

/** @import {CodeUser, OtherDevice, View, Waiting} from '../view.d.ts' */

/**
 * @param {View} view
 * @param {Waiting} waiting
 * @param {OtherDevice} device
 */
export function otherDeviceScreen(view, waiting, device) {
  return [
    codeBadge(waiting, device),
    centered(
      'other device',
      h(
        'div',
        { class: 'heading', role: 'status' },
        h('h1', {}, 'Finish on another device'),
        h(
          'p',
          {},
          device.picture.length > 0 ? 'Scan it, or enter the code there. ' : 'Enter the code there. ',
          'The page must show the same code. Give it to nobody else.',
        ),
      ),
      steps([`Code made at ${timeOfDay(waiting.started_at)}`, 'You sign in there', 'Answer checked, roles read'], 1),
      noticeFor(view),
      h('span', { class: 'grow' }),
      h(
        'div',
        { class: 'line wrap last-line' },
        h(
          'button',
          {
            key: 'new',
            id: 'new-code',
            class: 'btn grow',
            type: 'button',
            title: 'Replaces the code shown here',
            onclick: () => run('sign_in_elsewhere'),
          },
          icon('refresh'),
          'New code',
        ),
        h(
          'button',
          {
            key: 'copy',
            class: 'btn grow',
            type: 'button',
            onclick: () => run('copy_device_code', { link: true }),
          },
          icon('copy'),
          device.has_link ? 'Copy link' : 'Copy address',
        ),
        cancelButton(),
      ),
    ),
  ];
}

/** @param {Waiting} waiting @param {OtherDevice} device */
function codeBadge(waiting, device) {
  const rest = Math.max(0, waiting.deadline - now());
  const whole = Math.max(1, waiting.deadline - waiting.started_at);
  return h(
    'section',
    { key: 'badge', class: 'badge code', 'aria-label': 'Code for another device' },
    h(
      'div',
      { class: 'badge-in' },
      device.picture.length > 0 && picture(device.picture),
      h(
        'div',
        { class: 'grow' },
        h('p', { class: 'dim small' }, 'Code'),
        h('p', { class: 'device-code', 'aria-label': letterByLetter(device.user_code) }, device.user_code),
        h('p', { class: 'soft small' }, 'at ', h('b', { dir: 'ltr' }, breakable(device.address))),
      ),
    ),
    h(
      'div',
      { class: 'badge-foot' },
      ring({ size: 's', label: `${spoken(rest)} left`, fraction: rest / whole, center: null }),
      h('span', { class: 'grow' }, h('b', {}, dial(rest)), ' left'),
      h(
        'button',
        { class: 'btn quiet small', type: 'button', onclick: () => run('copy_device_code', { link: false }) },
        icon('copy', 's'),
        'Copy code',
      ),
    ),
  );
}

/** Dark on light in both themes, or cameras miss it. @param {string[]} rows */
function picture(rows) {
  const runs = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`),
  );
  return h(
    'svg',
    {
      class: 'qr',
      viewBox: `0 0 ${rows.length} ${rows.length}`,
      role: 'img',
      'aria-label': 'QR code: the address, with the code in it where the provider allows',
    },
    h('path', { fill: 'currentColor', d: runs.join('') }),
  );
}

/** So that a screen reader spells the code out. @param {string} code */
function letterByLetter(code) {
  return [...code].map((letter) => (/[\p{L}\p{N}]/u.test(letter) ? letter : ',')).join(' ');
}

/**
 * Somebody used the code, and somebody else is signed in here.
 * @param {Waiting} waiting
 * @param {CodeUser} person
 */
export function codeUserScreen(waiting, person) {
  const name = () => h('bdi', {}, person.badge.name);
  const before = () => h('bdi', {}, person.instead_of);
  return [
    h(
      'section',
      { key: 'badge', class: 'badge unproven', 'aria-label': 'Who signed in' },
      h('div', { class: 'badge-in' }, idleRing(person.badge.initials), names(person.badge)),
    ),
    centered(
      'code user',
      h(
        'div',
        { class: 'heading', role: 'status' },
        h('h1', {}, 'Is this you?'),
        h('p', {}, 'The code was used by ', name(), '. Until now ', before(), ' was signed in here.'),
      ),
      steps(
        [
          `Code made at ${timeOfDay(waiting.started_at)}`,
          `Somebody signed in at ${timeOfDay(person.at)}`,
          'You say whether it is you',
        ],
        2,
      ),
      h(
        'p',
        { class: 'small dim' },
        'Yes ends the session of ',
        before(),
        '. No ends that of ',
        name(),
        ', and ',
        before(),
        ' stays.',
      ),
    ),
    h(
      'footer',
      { key: 'foot', class: 'foot', 'data-region': 'foot' },
      h(
        'button',
        { key: 'no', id: 'no', class: 'btn', type: 'button', onclick: () => run('answer_code_user', { yes: false }) },
        h('span', {}, 'No, keep ', before()),
      ),
      h(
        'button',
        { key: 'yes', class: 'btn', type: 'button', onclick: () => run('answer_code_user', { yes: true }) },
        h('span', {}, 'Yes, I am ', name()),
      ),
    ),
  ];
}
