// How an answer of the provider was verified, and why one can't be shown.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { run } from '../core/state.js';
import { counted, moment } from '../core/times.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Document, Signature, SignedIn} from '../view.d.ts' */

/** @param {Document} document @param {string} by @param {SignedIn} me @returns {Child} */
export function verification(document, by, me) {
  const { sure, head, words } = describe(document, by, me);
  return h(
    'div',
    { key: 'verification', class: 'verification' },
    icon(sure ? 'lock' : 'info', sure ? 'ok' : ''),
    h(
      'div',
      { class: 'grow stack s' },
      h('p', {}, h('b', {}, head), ' ', h('span', { class: 'soft' }, words)),
      isAway(document) && refresh(me),
      document.names.length > 0 && names(document),
    ),
  );
}

/**
 * @param {Document} document
 * @param {string} by
 * @param {SignedIn} me
 * @returns {{sure?: boolean, head: string, words: Child}}
 */
function describe(document, by, me) {
  const forApi = 'It is meant for an API; nothing here relies on it.';
  switch (document.state) {
    case 'opaque':
      return {
        head: 'Can’t be read.',
        words: `It is an opaque token, meant for an API. Only ${by} knows what it stands for.`,
      };
    case 'encrypted':
      return { head: 'Can’t be read.', words: 'It is encrypted for the API it is meant for.' };
    case 'absent':
      return { head: 'There is none.', words: 'The provider has no such answer.' };
    case 'failed':
      return { head: 'Could not be fetched', words: `when roles were last read, ${moment(document.at, now())}.` };
    case 'read':
      break;
  }
  if (!document.available)
    return {
      head: 'Not at hand.',
      words: 'Userinfo is not stored, so it is not known after a start. A refresh fetches it.',
    };
  const at = moment(document.at, now());
  if (document.document === 'id_token')
    return {
      sure: true,
      head: 'Signature checked',
      words: [
        'with ',
        key(document.signature, by),
        ', when it came ',
        at,
        '. It is for this application and for this sign-in.',
      ],
    };
  if (document.verified === 'tls' && me.badge.plain_http)
    return {
      head: 'Fetched over plain HTTP',
      words: ['from ', h('bdi', {}, me.badge.host), ` on this computer, ${at}. It is neither signed nor encrypted.`],
    };
  if (document.verified === 'tls')
    return {
      sure: true,
      head: 'Fetched over TLS',
      words: ['from ', h('bdi', {}, me.badge.host), `, ${at}. It is not signed.`],
    };
  if (document.verified === 'signature' && document.signature)
    return {
      sure: true,
      head: 'Signature checked',
      words: ['with ', key(document.signature, by), `, ${at}. ${forApi}`],
    };
  if (document.verified === 'signature')
    return { sure: true, head: 'Signature checked', words: `with a key of ${by}, ${at}.` };
  return { head: 'Not verified.', words: [`Read only as a view. ${forApi}`, header(document.signature)] };
}

/** @param {Signature | null} signature @param {string} by @returns {Child} */
function key(signature, by) {
  const name = signature?.key ?? '';
  return [
    h('bdi', {}, by),
    '’s key',
    name !== '' && [' ', h('span', { class: 'mono', title: name }, shortened(name))],
    signature && `, ${signature.alg}`,
  ];
}

/** What an unchecked header claims. @param {Signature | null} signature @returns {Child} */
function header(signature) {
  return (
    signature && [
      ` Its header names ${signature.alg}`,
      signature.key !== null && [
        ' and key ',
        h('span', { class: 'mono', title: signature.key }, shortened(signature.key)),
      ],
      '.',
    ]
  );
}

/** @param {string} name */
function shortened(name) {
  return name.length > 14 ? `${name.slice(0, 4)}…${name.slice(-4)}` : name;
}

/** @param {Document} document */
function isAway(document) {
  return document.state === 'failed' || (document.state === 'read' && !document.available);
}

/** @param {SignedIn} me */
function refresh(me) {
  return h(
    'div',
    { class: 'line' },
    h(
      'button',
      {
        id: 'fetch',
        class: 'btn small',
        type: 'button',
        'aria-disabled': me.refreshing && 'true',
        onclick: () => me.refreshing || run('refresh'),
      },
      icon('refresh', me.refreshing ? 's turning' : 's'),
      me.refreshing ? 'Refreshing' : 'Refresh',
    ),
  );
}

/** @param {Document} document */
function names(document) {
  return h(
    'p',
    { class: 'small dim', dir: 'auto' },
    `Last time it had ${counted(document.names.length, 'claim')}: ${document.names.join(', ')}.`,
  );
}
