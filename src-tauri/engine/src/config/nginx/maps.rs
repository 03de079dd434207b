use std::collections::BTreeMap;

use super::directive::Directive;

/// Variables that tell which host was asked; a map of one is taken as a map of any of them.
const HOST: [&str; 5] = ["host", "http_host", "server_name", "ssl_server_name", "ssl_preread_server_name"];
/// The same of the path.
const URI: [&str; 3] = ["uri", "request_uri", "document_uri"];

/// The most expressions of a map that a value is compared with; more are not one person's.
pub(super) const MAX_EXPRESSIONS: usize = 100;

/// `map source $name { key value; … }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Map {
    /// The source, with one spelling for all variables that mean the same.
    pub(super) source: String,
    /// Keys with their values, in the order of the file; the empty key `default` is apart.
    pub(super) entries: Vec<(Key, String)>,
    pub(super) default: Option<String>,
    /// Where each key is among them.
    places: BTreeMap<Key, usize>,
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A value as it is; NGINX compares without regard to case.
    Literal(String),
    /// `*.example.com`, `.example.com` or `mail.*`.
    Wildcard(String),
    /// `~expression` or, without regard to case, `~*expression`.
    Regex(String),
}

/// A name of a map or a value that was in the file and was replaced by a later one.
pub(super) struct Replaced {
    pub(super) variable: String,
    pub(super) value: String,
}

/// All maps of the file by the variable they set. A variable that is mapped twice has the keys of both; of the same key
/// the later value counts.
pub(super) fn maps(directives: &[Directive], replaced: &mut Vec<Replaced>) -> BTreeMap<String, Map> {
    let mut maps = BTreeMap::new();
    collect(directives, &mut maps, replaced);
    maps
}

fn collect(directives: &[Directive], maps: &mut BTreeMap<String, Map>, replaced: &mut Vec<Replaced>) {
    for directive in directives {
        let named = directive.ending::<3>("map").filter(|_| directive.block.is_some());
        let Some((source, name)) = named.and_then(|[_, source, name]| Some((source, name.strip_prefix('$')?))) else {
            collect(directive.inner(), maps, replaced);
            continue;
        };
        let source = usual_names(source);
        let map = maps.entry(name.to_owned()).or_default();
        let mut replace = |old: Option<String>, new: &str| {
            if let Some(value) = old.filter(|old| old != new) {
                replaced.push(Replaced { variable: name.to_owned(), value });
            }
        };
        if !map.source.is_empty() && map.source != source {
            // NGINX has one source for a variable: that of its last map.
            let before = std::mem::take(map);
            before.entries.into_iter().for_each(|(_, value)| replace(Some(value), ""));
            replace(before.default, "");
        }
        map.source = source;
        for entry in directive.inner() {
            let [key, value] = entry.words.as_slice() else { continue };
            let old = match key.as_str() {
                "default" => map.default.replace(value.clone()),
                "include" => None,
                key => map.put(Key::parse(key), value),
            };
            replace(old, value);
        }
    }
}

impl Map {
    fn put(&mut self, key: Key, value: &str) -> Option<String> {
        if let Some(at) = self.places.get(&key) {
            return Some(std::mem::replace(&mut self.entries[*at].1, value.to_owned()));
        }
        self.places.insert(key.clone(), self.entries.len());
        self.entries.push((key, value.to_owned()));
        None
    }

    /// The value for one input, with what a regular expression captured from it, in the order in which NGINX looks:
    /// literals, the longest wildcard, the first expression, the default.
    pub(super) fn value(&self, input: Option<&Key>) -> Option<(&str, BTreeMap<String, String>)> {
        let none = BTreeMap::new();
        let default = || self.default.as_deref().map(|value| (value, BTreeMap::new()));
        let Some(input) = input else { return default() };
        if let Some(at) = self.places.get(input) {
            return Some((&self.entries[*at].1, none));
        }
        let Key::Literal(text) = input else { return default() };
        let wildcards = self.entries.iter().filter(|(key, _)| matches!(key, Key::Wildcard(_)) && key.matches(text));
        if let Some((_, value)) = wildcards.max_by_key(|(key, _)| key.text().len()) {
            return Some((value, none));
        }
        let mut expressions = self.entries.iter().filter(|(key, _)| matches!(key, Key::Regex(_))).take(MAX_EXPRESSIONS);
        expressions.find_map(|(key, value)| Some((value.as_str(), key.captures(text)?))).or_else(default)
    }
}

impl Key {
    fn parse(text: &str) -> Self {
        if let Some(escaped) = text.strip_prefix('\\') {
            return Self::Literal(escaped.to_lowercase());
        }
        if text.starts_with('~') {
            return Self::Regex(text.to_owned());
        }
        let lower = text.to_lowercase();
        if lower.starts_with("*.") || lower.starts_with('.') || lower.ends_with(".*") {
            return Self::Wildcard(lower);
        }
        Self::Literal(lower)
    }

    /// As written in the file.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Wildcard(text) | Self::Regex(text) => text,
        }
    }

    /// Whether a value falls under a wildcard or an expression.
    pub(super) fn matches(&self, value: &str) -> bool {
        match self {
            Self::Literal(text) => text == value,
            Self::Wildcard(pattern) => {
                let (value, pattern) = (value.strip_suffix('.').unwrap_or(value), pattern.as_str());
                let below = |domain: &str| value.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
                match (pattern.strip_prefix("*."), pattern.strip_prefix('.'), pattern.strip_suffix('*')) {
                    (Some(domain), ..) => below(domain),
                    (_, Some(domain), _) => value == domain || below(domain),
                    (.., Some(start)) => value.starts_with(start),
                    _ => false,
                }
            }
            Self::Regex(_) => self.captures(value).is_some(),
        }
    }

    fn captures(&self, value: &str) -> Option<BTreeMap<String, String>> {
        let Self::Regex(text) = self else { return None };
        let expression = text.strip_prefix("~*").or_else(|| text.strip_prefix('~'))?;
        // Without Unicode tables, as NGINX compares bytes; Perl's names of groups are the same.
        let expression = regex::bytes::RegexBuilder::new(expression)
            .unicode(false)
            .case_insensitive(text.starts_with("~*"))
            .size_limit(1 << 16)
            .build()
            .ok()?;
        let found = expression.captures(value.as_bytes())?;
        let text = |group: regex::bytes::Match<'_>| String::from_utf8_lossy(group.as_bytes()).into_owned();
        let named = expression.capture_names().enumerate();
        Some(
            named
                .filter_map(|(number, name)| {
                    let group = text(found.get(number)?);
                    Some((name.map_or_else(|| number.to_string(), str::to_owned), group))
                })
                .collect(),
        )
    }
}

/// The text with one name for all variables that mean the same.
pub(super) fn usual_names(source: &str) -> String {
    let bare = source.strip_prefix("${").and_then(|name| name.strip_suffix('}')).or_else(|| source.strip_prefix('$'));
    match bare {
        Some(name) if HOST.contains(&name) => "$host".into(),
        Some(name) if URI.contains(&name) => "$uri".into(),
        Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => format!("${name}"),
        _ => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::directive::directives;
    use super::*;

    fn map(text: &str) -> Map {
        maps(&directives(text), &mut Vec::new()).into_values().next().unwrap()
    }

    #[test]
    fn a_key_is_chosen_as_nginx_chooses_it() {
        let map = map(r#"map $http_host $x { hostnames; default d; a.example.com 1; *.example.com 2;
            *.long.example.com 3; mail.* 4; .example.org 5; "~^(?<t>\w+)\.example\.net$" "$t"; ~*^UP 6; }"#);
        assert_eq!(map.source, "$host");
        for (host, value) in [
            ("a.example.com", "1"),
            ("b.example.com", "2"),
            ("x.long.example.com", "3"),
            ("mail.example.edu", "4"),
            ("example.org", "5"),
            ("example.com", "d"),
            ("t1.example.net", "$t"),
            ("up.to", "6"),
        ] {
            let found = map.value(Some(&Key::Literal(host.into()))).map(|(value, _)| value);
            assert_eq!(found, Some(value), "{host}");
        }
        let (_, captured) = map.value(Some(&Key::Literal("t1.example.net".into()))).unwrap();
        assert_eq!(captured["t"], "t1");
        assert_eq!(map.value(None).map(|(value, _)| value), Some("d"));
    }

    #[test]
    fn of_two_maps_of_a_variable_the_later_counts_and_what_it_replaces_is_told() {
        let mut replaced = Vec::new();
        let text = "map $host $x { default a; k b; } map $server_name $x { default c; }";
        let map = &maps(&directives(text), &mut replaced)["x"];
        assert_eq!((map.default.as_deref(), map.entries.len()), (Some("c"), 1));
        assert_eq!(replaced.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), ["a"]);
    }
}
