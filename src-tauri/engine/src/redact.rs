//! Tokens that the provider repeats where something else belongs: in a role, a claim's name, an error's words.
//!
//! Such a text is removed in two places, before anything is stored or shown: where an identity is built from claims
//! ([`crate::identity::identity_from`]) and where a problem is made ([`crate::Problem::new`]). Requirement TK-2.

mod traces;

use std::borrow::Cow;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

use self::traces::Traces;
use crate::json;
use crate::tokens::{Secret, Tokens};

/// What is under these names is a secret, or was one, however short.
const SECRETS: [&str; 6] = ["access_token", "refresh_token", "id_token", "client_secret", "password", "nonce"];
/// Shorter texts under other names are none: `has_token` may as well hold `yes`.
const SHORTEST: usize = 16;
/// A secret shorter than this is looked for as a word of its own alone: as a part it may be of any word.
const SHORTEST_PART: usize = 8;
/// A header of a token longer than this is none, in bytes.
const LONGEST_HEADER: usize = 2048;
/// Replaces a token.
const REPLACEMENT: &str = "(a token, not shown)";

/// Tells the texts that must not be stored or shown because they are tokens themselves, or hold one.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    secrets: Vec<Secret>,
    /// Made from `secrets` once it is needed.
    traces: OnceLock<Traces>,
}

impl Redactor {
    /// Hides these tokens, wherever they should turn up, besides everything that has the form of one.
    #[must_use]
    pub fn of(tokens: &Tokens) -> Self {
        let all = [Some(&tokens.access), tokens.refresh.as_ref(), Some(&tokens.id)];
        Self::default().hiding(all.into_iter().flatten())
    }

    /// Hides these too, such as the tokens that a refresh has just replaced.
    #[must_use]
    pub fn and(self, tokens: &Tokens) -> Self {
        let other = Self::of(tokens);
        self.hiding(&other.secrets)
    }

    /// Hides these too, such as the application's own secret.
    #[must_use]
    pub fn hiding<'s>(mut self, secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let new = secrets.into_iter().filter(|secret| !secret.expose().is_empty());
        self.secrets.extend(new.cloned());
        self.traces = OnceLock::new();
        self
    }

    /// The same with the newest `most` secrets alone, each once. Former ones are kept because a provider may repeat them.
    pub(crate) fn of_the_newest(mut self, most: usize) -> Self {
        let mut newest: Vec<Secret> = Vec::new();
        for secret in self.secrets.into_iter().rev() {
            if newest.len() < most && !newest.iter().any(|known| known.expose() == secret.expose()) {
                newest.push(secret);
            }
        }
        newest.reverse();
        self.secrets = newest;
        self.traces = OnceLock::new();
        self
    }

    /// Whether a claim of this name and text is not to be shown: the name of a secret is enough.
    pub(crate) fn hides(&self, name: &str, text: &str) -> bool {
        SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
            || text.len() >= SHORTEST && sounds_like_secret(name)
            || self.is_secret(text)
    }

    /// Whether a text is a token or holds one.
    pub(crate) fn is_secret(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| holds(text, secret.expose()))
            || text.len() >= SHORTEST && text.contains('.') && text.split(is_between).any(begins_like_token)
            || self.has_traces(text)
    }

    /// Whether a text holds a part of a secret, or one that is written in another way.
    fn has_traces(&self, text: &str) -> bool {
        text.len() >= SHORTEST && self.traces.get_or_init(|| Traces::of(&self.secrets)).are_in(text)
    }

    /// [`Redactor::text`] of as much of a text as decides what is shown of it, where it is cut after `most` characters: a
    /// provider may repeat an endless name at thousands of places, and it is searched at each of them.
    pub(crate) fn beginning<'t>(&self, text: &'t str, most: usize) -> Cow<'t, str> {
        let longest = self.secrets.iter().map(|secret| secret.expose().len()).max().unwrap_or(0).max(LONGEST_HEADER);
        let end = (4 * most + longest).min(text.len());
        let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.text(&text[..end])
    }

    /// A sentence with every token taken out of its words, which stay.
    pub(crate) fn words(&self, words: &str) -> String {
        let told = self.secrets.iter().filter(|secret| holds(words, secret.expose()));
        let words = told.fold(words.to_owned(), |words, secret| words.replace(secret.expose(), REPLACEMENT));
        if !self.has_traces(&words) {
            return words;
        }
        let cleaned = words.split(' ').map(|word| if self.has_traces(word) { REPLACEMENT } else { word });
        let cleaned = cleaned.collect::<Vec<_>>().join(" ");
        // What is left is spread over several words.
        if self.has_traces(&cleaned) { REPLACEMENT.to_owned() } else { cleaned }
    }

    /// The text, or its replacement.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_secret(text) { REPLACEMENT.into() } else { text.into() }
    }
}

/// Whether a text is this secret or holds it.
fn holds(text: &str, secret: &str) -> bool {
    if secret.len() >= SHORTEST_PART {
        return text.contains(secret);
    }
    text == secret || text.len() > secret.len() && text.split(is_between).any(|word| word == secret)
}

/// The text with every word that has the form of a token taken out.
pub(crate) fn without_tokens(text: &str) -> Cow<'_, str> {
    if text.len() < SHORTEST || !text.contains('.') {
        return text.into();
    }
    let mut cleaned: Option<String> = None;
    for word in text.split(is_between).filter(|word| word.len() >= SHORTEST && begins_like_token(word)) {
        let before = cleaned.take().unwrap_or_else(|| text.to_owned());
        cleaned = Some(before.replace(word, REPLACEMENT));
    }
    cleaned.map_or(text.into(), Cow::Owned)
}

/// Whether a text begins as a token does: with a header, and something behind it (RFC 7515 section 7.1).
pub(crate) fn begins_like_token(text: &str) -> bool {
    let Some((header, _)) = text.split_once('.') else { return false };
    header.len() >= 10 && BASE64.decode(header).is_ok_and(|header| json::object(&header).is_some())
}

fn sounds_like_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "password", "assertion"].iter().any(|word| name.ends_with(word))
}

fn is_between(character: char) -> bool {
    !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Timestamp;
    use crate::problem::{Code, Problem};

    const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

    fn redactor() -> Redactor {
        Redactor::of(&Tokens {
            access: Secret::new("an-opaque-access-token".into()),
            refresh: Some(Secret::new("an-opaque-refresh-token".into())),
            id: Secret::new(JWT.into()),
            expires_at: None,
            obtained_at: Timestamp(0),
            obtained_at_boot: None,
            scope: None,
        })
    }

    #[test]
    fn tk_2_a_text_that_is_or_holds_a_token_is_told_from_one_that_is_none() {
        for secret in [
            JWT.to_owned(),
            format!("Bearer {JWT}"),
            format!("role={JWT};admin"),
            "eyJhbGciOiJSUzI1NiJ9.cut".into(),
            "an-opaque-refresh-token".into(),
            "https://x.example/#an-opaque-access-token&x".into(),
        ] {
            assert_eq!(redactor().text(&secret), REPLACEMENT, "{secret}");
        }
        for text in
            ["editor", "an-opaque", "https://example.com/roles.read", "eyJhbGciOiJSUzI1NiJ9", "a.b.c.d.e.f.g.h.i.j"]
        {
            assert_eq!(redactor().text(text), text);
        }
    }

    #[test]
    fn tk_2_a_short_token_is_hidden_and_hides_no_other_words() {
        let short = ["k7Qz", "ab12cd34", "s3cret"].map(|text| Secret::new(text.into()));
        let redactor = Redactor::default().hiding(&short);
        for secret in ["k7Qz", "role k7Qz", "s3cret", "x=s3cret;", "ab12cd34", "my-ab12cd34-role"] {
            assert_eq!(redactor.text(secret), REPLACEMENT, "{secret}");
        }
        for text in ["k7Qzx", "s3crets", "ab12cd3", "", "editor"] {
            assert_eq!(redactor.text(text), text);
        }
        assert_eq!(Redactor::default().hiding(&[Secret::new(String::new())]).text(""), "");
    }

    #[test]
    fn tk_2_a_token_at_the_cut_of_a_long_name_is_hidden_whole() {
        for before in [0, 150, 195, 199, 790, 799] {
            for token in [JWT, "an-opaque-refresh-token"] {
                let name = format!("{} {token} {}", "n".repeat(before), "n".repeat(100_000));
                assert_eq!(redactor().beginning(&name, 200), REPLACEMENT, "{before}");
            }
        }
        let name = "ä".repeat(100_000);
        assert!(redactor().beginning(&name, 200).len() < 4000);
    }

    #[test]
    fn tk_2_words_of_a_problem_stay_and_the_secrets_in_them_go() {
        let problem = Problem::new(Code::SubjectChanged, "userinfo is about 'an-opaque-access-token', not about 'ed'");
        let told = problem.redacted(&redactor());
        assert_eq!(told.detail, format!("userinfo is about '{REPLACEMENT}', not about 'ed'"));
        assert_eq!(told.code, Code::SubjectChanged);
    }

    #[test]
    fn tk_2_words_of_an_error_stay_and_the_token_in_them_goes() {
        let words = format!("the token '{JWT}' was revoked, {JWT}");
        assert_eq!(without_tokens(&words), format!("the token '{REPLACEMENT}' was revoked, {REPLACEMENT}"));
        assert_eq!(without_tokens("AADSTS50173. The grant has expired."), "AADSTS50173. The grant has expired.");
    }
}
