use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Answer, DocumentKind, Entitlement, Entitlements, Source, Verified};
use crate::history::Kind;
use crate::text::clean;

#[derive(Default)]
pub(super) struct Collector {
    found: Entitlements,
    index: HashMap<(Kind, String, Option<String>), usize>,
}

impl Collector {
    pub(super) fn read(&mut self, answer: &Answer) {
        let of = (answer.document, answer.verified);
        self.lists(of, &answer.claims, &[], None);
        if let Some(Value::Object(inner)) = answer.claims.get("realm_access") {
            self.lists(of, inner, &["realm_access"], None);
        }
        if let Some(Value::Object(clients)) = answer.claims.get("resource_access") {
            for (client, inner) in clients {
                if let Value::Object(inner) = inner {
                    self.lists(of, inner, &["resource_access", client], Some(client));
                }
            }
        }
        for (name, value) in answer.claims.iter().filter(|(name, _)| name.contains("://") || name.starts_with("urn:")) {
            match value {
                Value::Object(inner) => self.lists(of, inner, &[name], None),
                _ => {
                    let last = name.rsplit(['/', ':']).next().unwrap_or_default();
                    if let Some(kind) = kind_of(last) {
                        self.values(of, kind, value, &[name], None);
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> Entitlements {
        self.found
    }

    fn lists(
        &mut self,
        of: (DocumentKind, Verified),
        claims: &Map<String, Value>,
        path: &[&str],
        context: Option<&str>,
    ) {
        for (name, value) in claims {
            if let Some(kind) = kind_of(name) {
                let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
                self.values(of, kind, value, &path, context);
            }
        }
    }

    fn values(
        &mut self,
        of: (DocumentKind, Verified),
        kind: Kind,
        value: &Value,
        path: &[&str],
        context: Option<&str>,
    ) {
        let one = std::slice::from_ref(value);
        for value in value.as_array().map_or(one, Vec::as_slice) {
            if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                self.add(of, kind, text, path, context);
            }
        }
    }

    fn add(
        &mut self,
        (document, verified): (DocumentKind, Verified),
        kind: Kind,
        value: &str,
        path: &[&str],
        context: Option<&str>,
    ) {
        let list = match kind {
            Kind::Role => &mut self.found.roles,
            Kind::Group => &mut self.found.groups,
            Kind::Permission => &mut self.found.permissions,
        };
        let context = context.map(|context| clean(context, 200));
        let at = *self.index.entry((kind, value.to_owned(), context.clone())).or_insert_with(|| {
            list.push(Entitlement { value: clean(value, 1000), context, sources: Vec::new() });
            list.len() - 1
        });
        let source = Source { document, path: path.iter().map(|part| (*part).to_owned()).collect(), verified };
        if !list[at].sources.contains(&source) {
            list[at].sources.push(source);
        }
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "roles" | "role" => Some(Kind::Role),
        "groups" | "group" | "cognito:groups" => Some(Kind::Group),
        "permissions" => Some(Kind::Permission),
        _ => None,
    }
}
