//! Room oidc.
