//! What the page may ask for. None of these returns a token (UI-1).

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use rolecall_engine::config::{ProviderKind, Recipe, Setting, recipes as all_recipes};
use rolecall_engine::documents::Documents;
use rolecall_engine::findings::Why;
use rolecall_engine::history::{Kind, Moment};
use rolecall_engine::identity::DocumentKind;
use rolecall_engine::view::{Draft, IssuerCheck, NginxDraft, TokenKind, View};
use tauri::ipc::Invoke;
use tauri::{AppHandle, State, Wry};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::{autostart, copying, settings_file};

type Answer<T = ()> = Result<T, Failure>;

/// The commands, as named in `build.rs` and `capabilities/main.json`.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        snapshot,
        sign_in,
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
        recipes,
        check_issuer,
        save_profile,
        copy_text,
        why,
        history,
        import_nginx,
        documents,
        claim,
        set,
        check_key_store,
        starts_at_login,
        start_at_login,
        show_file,
    ]
}

#[tauri::command(async)]
fn snapshot(desk: State<'_, Desk>) -> View {
    desk.live.view().borrow().clone()
}

#[tauri::command(rename_all = "snake_case")]
fn sign_in(desk: State<'_, Desk>, ask_consent: bool, memory_only: bool) {
    desk.live.sign_in(ask_consent, memory_only);
}

#[tauri::command]
fn cancel_sign_in(desk: State<'_, Desk>) {
    desk.live.cancel_sign_in();
}

#[tauri::command]
fn open_again(desk: State<'_, Desk>) {
    desk.live.open_again();
}

#[tauri::command]
async fn copy_link(app: AppHandle, desk: State<'_, Desk>) -> Answer {
    match desk.live.link() {
        Some(link) => copying::copy_text(&app, link.into()).await,
        None => Ok(()),
    }
}

#[tauri::command]
fn refresh(desk: State<'_, Desk>) {
    desk.live.refresh();
}

#[tauri::command]
async fn copy_token(app: AppHandle, kind: TokenKind) -> Answer {
    copying::copy_token(&app, kind).await
}

#[tauri::command]
async fn clear_clipboard(app: AppHandle) {
    copying::take_back(&app).await;
}

#[tauri::command]
fn sign_out(desk: State<'_, Desk>, profile: Option<String>) {
    desk.live.sign_out(profile.as_deref());
}

#[tauri::command]
fn unlock(desk: State<'_, Desk>) {
    desk.live.unlock();
}

#[tauri::command]
fn dismiss(desk: State<'_, Desk>) {
    desk.live.dismiss();
}

#[tauri::command]
fn select_profile(desk: State<'_, Desk>, name: String) {
    desk.live.select(&name);
}

#[tauri::command]
fn remove_profile(desk: State<'_, Desk>, name: String) {
    desk.live.remove(&name);
}

#[tauri::command]
async fn rename_profile(desk: State<'_, Desk>, name: String) -> Answer {
    Ok(desk.live.rename_profile(&name).await?)
}

#[tauri::command(async)]
fn recipes() -> Vec<Recipe> {
    all_recipes()
}

#[tauri::command]
async fn check_issuer(desk: State<'_, Desk>, text: String, provider: Option<ProviderKind>) -> Answer<IssuerCheck> {
    Ok(desk.live.check_issuer(&text, provider).await)
}

#[tauri::command]
async fn save_profile(desk: State<'_, Desk>, draft: Draft) -> Answer<String> {
    Ok(desk.live.save_profile(&draft).await?)
}

#[tauri::command]
async fn copy_text(app: AppHandle, text: String) -> Answer {
    copying::copy_text(&app, text).await
}

#[tauri::command]
async fn import_nginx(desk: State<'_, Desk>, text: String) -> Answer<NginxDraft> {
    Ok(desk.live.import_nginx(&text).await?)
}

#[tauri::command(async, rename_all = "snake_case")]
fn why(desk: State<'_, Desk>, value: Option<String>, kind: Option<Kind>) -> Option<Why> {
    desk.live.why(value, kind)
}

#[tauri::command(async)]
fn history(desk: State<'_, Desk>) -> Vec<Moment> {
    desk.live.history()
}

#[tauri::command]
async fn documents(desk: State<'_, Desk>) -> Answer<Documents> {
    Ok(desk.live.documents().await?)
}

#[tauri::command]
async fn claim(desk: State<'_, Desk>, document: DocumentKind, name: String) -> Answer<Option<String>> {
    Ok(desk.live.claim(document, &name).await?)
}

#[tauri::command]
async fn set(desk: State<'_, Desk>, setting: Setting) -> Answer {
    Ok(desk.live.set(&setting).await?)
}

#[tauri::command]
async fn check_key_store(desk: State<'_, Desk>) -> Answer {
    Ok(desk.live.check_key_store().await?)
}

#[tauri::command(async)]
fn starts_at_login(app: AppHandle) -> Answer<Option<bool>> {
    autostart::is_on(&app)
}

#[tauri::command(async)]
fn start_at_login(app: AppHandle, on: bool) -> Answer {
    autostart::turn(&app, on)
}

#[tauri::command]
async fn show_file(app: AppHandle) -> Answer {
    settings_file::show(&app).await
}
