use std::collections::HashMap;

use crate::findings::{Found, folded, short_name};
use crate::identity::{Entitlement, Entitlements, Kind};
use crate::products::{document_name, path_text};
use crate::view::ComparedPair;

/// Values of both sides that belong together.
#[derive(Default)]
pub(super) struct Paired {
    pub(super) only_a: Vec<Found>,
    pub(super) only_b: Vec<Found>,
    pub(super) spelled: Vec<ComparedPair>,
    pub(super) elsewhere: Vec<ComparedPair>,
    pub(super) same: usize,
}

type One<'e> = (Kind, &'e Entitlement);

/// Pairs the values of two sides: first those that are the same, then the same value for another client or as another
/// kind, then those that differ in case, then those that differ by a prefix. `places` says whether it is known where they
/// stand.
pub(super) fn pair(a: &Entitlements, b: &Entitlements, places: bool) -> Paired {
    let mut paired = Paired::default();
    let (mut left, mut right): (Vec<One<'_>>, Vec<One<'_>>) = (a.iter().collect(), b.iter().collect());
    for (one, other) in
        matched(&mut left, &mut right, |(kind, found)| Some((kind, found.context.clone(), found.value.clone())))
    {
        match differs_in_place(one, other).filter(|_| places) {
            Some(differs) => paired.elsewhere.push(compared(one, other, differs)),
            None => paired.same += 1,
        }
    }
    for (one, other) in matched(&mut left, &mut right, |(_, found)| Some(found.value.clone())) {
        let differs = if one.0 == other.0 {
            format!("{}, there {}", holds_for(one.1), holds_for(other.1))
        } else {
            format!("a {}, there a {}", one.0.word(), other.0.word())
        };
        paired.elsewhere.push(compared(one, other, differs));
    }
    for (one, other) in matched(&mut left, &mut right, |(kind, found)| Some((kind, folded(&found.value)))) {
        paired.spelled.push(compared(one, other, "spelling".to_owned()));
    }
    for (one, other) in matched(&mut left, &mut right, |(kind, found)| Some((kind, core(&found.value)?))) {
        paired.spelled.push(compared(one, other, "prefix".to_owned()));
    }
    let found = |list: Vec<One<'_>>| {
        list.into_iter().map(|(kind, one)| Found { kind, entitlement: one.clone() }).collect::<Vec<_>>()
    };
    (paired.only_a, paired.only_b) = (found(left), found(right));
    paired
}

/// Takes those out of both lists that have the same key, which no other of their list has.
fn matched<'e, K: std::hash::Hash + Eq>(
    left: &mut Vec<One<'e>>,
    right: &mut Vec<One<'e>>,
    key: impl Fn(One<'e>) -> Option<K>,
) -> Vec<(One<'e>, One<'e>)> {
    let index = |list: &[One<'e>]| {
        let mut places: HashMap<K, Option<usize>> = HashMap::with_capacity(list.len());
        for (at, one) in list.iter().enumerate() {
            if let Some(key) = key(*one) {
                places.entry(key).and_modify(|place| *place = None).or_insert(Some(at));
            }
        }
        places
    };
    let (mut ours, theirs) = (index(left), index(right));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (key, place) in ours.drain() {
        if let (Some(one), Some(Some(other))) = (place, theirs.get(&key)) {
            pairs.push((one, *other));
        }
    }
    pairs.sort_unstable();
    let told = pairs.iter().map(|(one, other)| (left[*one], right[*other])).collect();
    let (mut gone_left, mut gone_right) = (vec![false; left.len()], vec![false; right.len()]);
    for (one, other) in pairs {
        (gone_left[one], gone_right[other]) = (true, true);
    }
    let (mut at_left, mut at_right) = (gone_left.iter(), gone_right.iter());
    left.retain(|_| at_left.next() == Some(&false));
    right.retain(|_| at_right.next() == Some(&false));
    told
}

/// The name without what is around it: a path, a domain, the name of a directory, `oidc:`, `ROLE_`.
fn core(value: &str) -> Option<String> {
    let name = folded(short_name(value));
    let plain = ["role ", "group ", "grp "].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    (plain.chars().count() >= 2).then(|| plain.to_owned())
}

fn compared(one: One<'_>, other: One<'_>, differs: String) -> ComparedPair {
    ComparedPair { kind: one.0, a: one.1.clone(), kind_b: other.0, b: other.1.clone(), differs }
}

fn holds_for(found: &Entitlement) -> String {
    found.context.as_ref().map_or_else(|| "everywhere".to_owned(), |context| format!("for {context}"))
}

/// Where the two are, where that differs.
fn differs_in_place((_, one): One<'_>, (_, other): One<'_>) -> Option<String> {
    let places = |found: &Entitlement| {
        let mut places: Vec<_> = found.sources.iter().map(|source| (source.document, source.path.clone())).collect();
        places.sort();
        places.dedup();
        places
    };
    let (ours, theirs) = (places(one), places(other));
    if ours == theirs || ours.is_empty() || theirs.is_empty() {
        return None;
    }
    let words = |places: &[(crate::identity::DocumentKind, crate::identity::SourcePath)], beside: &[_]| {
        let own: Vec<String> = places
            .iter()
            .filter(|place| !beside.contains(*place))
            .map(|(document, path)| format!("{} {}", document_name(*document), path_text(path)))
            .collect();
        if own.is_empty() { "nowhere else".to_owned() } else { own.join(", ") }
    };
    Some(format!("{}; there {}", words(&ours, &theirs), words(&theirs, &ours)))
}
