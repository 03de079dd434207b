//! What stands at one place.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::claim_names::{is_plural, kind_of, last_segment};
use super::split::split_values;
use super::{DocumentReader, MAX_NOTED, shown};
use crate::identity::Kind;
use crate::identity::collector::{Collector, Location};

/// The members by which an object in a list is known, the first that is there.
const OBJECT_NAMES: [&str; 4] = ["name", "displayName", "value", "id"];
/// The longest text that is tried as JSON, in bytes.
const MAX_JSON: usize = 1 << 20;

impl<'a> DocumentReader<'a, '_> {
    /// Reads a place known to hold values of a kind: a list, a text, an object keyed by them, or any of these as JSON in
    /// a text.
    pub(super) fn list(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], claim: &'a Value) {
        let before = self.collector().count();
        let opened = self.opened(claim);
        match opened {
            Value::String(text) => self.text(kind, context, path, text),
            Value::Array(items) => {
                self.collector().reserve(kind, items.len());
                for item in items {
                    self.item(kind, context, path, item);
                }
            }
            Value::Object(members) => self.keyed(kind, context, path, members, true),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        if is_empty(opened) && self.collector().count() == before && self.facts.empty.len() < MAX_NOTED {
            self.facts.empty.push(shown(path));
        }
    }

    /// The claim itself, or what is written in it as JSON (Hasura's `stringified_json`, Cognito's `custom:*`).
    pub(super) fn opened(&self, claim: &'a Value) -> &'a Value {
        let Value::String(text) = claim else { return claim };
        let trimmed = text.trim_start();
        if text.len() > MAX_JSON || !trimmed.starts_with(['[', '{']) {
            return claim;
        }
        match serde_json::from_str(trimmed) {
            Ok(value) => self.parsed.alloc(value),
            Err(_) => claim,
        }
    }

    pub(super) fn add(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], value: Cow<'a, str>) {
        self.add_as(kind, context, path, value, false);
    }

    pub(super) fn add_flag(&mut self, name: &'a str) {
        self.add_as(Kind::Role, None, &[name], name.into(), true);
    }

    fn add_as(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], value: Cow<'a, str>, flag: bool) {
        let place =
            Location { document: self.answer.document, verified: self.answer.verified, kind, context, path, flag };
        self.collector().add(&place, value);
    }

    fn collector(&mut self) -> &mut Collector<'a> {
        if self.self_asserted { self.own } else { self.entitlements }
    }

    fn text(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], text: &'a str) {
        let name = path.last().copied().unwrap_or_default();
        let parts = split_values(text, is_plural(last_segment(name)));
        if let [one] = parts.as_slice()
            && !one.trim().is_empty()
            && self.facts.single.len() < MAX_NOTED
        {
            self.facts.single.push(shown(path));
        }
        for part in parts {
            self.add(kind, context, path, part.into());
        }
    }

    fn item(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], item: &'a Value) {
        match item {
            Value::String(text) => self.add(kind, context, path, text.into()),
            Value::Number(number) => self.add(kind, context, path, number.to_string().into()),
            Value::Bool(flag) => self.add(kind, context, path, flag.to_string().into()),
            Value::Object(members) if members.get("isEnabled") == Some(&Value::Bool(false)) => {}
            Value::Object(members) => {
                let named = OBJECT_NAMES.into_iter().find_map(|name| members.get(name).and_then(scalar));
                // `{"role": "editor"}` in a list of roles.
                let by_kind =
                    || members.iter().find(|(name, _)| kind_of(name) == Some(kind)).and_then(|(_, of)| scalar(of));
                match named.or_else(by_kind) {
                    Some(name) => self.add(kind, context, path, name),
                    None => self.keyed(kind, context, path, members, false),
                }
            }
            Value::Array(_) | Value::Null => {}
        }
    }

    /// An object keyed by values, such as ZITADEL's `{"editor": {"2231": "acme.zitadel.cloud"}}`, or by what they hold
    /// for, such as `{"acme": ["editor"]}`; the latter only where a path can name it, so not inside a list.
    fn keyed(
        &mut self,
        kind: Kind,
        context: Option<&'a str>,
        path: &[&str],
        members: &'a Map<String, Value>,
        nested: bool,
    ) {
        let by_organisation = path.first().is_some_and(|name| name.starts_with("urn:zitadel:iam:"));
        for (key, value) in members {
            let inner: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            match value {
                Value::Object(organisations) if by_organisation && !organisations.is_empty() => {
                    for (id, domain) in organisations {
                        let label = domain.as_str().filter(|domain| !domain.is_empty()).unwrap_or(id);
                        self.add(kind, Some(label), path, key.into());
                    }
                }
                Value::Object(inside) => match inside.iter().find(|(name, _)| nested && kind_of(name) == Some(kind)) {
                    Some((name, list)) => {
                        let inner: Vec<&str> = inner.iter().copied().chain([name.as_str()]).collect();
                        self.list(kind, Some(key), &inner, list);
                    }
                    None => self.add(kind, context, path, key.into()),
                },
                Value::Array(items) if nested => {
                    for item in items.iter().filter(|item| !item.is_object()) {
                        self.item(kind, Some(key), &inner, item);
                    }
                }
                Value::Bool(true) => self.add(kind, context, path, key.into()),
                Value::Bool(false) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
            }
        }
    }
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Nothing in it: told apart from what is there and can't be read.
fn is_empty(claim: &Value) -> bool {
    match claim {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
