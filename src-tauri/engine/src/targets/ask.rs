use serde_json::json;

use crate::config::{Profile, Scopes, Target};
use crate::problem::{Code, Problem, Result};
use crate::products::{Product, TokensBy};
use crate::tokens::TokenKind;

/// What a token is to be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Which token.
    pub kind: TokenKind,
    /// The resources it is for (RFC 8707 section 2).
    pub resources: Vec<String>,
    /// The audience it is for, where the provider has a parameter of that name.
    pub audience: Option<String>,
    /// What it may do; empty for what the session may do.
    pub scopes: Vec<String>,
}

impl Ask {
    /// The session's own token.
    #[must_use]
    pub const fn of_session(kind: TokenKind) -> Self {
        Self { kind, resources: Vec::new(), audience: None, scopes: Vec::new() }
    }

    /// What a target gets.
    #[must_use]
    pub fn of(target: &Target) -> Self {
        let (resources, scopes) = (target.resources.clone(), target.scopes.clone());
        Self { kind: target.token(), resources, audience: target.audience.clone(), scopes }
    }

    /// Whether it is the session's own token that is asked for.
    #[must_use]
    pub fn is_of_session(&self) -> bool {
        self.kind == TokenKind::Id || self.resources.is_empty() && self.audience.is_none() && self.scopes.is_empty()
    }

    /// The key under which such a token is kept and found: everything that was asked for, and nothing else (TG-2). `actor` is
    /// always `null`, for a token of the person's own; it keeps room for tokens that others use on their behalf.
    #[must_use]
    pub(crate) fn key(&self) -> String {
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup();
            list
        };
        json!({
            "kind": self.kind, "resources": sorted(&self.resources), "audience": self.audience,
            "scopes": sorted(&self.scopes), "actor": null,
        })
        .to_string()
    }

    /// The parameters of the refresh that bring it.
    ///
    /// # Errors
    /// [`Code::BadSetting`] where the provider has no way to ask for that.
    pub(crate) fn parameters(&self, product: Product) -> Result<Vec<(&'static str, String)>> {
        let mut parameters = Vec::new();
        let mut scopes = self.scopes.clone();
        match product.tokens_by {
            TokensBy::Resource => {
                parameters.extend(self.resources.iter().map(|resource| ("resource", resource.clone())));
                parameters.extend(self.audience.iter().map(|audience| ("audience", audience.clone())));
            }
            TokensBy::Audience => match (self.resources.as_slice(), &self.audience) {
                (&[], audience) => parameters.extend(audience.iter().map(|audience| ("audience", audience.clone()))),
                ([one], None) => parameters.push(("audience", one.clone())),
                _ => return Err(one_at_a_time(product)),
            },
            // `resource` beside `scope` is refused there (AADSTS9010010).
            TokensBy::ScopeOfResource => {
                let mut all = self.resources.iter().chain(&self.audience);
                match (all.next(), all.next()) {
                    (None, _) => {}
                    (Some(resource), None) if scopes.is_empty() => scopes.push(format!("{resource}/.default")),
                    (Some(resource), None) => qualify(&mut scopes, resource),
                    (Some(_), Some(_)) => return Err(one_at_a_time(product)),
                }
            }
            TokensBy::Scope => {
                if !self.resources.is_empty() || self.audience.is_some() {
                    let why = format!("{} takes neither a resource nor an audience; give scopes", product.label());
                    return Err(Problem::new(Code::BadSetting, why));
                }
            }
        }
        if !scopes.is_empty() {
            parameters.push(("scope", scopes.join(" ")));
        }
        Ok(parameters)
    }
}

/// Puts the identifier of the API before its scopes, as Entra ID wants them. One with a slash has it already.
fn qualify(scopes: &mut [String], resource: &str) {
    for scope in scopes.iter_mut().filter(|scope| !scope.contains('/')) {
        *scope = format!("{}/{scope}", resource.trim_end_matches('/'));
    }
}

fn one_at_a_time(product: Product) -> Problem {
    let why = format!("{} gives a token for one API at a time; name one resource or audience", product.label());
    Problem::new(Code::BadSetting, why)
}

impl Profile {
    /// The scopes a sign-in asks for: the profile's own and, where a refresh can only narrow what was granted, those of its
    /// targets.
    #[must_use]
    pub fn scopes_at_sign_in(&self) -> Scopes {
        if !matches!(self.product().tokens_by, TokensBy::Resource | TokensBy::Scope) {
            return self.scopes.clone();
        }
        let targets = self.targets.iter().flat_map(|target| target.scopes.iter().map(String::as_str));
        let all: Vec<&str> = self.scopes.iter().chain(targets).collect();
        Scopes::parse(&all.join(" "))
    }

    /// The resources a sign-in asks for, so that a refresh may name each of them (RFC 8707 section 2).
    #[must_use]
    pub fn resources_at_sign_in(&self) -> Vec<&str> {
        if self.product().tokens_by != TokensBy::Resource {
            return Vec::new();
        }
        let mut once: Vec<&str> = Vec::new();
        for resource in self.targets.iter().flat_map(|target| &target.resources) {
            if !once.contains(&resource.as_str()) {
                once.push(resource);
            }
        }
        once
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(resources: &[&str], audience: Option<&str>, scopes: &[&str]) -> Ask {
        let all = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let audience = audience.map(str::to_owned);
        Ask { kind: TokenKind::Access, resources: all(resources), audience, scopes: all(scopes) }
    }

    #[test]
    fn tg_2_keys_are_the_same_for_the_same_and_differ_in_everything_that_counts() {
        let key = |resources: &[&str], audience, scopes: &[&str]| ask(resources, audience, scopes).key();
        assert_eq!(key(&["a:b", "a:a"], None, &["y", "x"]), key(&["a:a", "a:b"], None, &["x", "y", "x"]));
        let all = [
            key(&[], None, &["x"]),
            key(&[], None, &["x", "y"]),
            key(&[], None, &["x y"]),
            key(&["x"], None, &[]),
            key(&[], Some("x"), &[]),
            key(&["x"], None, &["x"]),
            Ask { kind: TokenKind::Id, ..ask(&["x"], None, &[]) }.key(),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one), "{one}");
        }
    }

    #[test]
    fn each_provider_is_asked_in_its_own_way() {
        let asked = |ask: &Ask, product| ask.parameters(product).map_err(|problem| problem.code);
        let one = ask(&["api://orders"], None, &["read", "write"]);
        let text = |pairs: &[(&'static str, &str)]| Ok(pairs.iter().map(|(n, v)| (*n, (*v).to_owned())).collect());
        assert_eq!(asked(&one, Product::OTHER), text(&[("resource", "api://orders"), ("scope", "read write")]));
        assert_eq!(asked(&one, Product::AUTH0), text(&[("audience", "api://orders"), ("scope", "read write")]));
        assert_eq!(asked(&one, Product::ENTRA), text(&[("scope", "api://orders/read api://orders/write")]));
        assert_eq!(
            asked(&ask(&["api://orders"], None, &[]), Product::ENTRA),
            text(&[("scope", "api://orders/.default")])
        );
        assert_eq!(asked(&one, Product::GOOGLE), Err(Code::BadSetting));
        let two = ask(&["api://a", "api://b"], None, &[]);
        assert_eq!(asked(&two, Product::OTHER), text(&[("resource", "api://a"), ("resource", "api://b")]));
        assert_eq!(
            (asked(&two, Product::ENTRA), asked(&two, Product::AUTH0)),
            (Err(Code::BadSetting), Err(Code::BadSetting))
        );
    }
}
