// Listens to the keyboard. The keys are listed in parts/shortcut-list.js; what each does is in keyboard.js.

/**
 * A key with Control (Command on macOS), or one alone: `r`, `shift a`, `/`.
 * @typedef {{keys: string[], run: (key: string) => boolean | void}} Binding
 */

const MAC = navigator.platform.startsWith('Mac');

/** The name of the modifier key of shortcuts. */
export const MODIFIER = MAC ? 'Cmd' : 'Ctrl';

/**
 * Starts to listen. A binding that returns `false` leaves the key to the browser.
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
