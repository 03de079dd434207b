// The badge and its ring. The ring is the time left on the access token; the notch is where Rolecall refreshes.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { left, spoken } from '../core/times.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Badge, SignedIn} from '../view.d.ts' */

const ROUND = 188.5;
const LAST_MINUTES = 5 * 60;

/**
 * @typedef {{
 *   size?: 's' | 'big' | '',
 *   state?: 'busy' | 'off' | 'warn' | '',
 *   label?: string,
 *   fraction?: number,
 *   notch?: number | null,
 *   center: Child,
 * }} Ring
 */

/** @param {Ring} ring */
export function ring({ size = '', state = '', label, fraction, notch = null, center }) {
  return h(
    'div',
    { class: `ring ${size} ${state}`.replaceAll(/ +/g, ' ').trim(), role: label && 'img', 'aria-label': label },
    h(
      'svg',
      { viewBox: '0 0 64 64', overflow: 'visible', 'aria-hidden': 'true' },
      circle('track'),
      fraction !== undefined &&
        circle('time', {
          transform: 'rotate(-90 32 32)',
          'stroke-dasharray': `${(Math.min(1, Math.max(0, fraction)) * ROUND).toFixed(1)} ${ROUND}`,
        }),
      notch !== null && notchAt(notch),
    ),
    h('span', { class: 'center' }, center),
  );
}

/** @param {string} part @param {object} [more] */
function circle(part, more = {}) {
  return h('circle', { key: part, class: part, cx: 32, cy: 32, r: 30, ...more });
}

/** @param {number} fraction of the round, from the top, clockwise */
function notchAt(fraction) {
  const x = Math.sin(fraction * 2 * Math.PI);
  const y = -Math.cos(fraction * 2 * Math.PI);
  const on = (/** @type {number} */ direction, /** @type {number} */ radius) => (32 + direction * radius).toFixed(2);
  return h('line', { key: 'tick', class: 'tick', x1: on(x, 26.6), y1: on(y, 26.6), x2: on(x, 33.4), y2: on(y, 33.4) });
}

/**
 * The ring of somebody signed in.
 * @param {SignedIn} me
 * @param {'s' | ''} size
 */
export function tokenRing(me, size) {
  const center = me.badge.initials;
  if (me.refreshing) return ring({ size, state: 'busy', label: 'Refreshing', fraction: 0.22, center });
  if (me.expires_at === null)
    return ring({ size, state: 'off', label: 'The provider does not say how long the token lasts', center });
  const whole = Math.max(1, me.expires_at - me.issued_at);
  const rest = me.expires_at - now();
  const refreshes = me.refresh_at !== null;
  const notch = me.refresh_at === null ? null : (me.expires_at - me.refresh_at) / whole;
  const label = rest > 0 ? `Access token: ${left(rest)} of ${left(whole)} left.` : 'Access token: no time left.';
  return ring({
    size,
    state: rest <= 0 ? 'off' : rest < LAST_MINUTES && !refreshes ? 'warn' : '',
    label: refreshes ? `${label} Refreshes automatically at the notch.` : label,
    fraction: rest > 0 ? rest / whole : undefined,
    notch: notch !== null && notch > 0.01 && notch < 0.99 && size === '' && rest > 0 ? notch : null,
    center,
  });
}

/**
 * The ring of the waiting screen.
 * @param {number} rest seconds
 * @param {number} whole seconds
 * @param {string} words what stands in it
 */
export function waitingRing(rest, whole, words) {
  return ring({
    size: 'big',
    label: `${spoken(rest)} left`,
    fraction: rest / Math.max(1, whole),
    center: h('span', { class: 'dial' }, words),
  });
}

/** A ring nobody's time runs in. @param {Child} center @param {'big' | ''} [size] */
export function idleRing(center, size = '') {
  return ring({ size, state: 'off', center });
}

/**
 * Name, address and provider, the middle of a badge.
 * @param {Badge} who
 */
export function names(who) {
  return h(
    'div',
    { class: 'grow' },
    h('h1', { class: 'name cut', dir: 'auto', title: who.name }, who.name),
    who.email !== null &&
      who.email !== who.name &&
      h(
        'p',
        { class: 'mail' },
        h('span', { class: 'cut', dir: 'auto', title: who.email }, breakable(who.email)),
        verified(who),
      ),
    h('p', { class: 'org cut', dir: 'auto', title: who.host }, breakable(who.host)),
  );
}

/** @param {Badge} who */
function verified(who) {
  if (who.email_verified !== true) return null;
  return [icon('check', 's'), h('span', { class: 'visually-hidden' }, ' verified')];
}

/** An address that may be broken before @ and after a dot. @param {string} address @returns {Child} */
export function breakable(address) {
  const parts = address.split(/(?=@)|(?<=\.)/);
  return parts.map((part, i) => [i > 0 && h('wbr'), part]);
}
