// The footer of the window: copying tokens, clearing the clipboard, copying the filtered rows.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { copyText, copyToken, run, ui } from '../core/state.js';
import { number } from '../core/times.js';
import { sections } from './filter.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Copied, SignedIn, TokenKind, View} from '../view.d.ts' */

/** @param {View} view @param {SignedIn} me @param {boolean} folded */
export function foot(view, me, folded) {
  const children = view.copied
    ? copied(view.copied)
    : folded
      ? matchesFoot(me)
      : [
          copyFoot(me),
          !me.tokens_ready &&
            h(
              'p',
              { key: 'reason', id: 'not-ready', class: 'small dim reason' },
              'Tokens can be copied once the key store is open.',
            ),
        ];
  return h(
    'footer',
    { key: 'foot', class: `foot${folded && !view.copied ? ' keys' : ''}`, 'data-region': 'foot' },
    children,
  );
}

/** @param {SignedIn} me @returns {Child[]} */
function copyFoot(me) {
  const button = (
    /** @type {TokenKind} */ kind,
    /** @type {string} */ label,
    /** @type {string} */ key,
    /** @type {string} */ more,
  ) =>
    h(
      'button',
      {
        key: `copy ${kind}`,
        id: `copy-${kind}`,
        class: `btn${more}`,
        type: 'button',
        title: `${label} (Ctrl Shift ${key})`,
        'aria-keyshortcuts': `Control+Shift+${key}`,
        'aria-disabled': !me.tokens_ready && 'true',
        'aria-describedby': !me.tokens_ready && 'not-ready',
        onclick: () => me.tokens_ready && copyToken(kind),
      },
      icon('copy'),
      label,
    );
  return [button('access', 'Copy access token', 'A', ' main'), button('id', 'Copy ID token', 'D', '')];
}

/**
 * The forms in which a token is copied.
 * @type {{format: 'token' | 'header' | 'curl', label: string, done: string}[]}
 */
const FORMATS = [
  { format: 'token', label: 'As it is', done: '' },
  { format: 'header', label: 'As header', done: ' as header' },
  { format: 'curl', label: 'As curl', done: ' for curl' },
];

/** @param {Copied} what @returns {Child[]} */
function copied(what) {
  const rest = Math.max(0, what.until - now());
  const done = FORMATS.find(({ format }) => format === ui.copiedFormat)?.done ?? '';
  const words = `${what.what === 'access' ? 'Access token' : 'ID token'} copied${done}`;
  return [
    h(
      'div',
      {
        key: 'copied',
        class: 'btn copied',
        style: { '--left': (rest / Math.max(1, what.until - what.at)).toFixed(3) },
      },
      icon('check'),
      h('span', { class: 'grow', role: 'status' }, words),
      h('span', { class: 'visually-hidden' }, 'clears in '),
      h('span', {}, `${Math.ceil(rest)} s`),
    ),
    h('button', { key: 'clear', class: 'btn', type: 'button', onclick: () => run('clear_clipboard') }, 'Clear now'),
    h(
      'div',
      { key: 'formats', class: 'line wrap formats', role: 'group', 'aria-label': 'Copy it' },
      formats(what.what),
    ),
  ];
}

/** @param {TokenKind} kind */
function formats(kind) {
  const others = FORMATS.filter(({ format }) => format !== ui.copiedFormat);
  return others.map(({ format, label }) =>
    h(
      'button',
      {
        key: format,
        id: `copy-${format}`,
        class: 'btn quiet small',
        type: 'button',
        onclick: () => copyToken(kind, format),
      },
      label,
    ),
  );
}

/** @param {SignedIn} me @returns {Child[]} */
function matchesFoot(me) {
  const rows = sections(me.entitlements, ui.filter).flatMap((section) => section.rows);
  const done = ui.justCopied === 'matches';
  return [
    h(
      'span',
      { key: 'keys', class: 'grow small dim keys' },
      key('↑'),
      ' ',
      key('↓'),
      ' move  ',
      key('Enter'),
      ' open  ',
      key('Esc'),
      ' clear',
    ),
    rows.length > 0 &&
      h(
        'button',
        {
          key: 'copy matches',
          class: 'btn small',
          type: 'button',
          onclick: () => copyText('matches', rows.map((row) => row.entry.value).join('\n')),
        },
        icon(done ? 'check' : 'copy', 's'),
        done ? 'Copied' : `Copy ${number(rows.length)}`,
      ),
  ];
}

/** @param {string} name */
function key(name) {
  return h('span', { class: 'kbd' }, name);
}
