//! A minimal Tauri window, as the baseline for measurements of Rolecall's.
#![expect(clippy::disallowed_methods, reason = "stands in what Tauri generates, and this ships nowhere")]

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
