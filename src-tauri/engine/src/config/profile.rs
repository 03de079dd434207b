use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Issuer, ProviderKind, Scopes};
use crate::problem::{Code, Problem};

/// The name of a profile: a letter or digit, then up to 39 letters, digits, `-` or `_`. Two names that differ only in
/// case are the same (CLI-3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProfileName(String);

impl ProfileName {
    /// As the person wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for ProfileName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let starts = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if starts && text.len() <= 40 && text.chars().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(Problem::new(
            Code::BadSetting,
            format!(
                "'{text}' can't name a profile; use up to 40 letters, digits, '-' and '_', beginning with a letter or digit"
            ),
        ))
    }
}

impl TryFrom<String> for ProfileName {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        text.parse()
    }
}

impl From<ProfileName> for String {
    fn from(name: ProfileName) -> Self {
        name.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for ProfileName {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for ProfileName {}

impl PartialOrd for ProfileName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ProfileName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.folded().cmp(&other.folded())
    }
}

/// One way to sign in. Holds no secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: ProfileName,
    /// The issuer, byte for byte.
    pub issuer: Issuer,
    /// The client ID registered at the provider.
    pub client_id: String,
    /// What is asked for.
    pub scopes: Scopes,
    /// The API the access token is for (Auth0's `audience`; also sent as RFC 8707 `resource` nowhere).
    pub audience: Option<String>,
    /// Further parameters of the authorization request, for example `organization`.
    pub params: BTreeMap<String, String>,
    /// A file of PEM certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Where the browser comes back to.
    pub redirect: RedirectRule,
    /// The provider, where the person said; otherwise it is told from the issuer.
    pub provider: Option<ProviderKind>,
    /// Hosts besides the issuer's own that discovery may name (OP-3).
    pub extra_hosts: Vec<String>,
    /// Further audiences an ID token may name besides the client ID.
    pub trusted_audiences: Vec<String>,
    /// Ask for consent at each sign-in, because otherwise this provider gives no refresh token.
    pub ask_consent: bool,
    /// The colour of its lanyard.
    pub lanyard: Lanyard,
    /// What the person expects to have.
    pub expect: Expect,
}

impl Profile {
    /// A profile with the usual settings.
    #[must_use]
    pub fn new(name: ProfileName, issuer: Issuer, client_id: String) -> Self {
        Self {
            name,
            issuer,
            client_id,
            scopes: Scopes::usual(),
            audience: None,
            params: BTreeMap::new(),
            ca_file: None,
            redirect: RedirectRule::default(),
            provider: None,
            extra_hosts: Vec::new(),
            trusted_audiences: Vec::new(),
            ask_consent: false,
            lanyard: Lanyard::default(),
            expect: Expect::default(),
        }
    }

    /// The provider: what the person said, or what issuer suggests.
    #[must_use]
    pub fn provider_kind(&self) -> ProviderKind {
        self.provider.unwrap_or_else(|| ProviderKind::of_issuer(&self.issuer))
    }

    /// The key under which this profile's session and state stand: 32 hexadecimal digits, a digest of name, issuer and
    /// client ID, so that no two profiles share one (KC-5, CLI-3).
    #[must_use]
    pub fn key(&self) -> String {
        let mut digest = Sha256::new();
        for part in [self.name.folded().as_str(), self.issuer.as_str(), &self.client_id] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
            use fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Where the browser comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRule {
    /// `127.0.0.1`, `[::1]`, or `localhost` for the providers that accept nothing else.
    pub host: String,
    /// The ports registered at the provider, tried in order; empty means any free one (RFC 8252 section 7.3).
    pub ports: Vec<u16>,
    /// The path, beginning with `/`.
    pub path: String,
}

impl Default for RedirectRule {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), ports: Vec::new(), path: "/callback".into() }
    }
}

/// The colour that tells profiles apart at a glance; never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Lanyard {
    /// The usual one.
    #[default]
    Green,
    /// Blue-grey.
    Slate,
    /// Red-brown.
    Brick,
}

/// What a person expects to have; missing ones are pointed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Expect {
    /// Roles.
    pub roles: Vec<String>,
    /// Groups.
    pub groups: Vec<String>,
}
