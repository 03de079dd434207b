//! The person's kubeconfig, as kubectl itself reads it: its rules for several files and for `KUBECONFIG` stay its own.
//!
//! It is read from `kubectl config view`, which leaves secrets out. Arguments and variables of a plug-in may hold some all
//! the same: of those nothing is kept that is told.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::receivers::{CouldNotAsk, Reason};
use crate::text::clean_line;

/// What kubectl knows: clusters one may ask, each under the name of a context.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Clusters {
    /// The contexts, in the order of the kubeconfig.
    pub contexts: Vec<Context>,
    /// The name of the current one, where there is one.
    pub current: Option<String>,
}

/// A context of the kubeconfig: a cluster, and as whom it is asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Context {
    /// Its name, byte for byte. To be cleaned where it is shown.
    pub context: String,
    /// The name of the cluster.
    pub cluster: String,
    /// The address of its API server; `None` where the kubeconfig does not have the cluster.
    pub server: Option<String>,
    /// The kubeconfig's name of the user.
    pub user: String,
    /// What that user shows; `None` where the kubeconfig does not have the user.
    pub credential: Option<Credential>,
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(super) details: Option<User>,
}

/// What a user of the kubeconfig shows to the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Credential {
    /// A token that a plug-in gets.
    Plugin {
        /// The name of the program, without its folder.
        program: String,
    },
    /// A token that is written there.
    Token,
    /// A token in a file.
    TokenFile,
    /// A client certificate.
    Certificate,
    /// A password.
    Password,
    /// A way of old versions of kubectl.
    AuthProvider {
        /// Its name.
        name: String,
    },
    /// Nothing at all.
    Nothing,
}

/// The most contexts that are read.
const MOST_CONTEXTS: usize = 500;

impl Clusters {
    /// Reads what `kubectl config view -o json` says.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let file: File = serde_json::from_slice(text).ok()?;
        let contexts = file.contexts.iter().take(MOST_CONTEXTS).map(|named| {
            let Named { name, inner: Pair { cluster, user } } = named;
            let server = file.clusters.iter().find(|known| known.name == *cluster).map(|known| &known.inner.server);
            let details = file.users.iter().find(|known| known.name == *user).map(|known| known.inner.clone());
            Context {
                context: name.clone(),
                cluster: clean_line(cluster),
                server: server.map(|server| without_user(server)),
                user: clean_line(user),
                credential: details.as_ref().map(User::credential),
                details,
            }
        });
        let contexts = contexts.collect();
        Some(Self { contexts, current: Some(file.current_context).filter(|name| !name.is_empty()) })
    }

    /// The context of this name, or the current one, as far as it can be asked.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<Context, CouldNotAsk> {
        if self.contexts.is_empty() {
            return Err(CouldNotAsk::new(
                Reason::NoContext,
                "kubectl knows no cluster: its kubeconfig names no context",
                "Get a kubeconfig for the cluster, as ~/.kube/config or named by KUBECONFIG.",
            ));
        }
        let missing = |detail: String| {
            let names: Vec<String> = self.contexts.iter().take(12).map(|known| clean_line(&known.context)).collect();
            let more = if self.contexts.len() > names.len() { " and more" } else { "" };
            let there = format!("There are {}{more}.", names.join(", "));
            CouldNotAsk::new(Reason::ContextMissing, detail, there)
        };
        let Some(wanted) = name.or(self.current.as_deref()) else {
            return Err(missing("the kubeconfig names no current context, and none was given".into()));
        };
        let found = self.contexts.iter().find(|known| known.context == wanted);
        let found = found.ok_or_else(|| missing(format!("the kubeconfig has no context {}", clean_line(wanted))))?;
        found.complete()?;
        Ok(found.clone())
    }
}

impl Context {
    /// kubectl falls back to another address where the cluster is missing, and asks for a name and password where the user
    /// has nothing to show: neither is what was asked for.
    fn complete(&self) -> Result<(), CouldNotAsk> {
        let name = clean_line(&self.context);
        let lacks = |what: &str, which: &str| {
            CouldNotAsk::new(
                Reason::ContextIncomplete,
                format!("the context {name} names the {what} {which}, which the kubeconfig does not have"),
                format!("Add the {what} to the kubeconfig, or choose another context."),
            )
        };
        if self.server.as_ref().is_none_or(String::is_empty) {
            return Err(lacks("cluster", &self.cluster));
        }
        match self.credential {
            None => Err(lacks("user", &self.user)),
            Some(Credential::Nothing) => Err(CouldNotAsk::new(
                Reason::NoCredential,
                format!("the kubeconfig’s user {} has no token, plug-in or certificate to show", self.user),
                "Give the user a credential plug-in that gets a token of this provider, such as kubelogin (kubectl oidc-login).",
            )),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
impl Context {
    /// One that can be asked.
    pub(crate) fn for_tests(name: &str, credential: Credential) -> Self {
        let name = || name.to_owned();
        let server = Some("https://api.example:6443".to_owned());
        Self { context: name(), cluster: name(), server, user: name(), credential: Some(credential), details: None }
    }
}

/// An address without the user name and password in it.
fn without_user(address: &str) -> String {
    let shown = match url::Url::parse(address) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            let _ = (url.set_username(""), url.set_password(None));
            url.to_string()
        }
        _ => address.to_owned(),
    };
    clean_line(&shown)
}

#[derive(Deserialize)]
struct File {
    #[serde(default, deserialize_with = "or_default")]
    clusters: Vec<Named<Cluster>>,
    #[serde(default, deserialize_with = "or_default")]
    users: Vec<Named<User>>,
    #[serde(default, deserialize_with = "or_default")]
    contexts: Vec<Named<Pair>>,
    #[serde(default, rename = "current-context", deserialize_with = "or_default")]
    current_context: String,
}

#[derive(Deserialize)]
struct Named<T> {
    name: String,
    #[serde(alias = "cluster", alias = "user", alias = "context")]
    inner: T,
}

#[derive(Deserialize)]
struct Cluster {
    #[serde(default)]
    server: String,
}

#[derive(Deserialize)]
struct Pair {
    #[serde(default)]
    cluster: String,
    #[serde(default)]
    user: String,
}

/// What the kubeconfig has of a user, secrets left out.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct User {
    pub(super) exec: Option<Exec>,
    token: Option<String>,
    #[serde(rename = "tokenFile")]
    pub(super) token_file: Option<String>,
    client_certificate: Option<String>,
    client_certificate_data: Option<String>,
    username: Option<String>,
    auth_provider: Option<AuthProvider>,
}

/// A credential plug-in.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Exec {
    pub(super) command: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) args: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) env: Vec<Variable>,
    pub(super) api_version: String,
    pub(super) provide_cluster_info: bool,
}

#[derive(Clone, PartialEq, Deserialize)]
pub(super) struct Variable {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct AuthProvider {
    name: String,
}

/// Arguments and variables may be secrets.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.credential().fmt(f)
    }
}

impl User {
    /// What is shown first, where there are several, in the order of client-go.
    fn credential(&self) -> Credential {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        if has(&self.token_file) {
            Credential::TokenFile
        } else if has(&self.token) {
            Credential::Token
        } else if let Some(exec) = &self.exec {
            let program = exec.command.rsplit(['/', '\\']).next().unwrap_or_default();
            Credential::Plugin { program: clean_line(program) }
        } else if let Some(provider) = &self.auth_provider {
            Credential::AuthProvider { name: clean_line(&provider.name) }
        } else if has(&self.client_certificate) || has(&self.client_certificate_data) {
            Credential::Certificate
        } else if has(&self.username) {
            Credential::Password
        } else {
            Credential::Nothing
        }
    }
}

/// kubectl writes an empty list as `null`.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clusters(users: &serde_json::Value, current: &str) -> Clusters {
        let text = json!({
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {"server": "https://joe:s3cret@api.example:6443"}}],
            "users": users,
            "contexts": [
                {"name": "dev", "context": {"cluster": "c", "user": "u"}},
                {"name": "lost", "context": {"cluster": "gone", "user": "u"}},
                {"name": "strange", "context": {"cluster": "c", "user": "gone"}},
            ],
            "current-context": current,
        });
        Clusters::read(text.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_context_that_is_named_is_chosen_else_the_current_one() {
        let known = clusters(&json!([{"name": "u", "user": {"token": "REDACTED"}}]), "dev");
        let chosen = known.choose(None).unwrap();
        assert_eq!((chosen.context.as_str(), chosen.credential), ("dev", Some(Credential::Token)));
        assert_eq!(chosen.server.as_deref(), Some("https://api.example:6443/"), "no password is shown");
        let reason = |name| known.choose(Some(name)).unwrap_err().reason;
        assert_eq!(reason("nowhere"), Reason::ContextMissing);
        assert_eq!(reason("lost"), Reason::ContextIncomplete, "kubectl would ask localhost:8080");
        assert_eq!(reason("strange"), Reason::ContextIncomplete);
        assert!(known.choose(Some("nowhere")).unwrap_err().needed.contains("dev, lost, strange"));
        let none = clusters(&json!([]), "");
        assert_eq!(none.choose(None).unwrap_err().reason, Reason::ContextMissing);
    }

    #[test]
    fn a_kubeconfig_with_nothing_in_it_and_a_user_with_nothing_to_show_are_told_apart() {
        let text = br#"{"kind":"Config","clusters":null,"users":null,"contexts":null,"current-context":""}"#;
        assert_eq!(Clusters::read(text).unwrap().choose(None).unwrap_err().reason, Reason::NoContext);
        let bare = clusters(&json!([{"name": "u", "user": {}}]), "dev");
        assert_eq!(bare.choose(None).unwrap_err().reason, Reason::NoCredential);
        assert!(Clusters::read(b"error: nonsense").is_none());
    }

    #[test]
    fn tk_2_nothing_of_a_plug_in_but_its_name_is_told() {
        let exec = json!({
            "apiVersion": "client.authentication.k8s.io/v1", "command": "/opt/bin/kubelogin",
            "args": ["get-token", "--oidc-issuer-url=https://idp.example", "--oidc-client-secret", "s3cret"],
            "env": [{"name": "PASSWORD", "value": "hunter2"}], "provideClusterInfo": false,
        });
        let known = clusters(&json!([{"name": "u", "user": {"exec": exec}}]), "dev");
        let told = serde_json::to_string(&known).unwrap();
        assert!(told.contains("kubelogin") && !told.contains("s3cret") && !told.contains("hunter2"), "{told}");
        let debug = format!("{known:?}");
        assert!(!debug.contains("s3cret") && !debug.contains("hunter2"), "{debug}");
    }
}
