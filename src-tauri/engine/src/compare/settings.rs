use super::Side;
use crate::ports::Timestamp;
use crate::text::{span, visible};
use crate::view::ComparedSetting;

/// How both were asked for, setting by setting, those that differ first.
pub(super) fn compared(a: &Side, b: &Side, now: Timestamp) -> Vec<ComparedSetting> {
    let row = |name: &str, of: fn(&Side) -> Option<&String>, none: &str| {
        let text =
            |side: &Side| of(side).map(|text| if text.is_empty() { none.to_owned() } else { visible(text, 300) });
        let (one, other) = (text(a), text(b));
        let differs = one.is_some() && other.is_some() && one != other;
        ComparedSetting { name: name.to_owned(), a: one, b: other, differs }
    };
    let mut rows = vec![
        row("Issuer", |side| side.issuer.as_ref(), "none"),
        row("Product", |side| side.product.as_ref(), "not known"),
        row("Person", |side| side.subject.as_ref(), "not named"),
        row("Client", |side| side.client.as_ref(), "none"),
        scopes("Scopes asked for", a.asked.as_deref(), b.asked.as_deref()),
        scopes("Scopes granted", a.granted.as_deref(), b.granted.as_deref()),
        row("Audience", |side| side.audience.as_ref(), "none asked"),
        row("Organisation", |side| side.organization.as_ref(), "none"),
        age(a, b, now),
    ];
    rows.retain(|row| row.a.is_some() || row.b.is_some());
    rows.sort_by_key(|row| !row.differs);
    rows
}

/// Scopes are a set: their order says nothing (RFC 6749 section 3.3).
fn scopes(name: &str, a: Option<&str>, b: Option<&str>) -> ComparedSetting {
    let sorted = |text: Option<&str>| {
        let mut words: Vec<&str> = text?.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        Some(if words.is_empty() { "none".to_owned() } else { visible(&words.join(" "), 300) })
    };
    let (a, b) = (sorted(a), sorted(b));
    let differs = a.is_some() && b.is_some() && a != b;
    ComparedSetting { name: name.to_owned(), a, b, differs }
}

/// Five minutes more or less are no difference.
fn age(a: &Side, b: &Side, now: Timestamp) -> ComparedSetting {
    let words = |side: &Side| {
        let issued = side.issued_at?;
        let ended = side.expires_at.is_some_and(|end| end <= now);
        Some(format!("{}{}", span(now.0 - issued.0), if ended { ", ended" } else { "" }))
    };
    let differs = a.issued_at.zip(b.issued_at).is_some_and(|(one, other)| (one.0 - other.0).abs() >= 300);
    ComparedSetting { name: "Token’s age".to_owned(), a: words(a), b: words(b), differs }
}
