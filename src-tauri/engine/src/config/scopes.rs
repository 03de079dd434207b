use std::fmt;

/// Scopes, in order, once each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// `openid profile email offline_access`.
    #[must_use]
    pub fn usual() -> Self {
        Self::parse("openid profile email offline_access")
    }

    /// Reads scopes as people paste them: divided by white space, `+`, `%20` or commas; repeats are dropped, the order
    /// is kept, and `openid` is put first where it is missing, for without it there is no ID token.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.replace("%20", " ");
        let mut scopes: Vec<String> = Vec::new();
        for scope in
            text.split(|c: char| c.is_whitespace() || c == '+' || c == ',' || c == '"').filter(|s| !s.is_empty())
        {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        if !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".into());
        }
        Self(scopes)
    }

    /// As a list.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether `scope` is among them.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_people_paste_them() {
        let scopes = Scopes::parse("openid+profile+email+offline_access+openid roles");
        assert_eq!(scopes.to_string(), "openid profile email offline_access roles");
    }

    #[test]
    fn openid_is_never_missing() {
        assert_eq!(Scopes::parse("email").to_string(), "openid email");
    }
}
