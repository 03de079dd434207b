use crate::oidc::TokenFormat;
use crate::tokens::{Secret, Tokens};

/// What stands under these names is a secret, or was one, however short.
const SECRETS: [&str; 6] = ["access_token", "refresh_token", "id_token", "client_secret", "password", "nonce"];
/// Shorter texts under other names are none: `has_token` may as well hold `yes`.
const SHORTEST: usize = 16;

/// Tells the texts in claims that must not be shown because they are tokens themselves (UI-1).
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    tokens: Vec<Secret>,
}

impl Redactor {
    /// Hides these tokens, wherever they should turn up, besides everything that has the form or the name of one.
    #[must_use]
    pub fn of(tokens: &Tokens) -> Self {
        let all = [Some(&tokens.access), tokens.refresh.as_ref(), Some(&tokens.id)];
        let long = |token: &&Secret| token.expose().len() >= SHORTEST;
        Self { tokens: all.into_iter().flatten().filter(long).cloned().collect() }
    }

    /// Whether a text under this name is not to be shown.
    pub(super) fn hides(&self, name: &str, text: &str) -> bool {
        if SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
            return true;
        }
        text.len() >= SHORTEST
            && (sounds_like_secret(name)
                || text.split(is_between).any(TokenFormat::looks_like_token)
                || self.tokens.iter().any(|token| text.contains(token.expose())))
    }
}

fn sounds_like_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "password", "assertion"].iter().any(|word| name.ends_with(word))
}

fn is_between(character: char) -> bool {
    !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | '.')
}
