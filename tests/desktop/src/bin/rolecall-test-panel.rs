//! A desktop's panel for other programs: says `there` once it shows icons, then closes Rolecall's window for each line it
//! is told, as a person would by the window's close button.

use std::io::{BufRead as _, Write as _};

use rolecall_desktop_tests::{Display, Panel};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let panel = Panel::open().await;
    let display = Display::open();
    writeln!(std::io::stdout(), "there")?;
    for line in std::io::stdin().lock().lines() {
        line?;
        panel.has_icon().await;
        display.close(display.window().await);
        display.no_window().await;
        writeln!(std::io::stdout(), "closed")?;
    }
    Ok(())
}
