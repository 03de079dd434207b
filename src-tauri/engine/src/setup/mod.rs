//! The configuration of other programs: what it must contain so that they ask Rolecall for a target's credentials.
//!
//! A [`Plan`] shows the exact change. Carrying it out keeps a copy of the file as it was, and changes nothing where
//! everything is there already.
//!
//! | file | holds |
//! |---|---|
//! | `block` | lines of ours in a text file, between two comments |
//! | `member` | a member of ours in a JSON file |
//! | `kubeconfig` | a user and a context of ours, written by kubectl |
//! | `target` | a target made from a place |
//! | `write` | how the files are written |

mod block;
mod kubeconfig;
mod member;
mod target;
mod write;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;

pub use target::{NewTarget, new_target};

use crate::config::{Place, TargetKind, is_loopback_name};
use crate::problem::{Code, Problem, Result};
use crate::targets::Found;

/// Which target to set up another program for, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The target.
    pub found: Found,
    /// The program `rolecall`, as an absolute path: a relative one would be looked for in whatever folder the other program
    /// runs in.
    pub rolecall: PathBuf,
    /// The person's home folder.
    pub home: PathBuf,
    /// Another file than the program's usual one.
    pub file: Option<PathBuf>,
    /// Take it out again.
    pub remove: bool,
}

/// A change of another program's configuration, not carried out yet.
#[derive(Debug)]
pub struct Plan {
    /// The file it is about; `None` where there is nothing to write.
    pub file: Option<PathBuf>,
    /// What the file is to contain, or the command to type.
    pub shown: String,
    /// Whether everything is as it should be already.
    pub done: bool,
    /// What else the person should know, a sentence each.
    pub notes: Vec<String>,
    steps: Vec<Step>,
}

/// One step of a change.
#[derive(Debug)]
enum Step {
    /// A file gets this text.
    Write(PathBuf, String),
    /// A program is run; kubectl writes its own file.
    Run(Vec<std::ffi::OsString>),
    /// A link to this program is made.
    Link(PathBuf, PathBuf),
    /// A link to this program is deleted.
    Unlink(PathBuf, PathBuf),
}

/// What has to change for the program that serves targets of this kind. Reads files, and writes none.
///
/// # Errors
/// [`Code::FilesFailing`] where a file can't be read, [`Code::BadSetting`] where it can't be changed safely, and
/// [`Code::UnknownTarget`] where the target has no place.
pub fn plan(request: &Request) -> Result<Plan> {
    match request.found.target.kind() {
        TargetKind::Kubernetes => kubeconfig::plan(request),
        TargetKind::Aws => aws(request),
        TargetKind::Git => git(request),
        TargetKind::Docker => docker(request),
        TargetKind::Mcp => mcp(request),
        TargetKind::Api => Ok(curl(request)),
    }
}

/// How the command line is called for an API: nothing has to be written anywhere.
#[must_use]
pub fn curl(request: &Request) -> Plan {
    let address = request.found.target.place_text();
    let address = if address.is_empty() { "URL".to_owned() } else { in_shell(&address) };
    let (rolecall, words) = (in_shell(&request.rolecall.to_string_lossy()), request.words());
    let shown = format!("{rolecall} token {words} --format header | curl -H @- {address}\n");
    Plan { file: None, shown, done: true, notes: Vec::new(), steps: Vec::new() }
}

impl Plan {
    /// Carries it out. Returns the path of the copy of the file as it was, if there was a file.
    ///
    /// # Errors
    /// [`Code::FilesFailing`], and [`Code::BadSetting`] with what a program said that refused.
    pub fn carry_out(&self) -> Result<Option<PathBuf>> {
        if self.done {
            return Ok(None);
        }
        let backup = self.file.as_deref().map(write::back_up).transpose()?.flatten();
        self.steps.iter().try_for_each(write::carry_out)?;
        Ok(backup)
    }

    fn text(path: PathBuf, shown: String, before: &str, after: String) -> Self {
        let done = before == after;
        Self { steps: vec![Step::Write(path.clone(), after)], file: Some(path), shown, done, notes: Vec::new() }
    }
}

impl Request {
    /// What names the target on the command line.
    fn words(&self) -> String {
        format!("--profile {} --target {}", in_shell(self.found.profile.name.as_str()), self.found.target.name)
    }

    fn path(&self, usual: &[&str]) -> PathBuf {
        let usual = || usual.iter().fold(self.home.clone(), |path, part| path.join(part));
        self.file.clone().unwrap_or_else(usual)
    }

    /// The name of our lines in a file of several.
    fn mark(&self) -> String {
        format!("rolecall {} of {}", self.found.target.name, self.found.profile.name)
    }
}

fn git(request: &Request) -> Result<Plan> {
    let Place::Git { host } = &request.found.target.place else { return Err(other_kind("git host")) };
    let usual = request.home.join(".gitconfig");
    let elsewhere = request.home.join(".config").join("git").join("config");
    let file = request.file.clone().unwrap_or(if !usual.exists() && elsewhere.exists() { elsewhere } else { usual });
    let command = format!("!{} credential git {}", in_shell(&request.rolecall.to_string_lossy()), request.words());
    let command = command.replace('\\', "\\\\").replace('"', "\\\"");
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let local = is_loopback_name(name) || name == "127.0.0.1" || name == "[::1]";
    let schemes: &[&str] = if local { &["https", "http"] } else { &["https"] };
    // The empty helper clears the list: no other helper is asked for this host, or given the token to store.
    let section = |scheme: &&str| format!("[credential \"{scheme}://{host}\"]\n\thelper =\n\thelper = \"{command}\"\n");
    let lines: String = schemes.iter().map(section).collect();
    block::plan(file, &request.mark(), &lines, request.remove)
}

fn aws(request: &Request) -> Result<Plan> {
    let Place::Aws(role) = &request.found.target.place else { return Err(other_kind("role of AWS")) };
    let file = request.path(&[".aws", "config"]);
    let name = &request.found.target.name;
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\\\""));
    let (program, profile) = (quoted(&request.rolecall.to_string_lossy()), quoted(request.found.profile.name.as_str()));
    let mut lines = format!(
        "[profile {name}]\ncredential_process = {program} credential aws --profile {profile} --target {name}\n"
    );
    if let Some(region) = &role.region {
        let _ = writeln!(lines, "region = {region}");
    }
    let before = write::read(&file)?.unwrap_or_default();
    let others = block::without(&before, &request.mark())?;
    if others.lines().any(|line| line.trim() == format!("[profile {name}]")) {
        let why = format!("{} has a profile {name} of your own; give the target another name", file.display());
        return Err(Problem::new(Code::BadSetting, why));
    }
    let mut plan = block::plan(file, &request.mark(), &lines, request.remove)?;
    plan.notes.push(format!("Used as: aws --profile {name} sts get-caller-identity"));
    Ok(plan)
}

fn docker(request: &Request) -> Result<Plan> {
    let Place::Docker { registry } = &request.found.target.place else { return Err(other_kind("registry")) };
    let file = request.path(&[".docker", "config.json"]);
    let mut plan = member::plan(file, &["credHelpers", registry], &json!("rolecall"), request.remove)?;
    let link = request.home.join(".local").join("bin").join("docker-credential-rolecall");
    let is_ours = std::fs::read_link(&link).is_ok_and(|to| to == request.rolecall);
    if request.remove {
        if is_ours {
            plan.done = false;
            plan.steps.push(Step::Unlink(link, request.rolecall.clone()));
        }
    } else if !is_ours && !on_path("docker-credential-rolecall") {
        plan.done = false;
        plan.notes.push(format!(
            "docker looks for docker-credential-rolecall on the path: the link {} to {} is made too. Have that folder on your path.",
            link.display(),
            request.rolecall.display()
        ));
        plan.steps.push(Step::Link(link, request.rolecall.clone()));
    }
    plan.notes.push("podman and skopeo read the same credHelpers, from this file or from containers/auth.json.".into());
    Ok(plan)
}

fn mcp(request: &Request) -> Result<Plan> {
    let Place::Mcp { address } = &request.found.target.place else { return Err(other_kind("MCP server")) };
    let name = request.found.target.name.as_str();
    let profile = in_shell(request.found.profile.name.as_str());
    let helper = format!("{} mcp-headers --profile {profile} {name}", in_shell(&request.rolecall.to_string_lossy()));
    let server = json!({ "type": "http", "url": address.as_str(), "headersHelper": helper });
    let file = request.file.clone().unwrap_or_else(|| PathBuf::from(".mcp.json"));
    let mut plan = member::plan(file, &["mcpServers", name], &server, request.remove)?;
    plan.notes.push(format!(
        "A client that reads a variable in place of a command: rolecall exec {} --env NAME=access -- CLIENT",
        request.words()
    ));
    Ok(plan)
}

fn other_kind(wanted: &str) -> Problem {
    Problem::new(Code::UnknownTarget, format!("that target is no {wanted}"))
}

/// A text as a shell takes it for one word.
fn in_shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}
