//! The least a Tauri window can be: what Rolecall's window is measured against.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
