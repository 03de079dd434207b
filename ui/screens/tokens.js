// The Tokens tab: how each answer of the provider was checked, and its claims in words. Never a token itself.

import { now } from '../core/clock.js';
import { h, icon } from '../core/draw.js';
import { change, ui } from '../core/state.js';
import { counted, number, when } from '../core/times.js';
import { claimsData, copyClaim, isCopied, unfold, unfolded } from '../parts/claims-data.js';
import { nameOf } from '../parts/documents.js';
import { KINDS } from '../parts/filter.js';
import { noticeBox } from '../parts/notice.js';
import { verification } from '../parts/verification.js';

/** @import {Child} from '../core/draw.js' */
/** @import {Claim, ClaimUse, Document, DocumentKind, SignedIn, View} from '../view.d.ts' */

/** @type {Record<DocumentKind, string>} */
const HEADS = {
  id_token: 'ID token',
  access_token: 'Access',
  userinfo: 'Userinfo',
  introspection: 'Introspection',
  directory: 'Directory',
};

/** Names and values up to these lengths stand side by side. */
const NARROW_NAME = 11;
const NARROW_VALUE = 110;

/** The sheet of the Tokens tab. @param {View} view @param {SignedIn} me @returns {Child[]} */
export function claims(view, me) {
  const claims = claimsData(view, me);
  if (claims.notice)
    return [
      noticeBox(claims.notice),
      h(
        'div',
        { key: 'nothing', class: 'scroll pad' },
        h(
          'p',
          { class: 'soft' },
          'Claims are read from the session in the key store. They show as soon as it can be read.',
        ),
      ),
    ];
  if (!claims.documents)
    return [
      h(
        'div',
        { key: 'asking', class: 'scroll pad' },
        h('p', { class: 'soft', role: 'status' }, 'Reading the session in the key store…'),
      ),
    ];
  const { provider: by, documents } = claims.documents;
  const open = documents.find((document) => document.document === ui.document) ?? documents[0];
  if (!open) return [];
  return [
    h(
      'div',
      { key: 'document-tabs', class: 'document-tabs' },
      h(
        'div',
        { class: 'seg', role: 'tablist', 'aria-label': 'Document' },
        documents.map((document) => tab(document, document === open)),
      ),
    ),
    h(
      'div',
      {
        key: `document ${open.document}`,
        id: 'document',
        class: 'scroll',
        role: 'tabpanel',
        'aria-labelledby': `document-${open.document}`,
        tabindex: 0,
      },
      verification(open, by, me),
      h(
        'dl',
        { class: 'claims' },
        open.claims.map((claim) => line(open, claim)),
      ),
      open.left_out > 0 &&
        h('p', { class: 'small dim pad' }, `And ${counted(open.left_out, 'more claim')}, too many to show.`),
    ),
  ];
}

/** @param {Document} document @param {boolean} isOpen */
function tab(document, isOpen) {
  const { document: kind } = document;
  return h(
    'button',
    {
      id: `document-${kind}`,
      type: 'button',
      role: 'tab',
      'aria-selected': String(isOpen),
      'aria-controls': 'document',
      tabindex: isOpen ? 0 : -1,
      title: nameOf(kind),
      onclick: () => open(kind),
      onkeydown: moved,
    },
    HEADS[kind],
  );
}

/** @param {DocumentKind} kind */
function open(kind) {
  change({ document: kind }, `#document-${kind}`);
}

/** @param {KeyboardEvent} event */
function moved(event) {
  const kinds = (ui.claims?.documents?.documents ?? []).map((document) => document.document);
  const at = kinds.indexOf(ui.document);
  /** @type {Record<string, number>} */
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: kinds.length - 1 };
  const next = to[event.key];
  const kind = next === undefined ? undefined : kinds[(next + kinds.length) % kinds.length];
  if (!kind) return;
  event.preventDefault();
  open(kind);
}

/** @param {Document} document @param {Claim} claim */
function line(document, claim) {
  const long =
    claim.form === 'structure' ||
    claim.form === 'link' ||
    claim.name.length > NARROW_NAME ||
    claim.value.length > NARROW_VALUE;
  const copied = isCopied(document, claim);
  return h(
    'div',
    { key: claim.name, class: `claim${long ? ' long' : ''}` },
    h('dt', { dir: 'auto' }, claim.name),
    h(
      'dd',
      {},
      value(document, claim),
      h('small', { dir: 'auto' }, inWords(claim).join(' '), !claim.whole && [' ', more(document, claim)]),
      claim.form !== 'hidden' &&
        h(
          'button',
          {
            class: `tool copy${copied ? ' done' : ''}`,
            type: 'button',
            title: 'Copy',
            'aria-label': copied ? `${claim.name} copied` : `Copy ${claim.name}`,
            onclick: () => copyClaim(document, claim),
          },
          icon(copied ? 'check' : 'copy', 's'),
        ),
    ),
  );
}

/** @param {Document} document @param {Claim} claim @returns {Child} */
function value(document, claim) {
  const whole = unfolded(document, claim);
  if (whole !== undefined)
    return h(
      'p',
      {
        key: 'whole',
        class: 'raw whole',
        dir: 'auto',
        tabindex: 0,
        role: 'region',
        'aria-label': `All of ${claim.name}`,
      },
      whole,
    );
  switch (claim.form) {
    case 'time':
      return h('p', { key: 'time' }, when(claim.time ?? 0, now()));
    case 'structure':
    case 'link':
      return h('p', { key: 'raw', class: 'raw', dir: 'auto' }, claim.value);
    case 'code':
      return h('p', { key: 'code' }, h('span', { class: 'mono', dir: 'auto' }, claim.value));
    case 'text':
    case 'hidden':
      return h('p', { key: 'text', class: claim.form === 'hidden' ? 'soft' : null, dir: 'auto' }, claim.value);
  }
}

/** @param {Claim} claim */
function inWords(claim) {
  return [
    claim.meaning,
    placeInWords(claim),
    claim.form === 'link' && 'A link, not loaded.',
    claim.form === 'time' && claim.value,
    !claim.whole &&
      `${claim.items === null ? '' : `${counted(claim.items, 'value')}, `}${number(claim.length)} characters.`,
  ].filter(Boolean);
}

/** @param {Claim} claim */
function placeInWords(claim) {
  const kinds = claim.kinds.map((kind) => KINDS.find((known) => known.kind === kind)?.of ?? '');
  /** @type {Record<ClaimUse, string>} */
  const words = {
    read: `Your ${kinds.join(' and ')} are read here.`,
    empty: 'Roles or groups would be read here, but it holds none.',
    offered:
      'It looks like roles or groups, but is not a known claim. To read it, name it under claims in rolecall.toml.',
    self_asserted: 'You may have set it yourself, so it is not used.',
    other: '',
  };
  return words[claim.usage];
}

/** @param {Document} document @param {Claim} claim */
function more(document, claim) {
  const isUnfolded = unfolded(document, claim) !== undefined;
  return h(
    'button',
    {
      class: 'link',
      type: 'button',
      'aria-expanded': String(isUnfolded),
      'aria-label': `${isUnfolded ? 'Show less' : 'Show all'} of ${claim.name}`,
      onclick: () => unfold(document, claim),
    },
    isUnfolded ? 'Show less' : 'Show all',
  );
}
