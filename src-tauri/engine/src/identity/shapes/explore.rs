//! Unknown claims: what looks like roles or groups in them is offered to the person, so that it is not silently lost.

use serde_json::Value;

use super::claim_names::{is_about_something_else, is_container, is_self_asserted, kind_of, last_segment, sounds_like};
use super::{DocumentReader, MAX_NOTED};

/// How deep objects in objects are looked into.
const MAX_DEPTH: usize = 6;
/// How many members of one document are looked at.
const MAX_LOOKED_AT: usize = 20_000;

impl<'a> DocumentReader<'a, '_> {
    /// Offers what an unknown claim contains.
    pub(super) fn explore(&mut self, path: &[&'a str], claim: &'a Value) {
        let Some(name) = path.last().copied() else { return };
        if self.self_asserted || is_about_something_else(name) || is_self_asserted(name) {
            return;
        }
        let (before, sounds) = (self.facts.offered.len(), sounds_like(name) || kind_of(last_part(name)).is_some());
        match self.opened(claim) {
            Value::Object(members) if path.len() < MAX_DEPTH => {
                for (member, value) in members {
                    self.looked_at += 1;
                    if self.looked_at > MAX_LOOKED_AT {
                        return;
                    }
                    let inner: Vec<&'a str> = path.iter().copied().chain([member.as_str()]).collect();
                    self.explore(&inner, value);
                }
                if sounds && self.facts.offered.len() == before && members.values().any(names_something) {
                    self.offer(path);
                }
            }
            // A container that is a list has values where others have members.
            Value::Array(items) if may_hold_some(items, sounds || is_container(name) || name == "resource_access") => {
                self.offer(path);
            }
            Value::String(text) if sounds && !text.trim().is_empty() => self.offer(path),
            _ => {}
        }
    }

    fn offer(&mut self, path: &[&str]) {
        if self.facts.offered.len() < MAX_NOTED {
            let shown = self.shown(path);
            self.facts.offered.push(shown);
        }
    }
}

/// The part after the last dot. Names are never split on dots to read values, only to offer them.
fn last_part(name: &str) -> &str {
    let name = last_segment(name);
    name.rsplit('.').next().unwrap_or(name)
}

fn may_hold_some(items: &[Value], sounds: bool) -> bool {
    (sounds || items.iter().take(10).any(holds_known)) && items.iter().any(|item| item.is_string() || item.is_object())
}

/// An object in a list that names a role or group by its member, such as `{"org": "acme", "role": "editor"}`.
fn holds_known(item: &Value) -> bool {
    item.as_object().is_some_and(|members| members.keys().any(|name| kind_of(name).is_some()))
}

/// A value by which an object keyed by roles says that its key is one.
fn names_something(value: &Value) -> bool {
    matches!(value, Value::Bool(true) | Value::Object(_) | Value::Array(_) | Value::String(_))
}
