//! The shapes in which providers write roles, groups and permissions.
//!
//! | file | contents |
//! |---|---|
//! | `claim_names` | which claim names mean what |
//! | `values` | lists, texts, objects at one place |
//! | `split` | texts that hold several values |
//! | `explore` | places that are not known |

mod claim_names;
mod explore;
mod split;
mod values;

use serde_json::{Map, Value};
use typed_arena::Arena;

use self::claim_names::{
    is_about_something_else, is_container, is_flag, is_per_context, is_self_asserted, kind_of, last_segment,
};
use super::collector::Collector;
use super::facts::is_namespaced;
use super::{Answer, ClaimPath, Conventions, Facts, Kind};
use crate::json::Budget;
use crate::redact::Redactor;
use crate::text::visible;

/// How deep containers in containers are followed.
const MAX_DEPTH: usize = 5;
/// How many places of one sort are noted.
const MAX_NOTED: usize = 100;

/// Reads one document.
pub(super) struct DocumentReader<'a, 'c> {
    pub(super) answer: &'a Answer,
    pub(super) paths: &'a [ClaimPath],
    /// Owns what was parsed from JSON inside texts.
    pub(super) parsed: &'a Arena<Value>,
    /// Limits the size of all of it together.
    pub(super) budget: &'a Budget,
    pub(super) redactor: &'a Redactor,
    pub(super) conventions: Conventions,
    pub(super) entitlements: &'c mut Collector<'a>,
    pub(super) own: &'c mut Collector<'a>,
    pub(super) facts: &'c mut Facts,
    /// The values being read are self-asserted.
    pub(super) self_asserted: bool,
    /// How many members of unknown places were looked at.
    pub(super) looked_at: usize,
}

impl<'a> DocumentReader<'a, '_> {
    /// Reads everything. Values in no known shape are offered, not read, so nesting is followed only a few levels.
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
            "o" => self.active_organization(name, claim),
            "org_role" | "org_roles" | "org_permissions" => self.by_name(&[name], name, self.organization(), claim),
            _ if name.starts_with("https://gitlab.org/claims/groups/") => {
                self.list(Kind::Group, Some(last), &[name], claim);
            }
            _ if name.starts_with("urn:zitadel:iam:") && last == "roles" => self.list(Kind::Role, None, &[name], claim),
            _ if is_self_asserted(last) => self.read_self_asserted(&[name], claim),
            _ if is_per_context(last) => self.per_context(&[name], claim),
            // A list where an object belongs is in no known shape; it is offered.
            _ if is_container(name) && self.opened(claim).is_object() => self.members(&[name], None, claim),
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

    /// The members of an object, read by their names, and those of the objects in it.
    fn members(&mut self, path: &[&'a str], context: Option<&'a str>, claim: &'a Value) {
        let Value::Object(members) = self.opened(claim) else { return };
        for (member, value) in members {
            let inner: Vec<&'a str> = path.iter().copied().chain([member.as_str()]).collect();
            let deeper = inner.len() < MAX_DEPTH;
            if is_self_asserted(member) {
                self.read_self_asserted(&inner, value);
            } else if is_container(member) && deeper {
                self.members(&inner, context, value);
            } else if is_per_context(member) && deeper {
                self.per_context(&inner, value);
            } else if kind_of(member).is_none() && deeper && self.holds_known(member, value) {
                self.members(&inner, context, value);
            } else if !(path == ["realm_access"] && kind_of(member) != Some(Kind::Role)) {
                self.by_name(&inner, member, context, value);
            }
        }
    }

    /// Whether an object in a container is one more container, by whatever name: it has members that are known.
    fn holds_known(&self, name: &str, value: &'a Value) -> bool {
        !is_about_something_else(name)
            && self.opened(value).as_object().is_some_and(|members| members.keys().any(|member| is_known(member)))
    }

    /// Keycloak's `"resource_access": {"client": {"roles": […]}}`, Descope's `tenants`, Keycloak's `organization`.
    fn per_context(&mut self, path: &[&'a str], claim: &'a Value) {
        let Value::Object(contexts) = self.opened(claim) else { return self.explore(path, claim) };
        for (context, value) in contexts {
            let inner: Vec<&'a str> = path.iter().copied().chain([context.as_str()]).collect();
            self.members(&inner, Some(context), value);
        }
    }

    fn read_self_asserted(&mut self, path: &[&'a str], claim: &'a Value) {
        let before = std::mem::replace(&mut self.self_asserted, true);
        self.members(path, None, claim);
        self.self_asserted = before;
    }

    /// Logto's `"organization_roles": ["org:role"]`.
    fn pairs(&mut self, name: &'a str, claim: &'a Value) {
        for text in self.opened(claim).as_array().into_iter().flatten().filter_map(Value::as_str) {
            let (organization, role) = text.split_once(':').map_or((None, text), |(org, role)| (Some(org), role));
            let place = self.location(Kind::Role, organization, &[name]);
            self.collector().add(&place, role.into());
        }
    }

    /// Clerk's `"o": {"id", "slg", "rol", "per"}`.
    fn active_organization(&mut self, name: &'a str, claim: &'a Value) {
        let Value::Object(members) = claim else { return };
        let context = text_in(members, "slg").or_else(|| text_in(members, "id"));
        for (member, kind) in [("rol", Kind::Role), ("per", Kind::Permission)] {
            if let Some(value) = members.get(member) {
                self.list(kind, context, &[name, member], value);
            }
        }
    }

    /// The organization the person signed in to, where the document names one.
    fn organization(&self) -> Option<&'a str> {
        let claims = &self.answer.claims;
        ["org_slug", "org_name", "org_id"].into_iter().find_map(|name| text_in(claims, name))
    }

    fn flag(&mut self, name: &'a str, claim: &'a Value) {
        if claim == &Value::Bool(true) {
            let mut place = self.location(Kind::Role, None, &[name]);
            place.flag = true;
            self.collector().add(&place, name.into());
        }
    }

    fn by_name(&mut self, path: &[&'a str], name: &str, context: Option<&'a str>, claim: &'a Value) {
        match kind_of(name) {
            Some(kind) => self.list(kind, context, path, claim),
            None => self.explore(path, claim),
        }
    }

    /// A path safe to note and to show.
    fn shown(&self, path: &[&str]) -> Vec<String> {
        path.iter().map(|name| visible(&self.redactor.beginning(name, 200), 200)).collect()
    }

    fn named_by_the_profile(&mut self, place: &'a ClaimPath) {
        let Some((first, rest)) = place.path.split_first() else { return };
        let mut claim = self.answer.claims.get(first);
        for name in rest {
            claim = claim.and_then(|claim| self.opened(claim).get(name));
        }
        if let Some(claim) = claim {
            let path: Vec<&str> = place.path.iter().map(String::as_str).collect();
            let shown = self.shown(&path);
            // Its contents are read with it.
            self.facts.offered.retain(|offered| !offered.starts_with(&shown));
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
