//! Lets Tauri read `tauri.conf.json`.

fn main() {
    tauri_build::build();
}
