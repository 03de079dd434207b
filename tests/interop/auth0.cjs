// The Auth0 simulator with one person in it: `node auth0.cjs PORT [RULES]`. Says "ready" when it listens. Its certificate
// is taken from ~/.simulacrum/certs. It is loaded by `require`, as its module build can neither sign nor run rules.

const { simulation } = require('@simulacrum/auth0-simulator');

const [port, rulesDirectory] = process.argv.slice(2);
const app = simulation({
  options: { port: Number(port), clientID: 'rolecall-desktop', audience: 'https://api.example.com', ...(rulesDirectory ? { rulesDirectory } : {}) },
  initialState: { users: [{ id: 'auth0|626d4d2e', name: 'Jane Doe', email: 'jane@example.com', password: 'correct horse' }] },
});
app.listen(Number(port)).then(() => console.log('ready'));
