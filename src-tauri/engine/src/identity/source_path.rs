use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::redact::Redactor;

/// The longest name kept of one step, in characters. Longer ones are cut, and the cut marked.
const MAX_NAME: usize = 200;

/// The names that lead from a document's root to a value; never split on dots. All values of one place share it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(type = "Array<string>"))]
pub struct SourcePath(#[cfg_attr(test, ts(skip))] Arc<[String]>);

impl SourcePath {
    pub(super) fn of(names: &[&str], redactor: &Redactor) -> Self {
        let kept = |name: &&str| {
            let name = redactor.beginning(name, MAX_NAME);
            match name.char_indices().nth(MAX_NAME) {
                Some((end, _)) => format!("{}…", &name[..end]),
                None => name.into_owned(),
            }
        };
        Self(names.iter().map(kept).collect())
    }

    /// How many bytes it takes where it is written out.
    pub(super) fn bytes(&self) -> usize {
        self.iter().map(|name| name.len() + 4).sum()
    }
}

impl Deref for SourcePath {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl From<Vec<String>> for SourcePath {
    fn from(names: Vec<String>) -> Self {
        Self(names.into())
    }
}

impl<const N: usize> PartialEq<[&str; N]> for SourcePath {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().map(String::as_str).eq(other.iter().copied())
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for SourcePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

thread_local! {
    /// The path that was read last. Those of one place follow each other, and share it again when they are read back.
    static LAST: RefCell<Option<SourcePath>> = const { RefCell::new(None) };
}

impl<'de> Deserialize<'de> for SourcePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(LAST.with_borrow_mut(|last| match last {
            Some(last) if **last == *names => last.clone(),
            _ => last.insert(Self::from(names)).clone(),
        }))
    }
}
