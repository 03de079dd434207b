use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use url::Url;

use super::{Plan, Request, Step, other_kind};
use crate::config::Place;
use crate::problem::{Code, Problem, Result};
use crate::targets::is_same_address;

/// The change that adds a user and a context of ours, or takes them out. kubectl makes it: the file is its own, and it
/// knows all forms of it.
pub(super) fn plan(request: &Request) -> Result<Plan> {
    let Place::Kubernetes { cluster, .. } = &request.found.target.place else { return Err(other_kind("cluster")) };
    let named = std::env::var_os("KUBECONFIG").and_then(|paths| std::env::split_paths(&paths).next());
    let file = request.file.clone().or(named).unwrap_or_else(|| request.home.join(".kube").join("config"));
    let before = view(&file)?;
    let name = format!("rolecall-{}", request.found.target.name);
    let arguments = ["credential", "kubernetes", "--profile", request.found.profile.name.as_str()];
    let exec = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "command": request.rolecall, "args": arguments,
        "interactiveMode": "IfAvailable", "provideClusterInfo": true,
        "installHint": "rolecall gives kubectl the token for this cluster: rolecall setup kubernetes",
    });
    let at = before["clusters"].as_array().into_iter().flatten().find(|known| {
        let server = known["cluster"]["server"].as_str().and_then(|server| Url::parse(server).ok());
        server.is_some_and(|server| is_same_address(cluster, &server))
    });
    let cluster_name = at.and_then(|known| known["name"].as_str());
    let find = |list: &str| before[list].as_array().into_iter().flatten().find(|known| known["name"] == name.as_str());
    let user = find("users").map(|known| &known["user"]["exec"]);
    let context = find("contexts");
    let mut notes = Vec::new();
    let mut steps = Vec::new();
    let kubectl = |words: &[&str]| -> Step {
        let file = file.as_os_str().to_owned();
        let words = words.iter().map(OsString::from);
        Step::Run(["kubectl".into(), "config".into(), "--kubeconfig".into(), file].into_iter().chain(words).collect())
    };
    if request.remove {
        steps.extend(context.map(|_| kubectl(&["delete-context", &name])));
        steps.extend(user.map(|_| kubectl(&["delete-user", &name])));
        if before["current-context"] == name.as_str() && context.is_some() {
            notes.push("It was the current context; choose another: kubectl config use-context NAME".into());
        }
    } else {
        if user.is_none_or(|user| !is_same(user, &exec)) {
            let command = format!("--exec-command={}", request.rolecall.display());
            let arguments = arguments.map(|argument| format!("--exec-arg={argument}"));
            let mut words = vec!["set-credentials", &name, &command];
            words.extend(arguments.iter().map(String::as_str));
            words.push("--exec-api-version=client.authentication.k8s.io/v1");
            words.extend(["--exec-interactive-mode=IfAvailable", "--exec-provide-cluster-info=true"]);
            // kubectl would keep members of a user of that name that are not set here.
            steps.extend(user.map(|_| kubectl(&["delete-user", &name])));
            steps.push(kubectl(&words));
        }
        match cluster_name {
            Some(cluster) => {
                if context.is_none_or(|known| {
                    known["context"]["cluster"] != cluster || known["context"]["user"] != name.as_str()
                }) {
                    let cluster = format!("--cluster={cluster}");
                    steps.push(kubectl(&["set-context", &name, &cluster, &format!("--user={name}")]));
                }
                notes.push(format!("Used as: kubectl --context {name} get pods"));
            }
            None => notes.push(format!(
                "{} has no cluster {cluster}; add it, and run this again for a context.",
                file.display()
            )),
        }
        notes.push(format!(
            "Where ~/.kube/kuberc has credentialPluginPolicy: Allowlist, add to credentialPluginAllowlist: - name: {}",
            request.rolecall.display()
        ));
    }
    let mut shown = json!({ "users": [{ "name": name, "user": { "exec": exec } }] });
    // kubectl has no option for this member, so it is not written.
    if let Some(exec) = shown["users"][0]["user"]["exec"].as_object_mut() {
        exec.remove("installHint");
    }
    if let Some(cluster) = cluster_name {
        shown["contexts"] = json!([{ "name": name, "context": { "cluster": cluster, "user": name } }]);
    }
    let shown = format!("{}\n", serde_json::to_string_pretty(&shown).unwrap_or_default());
    Ok(Plan { file: Some(file), shown, done: steps.is_empty(), notes, steps })
}

fn is_same(known: &Value, wanted: &Value) -> bool {
    let keys = ["apiVersion", "command", "args", "interactiveMode", "provideClusterInfo"];
    keys.iter().all(|key| known[key] == wanted[key])
}

/// The file as kubectl reads it; `null` where there is no file.
fn view(file: &Path) -> Result<Value> {
    if !file.exists() {
        return Ok(Value::Null);
    }
    let mut command = Command::new("kubectl");
    command.args(["config", "view", "--raw", "--output=json", "--kubeconfig"]).arg(file).stdin(Stdio::null());
    let output = command.output().map_err(|error| {
        Problem::new(Code::BadSetting, format!("kubectl, which writes its own file, could not be run: {error}"))
    })?;
    let text = zeroize::Zeroizing::new(output.stdout);
    serde_json::from_slice(&text)
        .ok()
        .filter(|_| output.status.success())
        .ok_or_else(|| Problem::new(Code::BadSetting, format!("kubectl can't read {}", file.display())))
}
