//! Lines for the cluster's administrator.

use std::fmt::Write as _;

use crate::receivers::{SeenAs, SentToken};

/// A subject of a `RoleBinding`.
pub(super) fn subject(group: &str) -> String {
    format!("subjects:\n- kind: Group\n  name: {}\n  apiGroup: rbac.authorization.k8s.io\n", text(group))
}

/// The groups of an `AuthenticationConfiguration`: what is read today, and this claim besides.
pub(super) fn claim_mapping(seen: &SeenAs, path: &[String]) -> String {
    let read = seen.claims.iter().filter_map(|claim| Some((&claim.path[..], claim.prefix.as_deref()?)));
    let prefix = read.clone().map(|(_, prefix)| prefix).next().unwrap_or("oidc:");
    let mut terms: Vec<String> = read.map(|(path, prefix)| expression(path, prefix)).collect();
    terms.push(expression(path, prefix));
    let mut lines =
        String::from("# AuthenticationConfiguration, below jwt:\nclaimMappings:\n  groups:\n    expression: >-\n");
    let last = terms.len() - 1;
    for (at, term) in terms.iter().enumerate() {
        let _ = writeln!(lines, "      {term}{}", if at == last { "" } else { " +" });
    }
    lines
}

/// An issuer of an `AuthenticationConfiguration` that takes this very token.
pub(super) fn issuer(token: &SentToken) -> Option<String> {
    let (issuer, audience) = (token.issuer.as_ref()?, token.audience.first()?);
    Some(format!(
        "# AuthenticationConfiguration: what this token would need\njwt:\n- issuer:\n    url: {}\n    audiences: [{}]\n  claimMappings:\n    username: {{claim: sub, prefix: \"oidc:\"}}\n",
        text(issuer),
        text(audience)
    ))
}

/// The values of a claim, each with what is before it, as a CEL expression. Without `string()` every token is refused.
fn expression(path: &[String], prefix: &str) -> String {
    let mut place = String::from("claims");
    for name in path {
        if is_identifier(name) {
            let _ = write!(place, ".?{name}");
        } else {
            let _ = write!(place, "[?{}]", text(name));
        }
    }
    let name = if prefix.is_empty() { "string(name)".to_owned() } else { format!("{} + string(name)", text(prefix)) };
    format!("{place}.orValue([]).map(name, {name})")
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|more| more.is_ascii_alphanumeric() || more == '_')
}

/// In quotes: JSON's are both YAML's and CEL's.
fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_named_so_that_nothing_in_its_name_breaks_out() {
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            expression(&path(&["realm_access", "roles"]), "oidc:"),
            "claims.?realm_access.?roles.orValue([]).map(name, \"oidc:\" + string(name))"
        );
        assert_eq!(
            expression(&path(&["https://example.com/auth", "a\"b"]), ""),
            "claims[?\"https://example.com/auth\"][?\"a\\\"b\"].orValue([]).map(name, string(name))"
        );
    }
}
