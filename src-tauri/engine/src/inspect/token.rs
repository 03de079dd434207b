use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{Found, Reading};
use crate::documents::Signature;
use crate::identity::{DocumentKind, DocumentState};
use crate::json;
use crate::oidc::ParsedToken;
use crate::text::clean;
use crate::tokens::Secret;

/// The longest key ID or algorithm that is shown, in characters.
const MAX_HEADER: usize = 120;

/// What the place of a token says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// Nothing.
    None,
    /// An API was called with it.
    Presented,
    /// It was under the name of an ID token.
    Id,
    /// It was under the name of an access token.
    Access,
    /// It was under the name of a refresh token.
    Refresh,
    /// It is a signed userinfo or introspection answer.
    Answer(DocumentKind),
}

impl Hint {
    /// What a name such as `id_token` or `accessToken` says.
    pub(super) fn of_name(name: &str) -> Self {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match plain.as_str() {
            name if name.ends_with("idtoken") => Self::Id,
            name if name.ends_with("accesstoken") => Self::Access,
            name if name.ends_with("refreshtoken") => Self::Refresh,
            _ => Self::None,
        }
    }
}

/// The kind of a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// About a person.
    Document(DocumentKind),
    /// It is spent for new tokens.
    Refresh,
    /// Something else that is signed, in words.
    Other(&'static str),
}

impl Reading {
    /// Takes in a token, of whatever form.
    pub(super) fn token(&mut self, token: &str, hint: Hint, from: &str) {
        let answer = self.next_answer();
        self.token_of(token, hint, from, answer, None);
    }

    /// A token of an answer that may hold several.
    pub(super) fn token_of(&mut self, token: &str, hint: Hint, from: &str, answer: usize, granted: Option<&str>) {
        self.hide(token);
        if hint == Hint::Refresh {
            self.refresh_tokens += 1;
            return;
        }
        let (claims, signature, reason) = match ParsedToken::of(token) {
            ParsedToken::Encrypted => return self.unreadable(token, hint, from, answer, DocumentState::Encrypted),
            ParsedToken::Signed(jwt) => {
                let key = jwt.kid().map(|kid| clean(kid, MAX_HEADER));
                let signature = Signature { alg: clean(jwt.alg(), MAX_HEADER), key };
                (jwt.into_claims(), signature, None)
            }
            ParsedToken::Opaque => match damaged(token) {
                Some((claims, alg, why)) => (claims, Signature { alg, key: None }, Some(why.to_owned())),
                None if crate::redact::begins_like_token(token) => {
                    return self.note(format!(
                        "{from}: a token that is cut short, or was changed; copy it whole to have it read."
                    ));
                }
                None => return self.unreadable(token, hint, from, answer, DocumentState::Opaque),
            },
        };
        let header = token.split('.').next().and_then(decoded).unwrap_or_default();
        match sort(&header, &claims, hint) {
            Sort::Refresh => self.refresh_tokens += 1,
            Sort::Other(what) => self.note(format!("{from}: {what}, which is about no roles; it was not read.")),
            Sort::Document(document) => self.add(
                Found {
                    document,
                    what: name_of(document),
                    from: from.to_owned(),
                    state: DocumentState::Read,
                    reason: reason.clone(),
                    claims,
                    signature: Some(signature),
                    // What is damaged can't be checked.
                    token: reason.is_none().then(|| Secret::new(token.to_owned())),
                    answer,
                    granted: granted.map(str::to_owned),
                },
                token,
            ),
        }
    }

    fn unreadable(&mut self, token: &str, hint: Hint, from: &str, answer: usize, state: DocumentState) {
        let document = match hint {
            Hint::Id => DocumentKind::IdToken,
            Hint::Answer(document) => document,
            Hint::None | Hint::Presented | Hint::Access | Hint::Refresh => DocumentKind::AccessToken,
        };
        let found = Found {
            document,
            what: name_of(document),
            from: from.to_owned(),
            state,
            reason: None,
            claims: Map::new(),
            signature: None,
            token: None,
            answer,
            granted: None,
        };
        self.add(found, token);
    }
}

/// The words for a document.
pub(super) const fn name_of(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "access token",
        DocumentKind::Userinfo => "userinfo",
        DocumentKind::Introspection => "introspection answer",
        DocumentKind::Directory => "answer of a directory",
    }
}

/// A part of a token: base64url, or plain base64 as some tools write it.
fn decoded(part: &str) -> Option<Map<String, Value>> {
    let part = part.trim_end_matches('=');
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).or_else(|_| BASE64_STANDARD_NO_PAD.decode(part)).ok()?;
    json::object(&bytes)
}

/// The claims of a token whose form is not quite right: its signature is cut, missing or of another alphabet.
fn damaged(token: &str) -> Option<(Map<String, Value>, String, &'static str)> {
    if token.len() > super::LONGEST {
        return None;
    }
    let mut parts = token.splitn(4, '.');
    let (header, claims, signature) = (decoded(parts.next()?)?, decoded(parts.next()?)?, parts.next());
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let why = match signature {
        None => "its signature is missing, so it can’t be checked",
        Some(_) => "its signature is cut short or was changed, so it can’t be checked",
    };
    Some((claims, clean(alg, MAX_HEADER), why))
}

/// Which kind of token it is: by what its header and its claims say, then by where it was found, then by its form.
pub(super) fn sort(header: &Map<String, Value>, claims: &Map<String, Value>, hint: Hint) -> Sort {
    let text = |from: &Map<String, Value>, name: &str| {
        from.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
    };
    let kind = text(header, "typ");
    let kind = kind.strip_prefix("application/").unwrap_or(&kind);
    match kind {
        "at+jwt" => return Sort::Document(DocumentKind::AccessToken),
        "logout+jwt" => return Sort::Other("a logout token"),
        "dpop+jwt" => return Sort::Other("a proof of possession (DPoP)"),
        "secevent+jwt" => return Sort::Other("a security event"),
        "oauth-authz-req+jwt" => return Sort::Other("an authorization request"),
        "token-introspection+jwt" => return Sort::Document(DocumentKind::Introspection),
        _ => {}
    }
    if claims.contains_key("events") {
        return Sort::Other("a logout token or a security event");
    }
    // Keycloak and Rauthy say it in the claims.
    match text(claims, "typ").as_str() {
        "id" => return Sort::Document(DocumentKind::IdToken),
        "bearer" | "dpop" => return Sort::Document(DocumentKind::AccessToken),
        "refresh" | "offline" => return Sort::Refresh,
        "logout" => return Sort::Other("a logout token"),
        _ => {}
    }
    // So does Cognito.
    match text(claims, "token_use").as_str() {
        "id" => return Sort::Document(DocumentKind::IdToken),
        "access" => return Sort::Document(DocumentKind::AccessToken),
        _ => {}
    }
    let (issuer, subject) = (text(claims, "iss"), text(claims, "sub"));
    if !issuer.is_empty() && issuer == subject {
        return Sort::Other("a client’s own assertion (RFC 7523)");
    }
    match hint {
        Hint::Id => return Sort::Document(DocumentKind::IdToken),
        Hint::Access => return Sort::Document(DocumentKind::AccessToken),
        Hint::Answer(document) => return Sort::Document(document),
        Hint::None | Hint::Presented | Hint::Refresh => {}
    }
    let has = |names: &[&str]| names.iter().any(|name| claims.contains_key(*name));
    if has(&["nonce", "at_hash", "c_hash", "s_hash"]) {
        return Sort::Document(DocumentKind::IdToken);
    }
    if has(&["scp", "scope", "client_id", "cid", "gty", "appid", "permissions", "azpacr"]) {
        return Sort::Document(DocumentKind::AccessToken);
    }
    // An ID token is for one client, an access token for an API: an address, or several.
    let for_an_api = match claims.get("aud") {
        Some(Value::String(audience)) => audience.contains("://"),
        Some(Value::Array(audiences)) => {
            audiences.iter().filter_map(Value::as_str).any(|audience| audience.contains("://"))
        }
        _ => false,
    };
    if for_an_api || hint == Hint::Presented && !claims.contains_key("aud") {
        return Sort::Document(DocumentKind::AccessToken);
    }
    Sort::Document(DocumentKind::IdToken)
}
