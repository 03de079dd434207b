use std::collections::BTreeMap;

use super::directive::Directive;

/// A place in the file with variables of its own: the file itself, a server, or a location or condition in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    /// The names of the server; empty for the file itself and for a server that takes every name.
    pub(super) hosts: Vec<String>,
    /// The words of the location or condition within the server.
    pub(super) part: Option<String>,
    /// `set $name value`, the later ones winning.
    pub(super) set: BTreeMap<String, String>,
}

/// The file, then each server that sets one of the `wanted` variables, each followed by its locations that do.
pub(super) fn contexts(directives: &[Directive], wanted: impl Fn(&str) -> bool) -> Vec<Context> {
    let mut all = vec![Context::default()];
    collect(directives, 0, &mut all, &wanted);
    all
}

/// The names of all servers, in small letters.
pub(super) fn server_names(directives: &[Directive]) -> Vec<String> {
    let lines = directives.iter().filter(|directive| directive.words.first().is_some_and(|word| word == "server_name"));
    let own = lines.flat_map(|directive| &directive.words[1..]).filter(|name| is_name(name));
    let mut names: Vec<String> = own.map(|name| name.to_lowercase()).collect();
    names.extend(directives.iter().flat_map(|directive| server_names(directive.inner())));
    names
}

/// Takes the statements of a block into the context at `at`, and makes those of the blocks within.
fn collect(directives: &[Directive], at: usize, all: &mut Vec<Context>, wanted: &impl Fn(&str) -> bool) {
    for directive in directives {
        if let Some([_, name, value]) = directive.ending::<3>("set")
            && let Some(name) = name.strip_prefix('$')
        {
            all[at].set.insert(name.to_owned(), value.to_owned());
        }
    }
    for directive in directives {
        let inner = directive.inner();
        if inner.is_empty() || directive.ending::<3>("map").is_some() {
            continue;
        }
        let server = directive.words.last().is_some_and(|word| word == "server");
        let part = ["location", "if"].into_iter().find_map(|name| Some((name, directive.after(name)?)));
        if !server && part.is_none() {
            collect(inner, at, all, wanted);
            continue;
        }
        let mut context = all[at].clone();
        if server {
            context.hosts = server_names(inner);
        }
        if let Some((name, words)) = part {
            context.part = Some(format!("{name} {}", words.join(" ")));
        }
        let before = all.len();
        all.push(context);
        collect(inner, before, all, wanted);
        // One that says no more than the block around it is not a place of its own.
        if all[before].set.iter().all(|(name, value)| !wanted(name) || all[at].set.get(name) == Some(value)) {
            all.remove(before);
        }
    }
}

/// Neither `_` nor a pattern: a name by which the server is asked.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name != "_" && !name.contains(['~', '*', '$', '"']) && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::super::directive::directives;
    use super::*;

    #[test]
    fn each_server_and_location_that_sets_something_is_a_place() {
        let text = "http { server { server_name a.example b.example _; set $oidc_client one; listen 80;
            location /two { set $oidc_client two; } location /same { set $x y; } }
            server { server_name c.example; } } set $oidc_scopes openid;";
        let all = contexts(&directives(text), |name| name.starts_with("oidc_"));
        let seen: Vec<_> = all
            .iter()
            .map(|one| (one.hosts.len(), one.part.as_deref(), one.set.get("oidc_client").map(String::as_str)))
            .collect();
        assert_eq!(seen, [(0, None, None), (2, None, Some("one")), (2, Some("location /two"), Some("two"))]);
        assert!(all.iter().all(|one| one.set["oidc_scopes"] == "openid"));
    }
}
