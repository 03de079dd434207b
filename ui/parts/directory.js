// The line under the table about the provider's own directory: what asking it does, what it could answer, and
// the button.

import { h, icon } from '../core/draw.js';
import { run } from '../core/state.js';
import { timeOfDay } from '../core/times.js';
import { capital, sentence } from './notice.js';

/** @import {Child} from '../core/draw.js' */
/** @import {DirectoryPanel, SignedIn} from '../view.d.ts' */

/** @param {SignedIn} me @returns {Child} */
export function directoryFoot(me) {
  const { directory } = me;
  const words = line(directory);
  if (words === null) return null;
  return h(
    'div',
    { key: 'directory', class: 'table-foot', 'data-region': 'directory' },
    h(
      'p',
      { class: `grow${directory.problem ? ' bad' : ''}`, role: 'status', dir: 'auto' },
      directory.problem && icon('warn', 's'),
      words,
    ),
    directory.would_ask !== null && askButton(directory),
  );
}

/** @param {DirectoryPanel} directory @returns {string | null} */
function line({ would_ask, cannot, asking, answer, problem }) {
  if (asking) return 'Asking the directory…';
  if (problem) return `${sentence(problem.title)} ${problem.text}`;
  if (!answer) return would_ask ?? cannot;
  const needs = [...new Set(answer.kinds.flatMap((kind) => kind.needs ?? []))];
  if (needs.length === 0) return `The directory of ${answer.host} was asked at ${timeOfDay(answer.asked_at)}.`;
  return needs.map((words) => sentence(capital(words))).join(' ');
}

/** @param {DirectoryPanel} directory */
export function askButton(directory) {
  return h(
    'button',
    {
      id: 'ask-directory',
      class: 'btn quiet small',
      type: 'button',
      title: directory.would_ask ?? undefined,
      'aria-disabled': directory.asking && 'true',
      onclick: () => directory.asking || run('ask_directory'),
    },
    directory.asking ? 'Asking…' : directory.answer ? 'Ask again' : 'Ask the directory',
  );
}
