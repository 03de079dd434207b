//! What holds for any claims whatever.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::text::visible;

const NAMES: [&str; 14] = [
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

/// Whether a value that shows as `shown` stands at this place: itself, in a list, or as the name of an object in one.
fn stands_in(place: &Value, shown: &str) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => visible(text, 1000) == shown,
        Value::Number(number) => number.to_string() == shown,
        Value::Bool(flag) => shown == if *flag { "true" } else { "false" },
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    };
    let in_list = |item: &Value| text(item) || item.as_object().is_some_and(|object| object.values().any(text));
    place.as_array().map_or_else(|| text(place), |items| items.iter().any(in_list))
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
                let place = rest.iter().try_fold(&claims[first], |place, name| place.get(name));
                prop_assert!(place.is_some_and(|place| stands_in(place, &entitlement.value)), "{entitlement:?}");
                prop_assert!(source.path.len() <= 8);
            }
        }
    }
}
