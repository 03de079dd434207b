use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};

use url::Url;

/// Opens a link in the person's own browser and returns at once.
pub trait Browser: Send + Sync {
    /// Hands `url` over.
    ///
    /// # Errors
    /// When no browser could be started; the link is then shown instead.
    fn open(&self, url: &Url) -> io::Result<()>;
}

/// Opens nothing: the link is shown and the person opens it where they like (`--no-browser`).
#[derive(Clone, Copy, Debug)]
pub struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &Url) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "asked not to open a browser"))
    }
}

/// The programs of `$BROWSER` where it is set, else whatever the system opens links with.
#[derive(Clone, Copy, Debug)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> io::Result<()> {
        match std::env::var_os("BROWSER").filter(|value| !value.is_empty()) {
            Some(list) => open_with(&list, url),
            None => open::that_detached(url.as_str()),
        }
    }
}

/// Tries the colon-separated programs of `$BROWSER` in turn.
///
/// Each entry is split into words before the link is put in, and the link is one argument whatever it contains, so no
/// link can add an argument and no shell sees it (OP-2). Its output goes to nowhere, so it cannot mix with a token on
/// standard output.
fn open_with(programs: &OsString, url: &Url) -> io::Result<()> {
    let text = programs.to_str().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "$BROWSER is not text"))?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "$BROWSER names no program");
    for entry in text.split(':').filter(|entry| !entry.trim().is_empty()) {
        let Some(words) = words_of(entry, url) else { continue };
        match start(&words) {
            Ok(()) => return Ok(()),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn words_of(entry: &str, url: &Url) -> Option<Vec<String>> {
    let mut words: Vec<String> = entry.split_whitespace().map(ToOwned::to_owned).collect();
    let mut placed = false;
    for word in words.iter_mut().skip(1).filter(|word| word.contains("%s")) {
        *word = word.replace("%s", url.as_str());
        placed = true;
    }
    if !placed {
        words.push(url.to_string());
    }
    (words.len() > 1).then_some(words)
}

fn start(words: &[String]) -> io::Result<()> {
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Reaped in the background: a browser may outlive the sign-in by days.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn op_2_a_link_is_one_argument_whatever_the_template_and_the_link_contain() {
        let url = Url::parse("https://idp.example/a?x=1&y=%20--remote-debugging-port=9%20;rm").unwrap();
        for (template, at) in [("browser", 1), ("browser --new-window", 2), ("browser --app=%s -x", 1)] {
            let words = words_of(template, &url).unwrap();
            assert!(words[at].ends_with(url.as_str()), "{template}: {words:?}");
            assert_eq!(words.iter().filter(|word| word.contains("idp.example")).count(), 1);
        }
    }
}
