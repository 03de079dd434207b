use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyType, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey as _, JsonWebKeyUse};
use serde_json::{Map, Value};

use crate::problem::{Code, Problem, Result};

/// The longest token that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// The algorithms an ID token may be signed with: public keys only. `none` and the shared-secret ones are refused
/// whatever the provider's metadata says, for a public client holds no secret (ID-1).
const ALLOWED: [(&str, CoreJwsSigningAlgorithm); 9] = [
    ("RS256", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", CoreJwsSigningAlgorithm::RsaSsaPssSha256),
    ("PS384", CoreJwsSigningAlgorithm::RsaSsaPssSha384),
    ("PS512", CoreJwsSigningAlgorithm::RsaSsaPssSha512),
    ("ES256", CoreJwsSigningAlgorithm::EcdsaP256Sha256),
    ("ES384", CoreJwsSigningAlgorithm::EcdsaP384Sha384),
    ("EdDSA", CoreJwsSigningAlgorithm::EdDsa),
];

/// A JSON Web Token taken apart; nothing of it is checked yet.
pub(super) struct Jwt<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What a signature was made with.
pub(super) struct Signed {
    pub(super) algorithm: CoreJwsSigningAlgorithm,
    pub(super) key: CoreJsonWebKey,
}

/// Why a signature was not accepted.
pub(super) enum Unsigned {
    /// No published key has this name: they may have been changed.
    UnknownKey,
    /// Anything that fresh keys would not change.
    Refused(String),
}

impl<'a> Jwt<'a> {
    /// Takes a compact serialisation (RFC 7515 section 7.1) apart. `None` when it is not one.
    pub(super) fn parse(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        if claims.contains('.') {
            return None;
        }
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Checks the signature with the provider's published keys. Keys named or carried by the token itself (`jku`, `x5u`,
    /// `jwk`) are never used.
    pub(super) fn verify(&self, keys: &[CoreJsonWebKey], advertised: &[String]) -> Result<Signed, Unsigned> {
        let name = self.header.get("alg").and_then(Value::as_str).unwrap_or_default();
        let (_, algorithm) = ALLOWED
            .iter()
            .find(|(allowed, _)| *allowed == name)
            .ok_or_else(|| Unsigned::Refused(format!("it is signed with {name:?}, which is not accepted")))?;
        if !advertised.is_empty() && !advertised.iter().any(|listed| listed == name) {
            return Err(Unsigned::Refused(format!("it is signed with {name}, which the provider does not announce")));
        }
        if self.header.contains_key("crit") {
            return Err(Unsigned::Refused("it asks for extensions that are not known".into()));
        }
        let kid = self.header.get("kid").and_then(Value::as_str);
        let fitting: Vec<&CoreJsonWebKey> = keys.iter().filter(|key| fits(key, name, kid)).collect();
        if fitting.is_empty() {
            return Err(Unsigned::UnknownKey);
        }
        fitting
            .into_iter()
            .find(|key| key.verify_signature(algorithm, self.signed.as_bytes(), &self.signature).is_ok())
            .map(|key| Signed { algorithm: algorithm.clone(), key: key.clone() })
            .ok_or_else(|| Unsigned::Refused("its signature does not fit the provider's key".into()))
    }
}

fn fits(key: &CoreJsonWebKey, algorithm: &str, kid: Option<&str>) -> bool {
    let family = match algorithm.as_bytes().first() {
        Some(b'E') if algorithm == "EdDSA" => CoreJsonWebKeyType::OctetKeyPair,
        Some(b'E') => CoreJsonWebKeyType::EllipticCurve,
        _ => CoreJsonWebKeyType::RSA,
    };
    let named = kid.is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
    named && *key.key_type() == family && key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
}

/// The published keys; those that are not understood are left out, at most a hundred are looked at.
pub(super) fn keys(document: &Value) -> Vec<CoreJsonWebKey> {
    let listed = document.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    listed.iter().take(100).filter_map(|key| serde_json::from_value(key.clone()).ok()).collect()
}

/// The claims of a token without any check.
///
/// # Errors
/// [`Code::AnswerBroken`] when it is not a JSON Web Token.
pub(super) fn parse<'a>(token: &'a str, what: &str) -> Result<Jwt<'a>> {
    Jwt::parse(token).ok_or_else(|| Problem::new(Code::AnswerBroken, format!("the {what} is not a JSON Web Token")))
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
