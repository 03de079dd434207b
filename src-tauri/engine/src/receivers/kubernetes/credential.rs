//! The token that kubectl sends, taken from where kubectl takes it, so that what the cluster makes of it can be held against
//! what is in it. It is read and dropped; it goes nowhere else.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::kubeconfig::{Context, Credential, Exec};
use super::{LOCAL, command, run};
use crate::json;
use crate::receivers::program;
use crate::tokens::Secret;

/// How long a plug-in may take that kubectl has just had a token from.
const PLUGIN: Duration = Duration::from_secs(10);
/// The longest token, in bytes, with the JSON around it.
const MOST: usize = 1024 * 1024;

/// The token of the kubeconfig's user. `None` where there is none, and where reading it would do more than kubectl
/// itself has just done.
pub(super) async fn token(kubectl: &Path, context: &Context) -> Option<Secret> {
    match context.credential.as_ref()? {
        Credential::Token => {
            let mut command = command(kubectl);
            command.arg(format!("--context={}", context.context)).args(["config", "view", "--minify", "--raw"]);
            command.arg("--output=jsonpath={.users[0].user.token}");
            let output = run(command, b"", LOCAL, None).await.ok().filter(|output| output.success)?;
            secret(&output.stdout)
        }
        Credential::TokenFile => {
            let file = context.details.as_ref()?.token_file.clone()?;
            let read = move || std::fs::read(file).ok().map(Zeroizing::new);
            let text = tokio::task::spawn_blocking(read).await.ok()??;
            secret(&text)
        }
        Credential::Plugin { .. } => of_plugin(context.details.as_ref()?.exec.as_ref()?).await,
        Credential::Certificate | Credential::Password | Credential::AuthProvider { .. } | Credential::Nothing => None,
    }
}

/// Runs the plug-in as kubectl does where nobody is at a terminal (`client.authentication.k8s.io`). One that wants to know
/// the cluster is left alone: kubectl alone can tell it all there is to know.
async fn of_plugin(exec: &Exec) -> Option<Secret> {
    if exec.provide_cluster_info {
        return None;
    }
    let asked = json!({"kind": "ExecCredential", "apiVersion": exec.api_version, "spec": {"interactive": false}});
    let mut plugin = Command::new(&exec.command);
    plugin.args(&exec.args).envs(exec.env.iter().map(|variable| (&variable.name, &variable.value)));
    plugin.env("KUBERNETES_EXEC_INFO", asked.to_string());
    let output = program::run(plugin, b"", PLUGIN, MOST).await.ok().filter(|output| output.success)?;
    let answer = json::object(&output.stdout)?;
    let token = answer.get("status")?.get("token").and_then(Value::as_str)?;
    secret(token.as_bytes())
}

fn secret(text: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(text).ok()?.trim();
    (!text.is_empty() && text.len() <= MOST).then(|| Secret::new(text.to_owned()))
}
