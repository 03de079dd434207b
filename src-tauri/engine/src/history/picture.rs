use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::timeline::{DAY, KEPT_FOR};
use super::{Became, Change, History};
use crate::identity::Kind;
use crate::ports::Timestamp;

/// Roles and groups over the days that are kept, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HistoryPicture {
    /// Where the picture begins, POSIX seconds.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: i64,
    /// Where it ends: now.
    #[cfg_attr(test, ts(type = "number"))]
    pub to: i64,
    /// The lines: what changed first, the newest change first; then what was there all the time.
    pub lines: Vec<HistoryLine>,
    /// Stretches of whole days on which nobody looked.
    pub unseen: Vec<Stretch>,
}

/// One role, group or permission over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HistoryLine {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub value: String,
    /// Whether it is here now.
    pub here: bool,
    /// Whether anything happened to it.
    pub changed: bool,
    /// When it was here, in order.
    pub spans: Vec<Span>,
}

/// A time during which something was here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Span {
    /// From when, POSIX seconds.
    pub from: Timestamp,
    /// Until when, POSIX seconds.
    pub to: Timestamp,
    /// How it began.
    pub begins: Begins,
    /// How it ended.
    pub ends: Ends,
}

/// How a span begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Begins {
    /// It was here when the picture begins.
    Before,
    /// It was added.
    Added,
    /// It came with a claim that was not there before.
    WithClaim,
}

/// How a span ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// It is here now.
    Here,
    /// It was removed.
    Removed,
    /// The whole claim vanished, so it is unknown from then on, not removed.
    ClaimVanished,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Stretch {
    /// From when, POSIX seconds.
    pub from: Timestamp,
    /// Until when, POSIX seconds.
    pub to: Timestamp,
}

/// The most lines; who has more finds them in the table.
const MAX_LINES: usize = 2000;

impl History {
    /// Roles, groups and permissions over the days that are kept, one line each.
    #[must_use]
    pub fn picture(&self, now: Timestamp) -> HistoryPicture {
        let Some(begins) = self.begins() else {
            return HistoryPicture { from: now.0, to: now.0, ..HistoryPicture::default() };
        };
        let oldest = now.0.saturating_sub(KEPT_FOR);
        let from = Timestamp(begins.0.max(oldest).min(now.0));
        let mut changes: HashMap<(Kind, String), Vec<&Change>> = HashMap::new();
        for change in self.moments.iter().flat_map(|moment| &moment.changes) {
            changes.entry((change.kind, change.value.clone())).or_default().push(change);
        }
        let here = self.now();
        let names: BTreeSet<_> = here.keys().chain(changes.keys()).cloned().collect();
        let mut lines: Vec<HistoryLine> = names
            .into_iter()
            .map(|(kind, value)| {
                let key = (kind, value);
                let own = changes.get(&key).map(Vec::as_slice).unwrap_or_default();
                let is_here = here.contains_key(&key);
                let spans = spans(own, is_here, from, now);
                HistoryLine { kind, value: key.1, here: is_here, changed: !own.is_empty(), spans }
            })
            .collect();
        let newest = |line: &HistoryLine| {
            changes.get(&(line.kind, line.value.clone())).and_then(|own| own.last()).map(|change| change.at)
        };
        lines.sort_by_cached_key(|line| (std::cmp::Reverse(newest(line)), line.kind, line.value.clone()));
        lines.truncate(MAX_LINES);
        HistoryPicture { from: from.0, to: now.0, lines, unseen: self.unseen(from, now) }
    }

    /// Whole days on which nobody looked. Earlier versions did not note days; then those of the moments have to do.
    fn unseen(&self, from: Timestamp, now: Timestamp) -> Vec<Stretch> {
        let of_moments =
            self.moments.iter().flat_map(|moment| [moment.from.0.div_euclid(DAY), moment.at.0.div_euclid(DAY)]);
        let seen: BTreeSet<i64> = self.days.iter().copied().chain(of_moments).collect();
        let today = now.0.div_euclid(DAY);
        let mut stretches: Vec<Stretch> = Vec::new();
        let first = from.0.div_euclid(DAY);
        let mut last = first;
        for day in seen.into_iter().filter(|day| *day > first).chain([today]) {
            if day > last + 1 {
                let begin = Timestamp(((last + 1) * DAY).max(from.0));
                stretches.push(Stretch { from: begin, to: Timestamp((day * DAY).min(now.0)) });
            }
            last = day.max(last);
        }
        stretches
    }
}

fn spans(changes: &[&Change], is_here: bool, from: Timestamp, now: Timestamp) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let came = |change: &Change| matches!(change.change, Became::Added | Became::ClaimAppeared);
    // What went first was here before.
    let was_here = changes.first().map_or(is_here, |first| !came(first));
    let mut open = was_here.then_some((from, Begins::Before));
    for change in changes {
        let at = Timestamp(change.at.0.clamp(from.0, now.0));
        match change.change {
            Became::Added => open = open.or(Some((at, Begins::Added))),
            Became::ClaimAppeared => open = open.or(Some((at, Begins::WithClaim))),
            Became::Removed | Became::ClaimVanished => {
                let ends = if change.change == Became::Removed { Ends::Removed } else { Ends::ClaimVanished };
                if let Some((since, begins)) = open.take() {
                    spans.push(Span { from: since, to: at, begins, ends });
                }
            }
        }
    }
    if let Some((since, begins)) = open {
        spans.push(Span { from: since, to: now, begins, ends: Ends::Here });
    }
    spans
}
