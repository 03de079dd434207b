//! Names that come close to the one that is missing.

use super::{Evidence, Wanted};
use crate::identity::{Entitlement, Kind};
use crate::text::visible;

/// The most that are told.
const MAX: usize = 5;
/// The longest name compared letter by letter, in characters.
const MAX_COMPARED: usize = 64;

/// How close a name comes. The order is that in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// The very name, as another kind.
    OtherKind,
    /// It differs in the case of letters, or in how words are joined.
    Spelling,
    /// The same name with something before or after it: a path, a domain, a store, the name of a directory.
    Qualified,
    /// A letter or two differ.
    Typing,
}

impl<'a> Evidence<'a> {
    /// Some that come close to the one that is missing, the closest first.
    #[must_use]
    pub fn alike(&self, wanted: &Wanted) -> Vec<(Kind, &'a Entitlement)> {
        self.closest(wanted).into_iter().map(|(_, kind, found)| (kind, found)).collect()
    }

    pub(super) fn closest(&self, wanted: &Wanted) -> Vec<(Closeness, Kind, &'a Entitlement)> {
        let name = Name::of(&visible(&wanted.value, 1000));
        let all = self.identity.entitlements.iter();
        let other_kind = |kind: Kind| wanted.kind.is_some_and(|asked| asked != kind);
        let mut close: Vec<_> = all
            .filter_map(|(kind, found)| {
                let closeness = name.closeness(&found.value, other_kind(kind))?;
                Some((closeness, kind, found))
            })
            .collect();
        close.sort_by_key(|(closeness, ..)| *closeness);
        close.truncate(MAX);
        close
    }
}

/// A name taken apart once, to be compared with many.
struct Name {
    exact: String,
    folded: String,
    short: String,
}

impl Name {
    fn of(value: &str) -> Self {
        Self { exact: value.to_owned(), folded: folded(value), short: folded(short(value)) }
    }

    fn closeness(&self, other: &str, other_kind: bool) -> Option<Closeness> {
        if other == self.exact {
            return other_kind.then_some(Closeness::OtherKind);
        }
        let whole = folded(other);
        if whole == self.folded {
            return Some(Closeness::Spelling);
        }
        let part = folded(short(other));
        if part.is_empty() || self.short.is_empty() {
            return None;
        }
        if part == self.short || qualifies(&whole, &self.folded) || qualifies(&self.folded, &whole) {
            return Some(Closeness::Qualified);
        }
        let typed = is_one_typo_away(&part, &self.short) || is_one_typo_away(&whole, &self.folded);
        typed.then_some(Closeness::Typing)
    }
}

/// Letters in lower case; blanks, hyphens and underscores are one and the same.
pub(crate) fn folded(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | '_') { ' ' } else { c }).collect()
}

/// The name without what is around it: the last part of a path, a domain before a backslash or after an at sign, the
/// first value of the name of a directory (RFC 4514), the part behind the last colon or dot.
pub(crate) fn short(value: &str) -> &str {
    let value = value.trim();
    if let Some((attribute, rest)) = value.split_once('=')
        && attribute.len() <= 10
        && attribute.chars().all(|c| c.is_ascii_alphanumeric())
        && (rest.contains(',') || ["cn", "ou", "uid"].iter().any(|known| attribute.eq_ignore_ascii_case(known)))
    {
        return rest.split(',').next().unwrap_or(rest).trim();
    }
    let value = value.split_once('@').map_or(value, |(before, _)| if before.is_empty() { value } else { before });
    value.rsplit(['/', ':', '\\', '.']).find(|part| !part.trim().is_empty()).unwrap_or(value)
}

/// Whether `long` is `short` with a word before or behind it, such as `role_editor`.
fn qualifies(long: &str, short: &str) -> bool {
    if short.chars().count() < 3 {
        return false;
    }
    let joins = |c: char| !c.is_alphanumeric();
    long.strip_suffix(short).is_some_and(|rest| rest.ends_with(joins))
        || long.strip_prefix(short).is_some_and(|rest| rest.starts_with(joins))
}

/// Whether one becomes the other by one slip of the fingers, or two in a long name: a letter too many, one missing,
/// another one, two exchanged.
fn is_one_typo_away(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let shorter = one.len().min(other.len());
    let allowed = match shorter {
        0..=3 => return false,
        4..=8 => 1,
        _ => 2,
    };
    if one.len().abs_diff(other.len()) > allowed || one.len().max(other.len()) > MAX_COMPARED {
        return false;
    }
    // Names that are numbered differ in the number on purpose: team-1 is no slip for team-2.
    let digits = |text: &[char]| text.iter().filter(|c| c.is_ascii_digit()).collect::<String>();
    digits(&one) == digits(&other) && distance(&one, &other) <= allowed
}

/// The optimal string alignment distance.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut earlier: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cost = cost.min(earlier[j - 1] + 1);
            }
            row.push(cost);
        }
        earlier = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_close_is_told_by_how_close_it_comes() {
        use Closeness::{Qualified, Spelling, Typing};
        for (asked, came, closeness) in [
            ("platform-admins", "Platform-Admins", Some(Spelling)),
            ("platform admins", "platform_admins", Some(Spelling)),
            ("groupname", "/groups/groupname", Some(Qualified)),
            ("/groups/groupname", "groupname", Some(Qualified)),
            ("testrole1", "SECONDARY/testrole1", Some(Qualified)),
            ("Finance", "ACME\\Finance", Some(Qualified)),
            ("Finance", "finance@idm.example.org", Some(Qualified)),
            ("Domain Admins", "CN=Domain Admins,OU=Groups,DC=acme,DC=example", Some(Qualified)),
            ("cn=admins", "admins", Some(Qualified)),
            ("editor", "ROLE_editor", Some(Qualified)),
            ("editor", "org:editor", Some(Qualified)),
            ("Display", "app!t1.Display", Some(Qualified)),
            ("Edtor", "Editor", Some(Typing)),
            ("Editro", "Editor", Some(Typing)),
            ("Administartors", "Administrators", Some(Typing)),
            ("team-1", "team-2", None),
            ("dev", "ops", None),
            ("reader", "writer", None),
        ] {
            assert_eq!(Name::of(asked).closeness(came, false), closeness, "{asked} and {came}");
        }
        assert_eq!(Name::of("Editor").closeness("Editor", true), Some(Closeness::OtherKind));
    }
}
