// Controls the Auth0 simulator. With `RULES=1` it runs the old extension's rule and the one that copies into a claim.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PORT, STATE, take, userinfo } from './orders.mjs';

// The simulator looks for its certificate only in the home folder.
process.env.HOME = STATE;
const folder = `${STATE}/.simulacrum/certs`;
if (!existsSync(folder)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/names`, 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n');
  for (const line of [
    'req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=Test',
    'req -newkey rsa:2048 -nodes -keyout localhost-key.pem -out request.pem -subj /CN=localhost',
    'x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out localhost.pem',
  ]) execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'ignore' });
}

const require = createRequire(import.meta.url);
const { simulation } = require('@simulacrum/auth0-simulator');
const { version } = require('@simulacrum/auth0-simulator/package.json');
// Its own signing function, for tokens for another audience or of an earlier time. The module build does not export it.
const manifest = require.resolve('@simulacrum/auth0-simulator/package.json');
const { createJsonWebToken } = require(manifest.replace('package.json', 'dist/auth/jwt.cjs'));

const authorize = (roles) => {
  process.env.AUTHORIZATION = JSON.stringify({ groups: ['Samples'], roles, permissions: ['read:samples'] });
};
authorize((process.env.ROLES ?? 'Editor').split(' '));
const app = simulation({
  options: { port: Number(PORT), clientID: 'rolecall-desktop', audience: 'https://api.example.com', ...(process.env.RULES ? { rulesDirectory: 'rules' } : {}) },
  initialState: { users: [{ id: 'auth0|626d4d2e', name: 'Jane Doe', email: 'jane@example.com', password: 'correct horse', picture: 'https://example.com/jane.png' }] },
});
await app.listen(Number(PORT));
const issuer = `https://localhost:${PORT}/`;

await take({ version, issuer, client_id: 'rolecall-desktop', user: 'jane@example.com', password: 'correct horse', ca_file: `${folder}/ca.pem` }, {
  roles: ({ roles }) => authorize(roles),
  sign: ({ claims }) => createJsonWebToken({ iss: issuer, aud: 'rolecall-desktop', ...claims }),
  userinfo({ token }) {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    return userinfo(`${issuer}userinfo`, token);
  },
});
