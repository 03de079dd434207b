//! What came and went between two refreshes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

pub use crate::identity::Kind;
use crate::identity::{Entitlement, Entitlements};
use crate::ports::Timestamp;
use crate::text::clean;

/// The longest value in a sentence, in characters.
const MAX_IN_WORDS: usize = 40;

/// One difference between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// When it was noticed, POSIX seconds.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: Kind,
    /// The value.
    pub value: String,
    /// What became of it.
    pub change: Became,
}

/// What became of an entitlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is there now and was not before.
    Added,
    /// It was there before and is not now.
    Removed,
}

/// What came and what went, by kind and value: each value once, however many contexts and sources carry it. For each kind
/// what came stands first, in the order of the later snapshot.
#[must_use]
pub fn changes(before: &Entitlements, after: &Entitlements, at: Timestamp) -> Vec<Change> {
    let mut changes = Vec::new();
    for kind in Kind::ALL {
        let mut tell = |became: Became, these: &[Entitlement], others: &[Entitlement]| {
            let new = only_in(these, others);
            changes.extend(new.map(|value| Change { at, kind, value: value.to_owned(), change: became }));
        };
        tell(Became::Added, after.of(kind), before.of(kind));
        tell(Became::Removed, before.of(kind), after.of(kind));
    }
    changes
}

/// The changes in a short sentence, such as "Publisher came, Editor went"; `None` when there are none.
#[must_use]
pub fn in_words(changes: &[Change]) -> Option<String> {
    let part = |became: Became, verb: &str| {
        let values: Vec<&str> =
            changes.iter().filter(|change| change.change == became).map(|change| change.value.as_str()).collect();
        let (first, rest) = values.split_first()?;
        let first = clean(first, MAX_IN_WORDS);
        Some(match rest {
            [] => format!("{first} {verb}"),
            [second] => format!("{first} and {} {verb}", clean(second, MAX_IN_WORDS)),
            more => format!("{first} and {} more {verb}", more.len()),
        })
    };
    let parts: Vec<String> =
        [part(Became::Added, "came"), part(Became::Removed, "went")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn only_in<'a>(these: &'a [Entitlement], others: &'a [Entitlement]) -> impl Iterator<Item = &'a str> {
    let mut known: HashSet<&str> = others.iter().map(|entitlement| entitlement.value.as_str()).collect();
    these.iter().map(|entitlement| entitlement.value.as_str()).filter(move |value| known.insert(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    fn list(values: &[(&str, Option<&str>)]) -> Vec<Entitlement> {
        let one = |(value, context): &(&str, Option<&str>)| Entitlement {
            value: (*value).to_owned(),
            context: context.map(str::to_owned),
            sources: Vec::new(),
        };
        values.iter().map(one).collect()
    }

    fn roles(values: &[&str]) -> Entitlements {
        let values: Vec<_> = values.iter().map(|value| (*value, None)).collect();
        Entitlements { roles: list(&values), ..Entitlements::default() }
    }

    fn told(before: &[&str], after: &[&str]) -> Option<String> {
        in_words(&changes(&roles(before), &roles(after), NOW))
    }

    #[test]
    fn what_came_and_went_is_told_by_kind_and_value() {
        let before = Entitlements { groups: list(&[("Staff", None)]), ..roles(&["Editor", "Reader"]) };
        let after = Entitlements { permissions: list(&[("Editor", None)]), ..roles(&["Reader", "Publisher"]) };
        let change = |kind, value: &str, change| Change { at: NOW, kind, value: value.into(), change };
        assert_eq!(
            changes(&before, &after, NOW),
            [
                change(Kind::Role, "Publisher", Became::Added),
                change(Kind::Role, "Editor", Became::Removed),
                change(Kind::Group, "Staff", Became::Removed),
                change(Kind::Permission, "Editor", Became::Added),
            ]
        );
        assert_eq!(changes(&before, &before, NOW), []);
    }

    #[test]
    fn a_value_is_told_once_and_not_while_another_context_has_it() {
        let both =
            Entitlements { roles: list(&[("Editor", Some("a")), ("Editor", Some("b"))]), ..Entitlements::default() };
        let one = Entitlements { roles: list(&[("Editor", Some("b"))]), ..Entitlements::default() };
        assert_eq!(changes(&both, &one, NOW), []);
        assert_eq!(changes(&Entitlements::default(), &both, NOW).len(), 1);
    }

    #[test]
    fn the_sentence_stays_short() {
        assert_eq!(told(&["a"], &["a"]), None);
        assert_eq!(told(&[], &["Publisher"]).unwrap(), "Publisher came");
        assert_eq!(told(&["Editor"], &["Publisher"]).unwrap(), "Publisher came, Editor went");
        assert_eq!(told(&[], &["Publisher", "Editor"]).unwrap(), "Publisher and Editor came");
        assert_eq!(told(&[], &["Publisher", "a", "b", "c"]).unwrap(), "Publisher and 3 more came");
        assert_eq!(told(&["a", "b", "c"], &[]).unwrap(), "a and 2 more went");
        assert_eq!(told(&[], &[&"x".repeat(50)]).unwrap(), format!("{}… came", "x".repeat(40)));
    }
}
