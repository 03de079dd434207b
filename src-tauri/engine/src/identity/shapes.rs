//! The shapes in which providers write roles, groups and permissions. Each is a function from a claim to places; a new
//! shape is a new line in [`collect`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::collecting::{Collecting, Place};
use super::{Answer, DocumentKind, Kind, Verified};

/// The members by which an object in a list is known, the first that is there.
const OBJECT_NAMES: [&str; 4] = ["name", "displayName", "value", "id"];

/// Reads one document. Nothing below the shapes named here is looked at, so no nesting is followed deeper than four.
pub(super) fn collect<'a>(answer: &'a Answer, into: &mut Collecting<'a>) {
    let mut reading = Reading { document: answer.document, verified: answer.verified, into };
    for (name, claim) in &answer.claims {
        match name.as_str() {
            "realm_access" => reading.member(&[name], claim, "roles", None),
            "resource_access" => reading.clients(name, claim),
            "cognito:groups" => reading.list(Kind::Group, None, &[name], claim),
            _ if is_namespaced(name) => reading.namespaced(name, claim),
            _ => reading.by_name(&[name], name, None, claim),
        }
    }
}

/// What a claim of this name holds. Scopes are not among it.
fn kind_of(name: &str) -> Option<Kind> {
    let is = |names: [&str; 2]| names.into_iter().any(|known| name.eq_ignore_ascii_case(known));
    if is(["roles", "role"]) {
        Some(Kind::Role)
    } else if is(["groups", "group"]) {
        Some(Kind::Group)
    } else if is(["permissions", "permission"]) {
        Some(Kind::Permission)
    } else {
        None
    }
}

/// Whether a claim is named by a URL or URN, as private claims should be (RFC 7519 section 4.2).
fn is_namespaced(name: &str) -> bool {
    ["https://", "http://", "urn:"]
        .into_iter()
        .any(|scheme| name.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

struct Reading<'a, 'c> {
    document: DocumentKind,
    verified: Verified,
    into: &'c mut Collecting<'a>,
}

impl<'a> Reading<'a, '_> {
    /// `"https://example.com/auth": {"roles": […], "groups": […]}`, or `"https://example.com/roles": […]`.
    fn namespaced(&mut self, name: &'a str, claim: &'a Value) {
        if let Value::Object(members) = claim {
            for (member, value) in members {
                self.by_name(&[name, member], member, None, value);
            }
        } else {
            let last = name.rsplit(['/', ':', '#']).find(|segment| !segment.is_empty()).unwrap_or_default();
            self.by_name(&[name], last, None, claim);
        }
    }

    /// Keycloak's `"resource_access": {"client": {"roles": […]}}`.
    fn clients(&mut self, name: &'a str, claim: &'a Value) {
        for (client, value) in claim.as_object().into_iter().flatten() {
            self.member(&[name, client], value, "roles", Some(client));
        }
    }

    /// One member of an object, read by its name.
    fn member(&mut self, path: &[&'a str], claim: &'a Value, member: &'a str, context: Option<&'a str>) {
        if let Some(value) = claim.get(member) {
            let path: Vec<&str> = path.iter().copied().chain([member]).collect();
            self.by_name(&path, member, context, value);
        }
    }

    fn by_name(&mut self, path: &[&str], name: &str, context: Option<&'a str>, claim: &'a Value) {
        if let Some(kind) = kind_of(name) {
            self.list(kind, context, path, claim);
        }
    }

    /// A list of values, or a single text.
    fn list(&mut self, kind: Kind, context: Option<&'a str>, path: &[&str], claim: &'a Value) {
        let place = Place { document: self.document, verified: self.verified, kind, context, path };
        match claim {
            Value::String(text) => self.into.add(&place, text.into()),
            Value::Array(items) => {
                self.into.expect(kind, items.len());
                for value in items.iter().filter_map(text_of) {
                    self.into.add(&place, value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
        }
    }
}

/// What an item of a list says.
fn text_of(item: &Value) -> Option<Cow<'_, str>> {
    match item {
        Value::Object(members) => name_of(members),
        Value::Bool(flag) => Some(flag.to_string().into()),
        Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Null => scalar(item),
    }
}

/// The name of an object in a list, unless it says it is switched off.
fn name_of(members: &Map<String, Value>) -> Option<Cow<'_, str>> {
    if members.get("isEnabled") == Some(&Value::Bool(false)) {
        return None;
    }
    OBJECT_NAMES.into_iter().find_map(|name| members.get(name).and_then(scalar))
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
