//! A sandbox for the real program.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use rolecall_it::Bus;
use rolecall_provider::{Options, Provider};

/// The program and its stand-in for a browser: built beside this test, or where the environment says.
pub(crate) fn built(name: &str, variable: &str) -> PathBuf {
    let path = std::env::var_os(variable)
        .map_or_else(|| std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join(name), PathBuf::from);
    assert!(path.exists(), "build {name} first: cargo build -p rolecall-cli -p rolecall-provider");
    path
}

/// The real program on a bus and at a provider of its own.
pub(crate) struct Sandbox {
    pub(crate) bus: Bus,
    pub(crate) provider: Provider,
}

impl Sandbox {
    pub(crate) fn new(options: Options) -> Self {
        Self { bus: Bus::new(), provider: Provider::start(options).unwrap() }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bus.command(&built("rolecall", "ROLECALL_BIN"));
        command.args(arguments).env("BROWSER", built("rolecall-demo-browser", "ROLECALL_DEMO_BROWSER_BIN"));
        command
    }

    pub(crate) fn rolecall(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    pub(crate) fn signed_in(options: Options) -> Self {
        let sandbox = Self::new(options);
        let login = sandbox.login();
        assert_eq!(login.status.code(), Some(0), "{}", talk(&login));
        sandbox
    }

    pub(crate) fn login(&self) -> Output {
        self.rolecall(&["login", "--issuer", &self.provider.issuer(), "--client-id", "rolecall-demo"])
    }

    /// Our items in the key store, as another program reads them.
    pub(crate) fn items(&self) -> String {
        let mut command = self.bus.command("secret-tool".as_ref());
        let found =
            command.args(["search", "--all", "service", "Rolecall test"]).output().expect("secret-tool is installed");
        format!("{}{}", String::from_utf8_lossy(&found.stdout), String::from_utf8_lossy(&found.stderr))
    }
}

/// The standard error of a command.
pub(crate) fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
