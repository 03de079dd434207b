use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Conventions, DocumentKind, Entitlement, Entitlements, Kind, Source, SourcePath, ValueClass, Verified};
use crate::redact::Redactor;
use crate::text::visible;

/// The most values taken from all documents together.
const MAX_VALUES: usize = 50_000;
/// The most text kept of them with their paths and contexts, in bytes, as it is written to the state folder.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The longest value kept, in characters; the rest is cut, and the cut marked.
const MAX_VALUE: usize = 1000;
/// The longest client, tenant or organization kept, in characters: it is repeated with each value.
const MAX_CONTEXT: usize = 200;

/// One place in one document: what is read there has this kind, context and source.
#[derive(Clone)]
pub(super) struct Location<'a> {
    pub(super) document: DocumentKind,
    pub(super) verified: Verified,
    pub(super) kind: Kind,
    pub(super) context: Option<&'a str>,
    pub(super) path: SourcePath,
    /// It is a switch that is on, not a text.
    pub(super) flag: bool,
}

/// Collects values from all documents. Values are compared raw; only what is shown is cleaned.
pub(super) struct Collector<'a> {
    index: HashMap<(Kind, Option<usize>, Cow<'a, str>), usize>,
    contexts: Contexts<'a>,
    found: Entitlements,
    conventions: Conventions,
    redactor: &'a Redactor,
    taken: usize,
    bytes: usize,
    left_out: usize,
}

impl<'a> Collector<'a> {
    pub(super) fn new(conventions: Conventions, redactor: &'a Redactor) -> Self {
        Self {
            index: HashMap::new(),
            contexts: Contexts::default(),
            found: Entitlements::default(),
            conventions,
            redactor,
            taken: 0,
            bytes: 0,
            left_out: 0,
        }
    }

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

    /// How many did not fit so far.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Adds a value, or a further source to one that is there already. Empty ones are passed over.
    pub(super) fn add(&mut self, place: &Location<'a>, value: Cow<'a, str>) {
        if value.trim().is_empty() {
            return;
        }
        if self.taken >= MAX_VALUES || self.bytes >= MAX_BYTES {
            self.left_out += 1;
            return;
        }
        self.taken += 1;
        let context = place.context.map(|context| self.contexts.number(context, self.redactor));
        let list = self.found.of_mut(place.kind);
        match self.index.entry((place.kind, context, value)) {
            Entry::Occupied(known) => {
                let sources = &mut list[*known.get()].sources;
                if !sources.last().is_some_and(|last| last.document == place.document && last.path == place.path) {
                    self.bytes += place.path.bytes();
                    sources.push(place.source());
                }
            }
            Entry::Vacant(new) => {
                let entitlement = Entitlement {
                    value: visible(&self.redactor.text(&new.key().2), MAX_VALUE),
                    context: context.map(|number| self.contexts.shown[number].clone()),
                    class: if place.flag {
                        Some(ValueClass::Flag)
                    } else {
                        ValueClass::of(&new.key().2, place.context, &self.conventions)
                    },
                    sources: vec![place.source()],
                };
                let context = entitlement.context.as_ref().map_or(0, String::len);
                self.bytes += entitlement.value.len() + context + place.path.bytes();
                new.insert(list.len());
                list.push(entitlement);
            }
        }
    }

    /// The collected values, in the order of first appearance.
    pub(super) fn finish(self) -> Entitlements {
        if self.left_out > 0 {
            tracing::warn!(left_out = self.left_out, "the provider gave more roles and groups than are read");
        }
        self.found
    }
}

/// The clients, tenants and organizations met so far. A provider may give one an endless name, so each is hashed, searched
/// and made safe once for all values in one place, and not for each of them.
#[derive(Default)]
struct Contexts<'a> {
    numbers: HashMap<&'a str, usize>,
    /// As they are shown.
    shown: Vec<String>,
    last: Option<(&'a str, usize)>,
}

impl<'a> Contexts<'a> {
    fn number(&mut self, context: &'a str, redactor: &Redactor) -> usize {
        if let Some((last, number)) = self.last
            && std::ptr::eq(last, context)
        {
            return number;
        }
        let next = self.shown.len();
        let number = *self.numbers.entry(context).or_insert(next);
        if number == next {
            self.shown.push(visible(&redactor.text(context), MAX_CONTEXT));
        }
        self.last = Some((context, number));
        number
    }
}

impl Location<'_> {
    fn source(&self) -> Source {
        Source { document: self.document, path: self.path.clone(), verified: self.verified, through: None }
    }
}
