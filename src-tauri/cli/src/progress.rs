//! Messages during a sign-in.

use std::time::Duration;

use rolecall_engine::config::Profile;
use rolecall_engine::engine::{Link, Progress, SignIn};
use rolecall_engine::session::Step;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::paste::Say;
use crate::terminal::Terminal;
use crate::text;

/// Prints the progress of a sign-in.
pub(crate) struct Reporter<'a> {
    pub(crate) terminal: &'a mut Terminal,
    profile: &'a Profile,
    timeout: Duration,
    /// Whether the person pastes the callback address.
    paste: bool,
    /// When it stops waiting for the person.
    until: Option<Instant>,
    /// Whether the browser has answered.
    pub(crate) redirected: bool,
    /// The callback address.
    pub(crate) callback: Option<String>,
    /// The newest link.
    link: watch::Sender<Option<Link>>,
    /// Whether a link was printed already.
    shown: bool,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(terminal: &'a mut Terminal, profile: &'a Profile, how: &SignIn) -> Self {
        Self {
            terminal,
            profile,
            timeout: how.timeout,
            paste: how.paste,
            until: None,
            redirected: false,
            callback: None,
            link: watch::Sender::new(None),
            shown: false,
        }
    }

    /// The newest link, once there is one.
    pub(crate) fn link(&self) -> watch::Receiver<Option<Link>> {
        self.link.subscribe()
    }

    pub(crate) fn tell(&mut self, progress: &Progress) {
        let host = self.profile.issuer.host();
        if let Progress::Link { link, .. } = progress {
            self.callback = Some(link.redirect_uri.to_string());
        }
        match progress {
            Progress::Step(Step::Preparing) => self.terminal.status(&format!("Asking {host} how it signs people in…")),
            Progress::Step(Step::InBrowser) => {
                self.until = Some(Instant::now() + self.timeout);
                self.count_down();
            }
            Progress::Step(Step::Checking) => {
                (self.until, self.redirected) = (None, true);
                self.terminal.status("Checking the answer…");
            }
            Progress::Note(note) => self.terminal.info(&format!("note: {note}")),
            Progress::Link { opened: true, .. } => {
                self.terminal.info(&format!("Your browser is open: sign in at {host}. Ctrl-C cancels."));
                if self.terminal.stderr_is_terminal {
                    self.terminal.info("If none opened, cancel and add --no-browser, which shows the link.");
                }
            }
            Progress::Link { link, opened: false } => self.show(link),
            // Only other ways to sign in have this.
            Progress::Device(_) => {}
        }
        if let Progress::Link { link, .. } = progress {
            self.link.send_replace(Some(link.clone()));
        }
    }

    /// The link is alone on its line, so that a double click or a script takes exactly the link.
    fn show(&mut self, link: &Link) {
        let again = std::mem::replace(&mut self.shown, true);
        self.terminal.info(match (again, self.paste) {
            (true, _) => "That link has run out. Open this one instead:",
            (false, true) => "Open this link in a browser, on whichever computer you like:",
            (false, false) => "Open this link in a browser on this computer:",
        });
        self.terminal.link(&link.url);
        if again {
            return;
        }
        let Some((host, port)) = link.redirect_uri.host_str().zip(link.redirect_uri.port()) else { return };
        let forward = format!("ssh -L {port}:{host}:{port} HOST");
        self.terminal.info(&if self.paste {
            format!(
                "After you signed in, the browser ends at an address that begins with\n    {}\nand may say that it can't be reached. Copy that whole address and paste it below.\nOr let the browser reach this computer: run on the other one, before you sign in,\n    {forward}\nwith the name of this computer for HOST.",
                link.redirect_uri
            )
        } else {
            format!(
                "Is your browser on another computer? Cancel and add --paste, or run there first\n    {forward}\nwith the name of this computer for HOST."
            )
        });
    }

    pub(crate) fn count_down(&mut self) {
        // The person is typing on that line.
        if self.paste {
            return;
        }
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(Instant::now()).as_secs();
            self.terminal.status(&format!("Waiting ({})…", text::clock(left)));
        }
    }

    /// What a reader of pasted addresses says.
    pub(crate) fn say(&mut self, what: &Say<'_>) {
        match what {
            Say::Ask(question) => self.terminal.prompt(question),
            Say::Read => self.terminal.info(""),
            Say::Wrong(why) => self.terminal.info(why),
        }
    }
}
