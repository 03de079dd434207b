use serde::Deserialize;
use serde::de::DeserializeOwned;

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
    /// What tokens are to be for, each as a parameter of its own (RFC 8707 section 2).
    #[serde(skip)]
    pub(crate) resources: Vec<String>,
}

impl AuthorizationParameters {
    /// Reads a query or a form.
    pub(crate) fn of_form(form: &[u8]) -> Self {
        Self { resources: resources(form), ..parse(form) }
    }
}

/// Reads the parameters that come once in a query or a form.
pub(crate) fn parse<T: DeserializeOwned + Default>(form: &[u8]) -> T {
    let pairs = url::form_urlencoded::parse(form).into_owned();
    let map: serde_json::Map<String, serde_json::Value> = pairs.map(|(name, value)| (name, value.into())).collect();
    serde_json::from_value(map.into()).unwrap_or_default()
}

/// The values of `resource` in a query or a form.
pub(crate) fn resources(form: &[u8]) -> Vec<String> {
    let pairs = url::form_urlencoded::parse(form).into_owned();
    pairs.filter(|(name, _)| name == "resource").map(|(_, value)| value).collect()
}
