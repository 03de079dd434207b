//! Which roles, groups and permissions were added and removed between refreshes.
//!
//! | file | contents |
//! |---|---|
//! | `snapshot` | what the documents carried at one refresh, and the difference of two |
//! | `past` | what the person had at a moment |
//! | `picture` | one line per role and group over the days that are kept |
//! | `timeline` | the moments of one person in one profile |

mod past;
mod picture;
mod snapshot;
mod timeline;

use serde::{Deserialize, Serialize};

pub use self::picture::{Begins, Ends, HistoryLine, HistoryPicture, Span, Stretch};
pub use self::timeline::{History, Moment};
pub use crate::identity::Kind;
use crate::ports::Timestamp;
use crate::text::clean;

/// The most moments kept.
const MAX_MOMENTS: usize = 500;
/// The most changes kept in all moments together.
const MAX_CHANGES: usize = 2000;
/// The most text kept in all changes together, in bytes; those of the newest moment always stay.
const MAX_BYTES: usize = 1024 * 1024;
/// The longest value in a sentence, in characters.
const MAX_IN_WORDS: usize = 40;

/// One difference between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// When it was noticed, POSIX seconds.
    pub at: Timestamp,
    /// Role, group or permission.
    pub kind: Kind,
    /// The value.
    pub value: String,
    /// How it changed.
    pub change: Became,
}

/// How an entitlement changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is there now and was not before.
    Added,
    /// It was there before and is not now; the claim that held it still is.
    Removed,
    /// It was there before, and the whole claim that held it is gone: a rule or mapper changed, not a person's role.
    ClaimVanished,
    /// It is there now, in a claim that was not there before.
    ClaimAppeared,
}

/// The changes in a short sentence, such as "Publisher came, Editor went"; `None` when there are none.
#[must_use]
pub fn in_words(changes: &[Change]) -> Option<String> {
    let part = |became: [Became; 2], verb: &str| {
        let values: Vec<&str> = changes
            .iter()
            .filter(|change| became.contains(&change.change))
            .map(|change| change.value.as_str())
            .collect();
        let (first, rest) = values.split_first()?;
        let first = clean(first, MAX_IN_WORDS);
        Some(match rest {
            [] => format!("{first} {verb}"),
            [second] => format!("{first} and {} {verb}", clean(second, MAX_IN_WORDS)),
            more => format!("{first} and {} more {verb}", more.len()),
        })
    };
    let parts: Vec<String> = [
        part([Became::Added, Became::ClaimAppeared], "came"),
        part([Became::Removed; 2], "went"),
        part([Became::ClaimVanished; 2], "vanished with the claim"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    fn told(before: &[&str], after: &[&str]) -> Option<String> {
        let change = |value: &&str, change| Change { at: NOW, kind: Kind::Role, value: (*value).to_owned(), change };
        let came = after.iter().filter(|value| !before.contains(value)).map(|value| change(value, Became::Added));
        let went = before.iter().filter(|value| !after.contains(value)).map(|value| change(value, Became::Removed));
        in_words(&came.chain(went).collect::<Vec<_>>())
    }

    #[test]
    fn a_claim_that_vanished_is_not_told_as_a_role_that_went() {
        let change = |value: &str, change| Change { at: NOW, kind: Kind::Role, value: value.into(), change };
        let changes = [change("Editor", Became::ClaimVanished), change("Reader", Became::Removed)];
        assert_eq!(in_words(&changes).unwrap(), "Reader went, Editor vanished with the claim");
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
