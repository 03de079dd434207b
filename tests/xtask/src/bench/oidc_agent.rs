//! oidc-agent with one account in it. It takes no issuer without TLS, so it gets a provider of its own.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cargo::Workspace;
use crate::child::{self, Background};
use crate::provider::Provider;
use crate::tour::Tour;
use crate::{Result, prerequisites};

/// What the account is called.
const ACCOUNT: &str = "bench";
/// Enough for a sign-in on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The running agent; it ends with this value.
pub(super) struct OidcAgent {
    _agent: Background,
    provider: Provider,
    socket: PathBuf,
}

impl OidcAgent {
    /// Starts it and signs in.
    pub(super) fn start(workspace: &Workspace, tour: &Tour<'_>) -> Result<Self> {
        prerequisites::install(&[prerequisites::PEERS])?;
        let folder = tour.sandbox.folder().inside("oidc-agent")?;
        tour.sandbox.folder().inside("home/.oidc-agent")?;
        let (authority, password, socket) =
            (folder.join("authority.pem"), folder.join("password"), folder.join("socket"));
        let provider = Provider::start_with_tls(&workspace.released("rolecall-demo-provider"), &authority)?;
        std::fs::write(&password, "of no use\n").map_err(|error| error.to_string())?;

        let mut agent = Command::new("oidc-agent");
        agent
            .args(["--console", "--no-autoload", "--socket-path"])
            .arg(&socket)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let agent = Background::start("oidc-agent", tour.sandbox.put(&mut agent))?;
        if !child::wait_until(PATIENCE, || socket.exists()) {
            return Err("oidc-agent does not come up".into());
        }
        let this = Self { _agent: agent, provider, socket };
        let port = super::free_port()?;
        // The link stands on standard error.
        let mut account = this.command(tour, "sh");
        account
            .args(["-c", "exec oidc-gen \"$@\" 2>&1", "oidc-gen"])
            .args(["--pub", "--client-secret=", "--flow=code", "--prompt=none", "--no-scheme", "--no-url-call"])
            .args(["--confirm-default", "--scope=openid profile offline_access"])
            .arg(format!("--issuer={}", this.provider.issuer))
            .arg(format!("--client-id={}", this.provider.client_id))
            .arg(format!("--redirect-uri=http://localhost:{port}/callback"))
            .arg(format!("--cert-path={}", authority.display()))
            .arg(format!("--pw-file={}", password.display()))
            .arg(ACCOUNT);
        this.sign_in(tour, &mut account)?;
        Ok(this)
    }

    /// `oidc-token` for the account.
    pub(super) fn token(&self, tour: &Tour<'_>) -> Command {
        let mut command = self.command(tour, "oidc-token");
        command.arg(ACCOUNT);
        command
    }

    /// It prints the link, and waits for somebody to go there.
    fn sign_in(&self, tour: &Tour<'_>, account: &mut Command) -> Result<()> {
        let mut account = Background::start_talking("oidc-gen", account)?;
        let link = loop {
            let line = account.next_line(PATIENCE)?;
            if line.starts_with(&self.provider.issuer) {
                break line;
            }
        };
        child::run(Command::new(tour.browser).arg(link.trim()))?;
        let ended = child::wait_until(PATIENCE, || account.ended().is_some());
        match account.ended() {
            Some(status) if ended && status.success() => Ok(()),
            _ => Err("oidc-agent could not sign in".into()),
        }
    }

    fn command(&self, tour: &Tour<'_>, program: &str) -> Command {
        let mut command = Command::new(program);
        tour.sandbox.put(&mut command).env("OIDC_SOCK", &self.socket);
        command
    }
}
