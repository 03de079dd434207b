import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const UI = new URL('../../ui/', import.meta.url);
const files = await Promise.all((await readdir(UI)).map(async (name) => [name, await readFile(new URL(name, UI), 'utf8')]));

test('only the bridge knows the shell', () => {
  for (const [name, text] of files) assert.ok(name === 'bridge.js' || !text.includes('__TAURI'), name);
});

test('ui_no_html_is_parsed_and_no_code_is_made_from_text', () => {
  for (const [name, text] of files) {
    if (name.endsWith('.js')) assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setAttribute\(['"](on|style)/, name);
    if (name.endsWith('.html')) assert.doesNotMatch(text, /\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|https?:\/\//, name);
    if (name.endsWith('.css')) assert.doesNotMatch(text, /@import|url\(/, name);
  }
});

test('nothing is remembered in the browser', () => {
  for (const [name, text] of files) assert.doesNotMatch(text, /localStorage|sessionStorage|indexedDB|document\.cookie|\bfetch\(|XMLHttpRequest|WebSocket/, name);
});

/** The modules a module needs, and those behind them. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const text = new Map(files).get(name);
  for (const [, next] of text.matchAll(/^import [^\n]*from '\.\/([\w.-]+)';$/gm)) needed(next, found);
  return found;
}

test('what the window needs at once is fetched at once, and nothing else', () => {
  const [, page] = files.find(([name]) => name === 'index.html');
  const preloaded = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, name]) => name);
  const atOnce = needed('main.js');
  assert.deepEqual(preloaded.toSorted(), [...atOnce].filter((name) => name !== 'main.js').toSorted());
  const later = new Map(files).get('later.js');
  const seldom = [...later.matchAll(/import\('\.\/([\w.-]+)'\)/g)].map(([, name]) => name);
  assert.deepEqual(seldom.toSorted(), ['claims.js', 'settings.js']);
  for (const name of seldom) {
    assert.ok(!atOnce.has(name), name);
    assert.ok(files.some(([file]) => file === name.replace('.js', '.css')), `${name} has its style sheet`);
    assert.ok(!page.includes(name.replace('.js', '.css')), `the style sheet of ${name} comes with it`);
  }
  const all = new Set([...atOnce, ...seldom.flatMap((name) => [...needed(name)])]);
  assert.deepEqual(files.map(([name]) => name).filter((name) => name.endsWith('.js') && !all.has(name)), []);
});

test('every file stays small', () => {
  for (const [name, text] of files) if (!name.endsWith('.d.ts')) assert.ok(text.split('\n').length < 400, name);
});

test('every icon that is used is in the sprite, and every one in it is used', () => {
  const sprite = new Set([...files.find(([name]) => name === 'index.html')[1].matchAll(/symbol id="icon-(\w+)"/g)].map((match) => match[1]));
  const code = files.filter(([name]) => name.endsWith('.js')).map(([, text]) => text).join('\n');
  for (const name of sprite) assert.match(code, new RegExp(`['"]${name}['"]`), name);
  for (const [, name] of code.matchAll(/\bicon\('([\w-]+)'/g)) assert.ok(sprite.has(name), name);
});
