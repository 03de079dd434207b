use rolecall_engine::config::{Place, Target};
use rolecall_engine::problem::Result;
use rolecall_engine::targets;
use rolecall_engine::{Code, Engine, Problem};
use serde_json::{Value, json};

use super::{VALID_FOR, is_meant, rfc3339};
use crate::target_args::Adapter;
use crate::terminal::Terminal;
use crate::{DONE, json, wanted};

/// The variable in which kubectl passes its request.
const INFO: &str = "KUBERNETES_EXEC_INFO";
/// The supported versions of the protocol (`client.authentication.k8s.io`).
const VERSIONS: [&str; 2] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/// What kubectl wants.
struct Asked {
    version: &'static str,
    /// `spec.interactive`, which v1beta1 need not have.
    interactive: Option<bool>,
    cluster: Value,
}

pub(super) async fn credential(options: &Adapter, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let asked = Asked::read(&std::env::var(INFO).unwrap_or_default())?;
    let (config, profile) = wanted::configured(options.profile.as_deref(), engine)?;
    let server = asked.server()?;
    let found = targets::at_cluster(&config, profile.as_ref(), server)
        .ok_or_else(|| Problem::new(Code::UnknownTarget, format!("no profile names the cluster {server}")))?;
    if let Some(name) = options.target.as_deref().filter(|_| !is_meant(options, &found)) {
        let why = format!("the cluster {server} is the target '{}', not '{name}'", found.target.name);
        return Err(Problem::new(Code::UnknownTarget, why));
    }
    check_connection(&found.target, &asked.cluster)?;
    terminal.about(&found.profile.name, &config);
    let somebody = asked.interactive.unwrap_or_else(wanted::somebody_is_there) && !options.no_browser;
    let get = async || engine.token_for_caller(&found, caller(), VALID_FOR).await;
    let token = wanted::signed_in(&found, somebody, engine, terminal, get).await?;
    let mut status = json!({ "token": token.secret.expose() });
    // Without an end kubectl keeps the token until the cluster refuses it.
    if let Some(end) = token.expires_at.and_then(rfc3339) {
        status["expirationTimestamp"] = json!(end);
    }
    let mut answer = json!({ "kind": "ExecCredential", "apiVersion": asked.version, "spec": {}, "status": status });
    if let Some(interactive) = asked.interactive {
        answer["spec"] = json!({ "interactive": interactive });
    }
    terminal.data(&json::line(&answer));
    Ok(DONE)
}

impl Asked {
    fn read(text: &str) -> Result<Self> {
        let wrong = |what: &str| Problem::new(Code::Unreadable, format!("{INFO} {what}"));
        if text.is_empty() {
            return Err(wrong("is not set; this command is for kubectl to run, see rolecall setup kubernetes"));
        }
        let asked: Value = serde_json::from_str(text).map_err(|_| wrong("is not JSON"))?;
        let version = asked["apiVersion"].as_str().unwrap_or_default();
        let version = VERSIONS.into_iter().find(|known| *known == version).ok_or_else(|| {
            wrong(&format!("asks for the version '{version}'; the kubeconfig must name {} or v1beta1", VERSIONS[0]))
        })?;
        let spec = &asked["spec"];
        Ok(Self { version, interactive: spec["interactive"].as_bool(), cluster: spec["cluster"].clone() })
    }

    /// The cluster the token would be sent to. It is not taken from an argument: whoever writes the kubeconfig writes those,
    /// and kubectl alone knows where it sends the token (TG-1).
    fn server(&self) -> Result<&str> {
        self.cluster["server"].as_str().ok_or_else(|| {
            let why = "kubectl does not say for which cluster; set provideClusterInfo: true for this user of the kubeconfig, as rolecall setup kubernetes does";
            Problem::new(Code::UnknownTarget, why)
        })
    }
}

/// Refuses a connection that may end at another server than the cluster, although the address is the cluster's: one through a
/// proxy that the target does not name, and one without a check of the certificate.
fn check_connection(target: &Target, cluster: &Value) -> Result<()> {
    let refused = |why: String| Err(Problem::new(Code::UnknownTarget, why));
    let name = &target.name;
    if cluster["insecure-skip-tls-verify"] == true {
        return refused(format!(
            "the kubeconfig has the certificate of '{name}' not checked (insecure-skip-tls-verify)"
        ));
    }
    let proxy = cluster["proxy-url"].as_str().filter(|proxy| !proxy.is_empty());
    let known = match &target.place {
        Place::Kubernetes { proxy, .. } => proxy.as_deref(),
        _ => None,
    };
    if let Some(proxy) = proxy.filter(|proxy| known != Some(proxy)) {
        return refused(format!(
            "the kubeconfig reaches '{name}' through the proxy {proxy}, which the target does not name"
        ));
    }
    Ok(())
}

/// The process that asks: kubectl runs its plug-in twice where the cluster refused the first token.
fn caller() -> Option<u32> {
    #[cfg(unix)]
    return rustix::process::getppid().and_then(|parent| u32::try_from(parent.as_raw_nonzero().get()).ok());
    #[cfg(not(unix))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_callers_and_others_are_refused() {
        let asked = |text: &str| Asked::read(text).map(|asked| (asked.version, asked.interactive));
        let v1 =
            r#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}"#;
        assert_eq!(asked(v1).unwrap(), (VERSIONS[0], Some(false)));
        let beta = r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","spec":{}}"#;
        assert_eq!(asked(beta).unwrap(), (VERSIONS[1], None));
        for wrong in ["", "x", "[]", "{}", r#"{"apiVersion":"client.authentication.k8s.io/v2"}"#] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
        assert!(Asked::read(v1).unwrap().server().is_err_and(|problem| problem.detail.contains("provideClusterInfo")));
    }
}
