// A Kubernetes cluster as the receiver of a token: which one would be asked and how, and what it said. kubectl asks,
// with the credential it has anyway; nothing is asked before a click.

import { invoke } from '../core/bridge.js';
import { h, icon } from '../core/draw.js';
import { asNotice, change, redraw } from '../core/state.js';
import { timeOfDay } from '../core/times.js';
import { capital, sentence } from './notice.js';

/** @import {Child} from '../core/draw.js' */
/**
 * @import {
 *   ClaimReading, Context, Credential, KnownClusters, Notice, Receiver, SeenAs, SentToken,
 * } from '../view.d.ts'
 */

/** The most groups that are named. */
const GROUPS = 12;

/**
 * Whether there is a kubeconfig, the clusters once they were asked for, and which is chosen.
 * @type {{
 *   offered: boolean | null,
 *   known: KnownClusters | null,
 *   chosen: string,
 *   asking: boolean,
 *   refused: Notice | null,
 * }}
 */
const state = { offered: null, known: null, chosen: '', asking: false, refused: null };

/** Checks once per opening of the question whether there is a kubeconfig. */
export async function lookForClusters() {
  if (state.offered !== null) return;
  state.offered = false;
  state.offered = (await invoke('has_kubeconfig').catch(() => false)) === true;
  if (state.offered) redraw();
}

/** Folds everything. */
export function foldClusters() {
  Object.assign(state, { offered: null, known: null, asking: false, refused: null });
}

/**
 * What would be asked, and the answer of the cluster that was.
 * @param {Receiver | null | undefined} receiver
 * @param {() => void} asked what is done once there is an answer
 * @returns {Child}
 */
export function cluster(receiver, asked) {
  if (!state.offered && !receiver) return null;
  return h(
    'section',
    { key: 'cluster', class: 'card beyond', 'aria-labelledby': 'cluster', 'data-region': 'cluster' },
    h(
      'div',
      { class: 'in-row' },
      h(
        'div',
        { class: 'grow' },
        h(
          'h3',
          { id: 'cluster' },
          receiver?.target ? ['Cluster ', h('bdi', {}, receiver.target.cluster)] : 'Kubernetes',
        ),
        h('p', { class: 'small dim' }, receiver ? whereAndWhen(receiver) : 'What a cluster makes of your token.'),
      ),
      !state.known &&
        h(
          'button',
          { id: 'cluster-open', class: 'btn small', type: 'button', onclick: open },
          receiver ? 'Ask again…' : 'Ask a cluster…',
        ),
    ),
    state.known && form(state.known, asked),
    state.refused &&
      h(
        'p',
        { key: 'refused', class: 'hint bad', role: 'alert', dir: 'auto' },
        icon('stop', 's'),
        h('span', {}, `${sentence(capital(state.refused.title))} ${state.refused.text}`),
      ),
    receiver && answered(receiver),
  );
}

async function open() {
  try {
    const known = await invoke('clusters');
    state.known = known;
    state.chosen = known.current ?? known.contexts[0]?.context ?? '';
    change({}, '#cluster-context, #cluster-open');
  } catch (problem) {
    state.refused = asNotice(problem);
    redraw();
  }
}

/** @param {KnownClusters} known @param {() => void} asked @returns {Child} */
function form(known, asked) {
  const chosen = known.contexts.find(({ context }) => context === state.chosen);
  if (known.problem || !chosen) {
    const { detail, needed } = known.problem ?? { detail: 'the kubeconfig names no context', needed: '' };
    return h(
      'p',
      { class: 'hint bad', role: 'alert', dir: 'auto' },
      icon('stop', 's'),
      h('span', {}, `${sentence(capital(detail))} ${needed}`),
    );
  }
  return h(
    'form',
    { key: 'form', class: 'asking', onsubmit: (/** @type {Event} */ event) => void ask(event, asked) },
    h(
      'div',
      { class: 'choice' },
      h('label', { class: 'soft', for: 'cluster-context' }, 'Context'),
      h(
        'select',
        {
          id: 'cluster-context',
          class: 'in grow',
          disabled: state.asking,
          onchange: (/** @type {Event} */ event) => {
            state.chosen = /** @type {HTMLSelectElement} */ (event.target).value;
            redraw();
          },
        },
        known.contexts.map(({ context }) =>
          h('option', { value: context, selected: context === state.chosen }, context),
        ),
      ),
      h(
        'button',
        { id: 'ask-cluster', class: 'btn main', 'aria-disabled': state.asking && 'true' },
        state.asking ? 'Asking…' : 'Ask',
      ),
    ),
    h('p', { class: 'small dim', dir: 'auto' }, wouldAsk(chosen)),
  );
}

/** What a click does: which cluster is asked, with which credential. @param {Context} context */
function wouldAsk({ cluster, server, user, credential }) {
  const shown = credential ? `shows ${credentialWords(credential)}` : 'is not in the kubeconfig';
  const may = credential?.kind === 'plugin' ? ' It may open a browser.' : '';
  const where = server ?? 'an address that is not in the kubeconfig';
  const as = `Its user ${user} ${shown}; no token of Rolecall’s is sent.`;
  return `kubectl asks ${cluster} at ${where} whom it takes it for. ${as}${may}`;
}

/** @param {Event} event @param {() => void} asked */
async function ask(event, asked) {
  event.preventDefault();
  if (state.asking) return;
  Object.assign(state, { asking: true, refused: null });
  redraw();
  try {
    await invoke('ask_cluster', { context: state.chosen });
    state.known = null;
    asked();
    change({}, '#cluster-open');
  } catch (problem) {
    state.refused = asNotice(problem);
  } finally {
    state.asking = false;
    redraw();
  }
}

/** @param {Receiver} receiver */
function whereAndWhen({ target, at }) {
  const when = timeOfDay(at);
  return target ? `${target.server ?? ''} as ${target.user}, asked at ${when}.` : `Asked at ${when}.`;
}

/** @param {Receiver} receiver @returns {Child} */
function answered({ answer, token }) {
  switch (answer.state) {
    case 'accepted':
      return facts([
        ['Sees you as', seenAs(answer)],
        ['Groups', groups(answer)],
        ...answer.claims.map(reading),
        ...sent(token),
      ]);
    case 'refused':
      return facts([
        ['Answer', 'Unauthorized (401). It does not say why; what can be told stands above.'],
        ...sent(token),
      ]);
    case 'could_not_ask':
      return h(
        'p',
        { class: 'hint bad', role: 'status', dir: 'auto' },
        icon('stop', 's'),
        h('span', {}, `It could not be asked: ${sentence(capital(answer.detail))} ${answer.needed}`),
      );
  }
}

/** @param {[Child, Child][]} rows */
function facts(rows) {
  return h(
    'dl',
    { key: 'facts', class: 'facts' },
    rows.map(([name, value]) => [h('dt', {}, name), h('dd', { dir: 'auto' }, value)]),
  );
}

/** @param {SeenAs} seen @returns {Child} */
function seenAs({ username, username_from: from }) {
  if (!from) return [h('code', {}, username), ' (from no claim that is known)'];
  const before = from.prefix === '' ? '' : ` with ${from.prefix} before it`;
  return [h('code', {}, username), ` (claim ${from.claim}${before})`];
}

/** @param {SeenAs} seen @returns {Child} */
function groups({ groups, left_out }) {
  const shown = groups.slice(0, GROUPS);
  const more = groups.length - shown.length + left_out;
  if (shown.length === 0) return 'none';
  return [shown.map((group, i) => [i > 0 && ', ', h('code', {}, group)]), more > 0 && ` and ${more} more`];
}

/** @param {ClaimReading} claim @returns {[Child, Child]} */
function reading({ path, prefix, carried, known }) {
  const name = h('code', {}, path.join(' › '));
  if (prefix === null) return ['Not read', [name, ` (${carried} in the token)`]];
  return ['Reads', [name, ` (${known} of ${carried}${prefix === '' ? '' : `, with ${prefix} before each`})`]];
}

/** @param {SentToken | null} token @returns {[Child, Child][]} */
function sent(token) {
  if (!token) return [];
  if (!token.readable) return [['kubectl sent', 'a token that is not a JWT']];
  const whose = token.same_person ? 'a token of yours' : 'somebody else’s token';
  const end = token.expires_at === null ? '' : `, until ${timeOfDay(token.expires_at)}`;
  return [['kubectl sent', `${whose}, for ${token.audience.join(', ') || 'nobody'}${end}`]];
}

/** @param {Credential} credential */
function credentialWords(credential) {
  switch (credential.kind) {
    case 'plugin':
      return `the token that ${credential.program} gets`;
    case 'token':
      return 'the token written there';
    case 'token_file':
      return 'the token in a file';
    case 'certificate':
      return 'a client certificate';
    case 'password':
      return 'a password';
    case 'auth_provider':
      return `what ${credential.name} gives`;
    case 'nothing':
      return 'nothing';
  }
}
