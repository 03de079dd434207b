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
