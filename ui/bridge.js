// The only file that knows the shell. No token ever crosses here: copying happens on the other side.

/** @import {Draft, IssuerCheck, Kind, Moment, NginxDraft, ProviderKind, Recipe, TokenKind, View, Why} from './view.d.ts' */

/**
 * Every command, its arguments and its answer. Where the answer is `null`, the result shows in the next view.
 * @typedef {{
 *   snapshot: [undefined, View],
 *   sign_in: [{ask_consent: boolean, memory_only: boolean}, null],
 *   cancel_sign_in: [undefined, null],
 *   open_again: [undefined, null],
 *   copy_link: [undefined, null],
 *   refresh: [undefined, null],
 *   copy_token: [{kind: TokenKind}, null],
 *   clear_clipboard: [undefined, null],
 *   sign_out: [{profile: string | null}, null],
 *   unlock: [undefined, null],
 *   dismiss: [undefined, null],
 *   select_profile: [{name: string}, null],
 *   remove_profile: [{name: string}, null],
 *   recipes: [undefined, Recipe[]],
 *   check_issuer: [{text: string, provider: ProviderKind | null}, IssuerCheck],
 *   save_profile: [{draft: Draft}, string],
 *   copy_text: [{text: string}, null],
 *   why: [{value: string | null, kind: Kind | null}, Why | null],
 *   history: [undefined, Moment[]],
 *   import_nginx: [{text: string}, NginxDraft],
 * }} Commands
 */

/**
 * @typedef {{
 *   core: {invoke(command: string, args?: object): Promise<any>},
 *   event: {listen(name: string, told: (event: {payload: any}) => void): Promise<() => void>},
 * }} Shell
 */

const shell = /** @type {{__TAURI__: Shell}} */ (/** @type {unknown} */ (window)).__TAURI__;

/**
 * Has the shell do something. Rejects with `{code, title, text}` where a command says so.
 * @template {keyof Commands} C
 * @param {C} command
 * @param {Commands[C][0]} [args]
 * @returns {Promise<Commands[C][1]>}
 */
export function invoke(command, args) {
  return shell.core.invoke(command, args);
}

/**
 * Hears every new view.
 * @param {'view'} name
 * @param {(view: View) => void} told
 */
export async function listen(name, told) {
  await shell.event.listen(name, (event) => told(event.payload));
}
