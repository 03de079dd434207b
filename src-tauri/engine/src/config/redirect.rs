use crate::problem::{Code, Problem};

/// The longest redirect path, in characters.
const MAX_PATH: usize = 200;

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

impl RedirectRule {
    /// Says whether a listener can stand on this rule.
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
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:@".contains(c);
        if !self.path.starts_with('/') || self.path.len() > MAX_PATH || !self.path.chars().all(allowed) {
            return bad(format!(
                "the redirect path '{}' must begin with '/', hold no query, fragment or blanks, and be no longer than {MAX_PATH} characters",
                self.path
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let rule = |path: &str| RedirectRule { path: path.into(), ..RedirectRule::default() };
        assert!(rule("/").check().is_ok() && rule("/a/b-c_d").check().is_ok());
        for path in ["", "callback", "/a?b", "/a#b", "/a b", "/a\\b", "/\u{e4}", &format!("/{}", "x".repeat(200))] {
            assert!(rule(path).check().is_err(), "{path}");
        }
        assert!(RedirectRule { ports: vec![0], ..RedirectRule::default() }.check().is_err());
    }
}
