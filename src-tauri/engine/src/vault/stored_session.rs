use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::kept_token::{KeptToken, KeptTokenJson};
use crate::ports::Timestamp;
use crate::tokens::{Secret, Tokens};

/// A session as it is kept in the key store.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// The issuer it is from, byte for byte.
    pub issuer: String,
    /// The client it was given to.
    pub client_id: String,
    /// The subject.
    pub subject: String,
    /// The tokens.
    pub tokens: Tokens,
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// Tokens of other kinds from this session.
    pub kept: Vec<KeptToken>,
}

/// The written form. Private to this file: nothing else can serialise a secret.
#[derive(Serialize, Deserialize)]
struct SessionJson {
    issuer: String,
    client_id: String,
    subject: String,
    access: String,
    refresh: Option<String>,
    id: String,
    expires_at: Option<i64>,
    obtained_at: i64,
    refreshed_at: i64,
    scope: Option<String>,
    /// Earlier versions do not write these, and ignore them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<KeptTokenJson>,
}

impl StoredSession {
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let written = SessionJson {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            subject: self.subject.clone(),
            access: self.tokens.access.expose().to_owned(),
            refresh: self.tokens.refresh.as_ref().map(|refresh| refresh.expose().to_owned()),
            id: self.tokens.id.expose().to_owned(),
            expires_at: self.tokens.expires_at.map(|end| end.0),
            obtained_at: self.tokens.obtained_at.0,
            refreshed_at: self.refreshed_at.0,
            scope: self.tokens.scope.clone(),
            kept: self.kept.iter().map(KeptTokenJson::of).collect(),
        };
        // Text and numbers only: this can't fail.
        Zeroizing::new(serde_json::to_vec(&written).unwrap_or_default())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut written: SessionJson = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            issuer: std::mem::take(&mut written.issuer),
            client_id: std::mem::take(&mut written.client_id),
            subject: std::mem::take(&mut written.subject),
            tokens: Tokens {
                access: Secret::new(std::mem::take(&mut written.access)),
                refresh: written.refresh.take().map(Secret::new),
                id: Secret::new(std::mem::take(&mut written.id)),
                expires_at: written.expires_at.map(Timestamp),
                obtained_at: Timestamp(written.obtained_at),
                obtained_at_boot: None,
                scope: written.scope.take(),
            },
            refreshed_at: Timestamp(written.refreshed_at),
            kept: written.kept.iter_mut().map(KeptTokenJson::take).collect(),
        })
    }
}

impl Drop for SessionJson {
    fn drop(&mut self) {
        self.access.zeroize();
        self.refresh.zeroize();
        self.id.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_reads_back_as_it_was_written() {
        let stored = StoredSession {
            issuer: "https://idp.example/".into(),
            client_id: "c".into(),
            subject: "auth0|1".into(),
            tokens: Tokens {
                access: Secret::new("a".into()),
                refresh: Some(Secret::new("r".into())),
                id: Secret::new("i".into()),
                expires_at: Some(Timestamp(5)),
                obtained_at: Timestamp(1),
                obtained_at_boot: None,
                scope: Some("openid".into()),
            },
            refreshed_at: Timestamp(2),
            kept: Vec::new(),
        };
        let read = StoredSession::from_bytes(&stored.to_bytes()).unwrap();
        assert_eq!((read.subject.as_str(), read.tokens.access.expose()), ("auth0|1", "a"));
        assert!(read.tokens.refresh.unwrap().matches("r") && read.tokens.id.matches("i"));
        assert!(StoredSession::from_bytes(b"{}").is_none());
        // As earlier versions write it, and they pass over what they do not know.
        assert!(!String::from_utf8_lossy(&stored.to_bytes()).contains("kept") && read.kept.is_empty());
        let kept = |key: &str| KeptToken {
            key: key.into(),
            secret: Secret::new(format!("of {key}")),
            expires_at: Some(Timestamp(9)),
            obtained_at: Timestamp(3),
        };
        let more = StoredSession { kept: vec![kept("x"), kept("y")], ..stored };
        let read = StoredSession::from_bytes(&more.to_bytes()).unwrap();
        assert!(read.kept.len() == 2 && read.kept[1].key == "y" && read.kept[1].secret.matches("of y"));
    }
}
