//! Credentials for other programs, each in its own protocol. Standard output has the answer and nothing else.
//!
//! | file | speaks to |
//! |---|---|
//! | `kubernetes` | kubectl: `client.authentication.k8s.io` |
//! | `git` | git: gitcredentials(7) |
//! | `docker` | docker, podman, skopeo: docker-credential-helpers |
//! | `aws` | what reads `credential_process` |

mod aws;
mod docker;
mod git;
mod kubernetes;

use std::io::Read as _;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use rolecall_engine::ports::Timestamp;
use rolecall_engine::problem::Result;
use rolecall_engine::targets::Found;
use rolecall_engine::{Code, Engine, Problem};
use zeroize::Zeroizing;

use crate::io_words;
use crate::target_args::{Adapter, CredentialFor, CredentialProgram};
use crate::terminal::Terminal;

/// For how long a token must still be valid that a program uses right away.
pub(crate) const VALID_FOR: Duration = Duration::from_secs(60);
/// The user name that goes with a token where the target has none. GitLab requires this one; other git hosts and registries
/// ignore it.
const USER: &str = "oauth2";
/// The longest question that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

pub(crate) async fn credential(options: &CredentialFor, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    match &options.program {
        CredentialProgram::Kubernetes(options) => kubernetes::credential(options, engine, terminal).await,
        CredentialProgram::Git { options, operation } => git::credential(options, operation, engine, terminal).await,
        CredentialProgram::Docker { options, operation } => {
            docker::credential(options, operation, engine, terminal).await
        }
        CredentialProgram::Aws(options) => aws::credential(options, engine, terminal).await,
    }
}

/// Whether `--target` allows this target, which was found by the place the program named.
fn is_meant(options: &Adapter, found: &Found) -> bool {
    options.target.as_deref().is_none_or(|name| name == found.target.name.as_str())
}

/// A time as kubectl and AWS read it (RFC 3339, UTC); `None` for one that no calendar has.
fn rfc3339(time: Timestamp) -> Option<String> {
    Some(DateTime::from_timestamp(time.0, 0)?.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// What the program asks, from standard input.
fn question() -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    match std::io::stdin().take(LONGEST).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Problem::new(Code::Unreadable, format!("standard input: {}", io_words(&error)))),
    }
}
