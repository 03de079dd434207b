//! The command line with a browser on another computer: the callback address is pasted.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Stdio};

use rolecall_provider::{HeadlessBrowser, Options};
use url::Url;

use crate::sandbox::{Sandbox, talk};

/// `rolecall login --paste` at a terminal of its own, which `script` makes.
struct AtTerminal {
    process: Child,
    screen: ChildStdout,
    shown: String,
    /// How much of it was waited for.
    read: usize,
}

impl AtTerminal {
    fn start(sandbox: &Sandbox, options: &str) -> Self {
        let program = sandbox.command(&[]);
        let issuer = sandbox.provider.issuer();
        let line = format!(
            // A shell that is not replaced would end in the status of the signal instead.
            "exec {} login --paste --issuer {issuer} --client-id rolecall-demo {options}",
            program.get_program().display()
        );
        let mut command = sandbox.bus.command("script".as_ref());
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm");
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let screen = process.stdout.take().unwrap();
        Self { process, screen, shown: String::new(), read: 0 }
    }

    /// Reads the screen until `text` stands on it, after what was waited for before.
    fn wait_for(&mut self, text: &str) {
        let mut piece = [0; 1024];
        loop {
            if let Some(at) = self.shown[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            let read = self.screen.read(&mut piece).unwrap();
            assert!(read > 0, "'{text}' does not come: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
    }

    /// The link, as the terminal is told it (OSC 8).
    fn link(&self) -> Url {
        let link = self.shown.rsplit("\u{1b}]8;;http").nth(0).unwrap();
        Url::parse(&format!("http{}", link.split('\u{1b}').next().unwrap())).unwrap()
    }

    fn paste(&mut self, text: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{text}").unwrap();
    }

    fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        let _ = self.screen.read_to_string(&mut rest);
        self.shown.push_str(&rest);
        (self.process.wait().unwrap().code(), self.shown)
    }
}

const PROMPT: &str = "it is not shown): ";

async fn answer(link: &Url) -> Url {
    HeadlessBrowser::new("ed").callback_url(link).await.unwrap()
}

#[tokio::test]
async fn lb_4_a_sign_in_is_finished_by_the_pasted_address_unseen_and_wrong_ones_are_told_apart() {
    let sandbox = Sandbox::new(Options::default());
    let mut login = AtTerminal::start(&sandbox, "");
    login.wait_for(PROMPT);
    let link = login.link();
    let address = answer(&link).await;
    let port = address.port().unwrap();
    assert!(login.shown.contains(&format!("ssh -L {port}:127.0.0.1:{port} HOST")), "{}", login.shown);
    let old = address.as_str().replace("state=", "state=old");
    let doubled = format!("{address}{address}");
    for (text, said) in [
        ("where is it?", "That is not an address"),
        (link.as_str(), "That is the link which begins the sign-in"),
        (old.as_str(), "of another sign-in"),
        (doubled.as_str(), "more than once"),
    ] {
        login.paste(text);
        login.wait_for(said);
        login.wait_for(PROMPT);
    }
    // Longer than a line that a terminal collects by itself.
    login.paste(&format!("{address}&padding={}", "x".repeat(6000)));
    let (status, shown) = login.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("Signed in as Ed Itor"), "{shown}");
    assert!(!shown.contains("code=") && !shown.contains("padding"), "what was pasted is shown: {shown}");
    assert_eq!(sandbox.rolecall(&["status"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_callback_port_of_another_program_does_not_stop_a_sign_in_by_paste() {
    let sandbox = Sandbox::new(Options::default());
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut login = AtTerminal::start(&sandbox, &format!("--redirect-port {port}"));
    login.wait_for(PROMPT);
    let address = answer(&login.link()).await;
    assert_eq!(address.port(), Some(port));
    login.paste(address.as_str());
    let (status, shown) = login.end();
    assert_eq!(status, Some(0), "{shown}");
}

#[tokio::test]
async fn rf_9_giving_up_before_pasting_leaves_nothing_behind_and_keeps_the_session_that_was_there() {
    let sandbox = Sandbox::signed_in(Options::default());
    let honoured = sandbox.provider.honoured_refresh_tokens();
    let mut login = AtTerminal::start(&sandbox, "");
    login.wait_for(PROMPT);
    // As the keyboard sends Ctrl-C: the terminal turns it into the signal.
    login.process.stdin.as_mut().unwrap().write_all(&[3]).unwrap();
    let (status, shown) = login.end();
    assert_eq!(status, Some(1), "{shown}");
    assert!(shown.contains("Sign-in was cancelled"), "{shown}");
    assert_eq!(sandbox.provider.honoured_refresh_tokens(), honoured);
    assert_eq!(sandbox.rolecall(&["token"]).status.code(), Some(0));
}

#[test]
fn an_input_that_ends_without_an_address_ends_the_sign_in_with_a_reason() {
    let sandbox = Sandbox::new(Options::default());
    let issuer = sandbox.provider.issuer();
    let login = sandbox.rolecall(&["login", "--paste", "--issuer", &issuer, "--client-id", "rolecall-demo"]);
    assert_eq!(login.status.code(), Some(1));
    assert!(talk(&login).contains("the input ended before the address was pasted"), "{}", talk(&login));
}
