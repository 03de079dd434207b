//! What somebody pasted into the window: held in memory while the screen is open, so that it can be looked at again with
//! a check or with what is expected, and never given back to the page.

use super::Live;
use crate::engine::{CompareSide, InspectOptions, lock};
use crate::history::HistoryPicture;
use crate::inspect::Pasted;
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::view::{CompareChoice, Comparison, Inspection, PastedSide};

/// The most texts that are held at a time.
const MAX_TEXTS: usize = 20;

/// What is held.
#[derive(Default)]
pub(super) struct Held {
    pasted: Vec<Pasted>,
    expected: Vec<String>,
    checked: bool,
    a: Option<Pasted>,
    b: Option<Pasted>,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.pasted.is_empty() && self.a.is_none() && self.b.is_none()
    }
}

impl Live {
    /// Reads what somebody pasted; `add` puts it beside what is there. What can't be read changes nothing.
    ///
    /// # Errors
    /// As [`crate::Engine::inspect`].
    pub async fn inspect(&self, pasted: Pasted, add: bool) -> Result<Inspection> {
        let (mut all, expected) = {
            let held = lock(&self.inner.pasted);
            (if add { held.pasted.clone() } else { Vec::new() }, held.expected.clone())
        };
        if all.len() >= MAX_TEXTS {
            return Err(Problem::new(Code::Unreadable, "too many are open; close Inspect and begin anew"));
        }
        // By itself first, so that what holds nothing is said to.
        self.inner.engine.inspect(std::slice::from_ref(&pasted), InspectOptions::default()).await?;
        all.push(pasted);
        let inspection = self.inner.engine.inspect(&all, InspectOptions { expected: &expected, check: false }).await?;
        let mut held = lock(&self.inner.pasted);
        (held.pasted, held.checked) = (all, false);
        Ok(inspection)
    }

    /// Looks once more at what was pasted: with what is expected now, and where `check` says so, with the signatures
    /// checked, which asks the issuers that are named for their keys.
    ///
    /// # Errors
    /// [`Code::Unreadable`] when nothing is held any more.
    pub async fn inspect_again(&self, expected: Vec<String>, check: bool) -> Result<Inspection> {
        let (pasted, check) = {
            let mut held = lock(&self.inner.pasted);
            held.expected.clone_from(&expected);
            // What was checked once is not unchecked by another question.
            held.checked |= check;
            (held.pasted.clone(), held.checked)
        };
        if pasted.is_empty() {
            return Err(Problem::new(Code::Unreadable, "it is not held any more; paste it again"));
        }
        self.inner.engine.inspect(&pasted, InspectOptions { expected: &expected, check }).await
    }

    /// Forgets what was pasted.
    pub fn forget_pasted(&self) {
        *lock(&self.inner.pasted) = Held::default();
    }

    /// Takes a pasted document as one side of a comparison.
    ///
    /// # Errors
    /// [`Code::Unreadable`].
    pub fn hold_side(&self, side: PastedSide, pasted: Pasted) -> Result<String> {
        let label = pasted.label.clone();
        let read = CompareSide::Text(pasted.clone());
        self.inner.engine.compare(&read, &read)?;
        let mut held = lock(&self.inner.pasted);
        match side {
            PastedSide::A => held.a = Some(pasted),
            PastedSide::B => held.b = Some(pasted),
        }
        Ok(label)
    }

    /// Compares two sides. Asks neither key store nor provider.
    ///
    /// # Errors
    /// As [`crate::Engine::compare`].
    pub fn compare(&self, a: &CompareChoice, b: &CompareChoice) -> Result<Comparison> {
        let (a, b) = (self.chosen(a, PastedSide::A)?, self.chosen(b, PastedSide::B)?);
        self.inner.engine.compare(&a, &b)
    }

    fn chosen(&self, choice: &CompareChoice, side: PastedSide) -> Result<CompareSide> {
        let profile = |name: &str| {
            let unknown = || Problem::new(Code::UnknownProfile, name);
            self.named(name).map(Box::new).ok_or_else(unknown)
        };
        let gone = || Problem::new(Code::Unreadable, "it is not held any more; paste it again");
        match choice {
            CompareChoice::Profile { name } => Ok(CompareSide::Profile(profile(name)?)),
            CompareChoice::Past { name, at } => Ok(CompareSide::Past(profile(name)?, *at)),
            CompareChoice::Inspected { person } => {
                let pasted = lock(&self.inner.pasted).pasted.clone();
                if pasted.is_empty() { Err(gone()) } else { Ok(CompareSide::OneOf(pasted, *person)) }
            }
            CompareChoice::Pasted => {
                let held = lock(&self.inner.pasted);
                let pasted = match side {
                    PastedSide::A => held.a.clone(),
                    PastedSide::B => held.b.clone(),
                };
                pasted.map(CompareSide::Text).ok_or_else(gone)
            }
        }
    }

    /// Roles and groups of the active profile over the days that are kept.
    #[must_use]
    pub fn history_picture(&self) -> HistoryPicture {
        let now = self.inner.engine.now();
        self.active().map_or_else(
            || HistoryPicture { from: now.0, to: now.0, ..HistoryPicture::default() },
            |profile| self.inner.engine.history(&profile).picture(now),
        )
    }

    /// When the history of a profile begins; `None` where nothing was recorded.
    #[must_use]
    pub fn history_begins(&self, profile: &str) -> Option<Timestamp> {
        self.inner.engine.history(&self.named(profile)?).begins()
    }
}
