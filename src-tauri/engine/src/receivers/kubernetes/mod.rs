//! A Kubernetes cluster, asked by the person's own kubectl, with the kubeconfig and the credential that it uses anyway.
//!
//! The question is a `SelfSubjectReview` (`authentication.k8s.io/v1`, since Kubernetes 1.28): who do you take me for? It is
//! posted with `kubectl create --raw`, which every kubectl has, where `kubectl auth whoami` came with 1.27.
//!
//! | file | holds |
//! |---|---|
//! | `kubeconfig` | which clusters there are, and as whom they are asked |
//! | `refusal` | what kubectl says when there is no answer |
//! | `review` | the answer |
//! | `credential` | the token that kubectl sent |

mod credential;
mod kubeconfig;
mod refusal;
mod review;

use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

pub use kubeconfig::{Clusters, Context, Credential};
pub(crate) use review::Review;

use super::program::{self, Failed, Output};
use super::{CouldNotAsk, Reason};
use crate::redact::Redactor;
use crate::tokens::Secret;

/// The program that is asked, found on the path.
pub(crate) const KUBECTL: &str = "kubectl";
/// How long the cluster may take. A plug-in that has to get a token first needs some of it.
const ANSWER: Duration = Duration::from_secs(30);
/// How long what asks nobody may take.
const LOCAL: Duration = Duration::from_secs(10);
/// The longest kubeconfig and the longest answer that are read, in bytes.
const MOST: usize = 4 * 1024 * 1024;
/// The question.
const QUESTION: &[u8] = br#"{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}"#;
/// Where it is posted.
const PATH: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// What the cluster said, where it said anything.
pub(crate) enum Answered {
    /// Who it takes the bearer for.
    Review(Review),
    /// It does not take the credential (401).
    Refused,
}

/// Which clusters kubectl knows. Asks no cluster.
pub(crate) async fn clusters(kubectl: &Path) -> Result<Clusters, CouldNotAsk> {
    let mut command = command(kubectl);
    command.args(["config", "view", "--output=json"]);
    let output = run(command, b"", LOCAL, None).await?;
    if !output.success {
        return Err(refusal::of_kubeconfig(&output.stderr));
    }
    Clusters::read(&output.stdout).ok_or_else(|| {
        CouldNotAsk::new(
            Reason::KubectlFailing,
            "what kubectl says of its kubeconfig can’t be read",
            "Run kubectl config view and see whether it works.",
        )
    })
}

/// The context of this name, or the current one.
pub(crate) fn choose(clusters: &Clusters, context: Option<&str>) -> Result<Context, CouldNotAsk> {
    clusters.choose(context)
}

/// Asks the cluster whom it takes kubectl for.
pub(crate) async fn ask(kubectl: &Path, context: &Context, redactor: &Redactor) -> Result<Answered, CouldNotAsk> {
    let mut command = command(kubectl);
    command.arg(format!("--context={}", context.context)).arg("--request-timeout=15s");
    command.args(["create", "--raw", PATH, "--filename=-"]);
    let output = run(command, QUESTION, ANSWER, Some(context)).await?;
    if !output.success {
        return refusal::of_cluster(&output.stderr, context, redactor);
    }
    Review::read(&output.stdout, redactor).map(Answered::Review)
}

/// The token kubectl sends to this cluster, where it sends one that can be read.
pub(crate) async fn token(kubectl: &Path, context: &Context) -> Option<Secret> {
    credential::token(kubectl, context).await
}

fn command(kubectl: &Path) -> Command {
    let mut command = Command::new(kubectl);
    // Its own words, in English: they are looked at.
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs kubectl, or a plug-in of it; what keeps it from giving anything is told.
async fn run(command: Command, input: &[u8], within: Duration, asked: Option<&Context>) -> Result<Output, CouldNotAsk> {
    let failed = match program::run(command, input, within, MOST).await {
        Ok(output) => return Ok(output),
        Err(failed) => failed,
    };
    Err(match (failed, asked) {
        (Failed::Missing, _) => CouldNotAsk::new(
            Reason::KubectlMissing,
            "there is no kubectl on this computer’s path",
            "Install kubectl, or start Rolecall where it is found.",
        ),
        (Failed::NotRun(error), _) => CouldNotAsk::new(
            Reason::KubectlFailing,
            format!("kubectl could not be started: {error}"),
            "See whether it works by itself: kubectl version --client.",
        ),
        (Failed::TooMuch, _) => CouldNotAsk::new(
            Reason::AnswerBroken,
            "the answer is longer than 4 MB, so it was not read",
            "Ask the cluster’s administrator: no user has that many groups.",
        ),
        (Failed::TooSlow, Some(context)) => too_slow(context, within),
        (Failed::TooSlow, None) => CouldNotAsk::new(
            Reason::KubectlFailing,
            format!("kubectl did not read its kubeconfig within {} seconds", within.as_secs()),
            "Run kubectl config view and see whether it works.",
        ),
    })
}

fn too_slow(context: &Context, within: Duration) -> CouldNotAsk {
    let detail = format!("kubectl did not answer within {} seconds and was stopped", within.as_secs());
    let needed = match &context.credential {
        Some(Credential::Plugin { program }) => format!(
            "Its plug-in {program} may be waiting for you, in the browser or in a terminal. Run kubectl version once, sign in there, and ask again."
        ),
        _ => "Check the network and the address of the cluster, and ask again.".to_owned(),
    };
    CouldNotAsk::new(Reason::TimedOut, detail, needed)
}
