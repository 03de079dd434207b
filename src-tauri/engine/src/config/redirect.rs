use sha2::{Digest as _, Sha256};

use super::Issuer;
use crate::problem::{Code, Problem};

/// The longest redirect path, in characters.
const MAX_PATH: usize = 200;
/// The path of every profile once, and still where a provider names itself in its answers.
const USUAL_PATH: &str = "/callback";
/// How `rolecall.toml` writes [`RedirectPath::ByIssuer`].
const BY_ISSUER: &str = "by-issuer";
/// Bytes of the issuer's digest in a path of its own. Enough that no other issuer can be made to have the same.
const DIGEST_BYTES: usize = 10;

/// The rule for the redirect address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRule {
    /// `127.0.0.1`, `[::1]`, or `localhost` for the providers that accept nothing else.
    pub host: String,
    /// The ports registered at the provider, tried in order; empty means any free one (RFC 8252 section 7.3).
    pub ports: Vec<u16>,
    /// The path.
    pub path: RedirectPath,
}

/// The path of a redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectPath {
    /// This one.
    Fixed(String),
    /// `/callback` where the provider names itself in its answers (RFC 9207), and one of the issuer's own where it does
    /// not: an answer of another provider can't arrive there (RFC 9700 section 4.4, OP-4).
    ByIssuer,
}

impl RedirectPath {
    /// The path of a profile in `rolecall.toml` that says nothing of it. It was registered like this before there was a
    /// choice.
    #[must_use]
    pub fn of_old_profile() -> Self {
        Self::Fixed(USUAL_PATH.into())
    }

    /// Reads what `rolecall.toml` says.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        if word == BY_ISSUER { Self::ByIssuer } else { Self::Fixed(word.to_owned()) }
    }

    /// The word for it in `rolecall.toml`.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Fixed(path) => path,
            Self::ByIssuer => BY_ISSUER,
        }
    }

    /// The path to use at a provider. `names_itself` is whether it announces `iss` in its answers; `before` the path that
    /// was used last, which stays where it is safe: it is registered.
    #[must_use]
    pub fn at(&self, issuer: &Issuer, names_itself: bool, before: Option<&str>) -> String {
        match self {
            Self::Fixed(path) => path.clone(),
            Self::ByIssuer => {
                let own = own_path(issuer);
                if names_itself && before != Some(&own) { USUAL_PATH.into() } else { own }
            }
        }
    }

    /// Whether a profile with this path may get its answers at `path`.
    #[must_use]
    pub fn may_be(&self, issuer: &Issuer, path: &str) -> bool {
        match self {
            Self::Fixed(fixed) => fixed == path,
            Self::ByIssuer => path == USUAL_PATH || path == own_path(issuer),
        }
    }
}

/// The path that is the issuer's own.
fn own_path(issuer: &Issuer) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(issuer.as_str().as_bytes());
    digest.iter().take(DIGEST_BYTES).fold(format!("{USUAL_PATH}/"), |mut path, byte| {
        let _ = write!(path, "{byte:02x}");
        path
    })
}

impl Default for RedirectRule {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), ports: Vec::new(), path: RedirectPath::ByIssuer }
    }
}

impl RedirectRule {
    /// The addresses to register at the provider, for this path: without a port where any port is let through.
    #[must_use]
    pub fn addresses(&self, path: &str) -> Vec<String> {
        let host = &self.host;
        if self.ports.is_empty() {
            return vec![format!("http://{host}{path}")];
        }
        self.ports.iter().map(|port| format!("http://{host}:{port}{path}")).collect()
    }

    /// Says whether a listener can be bound by this rule.
    ///
    /// # Errors
    /// [`Code::BadSetting`] with what is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        let bad = |why: String| Err(Problem::new(Code::BadSetting, why));
        if !matches!(self.host.as_str(), "127.0.0.1" | "[::1]" | "localhost") {
            return bad(format!("the redirect host is 127.0.0.1, [::1] or localhost, not '{}'", self.host));
        }
        if self.ports.contains(&0) {
            return bad("a redirect port is a number from 1 to 65535; leave the ports out for any free one".into());
        }
        let RedirectPath::Fixed(path) = &self.path else { return Ok(()) };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:@".contains(c);
        if !path.starts_with('/') || path.starts_with("//") || path.len() > MAX_PATH || !path.chars().all(allowed) {
            return bad(format!(
                "the redirect path '{path}' must be {BY_ISSUER}, or begin with one '/', hold no query, fragment or blanks, and be no longer than {MAX_PATH} characters"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str) -> Issuer {
        Issuer::parse(text).unwrap()
    }

    #[test]
    fn only_this_computer_can_be_come_back_to() {
        let rule = |host: &str| RedirectRule { host: host.into(), ..RedirectRule::default() };
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            assert!(rule(host).check().is_ok(), "{host}");
        }
        for host in ["", "0.0.0.0", "::1", "127.0.0.2", "evil.example", "localhost.evil.example", "127.0.0.1:80"] {
            assert_eq!(rule(host).check().unwrap_err().code, Code::BadSetting, "{host}");
        }
    }

    #[test]
    fn a_path_is_only_a_path() {
        let rule = |path: &str| RedirectRule { path: RedirectPath::of_word(path), ..RedirectRule::default() };
        assert!(rule("/").check().is_ok() && rule("/a/b-c_d").check().is_ok() && rule("by-issuer").check().is_ok());
        let long = format!("/{}", "x".repeat(200));
        for path in ["", "callback", "/a?b", "/a#b", "/a b", "/a\\b", "/\u{e4}", "//evil.example", &long] {
            assert!(rule(path).check().is_err(), "{path}");
        }
        assert!(RedirectRule { ports: vec![0], ..RedirectRule::default() }.check().is_err());
    }

    #[test]
    fn op_4_the_path_is_the_issuers_own_unless_the_provider_names_itself() {
        let (one, two) = (issuer("https://one.example"), issuer("https://two.example"));
        let path = RedirectPath::ByIssuer;
        assert_eq!(path.at(&one, true, None), "/callback");
        let own = path.at(&one, false, None);
        assert!(own.starts_with("/callback/") && own.len() == 30, "{own}");
        assert_ne!(own, path.at(&two, false, None));
        assert_ne!(own, path.at(&issuer("https://one.example/"), false, None));
        // Registered is registered: a provider that begins to name itself changes nothing, one that stops does.
        assert_eq!(path.at(&one, true, Some(&own)), own);
        assert_eq!(path.at(&one, false, Some("/callback")), own);
        assert_eq!(RedirectPath::of_old_profile().at(&one, false, None), "/callback");
    }
}
