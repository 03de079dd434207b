//! Two people, or one at two times or two places: what only one of them has, what both have but differently, and which
//! settings explain it.
//!
//! | file | holds |
//! |---|---|
//! | `side` | what is compared, made from a profile, from pasted documents or from a saved report |
//! | `saved` | what Rolecall itself wrote, read back |
//! | `pairs` | which values of the two sides belong together |
//! | `settings` | how each side was asked for |
//! | `explain` | what explains the differences |
//! | `text` | all of it as text |

mod explain;
mod pairs;
mod saved;
mod settings;
mod side;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use self::saved::read as read_saved;
pub(crate) use self::side::{Side, from_inspection, from_profile, from_the_past};
use crate::identity::Entitlements;
use crate::ports::Timestamp;
use crate::view::{ComparedSide, Comparison};

/// Compares two sides.
pub(crate) fn compare(a: &Side, b: &Side, now: Timestamp) -> Comparison {
    let nothing = Entitlements::default();
    let names_known = a.entitlements.is_some() && b.entitlements.is_some();
    let (one, other) = match (&a.entitlements, &b.entitlements) {
        (Some(one), Some(other)) => (one, other),
        _ => (&nothing, &nothing),
    };
    let paired = pairs::pair(one, other, a.places_known && b.places_known);
    let mut comparison = Comparison {
        now,
        a: shown(a),
        b: shown(b),
        names_known,
        only_a: paired.only_a,
        only_b: paired.only_b,
        spelled: paired.spelled,
        elsewhere: paired.elsewhere,
        same: paired.same,
        settings: settings::compared(a, b, now),
        findings: Vec::new(),
        text: String::new(),
    };
    comparison.findings = explain::findings(a, b, &comparison);
    comparison.text = text::text(&comparison);
    comparison
}

fn shown(side: &Side) -> ComparedSide {
    ComparedSide {
        label: side.label.clone(),
        who: side.who.clone(),
        accent_color: side.accent_color,
        when_word: side.when_word.to_owned(),
        at: side.at,
        count: side.entitlements.as_ref().map(|all| all.iter().count()).or(side.counted),
        notes: side.notes.clone(),
    }
}
