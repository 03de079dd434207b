// Every screen: the view it is drawn from, and the steps a person takes to get there.

import { readFile } from 'node:fs/promises';

/** @type {Record<string, {from?: string, steps?: (page: import('playwright-core').Page) => Promise<unknown>}>} */
export const SCREENS = {
  setup: {},
  'setup-auth0': {
    from: 'setup',
    steps: async (page) => {
      await page.getByRole('button', { name: 'Auth0' }).click();
      await page.getByLabel('Tenant domain').fill('acme.eu.auth0.com');
      await page.getByText('Sign-out').waitFor();
      await page.getByLabel('Client ID').fill('kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI');
    },
  },
  'setup-wrong': {
    from: 'setup',
    steps: async (page) => {
      await page.getByRole('button', { name: 'Auth0' }).click();
      await page.getByLabel('Tenant domain').fill('acme.auth0.com');
      await page.getByRole('button', { name: 'Use acme.eu.auth0.com' }).waitFor();
      await page.getByLabel('Client ID').fill('s'.repeat(64));
    },
  },
  'signed-out': {},
  'signed-out-secret': {},
  'signed-out-no-key-store': {},
  waiting: {},
  'other-device': {},
  'code-user': {},
  'signed-in': {},
  'signed-in-long': { from: 'long' },
  'signed-in-refreshing': {},
  'signed-in-copied': {},
  'signed-in-empty': {},
  'signed-in-memory': {},
  'signed-in-odd': {},
  'notice-offline': {},
  'notice-locked': {},
  'notice-ended': {},
  'notice-signed-out': {},
  many: { steps: (page) => page.getByLabel('Filter').fill('prod-eu') },
  'many-unfiltered': { from: 'many' },
  profiles: { from: 'signed-in', steps: (page) => page.getByRole('button', { name: 'Profile: Acme' }).click() },
  'role-detail': { from: 'signed-in', steps: (page) => page.getByRole('button', { name: /^Editor/ }).click() },
  'why-one': { from: 'signed-in', steps: (page) => page.getByRole('button', { name: /^Publisher/ }).click() },
  history: { from: 'signed-in', steps: (page) => page.getByRole('button', { name: 'History' }).click() },
  'history-many': {
    from: 'signed-in',
    steps: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'All 505 lines' }).click();
    },
  },
  'inspect-empty': { from: 'signed-in', steps: (page) => openInspect(page) },
  inspect: { from: 'signed-in', steps: (page) => inspectOne(page) },
  'inspect-unfolded': {
    from: 'signed-in',
    steps: async (page) => {
      await inspectOne(page);
      await page.getByRole('button', { name: /^1 ?It is not valid|It is not valid any more/ }).click();
      await page.getByRole('button', { name: /^ID token/ }).click();
    },
  },
  'inspect-checked': {
    from: 'signed-in',
    steps: async (page) => {
      await inspectOne(page);
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.getByText('Signature checked').waitFor();
    },
  },
  'inspect-expected': {
    from: 'signed-in',
    steps: async (page) => {
      await inspectOne(page);
      await page.getByLabel('A role or group that should be there').fill('Publisher');
      await page.keyboard.press('Enter');
      await page.getByText('In none of its 14 claims.').waitFor();
    },
  },
  'compare-empty': { from: 'signed-in', steps: (page) => openCompare(page) },
  compare: {
    from: 'signed-in',
    steps: async (page) => {
      await openCompare(page);
      await page.locator('#compare-now').click();
      await page.getByText('What explains it').waitFor();
    },
  },
  tokens: { from: 'signed-in', steps: (page) => openTokens(page) },
  'tokens-access': { from: 'signed-in', steps: (page) => openTokens(page, 'Access') },
  'tokens-userinfo': { from: 'signed-in', steps: (page) => openTokens(page, 'Userinfo') },
  settings: { from: 'signed-in', steps: (page) => openSettings(page) },
  'settings-adding': { from: 'signed-in', steps: (page) => openSettings(page, true) },
  'settings-signed-out': { from: 'signed-out', steps: (page) => openSettings(page) },
  'settings-locked': { from: 'notice-locked', steps: (page) => openSettings(page) },
  connection: { from: 'signed-in', steps: (page) => openConnection(page) },
  'connection-ends': {
    from: 'signed-in',
    steps: async (page) => {
      await openConnection(page);
      await page.getByLabel('Client ID').fill('Qm2cT7LwEu9sXh4RkPzN5dVb3yAo81Xz');
      await page.getByText('Saving ends your session.').waitFor();
    },
  },
  'connection-secret': {
    from: 'signed-in',
    steps: (page) => openConnection(page),
  },
  'connection-unfolded': {
    from: 'signed-out',
    steps: async (page) => {
      await page.getByRole('button', { name: 'Edit connection…' }).click();
      await page.getByText('Callback addresses, parameters, authority').click();
    },
  },
  shortcuts: { from: 'signed-in', steps: (page) => page.keyboard.press('?') },
  'no-match': { from: 'signed-in', steps: (page) => page.getByLabel('Filter').fill('Edtor') },
  everybody: { from: 'signed-in', steps: (page) => page.getByRole('button', { name: /everybody has/ }).click() },
  why: { from: 'signed-in', steps: (page) => page.locator('#why').click() },
  'directory-before': {},
  directory: {},
  'directory-nothing': {},
  'directory-detail': { from: 'directory', steps: (page) => page.getByRole('button', { name: /^Editor/ }).click() },
  'why-directory': { from: 'directory', steps: (page) => openWhyOf(page, 'Publisher') },
  'why-somebody': {
    from: 'directory',
    steps: async (page) => {
      await openWhyOf(page, 'Publisher');
      await page.getByLabel('for', { exact: true }).fill('Rita Viewer');
      await page.getByLabel('at', { exact: true }).fill('invoices');
      await page.getByRole('button', { name: 'Ask', exact: true }).click();
      await page.getByText('Nobody gave Rita Viewer Publisher').waitFor();
    },
  },
  'why-cluster-before': {
    from: 'signed-in',
    steps: async (page) => {
      await page.locator('#why').click();
      await page.getByRole('button', { name: 'Ask a cluster…' }).click();
      await page.getByLabel('Context').waitFor();
    },
  },
  'why-cluster': { from: 'signed-in', steps: (page) => askCluster(page, 'dev') },
  'why-cluster-refused': { from: 'signed-in', steps: (page) => askCluster(page, 'production') },
};

async function openWhyOf(page, name) {
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await page.locator('.find').first().waitFor();
}

async function askCluster(page, context) {
  await SCREENS['why-cluster-before'].steps(page);
  await page.getByLabel('Context').selectOption(context);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.getByText('kubectl sent').waitFor();
}

async function openTokens(page, document = 'ID token') {
  await page.getByRole('button', { name: 'Tokens' }).click();
  await page.getByRole('tab', { name: document }).click();
}

async function openInspect(page) {
  await page.keyboard.press('Control+p');
  await page.getByRole('menuitem', { name: 'Inspect a token or file…' }).click();
  await page.locator('#paste-it').waitFor();
}

async function inspectOne(page) {
  await openInspect(page);
  await page.locator('#paste-it').click();
  await page.getByText('Rita Viewer').waitFor();
}

async function openCompare(page) {
  await page.keyboard.press('Control+p');
  await page.getByRole('menuitem', { name: 'Compare…' }).click();
  await page.locator('#side-a').waitFor();
}

/** The same history with very many lines that never changed. */
export function withLines(from, count) {
  const line = (_, i) => ({
    kind: 'group',
    value: `/company/department/team-${String(i).padStart(3, '0')}`,
    here: true,
    changed: false,
    spans: [{ from: from.from, to: from.to, begins: 'before', ends: 'here' }],
  });
  return { ...from, lines: [...from.lines, ...Array.from({ length: count }, line)] };
}

async function openConnection(page) {
  await page.keyboard.press('Control+p');
  await page.getByRole('menuitem', { name: 'Edit connection…' }).click();
  await page.getByLabel('Client ID').waitFor();
}

async function openSettings(page, adding = false) {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Start when I log in').waitFor();
  if (adding) await page.getByRole('button', { name: 'Add an expected role or group' }).click();
}

/** The view a screen is drawn from. */
export async function view(screen) {
  const from = SCREENS[screen]?.from ?? screen;
  if (from === 'long') return withLongNames(await fixture('signed-in'));
  if (from.startsWith('directory')) return withDirectory(await fixture('signed-in'), from);
  if (from === 'many') return withGroups(await fixture('signed-in'), 10_000);
  return fixture(from);
}

/** A fixture by its name. */
export async function fixture(name) {
  return JSON.parse(await readFile(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** A person with a long name, in a profile with a long name. */
function withLongNames(from) {
  from.profile = from.profiles[0].name = 'Acme production, Europe';
  Object.assign(from.screen.badge, {
    name: 'Maximiliane von Hohenstein-Waldburg',
    initials: 'MH',
    email: 'maximiliane.von-hohenstein@example.com',
  });
  return from;
}

/** The same person, at a provider whose directory can be asked; before and after that was done. */
async function withDirectory(from, how) {
  const { directory } = JSON.parse(await readFile(new URL('answers/beyond.json', import.meta.url), 'utf8'));
  const { screen } = from;
  screen.directory.would_ask =
    'Asks id.example.org as Ed Itor which roles and groups are assigned to you, with a token for that alone.';
  if (how === 'directory-nothing')
    Object.assign(screen.directory, {
      would_ask: null,
      cannot: 'Auth0 tells nobody their own roles: ask an administrator, or have an Action put them into the token.',
    });
  if (how !== 'directory') return from;
  screen.directory.answer = directory;
  screen.directory.others = 'Name, email address or ID of anybody in this realm; your role view-users allows it.';
  screen.missing = [];
  screen.findings = [
    {
      code: 'full_scope_off',
      severity: 'warning',
      title: 'Publisher is assigned, but in no document',
      evidence: [],
      fix: null,
      snippet: null,
      about: { kind: 'role', value: 'Publisher' },
    },
  ];
  const source = (through) => ({
    document: 'directory',
    path: ['groups'],
    verified: 'tls',
    ...(through && { through }),
  });
  const { roles, groups } = screen.entitlements;
  roles[0].sources.push(source());
  groups[0].sources.push(source());
  roles.splice(1, 0, {
    value: 'Publisher',
    context: null,
    sources: [source({ kind: 'group', name: 'Editors', nested: false })],
  });
  return from;
}

/** The same person, with very many groups. */
export function withGroups(from, count) {
  const stages = ['prod-eu', 'prod-us', 'staging', 'dev'];
  const things = [
    'admins',
    'billing-read',
    'billing-write',
    'break-glass',
    'cdn-purge',
    'cluster-operators',
    'dba',
    'deploy',
  ];
  from.screen.findings = [];
  from.screen.entitlements.groups = Array.from({ length: count }, (_, i) => {
    const sources = [{ document: 'id_token', path: ['groups'], verified: 'signature' }];
    if (i % 7 === 3) sources.push({ document: 'userinfo', path: ['groups'], verified: 'tls' });
    const stage = i < 128 ? 'prod-eu' : stages[1 + (i % 3)];
    return { value: `${stage}-${things[i % things.length]}-${String(i).padStart(5, '0')}`, context: null, sources };
  });
  return from;
}
