// Times in words. Every function takes POSIX seconds by the engine's clock; none reads a clock.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const DATE_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const DAY_OF_WEEK = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const NUMBER = new Intl.NumberFormat('en-GB');

/**
 * How long is left: `47 min`, `3 h 5 min`, `2 days`. Begun minutes count, so a fresh hour reads `60 min`.
 * @param {number} seconds
 */
export function left(seconds) {
  if (seconds <= 0) return 'no time';
  if (seconds < MINUTE) return 'under 1 min';
  const minutes = Math.ceil(seconds / MINUTE);
  if (minutes < 120) return `${minutes} min`;
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/**
 * How long ago: `just now`, `13 min ago`, `3 h ago`, `2 days ago`.
 * @param {number} seconds
 */
export function ago(seconds) {
  if (seconds < MINUTE) return 'just now';
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  return `${Math.floor(seconds / DAY)} days ago`;
}

/**
 * Minutes and seconds on a dial: `4:12`.
 * @param {number} seconds
 */
export function dial(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/**
 * The same for a screen reader: `4 minutes 12 seconds`.
 * @param {number} seconds
 */
export function spoken(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  const parts = [];
  if (minutes > 0) parts.push(counted(minutes, 'minute'));
  if (whole % 60 > 0 || minutes === 0) parts.push(counted(whole % 60, 'second'));
  return parts.join(' ');
}

/**
 * The time of day: `10:42`.
 * @param {number} at
 */
export function timeOfDay(at) {
  return TIME.format(at * 1000);
}

/**
 * A moment in the past: `today, 10:42`, `yesterday at 17:20`, `12 March, 09:14`, with the year when it is another one.
 * @param {number} at
 * @param {number} now
 */
export function moment(at, now) {
  const day = daysBetween(at, now);
  if (day === 0) return `today, ${timeOfDay(at)}`;
  if (day === 1) return `yesterday at ${timeOfDay(at)}`;
  return `${date(at, now)}, ${timeOfDay(at)}`;
}

/**
 * `Today at 20:42, in 9 h 47 min`, `Yesterday at 17:20, 18 h ago`, `12 March 2027 at 09:14, in 107 days`.
 * @param {number} at POSIX seconds
 * @param {number} now
 */
export function when(at, now) {
  const rest = at - now;
  return `${nameOfDay(at, now)} at ${timeOfDay(at)}, ${rest > 0 ? `in ${left(rest)}` : ago(-rest)}`;
}

/** @param {number} at @param {number} now */
function nameOfDay(at, now) {
  const days = -daysBetween(at, now);
  const near = new Map([
    [0, 'Today'],
    [1, 'Tomorrow'],
    [-1, 'Yesterday'],
  ]).get(days);
  return near ?? date(at, now);
}

/**
 * The day of a moment in the past: `Today`, `Yesterday`, `Friday 20 November`.
 * @param {number} at
 * @param {number} now
 */
export function dayOf(at, now) {
  const days = daysBetween(at, now);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : DAY_OF_WEEK.format(at * 1000).replace(',', '');
}

/**
 * When something was last so, with its age: `10:42, 13 min ago`, `yesterday at 17:20`.
 * @param {number} at
 * @param {number} now
 */
export function since(at, now) {
  if (now - at < MINUTE) return 'just now';
  return daysBetween(at, now) === 0 ? `${timeOfDay(at)}, ${ago(now - at)}` : moment(at, now);
}

/**
 * Seconds until a text that counts whole minutes from these times changes.
 * @param {number} now
 * @param {number[]} times
 */
export function untilNextMinute(now, times) {
  const waits = times.map((time) => (((time - now) % MINUTE) + MINUTE) % MINUTE || MINUTE);
  return Math.min(MINUTE, ...waits);
}

/**
 * A number for reading: `10,000`.
 * @param {number} n
 */
export function number(n) {
  return NUMBER.format(n);
}

/**
 * A number of things: `1 role`, `10,000 groups`.
 * @param {number} n
 * @param {string} thing
 */
export function counted(n, thing) {
  return `${number(n)} ${n === 1 ? thing : `${thing}s`}`;
}

/** Whether a moment was today. @param {number} at @param {number} now */
export function isToday(at, now) {
  return daysBetween(at, now) === 0;
}

/** `12 March`, with the year when it is another one. @param {number} at @param {number} now */
export function date(at, now) {
  const sameYear = new Date(at * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  return (sameYear ? DATE : DATE_AND_YEAR).format(at * 1000);
}

/** Days from `at` to `now`, counted by midnights. @param {number} at @param {number} now */
function daysBetween(at, now) {
  const midnight = (/** @type {number} */ time) => new Date(time * 1000).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / (DAY * 1000));
}
