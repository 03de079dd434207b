//! Names the commands of the page, so that each is denied unless a capability allows it (UI-2).

const COMMANDS: &[&str] = &[
    "snapshot",
    "sign_in",
    "sign_in_elsewhere",
    "answer_code_user",
    "copy_device_code",
    "cancel_sign_in",
    "open_again",
    "copy_link",
    "refresh",
    "copy_token",
    "clear_clipboard",
    "sign_out",
    "unlock",
    "dismiss",
    "select_profile",
    "remove_profile",
    "rename_profile",
    "setup_guides",
    "check_issuer",
    "save_profile",
    "check_client_id",
    "connection",
    "connection_effect",
    "save_connection",
    "copy_text",
    "why",
    "history",
    "import_nginx",
    "documents",
    "claim",
    "set",
    "check_key_store",
    "starts_at_login",
    "start_at_login",
    "show_file",
    "close_window",
    "quit",
    "zoom",
    "inspect",
    "inspect_again",
    "forget_pasted",
    "hold_side",
    "compare",
    "history_picture",
    "history_begins",
    "named_report",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        panic!("{error:#}");
    }
}
