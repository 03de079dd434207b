use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

/// The name of the elliptic-curve key.
pub(crate) const ELLIPTIC: &str = "demo-ec";

/// A signing key and its public form.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    algorithm: Algorithm,
    private: EncodingKey,
    public: Value,
}

impl Key {
    /// The RSA key of this process. Generating one is slow, so all providers of a process share it.
    pub(crate) fn rsa() -> Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| {
            let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("an RSA key");
            let pem = private.to_pkcs1_pem(rsa::pkcs1::LineEnding::LF).expect("its PEM");
            let number = |value: &rsa::BigUint| URL_SAFE_NO_PAD.encode(value.to_bytes_be());
            Self {
                id: "demo-rsa".into(),
                algorithm: Algorithm::RS256,
                private: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a signing key"),
                public: json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "demo-rsa", "n": number(private.n()), "e": number(private.e()) }),
            }
        })
        .clone()
    }

    /// A fresh elliptic-curve key.
    pub(crate) fn elliptic(id: &str) -> Self {
        use p256::elliptic_curve::sec1::ToEncodedPoint as _;
        use p256::pkcs8::EncodePrivateKey as _;
        let private = p256::SecretKey::random(&mut p256::elliptic_curve::rand_core::OsRng);
        let pem = private.to_pkcs8_pem(p256::pkcs8::LineEnding::LF).expect("its PEM");
        let point = private.public_key().to_encoded_point(false);
        let coordinate = |value: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(value.expect("a point"));
        Self {
            id: id.into(),
            algorithm: Algorithm::ES256,
            private: EncodingKey::from_ec_pem(pem.as_bytes()).expect("a signing key"),
            public: json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id, "x": coordinate(point.x()), "y": coordinate(point.y()) }),
        }
    }

    pub(crate) fn public(&self) -> &Value {
        &self.public
    }

    /// Signs, under its own name, another or none.
    pub(crate) fn sign(&self, claims: &Value, name: Option<&str>, kind: &str) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = name.map(ToOwned::to_owned);
        header.typ = Some(kind.to_owned());
        jsonwebtoken::encode(&header, claims, &self.private).expect("a signature")
    }

    /// The left half of a hash, as `at_hash` has it: both kinds of key sign with SHA-256.
    pub(crate) fn half_hash(text: &str) -> String {
        use sha2::{Digest as _, Sha256};
        URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16])
    }
}

/// A token that says it is not signed.
pub(crate) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

/// A token signed with a shared secret that is public.
pub(crate) fn shared(claims: &Value, secret: &str) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).expect("a signature")
}
