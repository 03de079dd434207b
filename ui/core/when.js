// A moment in the past or to come, in words. Nothing here looks at a clock.

import { ago, left, timeOfDay } from './times.js';

const DAY = 24 * 60 * 60;
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const DATE_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/**
 * `Today at 20:42, in 9 h 47 min`, `Yesterday at 17:20, 18 h ago`, `12 March 2027 at 09:14, in 107 days`.
 * @param {number} at POSIX seconds
 * @param {number} now
 */
export function when(at, now) {
  const rest = at - now;
  return `${day(at, now)} at ${timeOfDay(at)}, ${rest > 0 ? `in ${left(rest)}` : ago(-rest)}`;
}

/** @param {number} at @param {number} now */
function day(at, now) {
  const midnight = (/** @type {number} */ time) => new Date(time * 1000).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at) - midnight(now)) / (DAY * 1000));
  const near = new Map([
    [0, 'Today'],
    [1, 'Tomorrow'],
    [-1, 'Yesterday'],
  ]).get(days);
  const sameYear = new Date(at * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  return near ?? (sameYear ? DATE : DATE_AND_YEAR).format(at * 1000);
}
