//! The values at one claim path.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::claim_names::{is_plural, kind_of, last_segment};
use super::split::{is_list_in_text, split_values};
use super::{DocumentReader, MAX_NOTED};
use crate::identity::collector::{Collector, Location};
use crate::identity::{Kind, SourcePath, ValueClass};

/// The members by which an object in a list is known, the first that is there.
const OBJECT_NAMES: [&str; 3] = ["name", "displayName", "value"];
/// The longest text that is tried as JSON, in bytes.
const MAX_JSON: usize = 1 << 20;

impl<'a> DocumentReader<'a, '_> {
    /// Reads a path known to contain values of a kind: a list, a text, an object keyed by them, or any of these as JSON in
    /// a text.
    pub(super) fn list(&mut self, kind: Kind, context: Option<&'a str>, path: &[&'a str], claim: &'a Value) {
        let before = self.collector().count();
        let opened = self.opened(claim);
        let place = self.location(kind, context, path);
        match opened {
            Value::String(text) => self.text(&place, text, true),
            Value::Array(items) => {
                self.collector().reserve(kind, items.len());
                for item in items {
                    self.item(&place, item);
                }
            }
            Value::Object(members) => self.keyed(&place, path, members, true),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        if is_empty(opened) && self.collector().count() == before && self.facts.empty.len() < MAX_NOTED {
            let shown = self.shown(path);
            self.facts.empty.push(shown);
        }
    }

    /// The claim itself, or what is written in it as JSON (Hasura's `stringified_json`, Cognito's `custom:*`).
    pub(super) fn opened(&self, claim: &'a Value) -> &'a Value {
        let Value::String(text) = claim else { return claim };
        let trimmed = text.trim_start();
        if text.len() > MAX_JSON || !trimmed.starts_with(['[', '{']) {
            return claim;
        }
        match crate::json::value_within(trimmed.as_bytes(), self.budget) {
            Some(value) => self.parsed.alloc(value),
            None => claim,
        }
    }

    /// The kind, context and path of the values at this place; all of them share it.
    pub(super) fn location(&self, kind: Kind, context: Option<&'a str>, path: &[&str]) -> Location<'a> {
        Location {
            document: self.answer.document,
            verified: self.answer.verified,
            kind,
            context,
            path: SourcePath::of(path, self.redactor),
            flag: false,
        }
    }

    pub(super) fn collector(&mut self) -> &mut Collector<'a> {
        if self.self_asserted { self.own } else { self.entitlements }
    }

    /// A text with one value or several. `alone`: it is the only value at its path.
    fn text(&mut self, place: &Location<'a>, text: &'a str, alone: bool) {
        let name = place.path.last().map(String::as_str).unwrap_or_default();
        let parts = split_values(text, self.conventions.splits_at_blanks && is_plural(last_segment(name)));
        if let [one] = parts.as_slice()
            && alone
            && !one.trim().is_empty()
            && self.facts.single.len() < MAX_NOTED
        {
            self.facts.single.push(place.path.iter().map(|name| crate::text::visible(name, 200)).collect());
        }
        for part in parts {
            self.collector().add(place, part.into());
        }
    }

    fn item(&mut self, place: &Location<'a>, item: &'a Value) {
        match item {
            Value::String(text) if is_list_in_text(text) => match self.opened(item) {
                Value::Array(items) => {
                    for item in items.iter().filter(|item| !item.is_array() && !item.is_object()) {
                        if let Some(value) = scalar(item) {
                            self.collector().add(place, value);
                        }
                    }
                }
                _ => self.text(place, text, false),
            },
            Value::String(text) => self.collector().add(place, text.into()),
            Value::Number(number) => self.collector().add(place, number.to_string().into()),
            Value::Bool(flag) => self.collector().add(place, flag.to_string().into()),
            Value::Object(members) if members.get("isEnabled") == Some(&Value::Bool(false)) => {}
            Value::Object(members) => self.object_in_list(place, members),
            Value::Array(_) | Value::Null => {}
        }
    }

    /// `{"name": "editor", "id": "7"}`, or `{"role": "editor"}` in a list of roles, or `{"editor": …}`.
    fn object_in_list(&mut self, place: &Location<'a>, members: &'a Map<String, Value>) {
        let named = OBJECT_NAMES.into_iter().find_map(|name| members.get(name).and_then(scalar));
        if let Some(name) = named {
            return self.collector().add(place, name);
        }
        let of_kind = members.iter().find(|(name, _)| kind_of(name) == Some(place.kind)).map(|(_, of)| of);
        match of_kind {
            Some(Value::Array(several)) => {
                for value in several.iter().filter_map(scalar) {
                    self.collector().add(place, value);
                }
            }
            Some(one) if scalar(one).is_some() => {
                if let Some(value) = scalar(one) {
                    self.collector().add(place, value);
                }
            }
            _ => match members.get("id").and_then(scalar) {
                Some(id) => self.collector().add(place, id),
                None => self.keyed(place, &[], members, false),
            },
        }
    }

    /// An object keyed by values, such as ZITADEL's `{"editor": {"2231": "acme.zitadel.cloud"}}`, or by what they hold
    /// for, such as `{"acme": ["editor"]}`; the latter only where a path can name it, so not inside a list.
    fn keyed(&mut self, place: &Location<'a>, path: &[&'a str], members: &'a Map<String, Value>, nested: bool) {
        let by_organization = place.path.first().is_some_and(|name| name.starts_with("urn:zitadel:iam:"));
        for (key, value) in members {
            let inner = |more: &[&'a str]| -> Vec<&'a str> {
                path.iter().copied().chain([key.as_str()]).chain(more.iter().copied()).collect()
            };
            match value {
                Value::Object(organizations) if by_organization && !organizations.is_empty() => {
                    for (id, domain) in organizations {
                        let label = domain.as_str().filter(|domain| !domain.is_empty()).unwrap_or(id);
                        let place = Location { context: Some(label), ..place.clone() };
                        self.collector().add(&place, key.into());
                    }
                }
                Value::Object(inside) => {
                    let of_kind = inside.iter().find(|(name, _)| nested && kind_of(name) == Some(place.kind));
                    match of_kind {
                        Some((name, list)) => self.list(place.kind, Some(key), &inner(&[name.as_str()]), list),
                        None => self.collector().add(place, key.into()),
                    }
                }
                Value::Array(items) if nested => {
                    let place = self.location(place.kind, Some(key), &inner(&[]));
                    for item in items.iter().filter(|item| !item.is_object()) {
                        self.item(&place, item);
                    }
                }
                Value::Bool(true) => self.collector().add(place, key.into()),
                Value::String(text) if is_no_name(key) => self.collector().add(place, text.into()),
                Value::String(text) if is_on(text) => self.collector().add(place, key.into()),
                Value::Bool(false) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
            }
        }
    }
}

/// A number or an identifier as a key says that the value is the name: `{"0": "editor"}`, `{"5f1d7f0e…": "Finance"}`.
fn is_no_name(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit()) || ValueClass::of_shape(key).is_some()
}

/// A text beside a name says that it is given, unless it says that it is not.
fn is_on(text: &str) -> bool {
    !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "false" | "no" | "none" | "null" | "0" | "off")
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Empty, as opposed to unreadable.
fn is_empty(claim: &Value) -> bool {
    match claim {
        Value::Null => true,
        Value::String(text) => split_values(text, false).iter().all(|part| part.trim().is_empty()),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
