// The sheet when there is no role, group or permission: which documents were read, and which could not be.

import { h } from '../core/draw.js';
import { counted } from '../core/times.js';
import { nameOf } from '../parts/documents.js';
import { memoryNote } from '../parts/notice.js';
import { openWhy } from '../parts/panels.js';

/** @import {DocumentReport, SignedIn} from '../view.d.ts' */

/** @param {SignedIn} me */
export function empty(me) {
  const unread = me.documents.some((report) => report.state !== 'read' && report.state !== 'absent');
  return h(
    'div',
    { key: 'empty', class: 'scroll pad stack' },
    me.memory_only && memoryNote(),
    h(
      'div',
      {},
      h('h2', { class: 'large' }, unread ? 'No roles in any answer that can be read' : 'No roles in any answer'),
      h('p', { class: 'soft' }, h('bdi', {}, me.badge.host), ' said who you are, but not what you may do.'),
    ),
    h('div', { class: 'card' }, me.documents.map(lookedAt)),
    me.findings.length > 0 &&
      h(
        'div',
        { class: 'line' },
        h(
          'button',
          { id: 'why', class: 'btn main', type: 'button', onclick: () => openWhy() },
          me.findings.some((finding) => finding.fix !== null) ? 'Show me the fix' : 'Why?',
        ),
      ),
  );
}

/** @param {DocumentReport} report */
function lookedAt(report) {
  /** @type {Record<DocumentReport['state'], string>} */
  const words = {
    read: `, ${counted(report.claims, 'claim')}. None names a role or group.`,
    opaque: ' can’t be read: it is an opaque token, meant for an API.',
    encrypted: ' can’t be read: it is encrypted for an API.',
    absent: ': the provider gave none.',
    failed: ' could not be fetched this time.',
  };
  return h(
    'div',
    { class: 'src' },
    h('span', { class: `m ${report.state === 'read' ? 'off' : 'na'}` }),
    h('p', {}, h('b', {}, nameOf(report.document)), words[report.state]),
  );
}
