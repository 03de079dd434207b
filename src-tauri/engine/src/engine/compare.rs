//! Comparing two people, or one at two times. Reads what is remembered and what is given; asks neither key store nor
//! provider.

use super::Engine;
use crate::compare::{Side, compare, from_inspection, from_profile, from_the_past, read_saved};
use crate::config::Profile;
use crate::inspect::{Context, Pasted, people, person, read};
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::view::Comparison;

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum CompareSide {
    /// A profile, as it was read last.
    Profile(Box<Profile>),
    /// A profile at an earlier moment, as far back as history is kept.
    Past(Box<Profile>, Timestamp),
    /// A pasted document, or something that Rolecall wrote: a report, `roles --json`, `inspect --json`.
    Text(Pasted),
    /// One of the people in several pasted texts, counted from 0.
    OneOf(Vec<Pasted>, usize),
}

impl Engine {
    /// Compares two sides.
    ///
    /// # Errors
    /// [`Code::SignInNeeded`] where nothing was ever read in a profile, [`Code::Unreadable`] where a text holds nothing
    /// that can be compared, or documents of several people, [`Code::BadSetting`] where history does not reach so far.
    pub fn compare(&self, a: &CompareSide, b: &CompareSide) -> Result<Comparison> {
        let now = self.now();
        Ok(compare(&self.side(a)?, &self.side(b)?, now))
    }

    fn side(&self, of: &CompareSide) -> Result<Side> {
        match of {
            CompareSide::Profile(profile) => {
                let nothing = || Problem::new(Code::SignInNeeded, format!("profile {}", profile.name));
                Ok(from_profile(profile, &self.last_known(profile).ok_or_else(nothing)?))
            }
            CompareSide::Past(profile, at) => self.past(profile, *at),
            CompareSide::Text(pasted) => self.pasted_side(pasted),
            CompareSide::OneOf(pasted, person) => self.one_of(pasted, Some(*person)),
        }
    }

    fn past(&self, profile: &Profile, at: Timestamp) -> Result<Side> {
        let history = self.history(profile);
        let Some(entitlements) = history.at(at) else {
            let since = history.begins().map_or_else(
                || "nothing was recorded there yet".to_owned(),
                |begins| format!("its history begins at {}", moment(begins)),
            );
            return Err(Problem::new(Code::BadSetting, format!("the profile {}: {since}", profile.name)));
        };
        Ok(from_the_past(profile, self.last_known(profile).as_ref(), entitlements, at))
    }

    fn pasted_side(&self, pasted: &Pasted) -> Result<Side> {
        if let Some(saved) = read_saved(&pasted.label, pasted.text.expose()) {
            return saved.map_err(|why| Problem::new(Code::Unreadable, format!("{}: {why}", pasted.label)));
        }
        self.one_of(std::slice::from_ref(pasted), None)
    }

    /// One of the people in these texts; the only one, where none is chosen.
    fn one_of(&self, pasted: &[Pasted], chosen: Option<usize>) -> Result<Side> {
        let label = pasted.first().map(|pasted| pasted.label.clone()).unwrap_or_default();
        let unreadable = |why: &str| Problem::new(Code::Unreadable, format!("{label}: {why}"));
        let reading = read(pasted);
        let redactor = Redactor::default().hiding(&reading.secrets);
        let groups = people(&reading.found);
        let group = match (groups.as_slice(), chosen) {
            ([only], _) => only,
            (several, Some(at)) if at < several.len() => &several[at],
            ([], _) => {
                let notes = reading.notes.join(" ");
                let why = if notes.is_empty() { "there is nothing in it" } else { &notes };
                return Err(unreadable(&redactor.text(why)));
            }
            (several, _) => {
                return Err(unreadable(&format!("it holds documents of {} people; give those of one", several.len())));
            }
        };
        let profiles = self.config().map(|config| config.profiles).unwrap_or_default();
        let context = Context { now: self.now(), profiles: &profiles, expected: &[], checks: &[], only_checked: false };
        let told = person(&reading, group, &redactor, &context);
        Ok(from_inspection(&label, &reading, group, &told))
    }
}

fn moment(at: Timestamp) -> String {
    let moment = chrono::DateTime::from_timestamp(at.0, 0);
    moment.map_or_else(|| at.0.to_string(), |moment| moment.format("%Y-%m-%d %H:%M UTC").to_string())
}

/// Two texts compared, with nothing beside them.
#[cfg(fuzzing)]
pub fn fuzzed(a: &str, b: &str) {
    let side = |text: &str| {
        let pasted = Pasted { label: "x".into(), text: crate::tokens::Secret::new(text.to_owned()) };
        if let Some(Ok(side)) = read_saved("x", text) {
            return side;
        }
        let reading = read(std::slice::from_ref(&pasted));
        let redactor = Redactor::default().hiding(&reading.secrets);
        let context =
            Context { now: Timestamp(1_700_000_000), profiles: &[], expected: &[], checks: &[], only_checked: false };
        people(&reading.found).first().map_or_else(Side::default, |group| {
            from_inspection("x", &reading, group, &person(&reading, group, &redactor, &context))
        })
    };
    let (a, b) = (side(a), side(b));
    let there = compare(&a, &b, Timestamp(1_700_000_000));
    let back = compare(&b, &a, Timestamp(1_700_000_000));
    assert_eq!((there.only_a.len(), there.same), (back.only_b.len(), back.same));
    assert!(there.findings.iter().all(|finding| !finding.evidence.is_empty()));
}
