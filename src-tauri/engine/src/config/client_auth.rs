use serde::Serialize;

use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// No provider gives a longer client secret, in bytes.
const LONGEST_SECRET: usize = 4096;

/// How the application names itself at the token endpoint (OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// A public client: its ID alone. What a program on a person's computer can honestly be (RFC 8252 section 8.5).
    #[default]
    None,
    /// `client_secret_basic`, for providers that insist on a secret. It is kept in the key store, and protects nothing
    /// that PKCE does not.
    SecretBasic,
}

/// How the client secret of a profile stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ClientSecretState {
    /// None is sent.
    None,
    /// One is in the key store, and sent.
    Kept,
    /// One is to be sent, and none is known to be kept.
    Missing,
}

impl ClientAuth {
    /// The word for it in files, which is the registered one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SecretBasic => "client_secret_basic",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::None, Self::SecretBasic].into_iter().find(|way| way.word() == word)
    }
}

/// What was typed or pasted as the client secret, without blanks and line ends around it.
///
/// # Errors
/// [`Code::BadSetting`] where it can be none; nothing of it is repeated.
pub fn client_secret_from(text: &Secret) -> Result<Secret> {
    let text = text.expose().trim();
    if text.is_empty() || text.len() > LONGEST_SECRET || text.contains(char::is_control) {
        let why = format!("the client secret must be one line of 1 to {LONGEST_SECRET} bytes");
        return Err(Problem::new(Code::BadSetting, why));
    }
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_secret_is_one_line_and_never_repeated() {
        let read = |text: &str| client_secret_from(&Secret::new(text.to_owned()));
        assert_eq!(read(" s3cret of mine\r\n").unwrap().expose(), "s3cret of mine");
        let long = "x".repeat(LONGEST_SECRET + 1);
        for bad in ["", " \n", "two\nlines", "nul\0byte", &long] {
            let problem = read(bad).unwrap_err();
            assert_eq!(problem.code, Code::BadSetting, "{bad:?}");
            assert!(bad.trim().is_empty() || !problem.detail.contains(bad.trim()));
        }
    }
}
