use std::fmt;

use url::{Host, Url};

use crate::problem::{Code, Problem};

/// An issuer, kept byte for byte as the provider writes it: a slash at the end counts (OpenID Connect Discovery
/// section 4.3). It is https, or http on a loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

impl Issuer {
    /// Reads an issuer.
    ///
    /// # Errors
    /// [`Code::BadIssuer`] when it is not an address an issuer may have, [`Code::InsecureIssuer`] when it is plain http
    /// and not on this computer.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let bad = |why: &str| Problem::new(Code::BadIssuer, format!("'{text}' {why}"));
        let url = Url::parse(text).map_err(|_| bad("is not an address"))?;
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return Err(bad("is not a web address"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(bad("contains blanks or control characters"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("contains a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("contains a query or fragment"));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(Problem::new(Code::InsecureIssuer, text));
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// Byte for byte as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the other one differs at most by a slash at the end: a slip of the pen, and no other provider.
    #[must_use]
    pub fn is_same_but_for_a_slash(&self, other: &Self) -> bool {
        self.text.trim_end_matches('/') == other.text.trim_end_matches('/')
    }

    /// As an address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the provider is on this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Host, and port where it is not the usual one, for showing.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether an address is on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_loopback_name(name),
        None => false,
    }
}

/// Whether a name is this computer's by RFC 6761 section 6.3: `localhost` and every name below it. They are never looked
/// up: a request for one goes to the loopback address.
pub(crate) fn is_loopback_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slash_at_the_end_is_kept() {
        assert_eq!(Issuer::parse("https://tenant.us.auth0.com/").unwrap().as_str(), "https://tenant.us.auth0.com/");
        assert_eq!(Issuer::parse("https://a.example").unwrap().as_str(), "https://a.example");
    }

    #[test]
    fn plain_http_is_for_this_computer_only() {
        assert!(Issuer::parse("http://127.0.0.1:8400").is_ok());
        assert!(Issuer::parse("http://[::1]:8400/x").is_ok());
        for name in ["localhost", "keycloak.localhost", "a.b.LOCALHOST.", "localhost.:80"] {
            assert!(Issuer::parse(&format!("http://{name}/x")).is_ok_and(|issuer| issuer.is_loopback()), "{name}");
        }
        for name in ["localhost.example", "notlocalhost", "localhost.evil.example"] {
            assert_eq!(Issuer::parse(&format!("http://{name}")).unwrap_err().code, Code::InsecureIssuer, "{name}");
        }
        assert_eq!(Issuer::parse("http://idp.example").unwrap_err().code, Code::InsecureIssuer);
    }

    #[test]
    fn op_1_addresses_no_issuer_has_are_refused() {
        for text in [
            "",
            "idp",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://u:p@idp.example",
            "https://idp.example/?x",
            "https://idp.example/#x",
            "https://idp.example\\@evil.example",
            "https:// idp.example",
        ] {
            assert_eq!(Issuer::parse(text).unwrap_err().code, Code::BadIssuer, "{text}");
        }
    }
}
