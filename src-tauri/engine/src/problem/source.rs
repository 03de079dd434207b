use std::error::Error;
use std::sync::Arc;

/// The error of the layer below a [`Problem`](super::Problem). Cheap to clone; two are equal when they say the same.
#[derive(Clone, Debug)]
pub struct Source(Arc<dyn Error + Send + Sync>);

impl Source {
    pub(super) fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Arc::from(error.into()))
    }

    /// The error itself, to be looked at by its type.
    #[must_use]
    pub fn get(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        // Errors have no equality of their own; a problem is compared only to tell whether something new is to be said.
        self.0.to_string() == other.0.to_string()
    }
}

impl Eq for Source {}
