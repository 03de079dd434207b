// The engine's clock, continued between two views, and the one timer that updates times on the page.

let engineTime = 0;
let receivedAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Sets the engine's time. From here it runs on with the system clock, which the engine reads too, so a computer that
 * slept or was set right does not put them apart.
 * @param {number} time POSIX seconds, from a view that just came
 */
export function setNow(time) {
  engineTime = time;
  receivedAt = Date.now();
}

/** The engine's time, POSIX seconds with a fraction. */
export function now() {
  return engineTime + (Date.now() - receivedAt) / 1000;
}

/**
 * Calls `then` once in so many seconds, in place of what was planned before. Nothing runs while nobody can see it.
 * @param {number | null} seconds
 * @param {() => void} then
 */
export function plan(seconds, then) {
  clearTimeout(timer);
  if (seconds === null || document.hidden) return;
  // A little late, so that the text has changed by then.
  timer = setTimeout(then, Math.max(0, seconds) * 1000 + 20);
}
