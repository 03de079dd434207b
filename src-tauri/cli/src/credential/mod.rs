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

use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Engine, Problem};
use zeroize::Zeroizing;

use crate::io_words;
use crate::target_args::{CredentialFor, CredentialProgram};
use crate::terminal::Terminal;

/// For how long a token must still be valid that a program uses right away.
const VALID_FOR: Duration = Duration::from_secs(60);
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

/// What the program asks, from standard input.
fn question() -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    match std::io::stdin().take(LONGEST).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Problem::new(Code::Unreadable, format!("standard input: {}", io_words(&error)))),
    }
}
