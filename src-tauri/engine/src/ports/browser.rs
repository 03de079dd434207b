use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use url::Url;

/// How long a program that opens something is watched for failing.
const FAILS_WITHIN: Duration = Duration::from_millis(250);

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
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser {
    withheld: &'static [&'static str],
}

impl SystemBrowser {
    /// One that is started without these variables of the environment: what a program sets for itself is not for the
    /// person's browser, which may live on for days.
    #[must_use]
    pub const fn without(withheld: &'static [&'static str]) -> Self {
        Self { withheld }
    }
}

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> io::Result<()> {
        match std::env::var_os("BROWSER").filter(|value| !value.is_empty()) {
            Some(list) => open_with(&list, url, self.withheld),
            None => open_detached(url.as_str(), self.withheld),
        }
    }
}

/// Opens a file, a folder or a link with the program the system has for it, and returns at once. The program is started
/// without the `withheld` variables of the environment.
///
/// # Errors
/// When no program could be started, or each one failed at once.
pub fn open_detached(what: impl AsRef<OsStr>, withheld: &[&str]) -> io::Result<()> {
    if withheld.is_empty() {
        return open::that_detached(what);
    }
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the system has no program to open it with");
    for mut command in open::commands(what) {
        match start(&mut command, withheld).and_then(|child| stays_or_succeeds(child, &command)) {
            Ok(()) => return Ok(()),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Waits a moment for a program that fails at once, as one does that finds nothing to open a link with.
fn stays_or_succeeds(mut child: Child, command: &Command) -> io::Result<()> {
    let (told, exit) = mpsc::channel();
    // It reaps the program, too: a browser may outlive the sign-in by days.
    std::thread::spawn(move || told.send(child.wait()));
    match exit.recv_timeout(FAILS_WITHIN) {
        Ok(Ok(status)) if !status.success() => {
            Err(io::Error::other(format!("{} ended with {status}", command.get_program().display())))
        }
        _ => Ok(()),
    }
}

/// Tries the colon-separated programs of `$BROWSER` in turn.
///
/// Each entry is split into words before the link is put in, and the link is one argument whatever it contains, so no
/// link can add an argument and no shell sees it (OP-2). Its output goes to nowhere, so it cannot mix with a token on
/// standard output.
fn open_with(programs: &OsString, url: &Url, withheld: &[&str]) -> io::Result<()> {
    let text = programs.to_str().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "$BROWSER is not text"))?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "$BROWSER names no program");
    for entry in text.split(':').filter(|entry| !entry.trim().is_empty()) {
        let Some(words) = words_of(entry, url) else { continue };
        match start(Command::new(&words[0]).args(&words[1..]), withheld) {
            Ok(mut child) => {
                std::thread::spawn(move || child.wait());
                return Ok(());
            }
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

fn start(command: &mut Command, withheld: &[&str]) -> io::Result<Child> {
    for name in withheld {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
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

    #[cfg(unix)]
    #[test]
    fn a_browser_does_not_inherit_what_is_withheld() {
        let folder = tempfile::tempdir().unwrap();
        let (script, told) = (folder.path().join("browser"), folder.path().join("told"));
        // Set wherever a person, or a program for them, runs tests.
        let home = std::env::var("HOME").unwrap();
        std::fs::write(&script, r#"echo "${HOME-nothing} $1" > "${0%browser}told.part""#).unwrap();
        std::fs::write(
            &script,
            std::fs::read_to_string(&script).unwrap() + "\nmv \"${0%browser}told.part\" \"${0%browser}told\"\n",
        )
        .unwrap();
        let programs = OsString::from(format!("sh {}", script.display()));
        let url = Url::parse("https://idp.example/").unwrap();
        for (withheld, says) in [(&[][..], home.as_str()), (&["HOME"][..], "nothing")] {
            let _ = std::fs::remove_file(&told);
            open_with(&programs, &url, withheld).unwrap();
            let looks = std::iter::repeat_n(Duration::from_millis(5), 4000);
            looks.take_while(|_| !told.exists()).for_each(std::thread::sleep);
            assert_eq!(std::fs::read_to_string(&told).unwrap(), format!("{says} https://idp.example/\n"));
        }
    }
}
