//! Receivers in the window.

use serde::Serialize;

use crate::receivers::{Context, CouldNotAsk};

/// The clusters that can be asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KnownClusters {
    /// One for each context of the kubeconfig.
    pub contexts: Vec<Context>,
    /// The name of the current context.
    pub current: Option<String>,
    /// Why kubectl can't tell, where it can't.
    pub problem: Option<CouldNotAsk>,
}
