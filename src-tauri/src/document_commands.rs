//! What the page may ask for about pasted documents, comparisons and the past. What was pasted goes to the engine and
//! never comes back (UI-1).

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use rolecall_engine::findings::{Names, Why};
use rolecall_engine::history::{HistoryPicture, Kind};
use rolecall_engine::inspect::Pasted;
use rolecall_engine::ports::Timestamp;
use rolecall_engine::tokens::Secret;
use rolecall_engine::view::{CompareChoice, Comparison, Inspection, PastedSide};
use tauri::State;

use crate::failure::Failure;
use crate::shell::Shell;

type Answer<T = ()> = Result<T, Failure>;

/// What somebody pasted, or what is on the clipboard where that is left out.
async fn given(shell: &Shell, text: Option<String>, name: Option<String>) -> Answer<Pasted> {
    let (text, label) = match text {
        Some(text) => (Secret::new(text), "pasted"),
        None => (shell.clipboard().read_text().await?, "the clipboard"),
    };
    Ok(Pasted { label: name.unwrap_or_else(|| label.to_owned()), text })
}

#[tauri::command]
pub(crate) async fn inspect(
    shell: State<'_, Shell>,
    text: Option<String>,
    name: Option<String>,
    add: bool,
) -> Answer<Inspection> {
    let pasted = given(&shell, text, name).await?;
    Ok(shell.live().inspect(pasted, add).await?)
}

#[tauri::command]
pub(crate) async fn inspect_again(shell: State<'_, Shell>, expected: Vec<String>, check: bool) -> Answer<Inspection> {
    Ok(shell.live().inspect_again(expected, check).await?)
}

#[tauri::command]
pub(crate) fn forget_pasted(shell: State<'_, Shell>) {
    shell.live().forget_pasted();
}

#[tauri::command]
pub(crate) async fn hold_side(
    shell: State<'_, Shell>,
    side: PastedSide,
    text: Option<String>,
    name: Option<String>,
) -> Answer<String> {
    let pasted = given(&shell, text, name).await?;
    Ok(shell.live().hold_side(side, pasted)?)
}

#[tauri::command(async)]
pub(crate) fn compare(shell: State<'_, Shell>, a: CompareChoice, b: CompareChoice) -> Answer<Comparison> {
    Ok(shell.live().compare(&a, &b)?)
}

#[tauri::command(async)]
pub(crate) fn history_picture(shell: State<'_, Shell>) -> HistoryPicture {
    shell.live().history_picture()
}

#[tauri::command(async)]
pub(crate) fn history_begins(shell: State<'_, Shell>, profile: String) -> Option<Timestamp> {
    shell.live().history_begins(&profile)
}

#[tauri::command(async, rename_all = "snake_case")]
pub(crate) fn named_report(shell: State<'_, Shell>, value: Option<String>, kind: Option<Kind>) -> Option<String> {
    let why: Option<Why> = shell.live().why_with(value, kind, Names::Listed);
    why.map(|why| why.report)
}
