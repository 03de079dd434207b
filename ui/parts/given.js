// Input to be read: a file that is chosen or dropped, a text that is dropped. It is passed to the engine and not
// kept on the page.

import { h } from '../core/draw.js';

/** @typedef {{text: string, name: string | null}} Given */

/** The most of a file that is read, in bytes; more is refused by the engine. */
const MOST_OF_A_FILE = 16 * 1024 * 1024 + 1;

/**
 * The text of a file: UTF-8, or UTF-16 as Windows PowerShell writes it.
 * @param {File} file
 * @returns {Promise<Given>}
 */
export async function textOf(file) {
  const bytes = new Uint8Array(await file.slice(0, MOST_OF_A_FILE).arrayBuffer());
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff && 'utf-16be';
  return { text: new TextDecoder(wide || 'utf-8').decode(bytes), name: file.name };
}

/**
 * The properties that make an element a drop target.
 * @param {(over: boolean) => void} over something is held above it, or no longer
 * @param {(given: Given) => void} take
 */
export function dropTarget(over, take) {
  return {
    ondragover: (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over(true);
    },
    ondragleave: (/** @type {DragEvent} */ event) => {
      const inside = /** @type {Element} */ (event.currentTarget).contains(
        /** @type {Node | null} */ (event.relatedTarget),
      );
      if (!inside) over(false);
    },
    ondrop: (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      for (const file of files) void textOf(file).then(take);
      const text = event.dataTransfer?.getData('text/plain') ?? '';
      if (files.length === 0 && text.trim() !== '') take({ text, name: null });
    },
  };
}

/**
 * A hidden file field; a button opens it with `openFile`.
 * @param {string} id
 * @param {(given: Given) => void} take
 */
export function fileField(id, take) {
  return h('input', {
    key: id,
    id,
    type: 'file',
    multiple: true,
    class: 'visually-hidden',
    tabindex: -1,
    'aria-hidden': 'true',
    onchange: (/** @type {Event} */ event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      const files = [...(field.files ?? [])];
      field.value = '';
      for (const file of files) void textOf(file).then(take);
    },
  });
}

/** @param {string} id */
export function openFile(id) {
  document.getElementById(id)?.click();
}
