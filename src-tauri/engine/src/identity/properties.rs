//! Properties that hold for arbitrary claims.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::text::visible;

const NAMES: [&str; 26] = [
    "roles",
    "Role",
    "groups",
    "permissions",
    "realm_access",
    "resource_access",
    "cognito:groups",
    "https://example.com/auth",
    "https://example.com/roles",
    "urn:x:groups",
    "scope",
    "name",
    "email",
    "isEnabled",
    "tenants",
    "organization",
    "organization_roles",
    "app_metadata",
    "user_metadata",
    "authorization",
    "custom:roles",
    "urn:zitadel:iam:org:project:roles",
    "https://gitlab.org/claims/groups/owner",
    "o",
    "rol",
    "my_groups_claim",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        r#"[\[{]?("[ab]"[,:;]? ?){1,3}[\]}]?"#.prop_map(Value::from),
        "[ab\u{200b}]{1,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn claims() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((name(), json()), 0..8).prop_map(|pairs| pairs.into_iter().collect())
}

/// Whether a value that shows as `shown` is at this place: in a text, in a list, or in an object.
fn stands_in(place: &Value, shown: &str) -> bool {
    match place {
        Value::String(text) => visible(text, 1000).contains(shown),
        Value::Number(number) => number.to_string() == shown,
        Value::Bool(flag) => shown == if *flag { "true" } else { "false" },
        Value::Null => false,
        Value::Array(items) => items.iter().any(|item| stands_in(item, shown)),
        Value::Object(members) => {
            members.iter().any(|(name, value)| visible(name, 1000) == shown || stands_in(value, shown))
        }
    }
}

proptest! {
    #[test]
    fn every_source_leads_to_its_value_whatever_the_claims(id in claims(), access in claims(), userinfo in claims()) {
        let documents = [
            (DocumentKind::IdToken, id), (DocumentKind::AccessToken, access), (DocumentKind::Userinfo, userinfo),
        ];
        let answers = documents
            .clone()
            .map(|(document, claims)| Answer { document, claims, verified: Verified::None })
            .into();
        let identity = identity_from(&Answers { answers, ..Answers::default() });
        for (_, entitlement) in identity.entitlements.iter() {
            prop_assert!(!entitlement.sources.is_empty());
            prop_assert!(entitlement.sources.is_sorted_by_key(|source| source.document));
            for source in &entitlement.sources {
                let (_, claims) = documents.iter().find(|(document, _)| *document == source.document).unwrap();
                let (first, rest) = source.path.split_first().unwrap();
                let opened = |place: &Value| match place {
                    Value::String(text) if text.trim_start().starts_with(['[', '{']) => serde_json::from_str(text).unwrap_or_else(|_| place.clone()),
                    other => other.clone(),
                };
                let place = rest.iter().try_fold(opened(&claims[first]), |place, name| place.get(name).map(opened));
                let flag = entitlement.class == Some(ValueClass::Flag);
                prop_assert!(flag || place.is_some_and(|place| stands_in(&place, &entitlement.value)), "{entitlement:?}");
                prop_assert!(source.path.len() <= 8);
            }
        }
    }
}
