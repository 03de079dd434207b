// A stub of the shell: answers from fixtures and records the calls. `given` is written before this by the
// server. It is not part of the product.
/* global given */

window.calls = [];
window.violations = [];
const heard = [];
const callbacks = [];

document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

/** The answers of two clusters; the second one refuses. */
function withCluster(why) {
  if (!window.clusterRefuses) return why;
  const { receiver } = why;
  return {
    ...why,
    findings: [],
    receiver: { ...receiver, answer: { state: 'refused' }, target: given.beyond.clusters.contexts[1] },
  };
}

const answers = {
  snapshot: () => given.view,
  setup_guides: () => given.setup_guides,
  check_issuer: ({ text }) => given.checks[text] ?? given.checks['*'],
  history: () => given.history,
  history_picture: () => given.picture,
  history_begins: () => given.view.now - 45 * 86_400,
  inspect: ({ text }) => {
    if (text !== null && !/eyJ|[{]/.test(text))
      throw { code: 'unreadable', title: 'Nothing in it can be read', text: 'No token and no claims are in it.' };
    return given.inspection;
  },
  inspect_again: ({ expected, check }) => inspectedAgain(expected, check),
  hold_side: ({ name }) => name ?? 'the clipboard',
  compare: ({ a, b }) => {
    if (JSON.stringify(a) === JSON.stringify(b))
      return { ...given.comparison, only_a: [], only_b: [], spelled: [], elsewhere: [], findings: [], settings: [] };
    return given.comparison;
  },
  named_report: () => 'a report with names',
  documents: () => given.documents,
  claim: ({ name }) =>
    name === 'groups'
      ? `[${Array.from({ length: 10_000 }, (_, i) => `"/company/department/team-${i}"`).join(', ')}]`
      : `https://s.gravatar.com/avatar/${'0'.repeat(1200)}/default.png`,
  starts_at_login: () => false,
  has_kubeconfig: () => given.view.profile === 'Acme',
  clusters: () => given.beyond.clusters,
  ask_cluster: ({ context }) => {
    window.clusterAnswers = true;
    if (context === 'production') window.clusterRefuses = true;
    return null;
  },
  about_somebody: ({ who }) => {
    if (who === 'nobody')
      throw {
        code: 'bad_setting',
        title: 'There is no such person',
        text: 'Give a user name, an email address or an ID.',
      };
    return given.beyond.somebody;
  },
  why: ({ value }) =>
    given.view.screen.directory.answer && value === 'Publisher'
      ? given.beyond.why_directory
      : window.clusterAnswers
        ? withCluster(given.beyond.why_cluster)
        : value === 'Editor'
          ? { ...given.why, wanted: value, present: true, alike: [], findings: [] }
          : { ...given.why, wanted: value, alike: value ? given.why.alike : [] },
  import_nginx: ({ text }) => {
    if (!text.includes('oidc_client'))
      throw {
        code: 'bad_setting',
        title: 'That setting can’t be used',
        text: 'Nothing of OpenID Connect is in the file.',
      };
    return {
      draft: {
        name: '',
        issuer: 'acme.eu.auth0.com',
        client_id: 'kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI',
        audience: '',
        scopes: 'openid roles',
        provider: 'auth0',
      },
      taken: [],
      not_taken: ['$oidc_client_secret: a desktop program keeps no client secret'],
    };
  },
  check_client_id: ({ text }) => text.length >= 48,
  connection: () => given.connection,
  connection_effect: ({ typed, secret_changes, names_itself }) => {
    const { connection } = given.connection;
    const changed = secret_changes || JSON.stringify(typed) !== JSON.stringify(connection);
    const signedIn = given.view.screen.kind === 'signed_in';
    const ends = typed.client_id !== connection.client_id || typed.issuer !== connection.issuer;
    const ports = typed.redirect_ports.split(/[ ,]+/).filter(Boolean);
    const wrong = ports.some((port) => !(Number(port) > 0 && Number(port) < 65536));
    const problem = { code: 'bad_setting', severity: 'warning', title: 'That setting can’t be used', remedies: [] };
    return {
      changed: changed && !wrong,
      ends_session: signedIn && ends && !wrong,
      from_next_sign_in: signedIn && changed && !ends && !wrong,
      redirects:
        typed.redirect_path === 'by-issuer' && names_itself === null
          ? null
          : ports.map((port) => `http://${typed.redirect_host}:${port}${typed.redirect_path}`),
      notice: wrong ? { ...problem, text: 'A port is a number from 1 to 65535.' } : null,
    };
  },
  save_profile: ({ draft }) => {
    if (draft.client_id === 'refused')
      throw { code: 'bad_setting', title: 'That setting can’t be used', text: 'Nothing was changed.' };
    return draft.name || 'Acme';
  },
};

/** The same person, with what is expected and, where that was asked, with the signature checked. */
function inspectedAgain(expected, check) {
  const again = structuredClone(given.inspection);
  const [one] = again.people;
  one.expected = expected.map((value) => {
    const here = value === 'Editor';
    return { value, kind: here ? 'role' : null, here };
  });
  for (const { value, here } of one.expected)
    if (!here)
      one.findings.unshift({
        code: 'expected_missing',
        severity: 'warning',
        title: `The role or group ${value} is not there`,
        evidence: ['ID token: read, 14 claims'],
        fix: 'Assign it at the provider.',
        snippet: null,
        about: { kind: null, value },
      });
  if (check) {
    const { host } = one.check;
    one.check = {
      state: 'fits',
      words: `Signed by ${host} with its key NkJD…Uwx0 (RS256).`,
      host,
      asked: [`https://${host}/.well-known/openid-configuration`, `https://${host}/.well-known/jwks.json`],
    };
  }
  return again;
}

window.__TAURI_INTERNALS__ = {
  async invoke(command, args) {
    if (command === 'plugin:event|listen') return heard.push([args.event, callbacks[args.handler]]);
    window.calls.push([command, args ?? null]);
    // By way of JSON, as with the real bridge.
    return JSON.parse(JSON.stringify(answers[command]?.(args) ?? null));
  },
  transformCallback(told) {
    return callbacks.push(told) - 1;
  },
};

window.tell = (view) => {
  for (const [name, told] of heard) if (name === 'view') told({ payload: JSON.parse(JSON.stringify(view)) });
};

if (given.theme) given.view.settings.theme = given.theme;
