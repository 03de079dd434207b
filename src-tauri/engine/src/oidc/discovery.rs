use std::sync::{Arc, Mutex, PoisonError};

use openidconnect::core::CoreJsonWebKey;
use serde_json::{Map, Value};
use url::Url;

use super::AccessToken;
use super::endpoints::endpoint;
use super::http::{Answer, Http, in_words};
use super::jwt::{Jwt, Signed, Unsigned, keys};
use crate::config::{Issuer, Profile};
use crate::identity::Verified;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// A provider as its discovery document describes it (OpenID Connect Discovery section 4), with its keys.
#[derive(Clone)]
pub struct Provider {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) issuer: String,
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) userinfo: Option<Url>,
    pub(super) revocation: Option<Url>,
    pub(super) end_session: Option<Url>,
    jwks: Url,
    pub(super) algorithms: Vec<String>,
    pub(super) issuer_in_answer: bool,
    pkce: Option<bool>,
    refresh: Option<bool>,
    remarks: Vec<String>,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    listed: Vec<CoreJsonWebKey>,
    /// Fresh keys were asked for because of a name that was not known.
    renewals: u32,
}

/// How often fresh keys are asked for, for one looked-up provider: an attacker who sends unknown key names must not make
/// us hammer the provider.
const KEY_RENEWALS: u32 = 5;

/// The issuer that the discovery document states, not compared with anything: for suggesting the right spelling.
///
/// # Errors
/// Network rows, [`Code::NotAnIssuer`].
pub async fn published_issuer(http: &Http, issuer: &Issuer) -> Result<String> {
    let document = document(http, issuer).await?;
    let stated = document.get("issuer").and_then(Value::as_str).unwrap_or_default();
    if stated.is_empty() { Err(not_an_issuer(issuer, "the document names no issuer")) } else { Ok(stated.to_owned()) }
}

impl Provider {
    /// Fetches discovery document and keys.
    ///
    /// # Errors
    /// Network rows; [`Code::NotAnIssuer`], [`Code::IssuerMismatch`], [`Code::UnsafeEndpoint`], [`Code::AnswerBroken`].
    pub async fn discover(http: &Http, profile: &Profile) -> Result<Self> {
        let document = document(http, &profile.issuer).await?;
        let mut inner = read(&document, profile)?;
        let answer = http.get(&inner.jwks).await?;
        let listed = keys(
            &json(&answer).map_err(|why| Problem::new(Code::AnswerBroken, format!("the provider's keys: {why}")))?,
        );
        if listed.is_empty() {
            inner.remarks.push("None of the provider's keys can be used, so no ID token can be checked.".into());
        }
        inner.keys = Mutex::new(Keys { listed, renewals: 0 });
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the document lacked and what was assumed, a sentence each.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.inner.remarks
    }

    /// Whether it announces PKCE with S256; `None` when it says nothing (RFC 8414 section 2).
    #[must_use]
    pub fn supports_pkce(&self) -> Option<bool> {
        self.inner.pkce
    }

    /// Whether it announces refresh tokens; `None` when it says nothing.
    #[must_use]
    pub fn supports_refresh(&self) -> Option<bool> {
        self.inner.refresh
    }

    /// Whether it has a sign-out page.
    #[must_use]
    pub fn offers_sign_out(&self) -> bool {
        self.inner.end_session.is_some()
    }

    /// Whether tokens can be revoked (RFC 7009).
    #[must_use]
    pub fn offers_revocation(&self) -> bool {
        self.inner.revocation.is_some()
    }

    /// The sign-out page (OpenID Connect RP-Initiated Logout section 2), by client ID and hint: an ID token would stay in
    /// the browser's history.
    #[must_use]
    pub fn end_session(&self, profile: &Profile, logout_hint: Option<&str>) -> Option<Url> {
        let mut url = self.inner.end_session.clone()?;
        url.query_pairs_mut().append_pair("client_id", &profile.client_id);
        if let Some(hint) = logout_hint {
            url.query_pairs_mut().append_pair("logout_hint", hint);
        }
        Some(url)
    }

    /// Looks at an access token.
    #[must_use]
    pub fn read_access_token(&self, access: &Secret) -> AccessToken {
        let token = access.expose();
        match Jwt::parse(token) {
            Some(jwt) => {
                let known = self.known_keys();
                let verified = if jwt.verify(&known, &[]).is_ok() { Verified::Signature } else { Verified::None };
                AccessToken::Jwt { claims: jwt.claims, verified }
            }
            None if token.split('.').count() == 5 => AccessToken::Encrypted,
            None => AccessToken::Opaque,
        }
    }

    /// Checks a signature; where the key is not known, with the keys as they are now (OpenID Connect Core 10.1.1).
    pub(super) async fn signed(&self, http: &Http, jwt: &Jwt<'_>, what: &str) -> Result<Signed> {
        let refused = |why: String| Problem::new(Code::AnswerNotTrusted, format!("the {what}: {why}"));
        match jwt.verify(&self.known_keys(), &self.inner.algorithms) {
            Ok(signed) => return Ok(signed),
            Err(Unsigned::Refused(why)) => return Err(refused(why)),
            Err(Unsigned::UnknownKey) => {}
        }
        self.renew_keys(http).await?;
        jwt.verify(&self.known_keys(), &self.inner.algorithms).map_err(|unsigned| match unsigned {
            Unsigned::Refused(why) => refused(why),
            Unsigned::UnknownKey => refused("it is signed with a key the provider does not publish".into()),
        })
    }

    async fn renew_keys(&self, http: &Http) -> Result<()> {
        {
            let mut keys = self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner);
            if keys.renewals >= KEY_RENEWALS {
                return Ok(());
            }
            keys.renewals += 1;
        }
        let answer = http.get(&self.inner.jwks).await?;
        if let Ok(document) = json(&answer) {
            self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner).listed = keys(&document);
        }
        Ok(())
    }

    fn known_keys(&self) -> Vec<CoreJsonWebKey> {
        self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner).listed.clone()
    }
}

/// The discovery document: the issuer without a slash at its end, then the well-known path (Discovery section 4.1).
async fn document(http: &Http, issuer: &Issuer) -> Result<Map<String, Value>> {
    let address = format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'));
    let url = Url::parse(&address).map_err(|_| not_an_issuer(issuer, "is not an address"))?;
    let answer = http.get(&url).await?;
    match json(&answer).map_err(|why| not_an_issuer(issuer, &why))? {
        Value::Object(document) => Ok(document),
        _ => Err(not_an_issuer(issuer, "it answered something else than a discovery document")),
    }
}

fn not_an_issuer(issuer: &Issuer, why: &str) -> Problem {
    Problem::new(Code::NotAnIssuer, format!("{}: {why}", issuer.host()))
}

fn json(answer: &Answer) -> Result<Value, String> {
    if !answer.status.is_success() {
        return Err(format!("it answered {}", in_words(answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|_| {
        if answer.content_type.contains("html") {
            "it answered a web page".to_owned()
        } else {
            "it did not answer JSON".to_owned()
        }
    })
}

/// Reads the document, leniently where the flow stays safe, and notes what was missing.
fn read(document: &Map<String, Value>, profile: &Profile) -> Result<Inner> {
    let members = Members { document };
    let issuer =
        members.text("issuer").ok_or_else(|| not_an_issuer(&profile.issuer, "the document names no issuer"))?;
    if issuer != profile.issuer.as_str() {
        let detail = format!("you gave {}, it says {issuer}", profile.issuer);
        return Err(Problem::new(Code::IssuerMismatch, detail));
    }
    let mut remarks = Vec::new();
    let needed = |member: &str| {
        let lacking = || not_an_issuer(&profile.issuer, &format!("the document has no {member}"));
        endpoint(profile, member, members.text(member).ok_or_else(lacking)?)
    };
    let mut optional = |member: &str| match members.text(member).map(|text| endpoint(profile, member, text))? {
        Ok(url) => Some(url),
        Err(problem) => {
            remarks.push(format!("{} It is not used.", with_full_stop(&problem.detail)));
            None
        }
    };
    let (userinfo, revocation) = (optional("userinfo_endpoint"), optional("revocation_endpoint"));
    let end_session = optional("end_session_endpoint");
    let algorithms = members.list("id_token_signing_alg_values_supported").unwrap_or_default();
    remarks.extend(lacks(&members));
    Ok(Inner {
        issuer: issuer.to_owned(),
        authorization: needed("authorization_endpoint")?,
        token: needed("token_endpoint")?,
        jwks: needed("jwks_uri")?,
        userinfo,
        revocation,
        end_session,
        algorithms,
        issuer_in_answer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        pkce: members
            .list("code_challenge_methods_supported")
            .map(|methods| methods.iter().any(|method| method == "S256")),
        refresh: refresh(&members),
        remarks,
        keys: Mutex::default(),
    })
}

fn refresh(members: &Members<'_>) -> Option<bool> {
    let grants =
        members.list("grant_types_supported").map(|grants| grants.iter().any(|grant| grant == "refresh_token"));
    let scopes = members.list("scopes_supported").map(|scopes| scopes.iter().any(|scope| scope == "offline_access"));
    match (grants, scopes) {
        (Some(false), _) => Some(false),
        (Some(true), _) | (None, Some(true)) => Some(true),
        (None, other) => other,
    }
}

/// What the document should have and has not, with what is assumed instead.
fn lacks(members: &Members<'_>) -> Vec<String> {
    const ASSUMED: [(&str, &str); 6] = [
        ("response_types_supported", "The code flow is assumed to work."),
        ("subject_types_supported", "Nothing depends on it."),
        ("id_token_signing_alg_values_supported", "Any of the usual public-key algorithms is accepted."),
        ("scopes_supported", "The scopes are asked for as configured."),
        ("userinfo_endpoint", "Roles that stand only in userinfo can't be seen."),
        ("revocation_endpoint", "Signing out here can't end the session at the provider."),
    ];
    let missing = ASSUMED.into_iter().filter(|(member, _)| !members.has(member));
    missing.map(|(member, assumed)| format!("The discovery document has no {member}. {assumed}")).collect()
}

fn with_full_stop(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// The document's members; empty, null and wrongly typed ones are as good as absent.
struct Members<'a> {
    document: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    fn text(&self, member: &str) -> Option<&'a str> {
        self.document.get(member).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    fn list(&self, member: &str) -> Option<Vec<String>> {
        let values = self.document.get(member)?.as_array()?;
        let texts: Vec<String> = values.iter().filter_map(|value| value.as_str().map(ToOwned::to_owned)).collect();
        (!texts.is_empty()).then_some(texts)
    }

    fn has(&self, member: &str) -> bool {
        self.text(member).is_some() || self.list(member).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        Profile::new("t".parse().unwrap(), Issuer::parse("https://idp.example/").unwrap(), "c".into())
    }

    fn least() -> Map<String, Value> {
        let document = serde_json::json!({
            "issuer": "https://idp.example/",
            "authorization_endpoint": "https://idp.example/authorize",
            "token_endpoint": "https://idp.example/token",
            "jwks_uri": "https://idp.example/keys",
        });
        document.as_object().cloned().unwrap()
    }

    #[test]
    fn a_document_with_empty_and_missing_members_is_accepted_and_what_is_missing_is_told() {
        let mut document = least();
        document.insert("end_session_endpoint".into(), "".into());
        document.insert("userinfo_endpoint".into(), Value::Null);
        document.insert("response_types_supported".into(), serde_json::json!([]));
        document.insert("scopes_supported".into(), serde_json::json!({"x": 1}));
        let inner = read(&document, &profile()).ok().unwrap();
        assert!(inner.end_session.is_none() && inner.userinfo.is_none());
        for member in ["response_types_supported", "userinfo_endpoint", "scopes_supported"] {
            assert!(inner.remarks.iter().any(|remark| remark.contains(member)), "{member}: {:?}", inner.remarks);
        }
    }

    #[test]
    fn what_the_flow_needs_is_asked_for_by_name() {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut document = least();
            document.insert(member.into(), "".into());
            let problem = read(&document, &profile()).err().unwrap();
            assert!(problem.code == Code::NotAnIssuer && problem.detail.contains(member), "{problem}");
        }
    }

    #[test]
    fn issuers_are_compared_byte_for_byte() {
        let mut document = least();
        document.insert("issuer".into(), "https://idp.example".into());
        assert_eq!(read(&document, &profile()).err().unwrap().code, Code::IssuerMismatch);
    }

    #[test]
    fn op_3_an_optional_endpoint_elsewhere_is_left_out_and_told() {
        let mut document = least();
        document.insert("revocation_endpoint".into(), "https://evil.example/revoke".into());
        let inner = read(&document, &profile()).ok().unwrap();
        assert!(inner.revocation.is_none());
        assert!(inner.remarks.iter().any(|remark| remark.contains("evil.example")));
    }
}
