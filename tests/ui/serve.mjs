// Serves the page as it ships, under the same content security policy, with a stand-in for the shell put before it.
// By hand: `node serve.mjs`, then open /?screen=signed-in&theme=dark.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { view, withLines } from './screens.mjs';

const UI = new URL('../../ui/', import.meta.url);
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
  "connect-src ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };

/** Starts on a free port, or the one given; resolves with the address and a way to stop. */
export async function serve(port = 0) {
  const server = createServer((request, response) => {
    answer(new URL(request.url, 'http://localhost')).then(
      ([body, type]) =>
        response
          .writeHead(200, {
            'content-type': `${type}; charset=utf-8`,
            'content-security-policy': POLICY,
            'cache-control': 'no-store',
          })
          .end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

async function answer(url) {
  if (url.pathname === '/favicon.ico') return ['', 'image/x-icon'];
  if (url.pathname === '/') {
    const page = await readFile(new URL('index.html', UI), 'utf8');
    return [
      page.replace('<script', `<script src="shell-stub.js${url.search.replaceAll('&', '&amp;')}"></script>\n<script`),
      TYPES['.html'],
    ];
  }
  if (url.pathname === '/shell-stub.js') {
    const given = {
      view: await view(url.searchParams.get('screen') ?? 'signed-in'),
      setup_guides: await json('answers/setup_guides.json'),
      checks: await json('answers/checks.json'),
      history: await json('answers/history.json'),
      why: await json('answers/why.json'),
      beyond: await json('answers/beyond.json'),
      documents: await json('answers/documents.json'),
      inspection: await json('answers/inspection.json'),
      comparison: await json('answers/comparison.json'),
      picture: await picture(url.searchParams.get('screen')),
      connection: await connection(url.searchParams.get('screen')),
      theme: url.searchParams.get('theme'),
    };
    return [
      `const given = ${JSON.stringify(given)};\n${await readFile(new URL('shell-stub.js', import.meta.url), 'utf8')}`,
      TYPES['.js'],
    ];
  }
  if (!/^(\/[\w-]+)*\/[\w.-]+$/.test(url.pathname)) throw new Error('not ours');
  return [await readFile(new URL(`.${url.pathname}`, UI)), TYPES[extname(url.pathname)] ?? 'text/plain'];
}

/** The history as a picture; of very many lines for the screen that shows them. */
async function picture(screen) {
  const few = await json('answers/picture.json');
  return screen === 'history-many' ? withLines(few, 500) : few;
}

/** The saved connection; with a client secret for the screen that tells of one. */
async function connection(screen) {
  const saved = await json('answers/connection.json');
  return screen === 'connection-secret' ? { ...saved, client_secret: 'kept' } : saved;
}

async function json(path) {
  return JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await serve(4780);
  console.log(`${address}/?screen=signed-in`);
}
