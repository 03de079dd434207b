use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::sandbox::Sandbox;

/// The Auth0 simulator that others wrote, over TLS with a certificate of its own making. It ends with this value.
pub struct Simulator {
    child: Child,
    /// Its issuer.
    pub issuer: String,
    /// The certificate to trust, as PEM.
    pub ca_file: PathBuf,
}

impl Simulator {
    /// Starts it, with the rules of the old Authorization Extension or with none.
    ///
    /// # Panics
    /// When openssl or node is missing, or `tests/interop` was not installed.
    #[must_use]
    pub fn start(sandbox: &Sandbox, rules: bool) -> Self {
        let home = sandbox.path().join("simulator");
        let certificates = home.join(".simulacrum/certs");
        std::fs::create_dir_all(&certificates).expect("a folder");
        let ca_file = certificate(&certificates);
        // It takes no port of five digits.
        let port = (4400..10_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port");
        let mut command = Command::new("node");
        command.arg("auth0.cjs").arg(port.to_string()).env("HOME", &home).stdout(Stdio::piped()).stderr(Stdio::null());
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../interop"));
        if rules {
            command.arg("rules");
        }
        let mut child = command.spawn().expect("node starts");
        let output = BufReader::new(child.stdout.take().expect("it was piped"));
        let ready = output.lines().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the simulator did not start; 'npm ci' in tests/interop?");
        Self { child, issuer: format!("https://localhost:{port}/"), ca_file }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority and a certificate for localhost, as the simulator wants them to lie.
fn certificate(folder: &Path) -> PathBuf {
    let openssl = |line: &str| {
        let status = Command::new("openssl").args(line.split(' ')).current_dir(folder).stderr(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "openssl {line}");
    };
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
        .expect("written");
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=Test");
    openssl("req -newkey rsa:2048 -nodes -keyout localhost-key.pem -out request.pem -subj /CN=localhost");
    openssl(
        "x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out localhost.pem",
    );
    folder.join("ca.pem")
}
