// The only file that calls the shell. No token passes through here: copying is done by the shell.

/**
 * @import {
 *   AboutSomebody, CompareChoice, Comparison, Connection, ConnectionEffect, DocumentKind, Documents, Draft,
 *   HistoryPicture, Inspection, IssuerCheck, Kind, KnownClusters, Moment, NginxDraft, PastedSide, Product,
 *   SavedConnection, Setting, SetupGuide, TokenKind, View, Why,
 * } from '../view.d.ts'
 */

/**
 * Every command, its arguments and its answer. Where the answer is `null`, the result shows in the next view.
 * @typedef {{
 *   snapshot: [undefined, View],
 *   sign_in: [{ask_consent: boolean, memory_only: boolean}, null],
 *   sign_in_elsewhere: [undefined, null],
 *   answer_code_user: [{yes: boolean}, null],
 *   copy_device_code: [{link: boolean}, null],
 *   cancel_sign_in: [undefined, null],
 *   open_again: [undefined, null],
 *   copy_link: [undefined, null],
 *   refresh: [undefined, null],
 *   copy_token: [{kind: TokenKind, format?: 'token' | 'header' | 'curl'}, null],
 *   clear_clipboard: [undefined, null],
 *   sign_out: [{profile: string | null}, null],
 *   unlock: [undefined, null],
 *   dismiss: [undefined, null],
 *   select_profile: [{name: string}, null],
 *   remove_profile: [{name: string}, null],
 *   rename_profile: [{name: string}, null],
 *   setup_guides: [undefined, SetupGuide[]],
 *   check_issuer: [{text: string, provider: Product | null, ca_file: string | null}, IssuerCheck],
 *   save_profile: [{draft: Draft}, string],
 *   check_client_id: [{text: string, provider: Product | null}, boolean],
 *   connection: [undefined, SavedConnection],
 *   connection_effect: [{typed: Connection, secret_changes: boolean, names_itself: boolean | null}, ConnectionEffect],
 *   save_connection: [{typed: Connection, secret: string | null}, null],
 *   copy_text: [{text: string}, null],
 *   why: [{value: string | null, kind: Kind | null}, Why | null],
 *   ask_directory: [undefined, null],
 *   about_somebody: [{who: string, client: string | null, value: string | null, kind: Kind | null}, AboutSomebody],
 *   has_kubeconfig: [undefined, boolean],
 *   clusters: [undefined, KnownClusters],
 *   ask_cluster: [{context: string}, null],
 *   history: [undefined, Moment[]],
 *   import_nginx: [{text: string}, NginxDraft],
 *   documents: [undefined, Documents],
 *   claim: [{document: DocumentKind, name: string}, string | null],
 *   set: [{setting: Setting}, null],
 *   check_key_store: [undefined, null],
 *   starts_at_login: [undefined, boolean | null],
 *   start_at_login: [{on: boolean}, null],
 *   show_file: [undefined, null],
 *   close_window: [undefined, null],
 *   restart: [undefined, null],
 *   quit: [undefined, null],
 *   inspect: [{text: string | null, name: string | null, add: boolean}, Inspection],
 *   inspect_again: [{expected: string[], check: boolean}, Inspection],
 *   forget_pasted: [undefined, null],
 *   hold_side: [{side: PastedSide, text: string | null, name: string | null}, string],
 *   compare: [{a: CompareChoice, b: CompareChoice}, Comparison],
 *   history_picture: [undefined, HistoryPicture],
 *   history_begins: [{profile: string}, number | null],
 *   named_report: [{value: string | null, kind: Kind | null}, string | null],
 *   zoom: [{direction: 'in' | 'out' | 'reset'}, null],
 * }} Commands
 */

/**
 * What Tauri puts into every page of its own; its whole programming interface is not asked for (`withGlobalTauri`).
 * @typedef {{
 *   invoke(command: string, args?: object): Promise<any>,
 *   transformCallback(listener: (event: {payload: any}) => void): number,
 * }} Shell
 */

const shell = /** @type {{__TAURI_INTERNALS__: Shell}} */ (/** @type {unknown} */ (window)).__TAURI_INTERNALS__;

/**
 * Invokes a command of the shell. Rejects with `{code, title, text}` where a command says so.
 * @template {keyof Commands} C
 * @param {C} command
 * @param {Commands[C][0]} [args]
 * @returns {Promise<Commands[C][1]>}
 */
export function invoke(command, args) {
  return shell.invoke(command, args);
}

/**
 * Listens for views.
 * @param {'view'} name
 * @param {(view: View) => void} listener
 */
export async function listen(name, listener) {
  const handler = shell.transformCallback((event) => listener(event.payload));
  await shell.invoke('plugin:event|listen', { event: name, target: { kind: 'Any' }, handler });
}
