//! The demo provider as a process.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::child::Background;
use crate::{Result, cargo};

/// A running provider; it ends with this value.
pub(crate) struct Provider {
    /// Its issuer.
    pub(crate) issuer: String,
    /// The client ID to sign in with.
    pub(crate) client_id: String,
    _process: Background,
}

impl Provider {
    /// Starts it on the first of these ports that is free; 0 takes any.
    pub(crate) fn start(program: &Path, ports: &[u16]) -> Result<Self> {
        let mut last = String::new();
        for port in ports {
            match Self::start_on(program, *port, &[]) {
                Ok(provider) => return Ok(provider),
                Err(message) => last = message,
            }
        }
        Err(last)
    }

    /// Starts it on any port with TLS; the authority to trust is written into `authority`. Its accounts and requests can't
    /// be asked after from here then.
    pub(crate) fn start_with_tls(program: &Path, authority: &Path) -> Result<Self> {
        Self::start_on(program, 0, &["--tls".as_ref(), authority.as_os_str()])
    }

    /// Where its accounts are shown and changed by a person.
    pub(crate) fn accounts_page(&self) -> String {
        format!("{}/", self.origin())
    }

    /// Gives an account other roles.
    pub(crate) fn set_roles(&self, account: &str, roles: &[&str]) -> Result<()> {
        let body = serde_json::json!({ "roles": roles }).to_string();
        let request = minreq::post(format!("{}/accounts/{account}", self.origin()));
        // It answers by a redirect to the page of accounts.
        let request = request.with_header("Content-Type", "application/json").with_follow_redirects(false);
        send(request.with_body(body)).map(drop)
    }

    /// The paths asked for so far, oldest first.
    pub(crate) fn requests(&self) -> Result<Vec<String>> {
        let list = cargo::parse(&send(minreq::get(format!("{}/requests", self.origin())))?)?;
        let paths = list.as_array().into_iter().flatten();
        Ok(paths.filter_map(|path| path.as_str().map(ToOwned::to_owned)).collect())
    }

    fn start_on(program: &Path, port: u16, more: &[&OsStr]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string(), "--until-stdin-closes"]).args(more);
        let process = Background::start_talking("the demo provider", &mut command)?;
        let told = cargo::parse(&process.next_line(Duration::from_secs(30))?)?;
        let text = |name: &str| {
            told[name].as_str().map(ToOwned::to_owned).ok_or(format!("the provider did not tell its {name}"))
        };
        Ok(Self { issuer: text("issuer")?, client_id: text("client_id")?, _process: process })
    }

    fn origin(&self) -> &str {
        let after_scheme = self.issuer.find("://").map_or(0, |at| at + 3);
        let end = self.issuer[after_scheme..].find('/').map_or(self.issuer.len(), |at| after_scheme + at);
        &self.issuer[..end]
    }
}

/// Sends a request to the provider on this machine and gives the body of the answer.
fn send(request: minreq::Request) -> Result<String> {
    let answer = request.with_timeout(10).send().map_err(|error| format!("the demo provider: {error}"))?;
    let body = answer.as_str().unwrap_or_default();
    match answer.status_code {
        200..400 => Ok(body.to_owned()),
        status => Err(format!("the demo provider: {status} {body}")),
    }
}
