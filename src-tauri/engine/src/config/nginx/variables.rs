use std::collections::{BTreeMap, BTreeSet};

use super::maps::{Key, MAX_EXPRESSIONS, Map, usual_names};

/// The deepest chain of variables that is followed.
const MAX_CHAIN: usize = 16;
/// The most combinations of inputs that are tried.
const MAX_INPUTS: usize = 256;
/// The most names of servers that are compared with the keys of a map.
const MAX_HOSTS: usize = 100;
/// The longest value, in bytes; variables that repeat each other grow without end.
const MAX_VALUE: usize = 16 * 1024;

/// Variables of the request, by source of a map: `None` where it matches no key.
pub(super) type Inputs = BTreeMap<String, Key>;

/// The variables of one place of the file for one kind of request.
pub(super) struct Variables<'a> {
    pub(super) maps: &'a BTreeMap<String, Map>,
    pub(super) set: &'a BTreeMap<String, String>,
    pub(super) inputs: &'a Inputs,
}

/// A value that can't be told from the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unresolved {
    /// The value as written in the file.
    pub(super) value: String,
    /// The variable that is nowhere in the file.
    pub(super) variable: String,
}

impl Variables<'_> {
    /// The value of a variable with those in it filled in; `None` where it is not set, or to nothing.
    pub(super) fn get(&self, name: &str) -> Result<Option<String>, Unresolved> {
        Ok(self.resolve(name, MAX_CHAIN)?.filter(|value| !value.trim().is_empty()))
    }

    /// A text with the variables in it filled in.
    pub(super) fn fill(&self, text: &str) -> Result<String, Unresolved> {
        self.fill_in(text, &BTreeMap::new(), MAX_CHAIN)
    }

    fn resolve(&self, name: &str, left: usize) -> Result<Option<String>, Unresolved> {
        let Some(left) = left.checked_sub(1) else { return Ok(None) };
        if let Some(value) = self.set.get(name) {
            return self.fill_in(value, &BTreeMap::new(), left).map(Some);
        }
        let Some(map) = self.maps.get(name) else {
            let given = self.inputs.get(&usual_names(&format!("${name}")));
            return Ok(given.and_then(|key| matches!(key, Key::Literal(_)).then(|| key.text().to_owned())));
        };
        let input = match self.fill_in(&map.source, &BTreeMap::new(), left) {
            Ok(text) => Some(Key::Literal(text.to_lowercase())),
            Err(_) => self.inputs.get(&map.source).cloned(),
        };
        let found = map.value(input.as_ref());
        found.map(|(value, captured)| self.fill_in(value, &captured, left)).transpose()
    }

    fn fill_in(&self, text: &str, captured: &BTreeMap<String, String>, left: usize) -> Result<String, Unresolved> {
        let mut filled = String::new();
        for piece in pieces(text) {
            let name = match piece {
                Piece::Text(text) => {
                    filled.push_str(text);
                    continue;
                }
                Piece::Variable(name) => name,
            };
            let value =
                captured.get(name).cloned().map_or_else(|| self.resolve(name, left), |value| Ok(Some(value)))?;
            let unresolved = || Unresolved { value: text.to_owned(), variable: name.to_owned() };
            filled.push_str(&value.filter(|value| value.len() + filled.len() < MAX_VALUE).ok_or_else(unresolved)?);
        }
        Ok(filled)
    }
}

enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// A text divided at its variables, `$name` or `${name}`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        let inside = &from[1..];
        let braced = inside.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, after) = braced.unwrap_or_else(|| {
            let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
            inside.split_at(end)
        });
        if name.is_empty() {
            pieces.push(Piece::Text(&rest[..=at]));
        } else {
            pieces.push(Piece::Text(before));
            pieces.push(Piece::Variable(name));
        }
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Every kind of request that the `wanted` variables tell apart: what matches no key first. `known` are hosts by which the
/// servers are asked.
pub(super) fn kinds_of_request(
    wanted: &[&str],
    maps: &BTreeMap<String, Map>,
    set: &BTreeMap<String, String>,
    known: &[String],
) -> Vec<Inputs> {
    let mut sources: BTreeMap<&str, BTreeSet<&Key>> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = wanted.to_vec();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let variables_in = |text| {
            pieces(text).into_iter().filter_map(|piece| match piece {
                Piece::Variable(name) => Some(name),
                Piece::Text(_) => None,
            })
        };
        if let Some(value) = set.get(name) {
            open.extend(variables_in(value));
        } else if let Some(map) = maps.get(name) {
            open.extend(variables_in(&map.source));
            open.extend(
                map.entries.iter().map(|(_, value)| value).chain(&map.default).flat_map(|value| variables_in(value)),
            );
            if variables_in(&map.source).any(|name| !set.contains_key(name) && !maps.contains_key(name)) {
                sources.entry(&map.source).or_default().extend(map.entries.iter().map(|(key, _)| key));
            }
        }
    }
    let mut kinds = vec![Inputs::new()];
    for (source, keys) in sources {
        let patterns = keys.iter().filter(|key| !matches!(key, Key::Literal(_))).take(MAX_EXPRESSIONS);
        let patterns: Vec<&&Key> = patterns.collect();
        let named = known
            .iter()
            .take(MAX_HOSTS)
            .filter(|host| source == "$host" && patterns.iter().any(|key| key.matches(host)));
        let named = named.map(|host| Key::Literal(host.clone()));
        let keys: BTreeSet<Key> = keys.iter().map(|key| (*key).clone()).chain(named).collect();
        let with = |kind: &Inputs, key: &Key| {
            let mut kind = kind.clone();
            kind.insert(source.to_owned(), key.clone());
            kind
        };
        let more: Vec<Inputs> = kinds.iter().flat_map(|kind| keys.iter().map(|key| with(kind, key))).collect();
        kinds.extend(more.into_iter().take(MAX_INPUTS.saturating_sub(kinds.len())));
    }
    kinds
}
