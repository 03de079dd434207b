// Controls Keycloak: the distribution in $KEYCLOAK, set up through its admin REST API. For every common mistake
// there is a client that has it and is like the others otherwise.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { PORT, STATE, take, userinfo } from './orders.mjs';

const base = `http://127.0.0.1:${PORT}`;
const issuer = `${base}/realms/acme`;
const remembered = `${STATE}/keycloak.json`;
const first = !existsSync(remembered);
const { admin } = first ? { admin: randomBytes(16).toString('hex') } : JSON.parse(readFileSync(remembered, 'utf8'));
writeFileSync(remembered, JSON.stringify({ admin }), { mode: 0o600 });

const log = openSync(`${STATE}/keycloak.log`, 'a');
const options = ['--http-host=127.0.0.1', `--http-port=${PORT}`, '--http-access-log-enabled=true'];
const java = spawn(`${process.env.KEYCLOAK}/bin/kc.sh`, ['start-dev', ...options], {
  env: { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: admin },
  stdio: ['ignore', log, log],
});
// The provider's program ends before this one does.
process.on('SIGTERM', () => java.kill());
let ended = false;
const end = new Promise((over) => java.once('exit', () => over((ended = true))));

for (const deadline = Date.now() + 300_000; !(await fetch(`${base}/realms/master`).then((answer) => answer.ok, () => false)); ) {
  if (ended || Date.now() > deadline) throw new Error(`Keycloak did not come up; see ${STATE}/keycloak.log`);
  await new Promise((later) => setTimeout(later, 200));
}

async function token() {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: admin });
  return (await (await fetch(`${base}/realms/master/protocol/openid-connect/token`, { method: 'POST', body })).json()).access_token;
}

async function api(method, path, body) {
  const answer = await fetch(`${base}/admin/realms${path}`, {
    method,
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : answer.headers.get('location')?.split('/').at(-1);
}

const mapper = (name, kind, config) => ({ name, protocol: 'openid-connect', protocolMapper: kind, config: { 'userinfo.token.claim': 'true', 'access.token.claim': 'true', ...config } });
const GROUPS = mapper('groups', 'oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'true', 'id.token.claim': 'true' });

/** Each client by name: what is different about it. */
const CLIENTS = {
  desktop: {},
  'no-roles-scope': { without: 'roles' },
  'full-scope-off': { fullScopeAllowed: false },
  'not-in-id-token': { protocolMappers: [{ ...GROUPS, config: { ...GROUPS.config, 'id.token.claim': 'false' } }] },
  'no-group-mapper': { protocolMappers: [] },
  'not-multivalued': {
    without: 'roles',
    protocolMappers: [GROUPS, mapper('roles', 'oidc-usermodel-realm-role-mapper', { 'claim.name': 'roles', 'jsonType.label': 'String', multivalued: 'false', 'id.token.claim': 'true' })],
  },
  // Nothing more than the flow: PKCE is asked of it as of all others.
  device: { attributes: { 'oauth2.device.authorization.grant.enabled': 'true' } },
  lightweight: { attributes: { 'client.use.lightweight.access.token.enabled': 'true' } },
};

async function configure() {
  await api('POST', '', { realm: 'acme', enabled: true, revokeRefreshToken: true, refreshTokenMaxReuse: 0, sslRequired: 'none' });
  for (const name of ['editor', 'reviewer']) await api('POST', '/acme/roles', { name });
  const staff = await api('POST', '/acme/groups', { name: 'staff' });
  const writers = await api('POST', `/acme/groups/${staff}/children`, { name: 'writers' });
  const jane = await api('POST', '/acme/users', {
    username: 'jane', enabled: true, email: 'jane@example.com', emailVerified: true, firstName: 'Jane', lastName: 'Doe',
    credentials: [{ type: 'password', value: 'correct horse', temporary: false }],
  });
  await api('PUT', `/acme/users/${jane}/groups/${writers.id ?? writers}`);
  await api('POST', `/acme/users/${jane}/role-mappings/realm`, [await api('GET', '/acme/roles/editor')]);
  const scopes = await api('GET', '/acme/client-scopes');
  for (const [name, { without, attributes, ...rest }] of Object.entries(CLIENTS)) {
    const client = await api('POST', '/acme/clients', {
      clientId: name, publicClient: true, standardFlowEnabled: true, directAccessGrantsEnabled: false, fullScopeAllowed: true,
      redirectUris: ['http://127.0.0.1/callback'], protocolMappers: [GROUPS], ...rest,
      attributes: { 'pkce.code.challenge.method': 'S256', 'post.logout.redirect.uris': '+', ...attributes },
    });
    if (without) await api('DELETE', `/acme/clients/${client}/default-client-scopes/${scopes.find((scope) => scope.name === without).id}`);
    if (name !== 'desktop') continue;
    await api('POST', `/acme/clients/${client}/roles`, { name: 'reader' });
    await api('POST', `/acme/users/${jane}/role-mappings/clients/${client}`, [await api('GET', `/acme/clients/${client}/roles/reader`)]);
  }
}

/** A person who has a role in every way there is, and an administrator who may ask about them. */
async function others() {
  const person = (username, firstName, lastName) =>
    api('POST', '/acme/users', {
      username, firstName, lastName, enabled: true, email: `${username}@example.com`, emailVerified: true,
      credentials: [{ type: 'password', value: 'correct horse', temporary: false }],
    });
  const role = (name) => api('GET', `/acme/roles/${name}`);
  for (const name of ['publisher', 'approver', 'chief', 'nobodys']) await api('POST', '/acme/roles', { name });
  await api('POST', '/acme/roles/chief/composites', [await role('approver')]);
  const editors = await api('POST', '/acme/groups', { name: 'editors' });
  await api('POST', `/acme/groups/${editors}/role-mappings/realm`, [await role('publisher')]);
  const rita = await person('rita', 'Rita', 'Viewer');
  await api('PUT', `/acme/users/${rita}/groups/${editors}`);
  await api('POST', `/acme/users/${rita}/role-mappings/realm`, [await role('chief'), await role('editor')]);
  const [{ id: desktop }] = await api('GET', '/acme/clients?clientId=desktop');
  await api('POST', `/acme/users/${rita}/role-mappings/clients/${desktop}`, [await api('GET', `/acme/clients/${desktop}/roles/reader`)]);
  const ada = await person('ada', 'Ada', 'Min');
  const [{ id: management }] = await api('GET', '/acme/clients?clientId=realm-management');
  const rights = await Promise.all(['view-users', 'view-clients', 'view-realm'].map((name) => api('GET', `/acme/clients/${management}/roles/${name}`)));
  await api('POST', `/acme/users/${ada}/role-mappings/clients/${management}`, rights);
}

if (first) {
  await configure();
  await others();
}
const version = (await api('GET', '/../serverinfo').catch(() => ({}))).systemInfo?.version ?? process.env.KEYCLOAK_VERSION;
const [{ id: jane }] = await api('GET', '/acme/users?username=jane&exact=true');
const client = async (name) => (await api('GET', `/acme/clients?clientId=${name}`))[0].id;

/** The pause between polls that the proxy names in place of Keycloak's, in seconds; null for none. */
let hurried = null;
const polls = [];
/** A proxy in front of Keycloak that changes this pause and records the polls. */
const before = createServer(async (asked, answer) => {
  const sent = Buffer.concat(await asked.toArray());
  const { method, url: path, headers } = asked;
  const passed = request({ host: '127.0.0.1', port: PORT, method, path, headers }, async (came) => {
    let body = Buffer.concat(await came.toArray());
    const own = { ...came.headers };
    if (path.endsWith('/auth/device') && hurried !== null && came.statusCode === 200) body = Buffer.from(JSON.stringify({ ...JSON.parse(body), interval: hurried }));
    if (path.endsWith('/token') && String(sent).includes('device_code=')) polls.push({ at: Date.now() / 1000, error: JSON.parse(body).error ?? null });
    delete own['transfer-encoding'];
    answer.writeHead(came.statusCode, { ...own, 'content-length': body.length });
    answer.end(body);
  });
  passed.on('error', () => answer.destroy());
  passed.end(sent);
});
await new Promise((up) => before.listen(0, '127.0.0.1', up));
const slowed = `http://127.0.0.1:${before.address().port}/realms/acme`;

/** The number of requests to the admin API since the last call, by Keycloak's access log. */
let [marks, seen] = [0, 0];
async function counted() {
  const mark = `/realms/acme?mark=${(marks += 1)}`;
  await fetch(base + mark);
  for (let lines; ; await new Promise((later) => setTimeout(later, 20))) {
    lines = readFileSync(`${STATE}/keycloak.log`, 'utf8').split('\n');
    // The log is in order of time: the lines before the mark are of earlier requests.
    const at = lines.findIndex((line, number) => number >= seen && line.includes(`"GET ${mark} `));
    if (at < 0) continue;
    const since = lines.slice(seen, at);
    seen = at + 1;
    return since.filter((line) => / \/admin\/realms\/acme[/?]/.test(line)).length;
  }
}

await take({ version, issuer, slowed, client_id: 'desktop', user: 'jane', password: 'correct horse' }, {
  async roles({ roles }) {
    const path = `/acme/users/${jane}/role-mappings/realm`;
    const own = (await api('GET', path)).filter((role) => ['editor', 'reviewer'].includes(role.name));
    if (own.length) await api('DELETE', path, own);
    await api('POST', path, await Promise.all(roles.map((name) => api('GET', `/acme/roles/${name}`))));
  },
  admin_requests: counted,
  async device_lifespan({ seconds }) {
    const id = await client('device');
    const whole = await api('GET', `/acme/clients/${id}`);
    await api('PUT', `/acme/clients/${id}`, { ...whole, attributes: { ...whole.attributes, 'oauth2.device.code.lifespan': String(seconds) } });
  },
  /** Keycloak's answer to a device authorization request without PKCE. */
  async device_without_pkce() {
    const body = new URLSearchParams({ client_id: 'device', scope: 'openid' });
    const answer = await fetch(`${issuer}/protocol/openid-connect/auth/device`, { method: 'POST', body });
    return { status: answer.status, ...(await answer.json()) };
  },
  /** Hands a shorter pause to whoever asks for a code than Keycloak wants, so that they are told to slow down. */
  async hurry({ interval }) {
    hurried = interval;
    polls.length = 0;
  },
  polls: () => polls,
  refresh_tokens: async () => (await api('GET', `/acme/users/${jane}/offline-sessions/${await client('desktop')}`)).length,
  sessions: async () => (await api('GET', `/acme/users/${jane}/sessions`)).length,
  userinfo: (order) => userinfo(`${issuer}/protocol/openid-connect/userinfo`, order.token),
}, async () => {
  before.close();
  java.kill();
  await end;
});
