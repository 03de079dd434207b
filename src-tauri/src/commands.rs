//! What the page may ask for. None of these returns a token (UI-1).

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use rolecall_engine::config::{Product, Setting, SetupGuide, is_client_secret, setup_guides as all_guides};
use rolecall_engine::documents::Documents;
use rolecall_engine::findings::Why;
use rolecall_engine::history::{Kind, Moment};
use rolecall_engine::identity::DocumentKind;
use rolecall_engine::tokens::{Secret, TokenKind};
use rolecall_engine::view::{
    AboutSomebody, Connection, ConnectionEffect, Draft, IssuerCheck, KnownClusters, NginxDraft, SavedConnection, View,
};
use tauri::ipc::Invoke;
use tauri::{AppHandle, State, Wry};

use crate::failure::Failure;
use crate::shell::Shell;
use crate::token_format::TokenFormat;
use crate::window::{self, Zoom};
use crate::{autostart, document_commands, settings_file};

type Answer<T = ()> = Result<T, Failure>;

/// The commands, as named in `build.rs` and `capabilities/main.json`.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        snapshot,
        sign_in,
        sign_in_elsewhere,
        answer_code_user,
        copy_device_code,
        cancel_sign_in,
        open_again,
        copy_link,
        refresh,
        copy_token,
        clear_clipboard,
        sign_out,
        unlock,
        dismiss,
        select_profile,
        remove_profile,
        rename_profile,
        setup_guides,
        check_issuer,
        save_profile,
        check_client_id,
        connection,
        connection_effect,
        save_connection,
        copy_text,
        why,
        ask_directory,
        about_somebody,
        has_kubeconfig,
        clusters,
        ask_cluster,
        history,
        import_nginx,
        documents,
        claim,
        set,
        check_key_store,
        starts_at_login,
        start_at_login,
        show_file,
        close_window,
        restart,
        quit,
        zoom,
        document_commands::inspect,
        document_commands::inspect_again,
        document_commands::forget_pasted,
        document_commands::hold_side,
        document_commands::compare,
        document_commands::history_picture,
        document_commands::history_begins,
        document_commands::named_report,
    ]
}

#[tauri::command(async)]
fn snapshot(shell: State<'_, Shell>) -> View {
    shell.live().view().borrow().clone()
}

#[tauri::command(rename_all = "snake_case")]
fn sign_in(shell: State<'_, Shell>, ask_consent: bool, memory_only: bool) {
    shell.live().sign_in(ask_consent, memory_only);
}

#[tauri::command]
fn sign_in_elsewhere(shell: State<'_, Shell>) {
    shell.live().sign_in_elsewhere();
}

#[tauri::command]
fn answer_code_user(shell: State<'_, Shell>, yes: bool) {
    shell.live().answer_code_user(yes);
}

#[tauri::command]
async fn copy_device_code(shell: State<'_, Shell>, link: bool) -> Answer {
    match shell.live().device_code(link) {
        Some(text) => shell.clipboard().copy_text(text).await,
        None => Ok(()),
    }
}

#[tauri::command]
fn cancel_sign_in(shell: State<'_, Shell>) {
    shell.live().cancel_sign_in();
}

#[tauri::command]
async fn open_again(shell: State<'_, Shell>) -> Answer {
    Ok(shell.live().open_again().await?)
}

#[tauri::command]
async fn copy_link(shell: State<'_, Shell>) -> Answer {
    match shell.live().link().await? {
        Some(link) => shell.clipboard().copy_text(link.into()).await,
        None => Ok(()),
    }
}

#[tauri::command]
fn refresh(shell: State<'_, Shell>) {
    shell.live().refresh();
}

#[tauri::command]
async fn copy_token(shell: State<'_, Shell>, kind: TokenKind, format: Option<TokenFormat>) -> Answer {
    shell.clipboard().copy_token(kind, format.unwrap_or_default()).await
}

#[tauri::command]
async fn clear_clipboard(shell: State<'_, Shell>) -> Answer {
    shell.clipboard().clear().await;
    Ok(())
}

#[tauri::command]
fn sign_out(shell: State<'_, Shell>, profile: Option<String>) {
    shell.live().sign_out(profile.as_deref());
}

#[tauri::command]
fn unlock(shell: State<'_, Shell>) {
    shell.live().unlock();
}

#[tauri::command]
fn dismiss(shell: State<'_, Shell>) {
    shell.live().dismiss();
}

#[tauri::command]
fn select_profile(shell: State<'_, Shell>, name: String) {
    shell.live().select(&name);
}

#[tauri::command]
fn remove_profile(shell: State<'_, Shell>, name: String) {
    shell.live().remove(&name);
}

#[tauri::command]
async fn rename_profile(shell: State<'_, Shell>, name: String) -> Answer {
    Ok(shell.live().rename_profile(&name).await?)
}

#[tauri::command(async)]
fn setup_guides() -> Vec<SetupGuide> {
    all_guides()
}

#[tauri::command(rename_all = "snake_case")]
async fn check_issuer(
    shell: State<'_, Shell>,
    text: String,
    provider: Option<Product>,
    ca_file: Option<String>,
) -> Answer<IssuerCheck> {
    Ok(shell.live().check_issuer(&text, provider, ca_file.map(Into::into)).await)
}

#[tauri::command]
async fn save_profile(shell: State<'_, Shell>, draft: Draft) -> Answer<String> {
    Ok(shell.live().save_profile(&draft).await?)
}

/// Whether what is typed as a client ID is a secret, so that the page drops it.
#[tauri::command(async)]
fn check_client_id(text: String, provider: Option<Product>) -> bool {
    is_client_secret(&text, provider.unwrap_or(Product::OTHER))
}

#[tauri::command(async)]
fn connection(shell: State<'_, Shell>) -> Answer<SavedConnection> {
    Ok(shell.live().connection()?)
}

#[tauri::command(async, rename_all = "snake_case")]
fn connection_effect(
    shell: State<'_, Shell>,
    typed: Connection,
    secret_changes: bool,
    names_itself: Option<bool>,
) -> Answer<ConnectionEffect> {
    Ok(shell.live().connection_effect(&typed, secret_changes, names_itself)?)
}

#[tauri::command]
async fn save_connection(shell: State<'_, Shell>, typed: Connection, secret: Option<String>) -> Answer {
    let secret = secret.map(Secret::new);
    Ok(shell.live().save_connection(&typed, secret.as_ref()).await?)
}

#[tauri::command]
async fn copy_text(shell: State<'_, Shell>, text: String) -> Answer {
    shell.clipboard().copy_text(text).await
}

#[tauri::command]
async fn import_nginx(shell: State<'_, Shell>, text: String) -> Answer<NginxDraft> {
    Ok(shell.live().import_nginx(&text).await?)
}

#[tauri::command(async, rename_all = "snake_case")]
fn why(shell: State<'_, Shell>, value: Option<String>, kind: Option<Kind>) -> Option<Why> {
    shell.live().why(value, kind)
}

#[tauri::command]
fn ask_directory(shell: State<'_, Shell>) {
    shell.live().ask_directory();
}

#[tauri::command(rename_all = "snake_case")]
async fn about_somebody(
    shell: State<'_, Shell>,
    who: String,
    client: Option<String>,
    value: Option<String>,
    kind: Option<Kind>,
) -> Answer<AboutSomebody> {
    Ok(shell.live().about_somebody(&who, client.as_deref(), value, kind).await?)
}

#[tauri::command(async)]
fn has_kubeconfig(shell: State<'_, Shell>) -> bool {
    shell.live().has_kubeconfig()
}

#[tauri::command]
async fn clusters(shell: State<'_, Shell>) -> Answer<KnownClusters> {
    Ok(shell.live().clusters().await)
}

#[tauri::command]
async fn ask_cluster(shell: State<'_, Shell>, context: String) -> Answer {
    Ok(shell.live().ask_cluster(&context).await?)
}

#[tauri::command(async)]
fn history(shell: State<'_, Shell>) -> Vec<Moment> {
    shell.live().history()
}

#[tauri::command]
async fn documents(shell: State<'_, Shell>) -> Answer<Documents> {
    Ok(shell.live().documents().await?)
}

#[tauri::command]
async fn claim(shell: State<'_, Shell>, document: DocumentKind, name: String) -> Answer<Option<String>> {
    Ok(shell.live().claim(document, &name).await?)
}

#[tauri::command]
async fn set(shell: State<'_, Shell>, setting: Setting) -> Answer {
    Ok(shell.live().set(&setting).await?)
}

#[tauri::command]
async fn check_key_store(shell: State<'_, Shell>) -> Answer {
    Ok(shell.live().check_key_store().await?)
}

#[tauri::command(async)]
fn starts_at_login(app: AppHandle) -> Answer<Option<bool>> {
    autostart::is_enabled(&app)
}

#[tauri::command(async)]
fn start_at_login(app: AppHandle, on: bool) -> Answer {
    autostart::set_enabled(&app, on)
}

#[tauri::command]
async fn show_file(shell: State<'_, Shell>) -> Answer {
    settings_file::show(&shell).await
}

#[tauri::command]
fn close_window(shell: State<'_, Shell>) {
    shell.close_window();
}

#[tauri::command]
fn restart(shell: State<'_, Shell>) {
    shell.restart();
}

#[tauri::command]
fn quit(shell: State<'_, Shell>) {
    shell.quit();
}

#[tauri::command(async)]
fn zoom(app: AppHandle, direction: Zoom) {
    window::zoom(&app, direction);
}
