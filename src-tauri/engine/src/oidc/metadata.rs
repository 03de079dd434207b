use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
use serde_json::{Map, Value};
use url::Url;

use super::http::SecretIn;
use super::{endpoint, keys};
use crate::config::{Profile, Recognition};
use crate::problem::{Code, Problem, Result};

/// The member that names where requests are pushed.
const PAR_ENDPOINT: &str = "pushed_authorization_request_endpoint";

/// The members of a discovery document (OpenID Connect Discovery section 3) that the flow needs.
///
/// Real documents lack members that the standard requires, or have them empty or of another type. What is not needed
/// to be safe is assumed, and said in the remarks.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) jwks: Url,
    pub(super) userinfo: Option<Url>,
    pub(super) revocation: Option<Url>,
    pub(super) end_session: Option<Url>,
    /// The device authorization endpoint (RFC 8628 section 4).
    pub(super) device: Option<Url>,
    /// The endpoint for pushed authorization requests (RFC 9126 section 5).
    pub(super) par: Option<Url>,
    /// Whether it must be.
    pub(super) par_required: bool,
    /// The signing algorithms of ID tokens.
    pub(super) id_token_algs: Vec<Alg>,
    /// The signing algorithms of userinfo answers.
    pub(super) userinfo_algs: Vec<Alg>,
    pub(super) pkce: Option<bool>,
    pub(super) refresh: Option<bool>,
    /// Which part of a request has the client secret, for a client that has one.
    pub(super) secret_in: SecretIn,
    /// Whether every authorization response carries `iss` (RFC 9207 section 3).
    pub(super) iss_parameter: bool,
    /// `scopes_supported`; empty when the provider does not say.
    pub(super) scopes: Vec<String>,
    pub(super) product: Recognition,
    pub(super) remarks: Vec<String>,
}

impl Metadata {
    /// Reads a document whose `issuer` was compared already.
    pub(super) fn read(document: &Map<String, Value>, profile: &Profile) -> Result<Self> {
        let mut reader = Reader { document, profile, remarks: Vec::new() };
        let authorization = reader.required("authorization_endpoint")?;
        let token = reader.required("token_endpoint")?;
        let jwks = reader.required("jwks_uri")?;
        // Roles may be there: better to stop and say which host to allow than to show a person without them.
        let userinfo = reader.text("userinfo_endpoint").map(|text| endpoint::read("userinfo_endpoint", &text, profile));
        let userinfo = userinfo.transpose()?;
        let revocation = reader.optional("revocation_endpoint");
        let end_session = reader.optional("end_session_endpoint");
        let device = reader.optional("device_authorization_endpoint");
        let par_required = reader.flag("require_pushed_authorization_requests");
        let par = if par_required { Some(reader.required(PAR_ENDPOINT)?) } else { reader.optional(PAR_ENDPOINT) };
        if reader.assumed("response_types_supported", "code").is_some_and(|types| !has(&types, "code")) {
            reader.remark("response_types_supported does not list 'code'; it is tried all the same");
        }
        reader.assumed("subject_types_supported", "public");
        let id_token_algs = reader.algs("id_token_signing_alg_values_supported", true);
        let userinfo_algs = reader.algs("userinfo_signing_alg_values_supported", false);
        let pkce = reader.list("code_challenge_methods_supported").map(|methods| has(&methods, "S256"));
        let refresh = reader.list("grant_types_supported").map(|grants| has(&grants, "refresh_token"));
        let secret_in = match reader.list("token_endpoint_auth_methods_supported") {
            // Without a list `client_secret_basic` is meant (section 3).
            Some(methods) if has(&methods, "client_secret_post") && !has(&methods, "client_secret_basic") => {
                SecretIn::Body
            }
            _ => SecretIn::Header,
        };
        let iss_parameter = reader.flag("authorization_response_iss_parameter_supported");
        let scopes = reader.list("scopes_supported").unwrap_or_default();
        let remarks = reader.remarks;
        let product = profile.recognize(Some(document));
        Ok(Self {
            authorization,
            token,
            jwks,
            userinfo,
            revocation,
            end_session,
            device,
            par,
            par_required,
            id_token_algs,
            userinfo_algs,
            pkce,
            refresh,
            secret_in,
            iss_parameter,
            scopes,
            product,
            remarks,
        })
    }
}

fn has(list: &[String], value: &str) -> bool {
    list.iter().any(|item| item == value)
}

struct Reader<'a> {
    document: &'a Map<String, Value>,
    profile: &'a Profile,
    remarks: Vec<String>,
}

impl Reader<'_> {
    fn remark(&mut self, text: &str) {
        self.remarks.push(format!("The discovery document: {text}."));
    }

    fn required(&mut self, member: &str) -> Result<Url> {
        let Some(text) = self.text(member) else {
            return Err(Problem::new(Code::AnswerBroken, format!("the discovery document names no {member}")));
        };
        endpoint::read(member, &text, self.profile)
    }

    /// An endpoint that the flow can do without: an unsafe one counts as none.
    fn optional(&mut self, member: &str) -> Option<Url> {
        let text = self.text(member)?;
        match endpoint::read(member, &text, self.profile) {
            Ok(url) => Some(url),
            Err(problem) => {
                self.remark(&format!("{}; it is not used", problem.detail));
                None
            }
        }
    }

    fn text(&mut self, member: &str) -> Option<String> {
        match self.document.get(member) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.remark(&format!("{member} is empty; it counts as missing"));
                None
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.remark(&format!("{member} is not a text; it counts as missing"));
                None
            }
        }
    }

    fn list(&mut self, member: &str) -> Option<Vec<String>> {
        let value = match self.document.get(member) {
            None | Some(Value::Null) => return None,
            Some(value) => value,
        };
        let Some(items) = value.as_array() else {
            self.remark(&format!("{member} is not a list; it counts as missing"));
            return None;
        };
        let items: Vec<String> =
            items.iter().filter_map(Value::as_str).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        if items.is_empty() {
            self.remark(&format!("{member} is empty; it counts as missing"));
            return None;
        }
        Some(items)
    }

    /// A list the standard requires.
    fn assumed(&mut self, member: &str, assumed: &str) -> Option<Vec<String>> {
        let list = self.list(member);
        if list.is_none() {
            self.remark(&format!("{member} lists nothing; '{assumed}' is assumed"));
        }
        list
    }

    fn flag(&mut self, member: &str) -> bool {
        match self.document.get(member) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.remark(&format!("{member} is neither true nor false; it counts as missing"));
                false
            }
        }
    }

    /// Ours, without what the document does not list (ID-1). Where it lists nothing, ours.
    fn algs(&mut self, member: &str, required: bool) -> Vec<Alg> {
        let listed = if required { self.assumed(member, "any safe algorithm") } else { self.list(member) };
        let Some(listed) = listed else { return keys::allowed_algs() };
        let both: Vec<Alg> =
            keys::ALGS.iter().filter(|(name, _)| has(&listed, name)).map(|(_, alg)| alg.clone()).collect();
        if both.is_empty() && required {
            self.remark(&format!("{member} lists no algorithm that is accepted, so no ID token will be"));
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Issuer;

    fn read(change: impl FnOnce(&mut Map<String, Value>)) -> Result<Metadata> {
        let mut document = json!({
            "issuer": "https://idp.example",
            "authorization_endpoint": "https://idp.example/authorize",
            "token_endpoint": "https://idp.example/token",
            "jwks_uri": "https://idp.example/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        change(document.as_object_mut().unwrap());
        let issuer = Issuer::parse("https://idp.example").unwrap();
        Metadata::read(document.as_object().unwrap(), &Profile::new("t".parse().unwrap(), issuer, "client".into()))
    }

    #[test]
    fn a_document_in_order_leaves_nothing_to_remark() {
        let metadata = read(|_| {}).unwrap();
        assert_eq!(metadata.remarks, [""; 0]);
        assert_eq!(metadata.id_token_algs, [Alg::RsaSsaPkcs1V15Sha256]);
        assert!(metadata.userinfo.is_none() && metadata.pkce.is_none() && metadata.refresh.is_none());
    }

    #[test]
    fn missing_empty_and_ill_typed_members_are_mended_and_remarked() {
        let metadata = read(|document| {
            document.remove("response_types_supported");
            document.insert("subject_types_supported".into(), json!([]));
            document.insert("id_token_signing_alg_values_supported".into(), Value::Null);
            document.insert("end_session_endpoint".into(), json!(""));
            document.insert("revocation_endpoint".into(), json!(false));
            document.insert("code_challenge_methods_supported".into(), json!("S256"));
            document.insert("authorization_response_iss_parameter_supported".into(), json!("yes"));
            document.insert("scopes_supported".into(), json!({"not": "a list"}));
        })
        .unwrap();
        assert!(metadata.end_session.is_none() && metadata.revocation.is_none());
        assert_eq!(metadata.id_token_algs, keys::allowed_algs());
        let all = metadata.remarks.join("\n");
        for member in [
            "response_types_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
            "end_session_endpoint",
            "revocation_endpoint",
            "code_challenge_methods_supported",
            "authorization_response_iss_parameter_supported",
        ] {
            assert!(all.contains(member), "{member} is not in {all}");
        }
    }

    #[test]
    fn what_the_flow_cannot_do_without_is_named_when_missing() {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            for value in [Value::Null, json!(""), json!(7)] {
                let problem = read(|document| drop(document.insert(member.into(), value))).unwrap_err();
                assert_eq!(problem.code, Code::AnswerBroken);
                assert!(problem.detail.contains(member), "{}", problem.detail);
            }
        }
    }

    #[test]
    fn id_1_none_and_shared_secrets_are_never_taken_over_from_the_document() {
        let metadata = read(|document| {
            document.insert("id_token_signing_alg_values_supported".into(), json!(["none", "HS256", "ES256", "XX"]));
        })
        .unwrap();
        assert_eq!(metadata.id_token_algs, [Alg::EcdsaP256Sha256]);
        let metadata = read(|document| {
            document.insert("id_token_signing_alg_values_supported".into(), json!(["none", "HS256"]));
        })
        .unwrap();
        assert!(metadata.id_token_algs.is_empty());
    }

    #[test]
    fn op_3_an_unsafe_endpoint_stops_the_flow_or_is_dropped_where_it_is_not_needed() {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
            let problem = read(|document| drop(document.insert(member.into(), json!("https://evil.example/x"))));
            let problem = problem.unwrap_err();
            assert_eq!(problem.code, Code::UnsafeEndpoint);
            assert!(problem.detail.contains(member) && problem.detail.contains("evil.example"), "{}", problem.detail);
        }
        for member in ["revocation_endpoint", "end_session_endpoint", PAR_ENDPOINT] {
            let metadata = read(|document| drop(document.insert(member.into(), json!("https://evil.example/x"))));
            let metadata = metadata.unwrap();
            assert!(metadata.revocation.is_none() && metadata.end_session.is_none() && metadata.par.is_none());
            assert!(metadata.remarks[0].contains(member) && metadata.remarks[0].contains("evil.example"));
        }
    }

    #[test]
    fn op_3_where_requests_must_be_pushed_a_missing_or_unsafe_address_for_it_stops_the_flow() {
        for (value, code) in
            [(Value::Null, Code::AnswerBroken), (json!("https://evil.example/par"), Code::UnsafeEndpoint)]
        {
            let problem = read(|document| {
                document.insert("require_pushed_authorization_requests".into(), json!(true));
                document.insert(PAR_ENDPOINT.into(), value);
            });
            let problem = problem.unwrap_err();
            assert_eq!(problem.code, code);
            assert!(problem.detail.contains(PAR_ENDPOINT), "{}", problem.detail);
        }
    }
}
