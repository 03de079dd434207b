use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Issuer, Product};
use crate::problem::{Code, Problem};

/// The name of a profile: a letter or digit, then up to 39 letters, digits, `-`, `_` or blanks, none of these at the end.
/// Two names that differ only in case are the same (CLI-3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProfileName(String);

impl ProfileName {
    /// As the person wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name made from an issuer: the realm, the application or the tenant where the provider is known to have one, or
    /// the first telling part of the host. A number is put behind it when it is `taken`.
    #[must_use]
    pub fn from_issuer(issuer: &Issuer, taken: &[Self]) -> Self {
        let base = usable(&telling_part(issuer));
        let free = |name: &Self| !taken.contains(name);
        let first = Self(base.clone());
        if free(&first) {
            return first;
        }
        (2..=u32::MAX).map(|number| Self(format!("{base}-{number}"))).find(free).unwrap_or(first)
    }

    /// The name in lower case, for comparing names that differ only in case.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for ProfileName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == ' ';
        let starts = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if starts && !text.ends_with(' ') && text.len() <= 40 && text.chars().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(Problem::new(
            Code::BadSetting,
            format!(
                "'{text}' can't name a profile; use up to 40 letters, digits, blanks, '-' and '_', beginning with a letter or digit"
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

/// First labels that say what a host does and not whose it is.
const DUTIES: [&str; 12] =
    ["accounts", "auth", "iam", "id", "identity", "idp", "keycloak", "login", "oauth", "oidc", "sso", "www"];

fn telling_part(issuer: &Issuer) -> String {
    let url = issuer.url();
    (Product::of_url(url).profile_name)(url).unwrap_or_else(|| host_part(issuer))
}

fn host_part(issuer: &Issuer) -> String {
    if issuer.is_loopback() {
        return "local".into();
    }
    let Some(host) = issuer.url().domain() else { return issuer.host() };
    let labels: Vec<&str> = host.split('.').collect();
    let telling = labels.iter().take(labels.len().saturating_sub(1)).find(|label| !DUTIES.contains(label));
    telling.or(labels.first()).map_or_else(String::new, |label| (*label).to_owned())
}

/// The text with what no name may hold replaced, and short enough for a number behind it.
fn usable(text: &str) -> String {
    let replaced: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let trimmed = replaced.trim_matches(['-', '_']);
    let short: String = trimmed.chars().take(30).collect();
    if short.is_empty() { "profile".into() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_from_the_issuer() {
        for (issuer, name) in [
            ("https://acme.eu.auth0.com/", "acme"),
            ("https://id.example.org/realms/my%20realm", "my-20realm"),
            ("https://login.microsoftonline.com/common/v2.0", "entra"),
            ("https://accounts.google.com", "google"),
            ("https://auth.example.org/application/o/desk/", "desk"),
            ("https://auth.example.org", "example"),
            ("https://sso.corp", "sso"),
            ("http://127.0.0.1:8400", "local"),
            ("https://10.0.0.1", "10-0-0-1"),
            ("https://xn--nxasmq6b.example", "xn--nxasmq6b"),
        ] {
            let made = ProfileName::from_issuer(&Issuer::parse(issuer).unwrap(), &[]);
            assert_eq!(made.as_str(), name, "{issuer}");
            assert!(made.as_str().parse::<ProfileName>().is_ok());
        }
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let issuer = Issuer::parse("https://acme.eu.auth0.com/").unwrap();
        let taken: Vec<ProfileName> = ["ACME", "acme-2"].map(|name| name.parse().unwrap()).into();
        assert_eq!(ProfileName::from_issuer(&issuer, &taken).as_str(), "acme-3");
    }

    #[test]
    fn cli_3_names_that_are_no_names_are_refused() {
        for text in
            ["", "-a", "_a", "a.b", "a/b", "..", " a", "a ", "a\tb", "a\u{a0}b", "a\0", "\u{e4}", &"a".repeat(41)]
        {
            assert!(text.parse::<ProfileName>().is_err(), "{text:?}");
        }
        assert_eq!("Work".parse::<ProfileName>().unwrap(), "wORK".parse().unwrap());
        assert_eq!("My work".parse::<ProfileName>().unwrap().as_str(), "My work");
    }
}
