// Controls Keycloak: the distribution in $KEYCLOAK, set up through its admin REST API. For every common mistake
// there is a client that has it and is like the others otherwise.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { PORT, STATE, take, userinfo } from './orders.mjs';

const base = `http://127.0.0.1:${PORT}`;
const issuer = `${base}/realms/acme`;
const remembered = `${STATE}/keycloak.json`;
const first = !existsSync(remembered);
const { admin } = first ? { admin: randomBytes(16).toString('hex') } : JSON.parse(readFileSync(remembered, 'utf8'));
writeFileSync(remembered, JSON.stringify({ admin }), { mode: 0o600 });

const log = openSync(`${STATE}/keycloak.log`, 'a');
const java = spawn(`${process.env.KEYCLOAK}/bin/kc.sh`, ['start-dev', '--http-host=127.0.0.1', `--http-port=${PORT}`], {
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

await take({ version, issuer, client_id: 'desktop', user: 'jane', password: 'correct horse' }, {
  async roles({ roles }) {
    const path = `/acme/users/${jane}/role-mappings/realm`;
    const own = (await api('GET', path)).filter((role) => ['editor', 'reviewer'].includes(role.name));
    if (own.length) await api('DELETE', path, own);
    await api('POST', path, await Promise.all(roles.map((name) => api('GET', `/acme/roles/${name}`))));
  },
  refresh_tokens: async () => (await api('GET', `/acme/users/${jane}/offline-sessions/${await client('desktop')}`)).length,
  sessions: async () => (await api('GET', `/acme/users/${jane}/sessions`)).length,
  userinfo: (order) => userinfo(`${issuer}/protocol/openid-connect/userinfo`, order.token),
}, async () => {
  java.kill();
  await end;
});
