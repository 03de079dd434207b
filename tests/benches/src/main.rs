//! The least a Tauri window can be: what Rolecall's window is measured against.
#![expect(clippy::disallowed_methods, reason = "stands in what Tauri generates, and this ships nowhere")]

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
