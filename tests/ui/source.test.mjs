import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { test } from 'node:test';

const UI = new URL('../../ui/', import.meta.url);
const entries = await readdir(UI, { recursive: true, withFileTypes: true });
const names = entries
  .filter((entry) => entry.isFile())
  .map((entry) => posix.relative(UI.pathname, `${entry.parentPath}/${entry.name}`));
const files = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, UI), 'utf8')]));
/** What would turn text into code or elements. */
const UNSAFE =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setAttribute\(['"](on|style)/;
const textOf = new Map(files);

test('only the bridge knows the shell', () => {
  for (const [name, text] of files) assert.ok(name === 'core/bridge.js' || !text.includes('__TAURI'), name);
});

test('ui_no_html_is_parsed_and_no_code_is_made_from_text', () => {
  for (const [name, text] of files) {
    if (name.endsWith('.js')) assert.doesNotMatch(text, UNSAFE, name);
    if (name.endsWith('.html'))
      assert.doesNotMatch(text, /\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|https?:\/\//, name);
    if (name.endsWith('.css')) assert.doesNotMatch(text, /@import|url\(/, name);
  }
});

test('nothing is remembered in the browser', () => {
  for (const [name, text] of files)
    assert.doesNotMatch(
      text,
      /localStorage|sessionStorage|indexedDB|document\.cookie|\bfetch\(|XMLHttpRequest|WebSocket/,
      name,
    );
});

/** The modules a module imports, as paths below ui/. */
function imports(name) {
  const found = textOf.get(name).matchAll(/^import (?:[^;]*? from )?'(\.[^']+\.js)';$/gm);
  return [...found].map(([, path]) => posix.join(posix.dirname(name), path));
}

/** The modules that a module loads later, as paths below ui/. */
function loadsLater(name) {
  const found = textOf.get(name).matchAll(/=> import\('(\.[^']+\.js)'\)/g);
  return [...found].map(([, path]) => posix.join(posix.dirname(name), path));
}

/** The modules that a module imports or loads later. */
const uses = (name) => [...imports(name), ...loadsLater(name)];

/** A module and all that follow from it by `next`, directly or not. */
function reached(name, next, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of next(name)) reached(other, next, found);
  return found;
}

test('what the window needs at once is fetched at once, and nothing else', () => {
  const page = textOf.get('index.html');
  const preloaded = [...page.matchAll(/rel="modulepreload"\s+href="([^"]+)"/g)].map(([, name]) => name);
  const atOnce = reached('main.js', imports);
  assert.deepEqual(preloaded.toSorted(), [...atOnce].filter((name) => name !== 'main.js').toSorted());
  const lazy = names.filter((name) => name.endsWith('.js')).flatMap(loadsLater);
  assert.deepEqual(lazy.toSorted(), [
    'parts/history-picture.js',
    'screens/compare.js',
    'screens/connection.js',
    'screens/inspect.js',
    'screens/settings.js',
    'screens/shortcuts.js',
    'screens/tokens.js',
  ]);
  for (const name of lazy) {
    assert.ok(!atOnce.has(name), name);
    const style = `styles/${basename(name, '.js')}.css`;
    assert.ok(!page.includes(style), `the style sheet of ${name} comes with it`);
  }
  const all = new Set([...atOnce, ...lazy.flatMap((name) => [...reached(name, imports)])]);
  assert.deepEqual(
    names.filter((name) => name.endsWith('.js') && !all.has(name)),
    [],
  );
});

test('the page has no import circle, and nothing is imported from above', () => {
  const level = (name) => ['core', 'parts', 'screens'].indexOf(name.split('/')[0]);
  for (const name of names.filter((one) => one.endsWith('.js'))) {
    for (const other of uses(name)) {
      assert.ok(!reached(other, uses).has(name), `${name} needs itself through ${other}`);
      if (level(name) >= 0) assert.ok(level(other) >= 0 && level(other) <= level(name), `${name} imports ${other}`);
    }
  }
});

test('no line is longer than 120 characters', async () => {
  const tests = (await readdir(new URL('.', import.meta.url))).filter((name) => /\.m?js$/.test(name));
  const own = await Promise.all(
    tests.map(async (name) => [name, await readFile(new URL(name, import.meta.url), 'utf8')]),
  );
  for (const [name, text] of [...files, ...own]) {
    if (name.endsWith('.d.ts')) continue;
    const long = text.split('\n').flatMap((line, at) => ([...line].length > 120 ? at + 1 : []));
    assert.deepEqual(long, [], name);
  }
});

test('every file stays small', () => {
  for (const [name, text] of files) if (!name.endsWith('.d.ts')) assert.ok(text.split('\n').length < 400, name);
});

test('every icon that is used is in the sprite, and every one in it is used', () => {
  const sprite = new Set([...textOf.get('index.html').matchAll(/symbol id="icon-(\w+)"/g)].map((match) => match[1]));
  const code = files
    .filter(([name]) => name.endsWith('.js'))
    .map(([, text]) => text)
    .join('\n');
  for (const name of sprite) assert.match(code, new RegExp(`['"]${name}['"]`), name);
  for (const [, name] of code.matchAll(/\bicon\('([\w-]+)'/g)) assert.ok(sprite.has(name), name);
});
