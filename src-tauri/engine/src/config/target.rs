use std::fmt;
use std::str::FromStr;

use url::Url;

use super::is_loopback;
use crate::problem::{Code, Problem};
use crate::tokens::TokenKind;

/// The name of a target: up to 64 letters, digits, `-`, `_` and `.`, beginning with a letter or digit. Unlike the name of a
/// profile, two that differ in case are two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetName(String);

impl TargetName {
    /// As the person wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TargetName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        let what =
            "can't name a target; use up to 64 letters, digits, '-', '_' and '.', beginning with a letter or digit";
        Err(Problem::new(Code::BadSetting, format!("'{text}' {what}")))
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that a profile names for tokens to be sent to: which token it gets, and the one place that may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name within the profile.
    pub name: TargetName,
    /// Where the token may go.
    pub place: Place,
    /// Which token it gets, where the profile says so; else [`Target::token`] decides by the kind.
    pub wants: Option<TokenKind>,
    /// The resources the access token is for, as absolute addresses (RFC 8707 section 2).
    pub resources: Vec<String>,
    /// The audience the access token is for, where the provider has a parameter of that name (Auth0).
    pub audience: Option<String>,
    /// The scopes of the access token; none for those of the session.
    pub scopes: Vec<String>,
    /// The user name that goes with the token where a protocol wants one (git, registries).
    pub username: Option<String>,
    /// Whether the token may be given to a computer the agent was forwarded to.
    pub forward: bool,
}

/// The one place a token may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An API; its address where the profile gives one.
    Api {
        /// Where it is.
        address: Option<Url>,
    },
    /// A Kubernetes cluster.
    Kubernetes {
        /// The address of its API server.
        cluster: Url,
        /// The proxy that the kubeconfig may name for it.
        proxy: Option<String>,
    },
    /// A role of AWS, or of what speaks its STS.
    Aws(AwsRole),
    /// A git host.
    Git {
        /// Its name, and port where it is not the usual one, in lower case.
        host: String,
    },
    /// A container registry.
    Docker {
        /// Its name, and port where one belongs to it, in lower case.
        registry: String,
    },
    /// An MCP server.
    Mcp {
        /// Its address.
        address: Url,
    },
}

/// A role that is taken with a token (`AssumeRoleWithWebIdentity`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsRole {
    /// Its ARN.
    pub role: String,
    /// The region whose STS is asked.
    pub region: Option<String>,
    /// The STS itself, where it is not Amazon's.
    pub endpoint: Option<Url>,
    /// For how long the credentials are to hold, in seconds.
    pub duration: u32,
    /// The name of the session in the audit log, where it is not made from the person.
    pub session_name: Option<String>,
}

/// The kinds of targets, by the words for them in `rolecall.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// `api`.
    Api,
    /// `kubernetes`.
    Kubernetes,
    /// `aws`.
    Aws,
    /// `git`.
    Git,
    /// `docker`.
    Docker,
    /// `mcp`.
    Mcp,
}

impl TargetKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Api, Self::Kubernetes, Self::Aws, Self::Git, Self::Docker, Self::Mcp];

    /// The word for it in `rolecall.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Kubernetes => "kubernetes",
            Self::Aws => "aws",
            Self::Git => "git",
            Self::Docker => "docker",
            Self::Mcp => "mcp",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Target {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> TargetKind {
        match self.place {
            Place::Api { .. } => TargetKind::Api,
            Place::Kubernetes { .. } => TargetKind::Kubernetes,
            Place::Aws(_) => TargetKind::Aws,
            Place::Git { .. } => TargetKind::Git,
            Place::Docker { .. } => TargetKind::Docker,
            Place::Mcp { .. } => TargetKind::Mcp,
        }
    }

    /// Which token it gets. A cluster and AWS check who signed in, so they get the ID token, unless the profile says what
    /// an access token for them is made for.
    #[must_use]
    pub fn token(&self) -> TokenKind {
        let by_kind = match self.place {
            Place::Kubernetes { .. } | Place::Aws(_) if !self.asks_for_more() => TokenKind::Id,
            _ => TokenKind::Access,
        };
        self.wants.unwrap_or(by_kind)
    }

    /// Whether it names something the access token must be for, or may do.
    #[must_use]
    pub fn asks_for_more(&self) -> bool {
        !self.resources.is_empty() || self.audience.is_some() || !self.scopes.is_empty()
    }

    /// Where it is, for showing; nothing where the profile does not say.
    #[must_use]
    pub fn place_text(&self) -> String {
        match &self.place {
            Place::Api { address } => address.as_ref().map(Url::to_string).unwrap_or_default(),
            Place::Kubernetes { cluster, .. } => cluster.to_string(),
            Place::Aws(role) => role.role.clone(),
            Place::Git { host } => host.clone(),
            Place::Docker { registry } => registry.clone(),
            Place::Mcp { address } => address.to_string(),
        }
    }

    /// Checks that the target can be used.
    ///
    /// # Errors
    /// [`Code::BadSetting`] with what is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        let bad = |why: String| Err(Problem::new(Code::BadSetting, why));
        for resource in &self.resources {
            // An absolute address without a fragment (RFC 8707 section 2).
            if !Url::parse(resource).is_ok_and(|url| url.fragment().is_none()) {
                return bad(format!("the resource '{resource}' must be an absolute address without '#'"));
            }
        }
        if !self.resources.is_empty() && self.audience.is_some() {
            return bad("give either resource or audience; a provider has one of them".into());
        }
        if self.wants == Some(TokenKind::Id) && self.asks_for_more() {
            return bad(
                "resource, audience and scopes are for access tokens; an ID token is always for this client".into()
            );
        }
        if let Some(scope) = self.scopes.iter().find(|scope| !is_scope(scope)) {
            return bad(format!("'{scope}' is no scope"));
        }
        if self.username.as_deref().is_some_and(|name| name.is_empty() || name.contains([':', '\n', '\r', '\0'])) {
            return bad("a user name has no colon and no line break".into());
        }
        match &self.place {
            Place::Api { address: Some(address) } | Place::Mcp { address } => check_address("address", address),
            Place::Kubernetes { cluster, .. } => check_address("cluster", cluster),
            Place::Aws(role) => role.check(),
            Place::Git { host } => check_host("host", host),
            Place::Docker { registry } => check_host("registry", registry),
            Place::Api { address: None } => Ok(()),
        }
    }
}

impl AwsRole {
    /// The usual lifetime of credentials, in seconds.
    pub const USUAL_DURATION: u32 = 3600;

    /// The part of the ARN behind `arn:`: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &str {
        self.role.split(':').nth(1).unwrap_or("aws")
    }

    fn check(&self) -> Result<(), Problem> {
        let bad = |why: String| Err(Problem::new(Code::BadSetting, why));
        let parts: Vec<&str> = self.role.splitn(6, ':').collect();
        let is_role =
            matches!(parts.as_slice(), ["arn", _, "iam", "", _, what] if what.starts_with("role/") && what.len() > 5);
        let plain = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_/:".contains(c);
        if !is_role || !self.role.chars().all(plain) {
            return bad(format!(
                "'{}' is not the ARN of a role, such as arn:aws:iam::123456789012:role/deploy",
                self.role
            ));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.region.as_deref().is_some_and(|region| region.is_empty() || !region.chars().all(plain)) {
            return bad("a region is a word such as eu-central-1".into());
        }
        if !(900..=43_200).contains(&self.duration) {
            return bad("duration must be from 900 to 43200 seconds".into());
        }
        if self.session_name.as_deref().is_some_and(|name| !is_session_name(name)) {
            return bad("session_name has 2 to 64 letters, digits and characters of _=,.@-".into());
        }
        self.endpoint.as_ref().map_or(Ok(()), |endpoint| check_address("endpoint", endpoint))
    }
}

/// Whether AWS takes this for the name of a session.
pub(crate) fn is_session_name(name: &str) -> bool {
    (2..=64).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "_=,.@-".contains(c))
}

fn check_address(key: &str, url: &Url) -> Result<(), Problem> {
    let usable = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if usable && plain && url.has_host() {
        return Ok(());
    }
    let wanted = "must be an https address without name, password and '#'; http is for this computer alone";
    Err(Problem::new(Code::BadSetting, format!("{key} {wanted}")))
}

/// A scope by RFC 6749 section 3.3.
fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn check_host(key: &str, text: &str) -> Result<(), Problem> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]_".contains(c);
    let parsed = Url::parse(&format!("https://{text}/"));
    if !text.is_empty() && text.chars().all(allowed) && parsed.is_ok_and(|url| url.path() == "/" && url.has_host()) {
        return Ok(());
    }
    let wanted = "must be a host, with a port where it is not the usual one, such as git.example.com: not";
    Err(Problem::new(Code::BadSetting, format!("{key} {wanted} '{text}'")))
}

/// A host as people write it: in lower case, without the port that is usual for https.
pub(crate) fn host_text(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    text.strip_suffix(":443").map_or(text.clone(), str::to_owned)
}
