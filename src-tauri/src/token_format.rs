//! In what form a token is put on the clipboard. It is made here, so that the page never sees the token (UI-1).

use rolecall_engine::tokens::Secret;
use serde::Deserialize;

/// The form of a copied token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenFormat {
    /// The token and nothing else.
    #[default]
    Token,
    /// `Authorization: Bearer …`.
    Header,
    /// A shell command that asks `audience` with it. The header is read from the standard input, for arguments can be
    /// read by other users of the machine.
    Curl,
}

impl TokenFormat {
    /// The text to copy. `audience` is the API of the token, where that is an address; else a place to write one.
    pub(crate) fn write(self, token: Secret, audience: Option<&str>) -> Secret {
        let address = audience.filter(|audience| is_plain_address(audience)).unwrap_or("https://");
        let (before, after) = match self {
            Self::Token => return token,
            Self::Header => (HEADER.to_owned(), ""),
            Self::Curl => (format!("curl --header @- '{address}' <<'END'\n{HEADER}"), "\nEND\n"),
        };
        // In one piece, so that no copy of the token is left behind by a text that grows.
        let mut text = String::with_capacity(before.len() + token.expose().len() + after.len());
        for part in [&before, token.expose(), after] {
            text.push_str(part);
        }
        Secret::new(text)
    }
}

const HEADER: &str = "Authorization: Bearer ";

/// Whether an address may stand between single quotes of a shell.
fn is_plain_address(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && text.chars().all(|c| c.is_ascii_graphic() && c != '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_written_as_it_is_as_a_header_and_for_curl() {
        let write = |format: TokenFormat, audience| {
            format.write(Secret::new("abc.def".to_owned()), audience).expose().to_owned()
        };
        assert_eq!(write(TokenFormat::Token, None), "abc.def");
        assert_eq!(write(TokenFormat::Header, None), "Authorization: Bearer abc.def");
        let curl = write(TokenFormat::Curl, Some("https://api.example.com"));
        assert_eq!(curl, "curl --header @- 'https://api.example.com' <<'END'\nAuthorization: Bearer abc.def\nEND\n");
        for odd in [None, Some("api"), Some("https://a'; rm -rf ~ '"), Some("https://a\nb")] {
            assert!(write(TokenFormat::Curl, odd).starts_with("curl --header @- 'https://' <<'END'\n"), "{odd:?}");
        }
    }
}
