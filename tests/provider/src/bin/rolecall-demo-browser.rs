//! A browser without a display that signs in at the demo provider, for `$BROWSER`.
//!
//! Signs in as `ROLECALL_DEMO_ACCOUNT`, else as `ed`; declines when `ROLECALL_DEMO_DECLINE` is set. Writes when it followed
//! the redirect, in milliseconds since 1970, into the file `ROLECALL_DEMO_WENT_BACK`, and the text of the last page into
//! `ROLECALL_DEMO_PAGE`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use rolecall_provider::HeadlessBrowser;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "rolecall-demo-browser: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let link = std::env::args().nth(1).ok_or("give it the link to open")?;
    let link = url::Url::parse(&link).map_err(|error| format!("that is not a link ({error})"))?;
    let browser = HeadlessBrowser::new(&std::env::var("ROLECALL_DEMO_ACCOUNT").unwrap_or_else(|_| "ed".into()));
    let browser = if std::env::var_os("ROLECALL_DEMO_DECLINE").is_some() { browser.declining() } else { browser };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let visit = runtime.block_on(browser.visit(&link))?;
    if let Some((file, at)) = std::env::var_os("ROLECALL_DEMO_WENT_BACK").zip(visit.returned_at) {
        std::fs::write(&file, (at.as_secs_f64() * 1000.0).to_string()).map_err(|error| error.to_string())?;
    }
    if let Some(file) = std::env::var_os("ROLECALL_DEMO_PAGE") {
        std::fs::write(&file, &visit.page).map_err(|error| error.to_string())?;
    }
    if visit.status == 200 { Ok(()) } else { Err(format!("the last page answered {}", visit.status)) }
}
