//! The real git, cloning over HTTP from a host that wants a token of this session.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use super::protocols::{add_targets, desk};
use super::read_request;
use crate::sandbox::{Sandbox, talk};

/// Tokens that git sent, or is to be refused with.
type Shown = Arc<Mutex<Vec<String>>>;

/// A git host: `git http-backend` behind a check of the token. Ends with the process.
struct GitHost {
    address: String,
    /// The tokens that came, in order.
    shown: Shown,
    refused: Shown,
}

impl GitHost {
    fn start(repositories: PathBuf) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let (shown, refused) = (Shown::default(), Shown::default());
        let (seen, not) = (Arc::clone(&shown), Arc::clone(&refused));
        std::thread::spawn(move || {
            for connection in socket.incoming().flatten() {
                let _ = answer(connection, &repositories, &seen, &not);
            }
        });
        Self { address, shown, refused }
    }
}

fn answer(mut connection: TcpStream, repositories: &Path, shown: &Shown, refused: &Shown) -> std::io::Result<()> {
    let (line, headers, body) = read_request(&connection)?;
    let words: Vec<&str> = line.split(' ').collect();
    let token = headers.get("authorization").and_then(|value| {
        let decoded = value.strip_prefix("Basic ").and_then(|text| BASE64.decode(text).ok());
        let basic =
            decoded.and_then(|bytes| String::from_utf8(bytes).ok()?.split_once(':').map(|(_, token)| token.to_owned()));
        basic.or_else(|| value.strip_prefix("Bearer ").map(str::to_owned))
    });
    let token = token.filter(|token| token.starts_with("eyJ"));
    if let Some(token) = &token {
        shown.lock().unwrap().push(token.clone());
    }
    if token.is_none_or(|token| refused.lock().unwrap().contains(&token)) {
        let challenge =
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\nWWW-Authenticate: Bearer\r\n";
        return write!(connection, "{challenge}Content-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let (path, query) = words[1].split_once('?').unwrap_or((words[1], ""));
    let mut backend = Command::new("git");
    backend.arg("http-backend").stdin(Stdio::piped()).stdout(Stdio::piped());
    backend.env("GIT_PROJECT_ROOT", repositories).env("GIT_HTTP_EXPORT_ALL", "1").env("REMOTE_USER", "somebody");
    backend.env("REQUEST_METHOD", words[0]).env("PATH_INFO", path).env("QUERY_STRING", query);
    backend.env("CONTENT_TYPE", headers.get("content-type").cloned().unwrap_or_default());
    backend.env("CONTENT_LENGTH", body.len().to_string());
    if let Some(encoding) = headers.get("content-encoding") {
        backend.env("HTTP_CONTENT_ENCODING", encoding);
    }
    let mut backend = backend.spawn()?;
    backend.stdin.take().unwrap().write_all(&body)?;
    let answered = backend.wait_with_output()?.stdout;
    let at = answered.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answered.len());
    let head = String::from_utf8_lossy(&answered[..at]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
    let rest: Vec<&str> = head.lines().filter(|line| !line.starts_with("Status: ")).collect();
    write!(connection, "HTTP/1.1 {status}\r\n{}\r\nConnection: close\r\n\r\n", rest.join("\r\n"))?;
    connection.write_all(answered.get(at + 4..).unwrap_or_default())
}

fn git(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let mut command = sandbox.bus.command("git".as_ref());
    command.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    command.output().expect("git is installed")
}

fn ok(output: &Output) {
    assert!(output.status.success(), "{}", talk(output));
}

#[test]
fn git_clones_and_pushes_with_the_token_of_the_host_and_a_refused_one_is_replaced_once() {
    let sandbox = desk("");
    let folder = sandbox.bus.folder().clone();
    ok(&git(&sandbox, &["init", "--quiet", "--bare", folder.join("there/code.git").to_str().unwrap()]));
    ok(&git(&sandbox, &["-C", folder.join("there/code.git").to_str().unwrap(), "config", "http.receivepack", "true"]));
    let host = GitHost::start(folder.join("there"));
    add_targets(&sandbox, &format!("[profiles.local.targets.code]\nkind = \"git\"\nhost = \"{}\"\n", host.address));
    let other = GitHost::start(folder.join("there"));
    let set_up = sandbox.rolecall(&["setup", "git", "--write"]);
    assert_eq!(set_up.status.code(), Some(0), "{}", talk(&set_up));

    let here = folder.join("here");
    let url = format!("http://{}/code.git", host.address);
    ok(&git(&sandbox, &["clone", "--quiet", &url, here.to_str().unwrap()]));
    let token = String::from_utf8(sandbox.rolecall(&["token"]).stdout).unwrap().trim().to_owned();
    assert!(host.shown.lock().unwrap().iter().all(|shown| *shown == token) && !host.shown.lock().unwrap().is_empty());
    let here = here.to_str().unwrap();
    let who = ["-c", "user.name=Ed", "-c", "user.email=ed@example.com"];
    ok(&git(&sandbox, &[&["-C", here][..], &who, &["commit", "--quiet", "--allow-empty", "-m", "x"]].concat()));
    ok(&git(&sandbox, &["-C", here, "push", "--quiet", "origin", "HEAD"]));

    // The host takes it no more: git erases it and fails; the next command has another.
    host.refused.lock().unwrap().push(token.clone());
    assert!(!git(&sandbox, &["-C", here, "fetch"]).status.success());
    ok(&git(&sandbox, &["-C", here, "fetch"]));
    assert_ne!(host.shown.lock().unwrap().last(), Some(&token));

    // Another host gets nothing, whatever the project's own configuration says.
    let rolecall = crate::sandbox::built("rolecall", "ROLECALL_BIN");
    let helper = format!("credential.helper=!'{}' credential git --target code", rolecall.display());
    let elsewhere = format!("http://{}/code.git", other.address);
    assert!(!git(&sandbox, &["-c", &helper, "ls-remote", &elsewhere]).status.success());
    assert!(other.shown.lock().unwrap().is_empty());
    // Nothing of it is in any file of git's.
    let written = std::fs::read_to_string(folder.join("home/.gitconfig")).unwrap();
    assert!(!written.contains("eyJ") && !folder.join("home/.git-credentials").exists());
}
