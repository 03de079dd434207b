// The keys that work on every screen, in the order in which they are listed. What each does is in keyboard.js.

/**
 * @typedef {'refresh' | 'copy_access' | 'copy_id' | 'filter' | 'views' | 'profiles' | 'settings' | 'larger' |
 *   'smaller' | 'usual_size' | 'close' | 'quit' | 'shortcuts' | 'back'} ShortcutId
 */

/**
 * `keys` are pressed together with Control (Command on macOS) unless `alone`; `shown` is how they are written.
 * @typedef {{id: ShortcutId, keys: string[], alone?: boolean, shown: string, words: string}} Shortcut
 */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { id: 'refresh', keys: ['r'], shown: 'R', words: 'Refresh' },
  { id: 'copy_access', keys: ['shift a'], shown: 'Shift A', words: 'Copy the access token' },
  { id: 'copy_id', keys: ['shift d'], shown: 'Shift D', words: 'Copy the ID token' },
  { id: 'filter', keys: ['f'], shown: 'F', words: 'Filter' },
  { id: 'filter', keys: ['/'], alone: true, shown: '/', words: 'Filter' },
  { id: 'views', keys: ['1', '2', '3'], shown: '1, 2, 3', words: 'Roles, History, Tokens' },
  { id: 'profiles', keys: ['p'], shown: 'P', words: 'Profiles' },
  { id: 'settings', keys: [','], shown: ',', words: 'Settings' },
  { id: 'larger', keys: ['+', '='], shown: '+', words: 'Larger' },
  { id: 'smaller', keys: ['-'], shown: '−', words: 'Smaller' },
  { id: 'usual_size', keys: ['0'], shown: '0', words: 'Usual size' },
  { id: 'close', keys: ['w'], shown: 'W', words: 'Close the window; the tray stays' },
  { id: 'quit', keys: ['q'], shown: 'Q', words: 'Quit' },
  { id: 'shortcuts', keys: ['?'], alone: true, shown: '?', words: 'These keys' },
  { id: 'back', keys: ['escape'], alone: true, shown: 'Esc', words: 'Back, clear or cancel' },
];
