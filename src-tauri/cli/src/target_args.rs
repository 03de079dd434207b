//! The options of the commands that give tokens to programs.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What a token is to be for.
#[derive(Args, Debug, Default)]
pub(crate) struct For {
    /// A target of the profile
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["resource", "audience", "scope"])]
    pub(crate) target: Option<String>,
    /// A resource the access token is for, as an address (RFC 8707); may be repeated
    #[arg(long, value_name = "URL")]
    pub(crate) resource: Vec<String>,
    /// The audience the access token is for, where the provider has that parameter
    #[arg(long, value_name = "A", conflicts_with = "resource")]
    pub(crate) audience: Option<String>,
    /// A scope of the access token; may be repeated
    #[arg(long, value_name = "S")]
    pub(crate) scope: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Token {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) wanted: For,
    /// The ID token instead of the access token
    #[arg(long, conflicts_with_all = ["target", "resource", "audience", "scope"])]
    pub(crate) id: bool,
    /// Refresh first, however long the token is still valid
    #[arg(long)]
    pub(crate) refresh: bool,
    /// For how long it must still be valid
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) min_validity: u64,
    /// How it is written
    #[arg(long, value_enum, default_value_t = TokenFormat::Token)]
    pub(crate) format: TokenFormat,
    /// Print it to a terminal too, where others may see it
    #[arg(long)]
    pub(crate) show: bool,
}

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenFormat {
    /// Alone on a line
    Token,
    /// With its type, its end in POSIX seconds, and its target
    Json,
    /// As a header, for curl -H @-
    Header,
}

#[derive(Args, Debug)]
pub(crate) struct Exec {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) wanted: For,
    /// A variable for the program, and what is in it: access, id or header; may be repeated. `ROLECALL_TOKEN` has the
    /// token when none is given
    #[arg(long = "env", value_name = "NAME=WHAT", value_parser = variable)]
    pub(crate) variables: Vec<(String, InVariable)>,
    /// For how long the token must still be valid
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) min_validity: u64,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    pub(crate) command: Vec<OsString>,
}

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InVariable {
    /// The access token, or the target's token.
    Access,
    /// The ID token.
    Id,
    /// `Authorization: Bearer` and the token.
    Header,
}

fn variable(text: &str) -> Result<(String, InVariable), String> {
    let (name, what) = text.split_once('=').ok_or("write it as NAME=access, NAME=id or NAME=header")?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(allowed) {
        return Err(format!("'{name}' is no name of a variable"));
    }
    let what = match what {
        "access" => InVariable::Access,
        "id" => InVariable::Id,
        "header" => InVariable::Header,
        _ => return Err(format!("'{what}' is none of access, id and header")),
    };
    Ok((name.to_owned(), what))
}

#[derive(Args, Debug)]
pub(crate) struct CredentialFor {
    #[command(subcommand)]
    pub(crate) program: CredentialProgram,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CredentialProgram {
    /// kubectl: a credential plug-in (`ExecCredential` v1 and v1beta1)
    #[command(
        after_help = "The target is found by the cluster kubectl names, so the kubeconfig must have provideClusterInfo: true.\n\nrolecall setup kubernetes writes it."
    )]
    Kubernetes(Adapter),
    /// git: a credential helper (get, store, erase)
    Git {
        #[command(flatten)]
        options: Adapter,
        /// What git asks for
        operation: String,
    },
    /// docker, podman, skopeo: a credential helper, also under the name docker-credential-rolecall
    Docker {
        #[command(flatten)]
        options: Adapter,
        /// What the program asks for: get, list, store or erase
        operation: String,
    },
    /// AWS: a `credential_process` that takes a role (`AssumeRoleWithWebIdentity`)
    Aws(Adapter),
}

#[derive(Args, Debug)]
pub(crate) struct Adapter {
    /// Only this profile's targets; else those of all, the active one's first
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The target; it must be the place the program names
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,
    /// Never open a browser, also where somebody is at the keyboard
    #[arg(long)]
    pub(crate) no_browser: bool,
}

#[derive(Args, Debug)]
pub(crate) struct McpHeaders {
    /// The target; when not given, the one at the address the client names in `CLAUDE_CODE_MCP_SERVER_URL`
    pub(crate) target: Option<String>,
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Setup {
    /// The program to set up
    #[arg(value_enum)]
    pub(crate) program: SetUpProgram,
    /// The target; the profile's only one of that kind when not given
    pub(crate) target: Option<String>,
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Where a new target is: host, cluster, registry, role or address
    #[arg(long, value_name = "PLACE", requires = "target")]
    pub(crate) at: Option<String>,
    /// The resource of a new target
    #[arg(long, value_name = "URL", requires = "at")]
    pub(crate) resource: Vec<String>,
    /// The audience of a new target
    #[arg(long, value_name = "A", requires = "at")]
    pub(crate) audience: Option<String>,
    /// A scope of a new target; may be repeated
    #[arg(long, value_name = "S", requires = "at")]
    pub(crate) scope: Vec<String>,
    /// Another file of the other program than its usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Write it, with a backup of what was there
    #[arg(long)]
    pub(crate) write: bool,
    /// Take out again what --write wrote
    #[arg(long, conflicts_with_all = ["write", "at"])]
    pub(crate) remove: bool,
}

/// A program that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SetUpProgram {
    /// kubectl, helm and others that read a kubeconfig
    Kubernetes,
    /// What reads ~/.aws/config
    Aws,
    /// git
    Git,
    /// docker and others that read ~/.docker/config.json
    Docker,
    /// MCP clients with a headersHelper
    Mcp,
    /// curl, and whatever takes a header
    Curl,
}
