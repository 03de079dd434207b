use crate::oidc::Contents;
use crate::tokens::{Secret, Tokens};

/// Shorter texts are no secrets: a member called `token` may as well hold `yes`.
const SHORTEST: usize = 16;
/// The shortest signed token there can be.
const SHORTEST_JWT: usize = 36;

/// Tells the texts in claims that must not be shown because they are tokens themselves (UI-1).
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    tokens: Vec<Secret>,
}

impl Hidden {
    /// Hides these tokens, wherever they should turn up, besides everything that has the form or the name of one.
    #[must_use]
    pub fn of(tokens: &Tokens) -> Self {
        let all = [Some(&tokens.access), tokens.refresh.as_ref(), Some(&tokens.id)];
        let long = |token: &&Secret| token.expose().len() >= SHORTEST;
        Self { tokens: all.into_iter().flatten().filter(long).cloned().collect() }
    }

    /// Whether a text under this name is not to be shown.
    pub(super) fn hides(&self, name: &str, text: &str) -> bool {
        text.len() >= SHORTEST
            && (is_name_of_secret(name)
                || text.split(is_between).any(is_token)
                || self.tokens.iter().any(|token| text.contains(token.expose())))
    }
}

fn is_name_of_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "password", "assertion"].iter().any(|word| name.ends_with(word))
}

fn is_between(character: char) -> bool {
    !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | '.')
}

/// Whether a word is a signed or encrypted token; those begin with `{"` in base64url.
fn is_token(word: &str) -> bool {
    word.len() >= SHORTEST_JWT && word.starts_with("ey") && Contents::of(word).is_token()
}
