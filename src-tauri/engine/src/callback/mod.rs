//! Room callback.
