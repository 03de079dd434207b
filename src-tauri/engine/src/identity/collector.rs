use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{DocumentKind, Entitlement, Entitlements, Kind, Source, ValueClass, Verified};
use crate::text::visible;

/// The most values taken from all documents together.
const MAX_VALUES: usize = 50_000;

/// The longest value kept, in characters; the rest is cut, and the cut marked.
const MAX_VALUE: usize = 1000;

/// One place in one document: what is read there has this kind, context and source.
#[derive(Clone, Copy)]
pub(super) struct Location<'a, 'p> {
    pub(super) document: DocumentKind,
    pub(super) verified: Verified,
    pub(super) kind: Kind,
    pub(super) context: Option<&'a str>,
    pub(super) path: &'p [&'p str],
    /// It is a switch that is on, not a text.
    pub(super) flag: bool,
}

/// Gathers values from all documents. The raw value decides what is the same; only what is shown is made safe.
#[derive(Default)]
pub(super) struct Collector<'a> {
    index: HashMap<(Kind, Option<&'a str>, Cow<'a, str>), usize>,
    found: Entitlements,
    taken: usize,
}

impl<'a> Collector<'a> {
    /// Makes room for so many more of a kind.
    pub(super) fn reserve(&mut self, kind: Kind, more: usize) {
        let more = more.min(MAX_VALUES - self.taken);
        self.index.reserve(more);
        self.found.of_mut(kind).reserve(more);
    }

    /// How many were added so far.
    pub(super) fn count(&self) -> usize {
        self.taken
    }

    /// Adds a value, or a further source to one that is there already. Empty ones are passed over.
    pub(super) fn add(&mut self, place: &Location<'a, '_>, value: Cow<'a, str>) {
        if value.trim().is_empty() || self.taken >= MAX_VALUES {
            return;
        }
        self.taken += 1;
        let list = self.found.of_mut(place.kind);
        match self.index.entry((place.kind, place.context, value)) {
            Entry::Occupied(known) => {
                let sources = &mut list[*known.get()].sources;
                if !sources.last().is_some_and(|last| place.is(last)) {
                    sources.push(place.source());
                }
            }
            Entry::Vacant(new) => {
                let entitlement = Entitlement {
                    value: visible(&new.key().2, MAX_VALUE),
                    context: place.context.map(|context| visible(context, MAX_VALUE)),
                    class: if place.flag {
                        Some(ValueClass::Flag)
                    } else {
                        ValueClass::of(&new.key().2, place.context)
                    },
                    sources: vec![place.source()],
                };
                new.insert(list.len());
                list.push(entitlement);
            }
        }
    }

    /// All that was gathered, in the order of first appearance.
    pub(super) fn finish(self) -> Entitlements {
        if self.taken >= MAX_VALUES {
            tracing::warn!(limit = MAX_VALUES, "the provider gave more roles and groups than are read");
        }
        self.found
    }
}

impl Location<'_, '_> {
    fn source(&self) -> Source {
        let path = self.path.iter().map(|name| (*name).to_owned()).collect();
        Source { document: self.document, path, verified: self.verified }
    }

    fn is(&self, source: &Source) -> bool {
        source.document == self.document && source.path.iter().map(String::as_str).eq(self.path.iter().copied())
    }
}
