use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::VerifyingKey;
use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey as Key, CoreJwsSigningAlgorithm as Alg};
use serde_json::{Map, Value};

use super::jwt::Jwt;

/// The algorithms accepted for signatures: with public keys only, so neither `none` nor a shared secret (ID-1).
pub(super) const ALGS: &[(&str, Alg)] = &[
    ("RS256", Alg::RsaSsaPkcs1V15Sha256),
    ("RS384", Alg::RsaSsaPkcs1V15Sha384),
    ("RS512", Alg::RsaSsaPkcs1V15Sha512),
    ("PS256", Alg::RsaSsaPssSha256),
    ("PS384", Alg::RsaSsaPssSha384),
    ("PS512", Alg::RsaSsaPssSha512),
    ("ES256", Alg::EcdsaP256Sha256),
    ("ES384", Alg::EcdsaP384Sha384),
    ("EdDSA", Alg::EdDsa),
];

/// The most keys that are read from one set.
const MOST_KEYS: usize = 100;
/// The shortest RSA modulus, in bytes (RFC 7518 section 3.3).
const SHORTEST_RSA: usize = 256;
/// The members of a key that matter here. Certificates and private parts are left aside.
const MEMBERS: &[&str] = &["kty", "use", "kid", "alg", "crv", "n", "e", "x", "y"];

/// All of [`ALGS`].
pub(super) fn allowed_algs() -> Vec<Alg> {
    ALGS.iter().map(|(_, alg)| alg.clone()).collect()
}

/// A provider's published keys (RFC 7517), without those that can't be used.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<Key>);

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureError {
    /// The algorithm is not one that is accepted here.
    Algorithm,
    /// The header asks for something that is not understood (RFC 7515 section 4.1.11).
    Header,
    /// No published key fits; newer ones might.
    NoKey,
    /// The signature does not match the key.
    Signature,
}

impl SignatureError {
    /// In words, to follow "the ID token".
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Algorithm => "is signed in a way that is not accepted",
            Self::Header => "has a header that is not understood",
            Self::NoKey => "is signed with a key the provider does not publish",
            Self::Signature => "has a signature that does not fit the provider's key",
        }
    }
}

impl Keys {
    /// Reads a key set; `None` when it is none. Keys of unknown kinds, of wrong form or too short are skipped.
    pub(super) fn read(document: &Map<String, Value>) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter_map(read_key).take(MOST_KEYS).collect()))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks the signature and says which key made it.
    ///
    /// The header names at most which published key to try; keys it carries or points to (`jwk`, `jku`, `x5u`) are
    /// never looked at. Without a key ID every published key is tried.
    pub(super) fn check<'k>(&'k self, jwt: &Jwt<'_>, algs: &[Alg]) -> Result<(&'k Key, Alg), SignatureError> {
        let alg = ALGS.iter().find(|(name, _)| *name == jwt.alg()).map(|(_, alg)| alg);
        let alg = alg.filter(|alg| algs.contains(alg)).ok_or(SignatureError::Algorithm)?;
        if jwt.header.contains_key("crit") {
            return Err(SignatureError::Header);
        }
        let kid = jwt.kid();
        let named = kid.is_some_and(|kid| self.0.iter().any(|key| key_id(key) == Some(kid)));
        let fits = |key: &&Key| match kid {
            Some(kid) if named => key_id(key) == Some(kid),
            Some(_) => key_id(key).is_none(),
            None => true,
        };
        let good = |key: &&Key| key.verify_signature(alg, jwt.signing_input.as_bytes(), &jwt.signature).is_ok();
        match self.0.iter().filter(fits).find(good) {
            Some(key) => Ok((key, alg.clone())),
            None if named => Err(SignatureError::Signature),
            None => Err(SignatureError::NoKey),
        }
    }
}

fn key_id(key: &Key) -> Option<&str> {
    key.key_id().map(|kid| kid.as_str())
}

fn read_key(value: &Value) -> Option<Key> {
    let given = value.as_object()?;
    let mut members = Map::new();
    for name in MEMBERS {
        if let Some(Value::String(text)) = given.get(*name).filter(|value| **value != "") {
            // Some publish numbers with the padding that base64url in a key does not have.
            let text = if matches!(*name, "n" | "e" | "x" | "y") { text.trim_end_matches('=') } else { text };
            members.insert((*name).to_owned(), Value::String(text.to_owned()));
        }
    }
    let may_verify = match given.get("key_ops") {
        None | Some(Value::Null) => true,
        Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
        Some(_) => false,
    };
    let usable = may_verify
        && match members.get("kty")?.as_str()? {
            "RSA" => modulus_length(&members)? >= SHORTEST_RSA && has_safe_exponent(&members)?,
            "EC" => true,
            "OKP" => !is_weak_point(&members),
            _ => false,
        };
    serde_json::from_value(Value::Object(members)).ok().filter(|_| usable)
}

/// Whether a point of edwards25519 has a small order: with such a key anybody can make signatures that fit (RFC 8032
/// section 5.1.7 does not ask for this check).
fn is_weak_point(members: &Map<String, Value>) -> bool {
    let point = members.get("x").and_then(Value::as_str).and_then(|x| BASE64.decode(x).ok());
    let point: Option<[u8; 32]> = point.and_then(|bytes| bytes.try_into().ok());
    point.is_none_or(|point| VerifyingKey::from_bytes(&point).map_or(true, |key| key.is_weak()))
}

/// Whether an RSA exponent is odd and at least 3: with 1, every message is its own signature.
fn has_safe_exponent(members: &Map<String, Value>) -> Option<bool> {
    let bytes = BASE64.decode(members.get("e")?.as_str()?).ok()?;
    let significant: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    Some(significant.last().is_some_and(|last| last % 2 == 1) && significant != [1])
}

fn modulus_length(members: &Map<String, Value>) -> Option<usize> {
    let bytes = BASE64.decode(members.get("n")?.as_str()?).ok()?;
    Some(bytes.iter().skip_while(|byte| **byte == 0).count())
}

#[cfg(test)]
pub(super) mod tests;
