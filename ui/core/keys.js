// Listens to the keyboard. Which keys do what is said by those who can do it: see parts/shortcuts.js.

/**
 * A key with Control (Command on macOS), or one alone: `r`, `shift a`, `/`.
 * @typedef {{keys: string[], run: (key: string) => boolean | void}} Binding
 */

const MAC = navigator.platform.startsWith('Mac');

/** The name of the key that shortcuts are pressed with. */
export const MODIFIER = MAC ? 'Cmd' : 'Ctrl';

/**
 * Begins to listen. A binding that answers `false` leaves the key to the browser.
 * @param {Binding[]} withModifier
 * @param {Binding[]} alone which do nothing while somebody types, but Escape
 */
export function listenToKeys(withModifier, alone) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const key = (event.shiftKey && /^[a-z]$/i.test(event.key) ? 'shift ' : '') + event.key.toLowerCase();
    const modified = MAC ? event.metaKey : event.ctrlKey;
    if (!modified && (event.ctrlKey || event.metaKey)) return;
    if (!modified && isTyping(event.target) && event.key !== 'Escape') return;
    const single = modified ? key : key.replace('shift ', '');
    const binding = (modified ? withModifier : alone).find(({ keys }) => keys.includes(single));
    if (binding && binding.run(single) !== false) event.preventDefault();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
