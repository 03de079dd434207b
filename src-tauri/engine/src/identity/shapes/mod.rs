//! The shapes in which providers write roles, groups and permissions.
//!
//! | file | holds |
//! |---|---|
//! | `claim_names` | which claim names mean what |
//! | `values` | lists, texts, objects at one place |
//! | `split` | texts that hold several values |

mod claim_names;
mod split;
mod values;

use serde_json::{Map, Value};
use typed_arena::Arena;

pub(super) use self::claim_names::is_namespaced;
use self::claim_names::{is_container, is_flag, is_per_context, is_self_asserted, kind_of, last_segment, sounds_like};
use super::collector::Collector;
use super::{Answer, ClaimPath, Facts, Kind};

/// How deep containers in containers are followed.
const MAX_DEPTH: usize = 4;
/// How many places of one sort are noted.
const MAX_NOTED: usize = 100;

/// Reads one document.
pub(super) struct DocumentReader<'a, 'c> {
    pub(super) answer: &'a Answer,
    pub(super) paths: &'a [ClaimPath],
    /// Keeps what was written as JSON in a text.
    pub(super) parsed: &'a Arena<Value>,
    pub(super) entitlements: &'c mut Collector<'a>,
    pub(super) own: &'c mut Collector<'a>,
    pub(super) facts: &'c mut Facts,
    /// What is read now is the person's own word.
    pub(super) self_asserted: bool,
}

impl<'a> DocumentReader<'a, '_> {
    /// Reads everything. Nothing below the shapes named here is looked at, so no nesting is followed far.
    pub(super) fn collect(&mut self) {
        for (name, claim) in &self.answer.claims {
            if !self.paths.iter().any(|place| place.path.as_slice() == [name.as_str()]) {
                self.claim(name, claim);
            }
        }
        for place in self.paths {
            self.named_by_the_profile(place);
        }
    }

    fn claim(&mut self, name: &'a str, claim: &'a Value) {
        let last = last_segment(name);
        match name {
            "organization_roles" => self.pairs(name, claim),
            "o" => self.active_organisation(name, claim),
            "org_role" | "org_roles" | "org_permissions" => self.by_name(&[name], name, self.organisation(), claim),
            _ if name.starts_with("https://gitlab.org/claims/groups/") => {
                self.list(Kind::Group, Some(last), &[name], claim);
            }
            _ if name.starts_with("urn:zitadel:iam:") && last == "roles" => self.list(Kind::Role, None, &[name], claim),
            _ if is_self_asserted(last) => self.read_self_asserted(name, claim),
            _ if is_per_context(name) => self.per_context(&[name], claim),
            _ if is_container(name) => self.members(&[name], None, claim),
            _ if is_namespaced(name) => self.namespaced(name, last, claim),
            _ if is_flag(name) => self.flag(name, claim),
            _ => self.by_name(&[name], name, None, claim),
        }
    }

    /// `"https://example.com/auth": {"roles": […], "groups": […]}`, or `"https://example.com/roles": […]`.
    fn namespaced(&mut self, name: &'a str, last: &'a str, claim: &'a Value) {
        match self.opened(claim) {
            Value::Object(members) if kind_of(last).is_none() || members.keys().any(|member| is_known(member)) => {
                self.members(&[name], None, claim);
            }
            opened => self.by_name(&[name], last, None, opened),
        }
    }

    /// The members of an object, read by their names, and those of the containers in it.
    fn members(&mut self, path: &[&'a str], context: Option<&'a str>, claim: &'a Value) {
        let Value::Object(members) = self.opened(claim) else { return };
        for (member, value) in members {
            let inner: Vec<&'a str> = path.iter().copied().chain([member.as_str()]).collect();
            if is_self_asserted(member) {
                self.self_asserted_at(&inner, value);
            } else if is_container(member) && inner.len() < MAX_DEPTH {
                self.members(&inner, context, value);
            } else if is_per_context(member) && inner.len() < MAX_DEPTH {
                self.per_context(&inner, value);
            } else if !(path == ["realm_access"] && kind_of(member) != Some(Kind::Role)) {
                self.by_name(&inner, member, context, value);
            }
        }
    }

    /// Keycloak's `"resource_access": {"client": {"roles": […]}}`, Descope's `tenants`, Keycloak's `organization`.
    fn per_context(&mut self, path: &[&'a str], claim: &'a Value) {
        for (context, value) in self.opened(claim).as_object().into_iter().flatten() {
            let inner: Vec<&'a str> = path.iter().copied().chain([context.as_str()]).collect();
            self.members(&inner, Some(context), value);
        }
    }

    fn read_self_asserted(&mut self, name: &'a str, claim: &'a Value) {
        self.self_asserted_at(&[name], claim);
    }

    fn self_asserted_at(&mut self, path: &[&'a str], claim: &'a Value) {
        let before = std::mem::replace(&mut self.self_asserted, true);
        self.members(path, None, claim);
        self.self_asserted = before;
    }

    /// Logto's `"organization_roles": ["org:role"]`.
    fn pairs(&mut self, name: &'a str, claim: &'a Value) {
        for text in self.opened(claim).as_array().into_iter().flatten().filter_map(Value::as_str) {
            let (organisation, role) = text.split_once(':').map_or((None, text), |(org, role)| (Some(org), role));
            self.add(Kind::Role, organisation, &[name], role.into());
        }
    }

    /// Clerk's `"o": {"id", "slg", "rol", "per"}`.
    fn active_organisation(&mut self, name: &'a str, claim: &'a Value) {
        let Value::Object(members) = claim else { return };
        let context = text_in(members, "slg").or_else(|| text_in(members, "id"));
        for (member, kind) in [("rol", Kind::Role), ("per", Kind::Permission)] {
            if let Some(value) = members.get(member) {
                self.list(kind, context, &[name, member], value);
            }
        }
    }

    /// The organisation the person signed in to, where the document names one.
    fn organisation(&self) -> Option<&'a str> {
        let claims = &self.answer.claims;
        ["org_slug", "org_name", "org_id"].into_iter().find_map(|name| text_in(claims, name))
    }

    fn flag(&mut self, name: &'a str, claim: &'a Value) {
        if claim == &Value::Bool(true) {
            self.add_flag(name);
        }
    }

    fn by_name(&mut self, path: &[&str], name: &str, context: Option<&'a str>, claim: &'a Value) {
        if let Some(kind) = kind_of(name) {
            self.list(kind, context, path, claim);
        } else if sounds_like(name) && holds_texts(self.opened(claim)) && self.facts.offered.len() < MAX_NOTED {
            self.facts.offered.push(shown(path));
        }
    }

    fn named_by_the_profile(&mut self, place: &'a ClaimPath) {
        let Some((first, rest)) = place.path.split_first() else { return };
        let mut claim = self.answer.claims.get(first);
        for name in rest {
            claim = claim.and_then(|claim| self.opened(claim).get(name));
        }
        if let Some(claim) = claim {
            let path: Vec<&str> = place.path.iter().map(String::as_str).collect();
            self.facts.offered.retain(|offered| *offered != shown(&path));
            self.list(place.means, None, &path, claim);
        }
    }
}

fn is_known(member: &str) -> bool {
    kind_of(member).is_some() || is_container(member) || is_self_asserted(member) || is_per_context(member)
}

fn text_in<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn holds_texts(claim: &Value) -> bool {
    match claim {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(|item| item.is_string() || item.is_object()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

fn shown(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| crate::text::visible(name, 200)).collect()
}
