use serde::Deserialize;

/// The parameters of an authorization request (OpenID Connect Core section 3.1.2.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuthorizationParameters {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) scope: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) code_challenge: String,
    pub(crate) code_challenge_method: String,
    pub(crate) audience: String,
    pub(crate) prompt: String,
    /// The name of a request that was pushed before (RFC 9126 section 4).
    pub(crate) request_uri: String,
}
