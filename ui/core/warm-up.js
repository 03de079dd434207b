// The first key press in the filter of ten thousand names would wait for script and layout that never ran before. So
// they run once while nothing else happens: a filtering drawn and taken back before it is painted.

import { ui } from './state.js';

/** Fewer names are filtered within a frame from the start. */
const MANY = 500;
/** What nearly every name holds, and what few do. */
const TRIALS = ['e', 'zz', ''];

let done = false;

/**
 * @param {number} names how many there are
 * @param {() => void} drawAll
 */
export function warmUp(names, drawAll) {
  if (done || names < MANY) return;
  done = true;
  setTimeout(() => {
    if (!isIdle()) return;
    for (const filter of TRIALS) {
      ui.filter = filter;
      drawAll();
      document.body.getBoundingClientRect();
    }
    performance.mark('warm');
  }, 50);
}

/** Whether nobody has begun to do anything with the page. */
function isIdle() {
  const focused = document.activeElement;
  const free = focused === null || focused === document.body || focused.tagName === 'MAIN';
  const atTop = (document.querySelector('.scroll')?.scrollTop ?? 0) === 0;
  return free && atTop && ui.filter === '' && ui.panel === null && ui.tab === 'roles' && !ui.adding && !ui.menu.open;
}
