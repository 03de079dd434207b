// Controls oidc-provider. `CLAIMS=userinfo` keeps all claims out of the ID token, as the specification has it, and
// takes pushed requests only. Its data is in $STATE, so that it survives a restart.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { Provider } from 'oidc-provider';
import { PORT, STATE, take, userinfo } from './orders.mjs';

const { version } = createRequire(import.meta.url)('oidc-provider/package.json');
const API = 'https://api.example.com';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const file = `${STATE}/oidc-provider.json`;

const known = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { key: { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' }, roles: ['editor'], stored: {} };
const keep = () => writeFileSync(file, JSON.stringify(known), { mode: 0o600 });
keep();

class Adapter {
  constructor(model) {
    this.model = model;
  }
  all() {
    return Object.entries(known.stored).filter(([key]) => key.startsWith(`${this.model}:`));
  }
  async upsert(id, payload) {
    known.stored[`${this.model}:${id}`] = payload;
    keep();
  }
  async find(id) {
    return known.stored[`${this.model}:${id}`];
  }
  async findByUid(uid) {
    return this.all().find(([, payload]) => payload.uid === uid)?.[1];
  }
  async findByUserCode(code) {
    return this.all().find(([, payload]) => payload.userCode === code)?.[1];
  }
  async consume(id) {
    known.stored[`${this.model}:${id}`].consumed = Math.floor(Date.now() / 1000);
    keep();
  }
  async destroy(id) {
    delete known.stored[`${this.model}:${id}`];
    keep();
  }
  async revokeByGrantId(grant) {
    for (const [key, payload] of this.all()) if (payload.grantId === grant) delete known.stored[key];
    keep();
  }
}

const issuer = `http://127.0.0.1:${PORT}`;
let lifespan = 300;
const entitled = () => ({ roles: known.roles, groups: ['staff', 'writers'] });
const provider = new Provider(issuer, {
  adapter: Adapter,
  clients: [{ client_id: 'rolecall-desktop', application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: ['http://127.0.0.1/callback'], grant_types: ['authorization_code', 'refresh_token', DEVICE], response_types: ['code'] }],
  claims: { openid: ['sub'], profile: ['name', 'roles', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: process.env.CLAIMS === 'userinfo',
  cookies: { keys: ['for this test alone'] },
  jwks: { keys: [known.key] },
  rotateRefreshToken: true,
  ttl: { DeviceCode: () => lifespan },
  features: {
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: process.env.CLAIMS === 'userinfo' },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'read', accessTokenFormat: 'jwt', audience: API, jwt: { sign: { alg: 'RS256' } } }),
    },
  },
  extraTokenClaims: () => entitled(),
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: id === 'jane' ? 'Jane Doe' : 'Rita Viewer', email: `${id}@example.com`, email_verified: true, ...entitled() }) }),
});

const seen = [];
provider.use(async (context, next) => {
  await next();
  // The names of the parameters on the way to the sign-in page are recorded too.
  const carried = context.path === '/auth' ? `?${Object.keys(context.query).sort()}` : '';
  seen.push(`${context.method} ${context.path}${carried} ${context.status}`);
});
const server = provider.listen(Number(PORT), '127.0.0.1');
await new Promise((up) => server.once('listening', up));

await take({ version, issuer, client_id: 'rolecall-desktop', user: 'jane', password: 'correct horse' }, {
  roles({ roles }) {
    known.roles = roles;
    keep();
  },
  refresh_tokens: () => Object.entries(known.stored).filter(([key, token]) => key.startsWith('RefreshToken:') && !token.consumed).length,
  sessions: () => Object.entries(known.stored).filter(([key, session]) => key.startsWith('Session:') && session.accountId).length,
  seen: () => seen.splice(0),
  device_lifespan({ seconds }) {
    lifespan = seconds;
  },
  userinfo: ({ token }) => userinfo(`${issuer}/me`, token),
});
