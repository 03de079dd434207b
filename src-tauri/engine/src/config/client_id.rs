use super::Product;
use crate::problem::{Code, Problem};

/// The longest client ID accepted, in characters.
const MAX: usize = 255;

/// Says whether a text can be a client ID at this provider (RFC 6749 appendix A.1: visible ASCII; blanks are refused
/// too, for none of them issues such). A pasted secret is told apart where its form gives it away, and is not repeated
/// in the problem.
///
/// # Errors
/// [`Code::BadSetting`] with what is wrong.
pub fn check_client_id(text: &str, provider: Product) -> Result<(), Problem> {
    let bad = |why: &str| Err(Problem::new(Code::BadSetting, why));
    if text.is_empty() {
        return bad("the client ID is missing");
    }
    if text.chars().any(char::is_whitespace) {
        return bad("a client ID holds no blanks or line breaks");
    }
    if !text.chars().all(|c| c.is_ascii_graphic()) {
        return bad(
            "a client ID holds only plain letters, digits and signs; something invisible or unusual was pasted",
        );
    }
    if let Some(what) = looks_like_a_secret(text, provider) {
        return bad(&format!("that looks like {what}; Rolecall needs none, and nothing of it was kept"));
    }
    if text.len() > MAX {
        return bad("that is too long for a client ID");
    }
    Ok(())
}

/// Whether a text is a client secret or a token rather than a client ID, as far as its form gives it away. A form that
/// asks for the client ID drops it then.
#[must_use]
pub fn is_secret(text: &str, provider: Product) -> bool {
    looks_like_a_secret(text.trim(), provider).is_some()
}

fn looks_like_a_secret(text: &str, provider: Product) -> Option<&'static str> {
    if text.starts_with("eyJ") && text.matches('.').count() >= 2 {
        return Some("a token, not the client ID");
    }
    if text.starts_with("-----BEGIN") {
        return Some("a key or a certificate, not the client ID");
    }
    let marked = |product: Product| product.secret_mark.filter(|(mark, _)| text.starts_with(mark));
    if let Some((_, what)) = Product::all().find_map(marked) {
        return Some(what);
    }
    if let Some(what) = (provider.secret_shape)(text) {
        return Some(what);
    }
    let shaped = text.chars().all(|c| c.is_ascii_alphanumeric() || "_~.+/=-".contains(c)) && !text.contains(".apps.");
    (shaped && text.len() >= provider.secret_length).then_some("a client secret, for no client ID is that long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_client_secret_is_told_apart_and_not_repeated() {
        let secret = "s".repeat(64);
        let problem = check_client_id(&secret, Product::AUTH0).unwrap_err();
        assert_eq!(problem.code, Code::BadSetting);
        assert!(problem.detail.contains("client secret") && problem.detail.contains("nothing of it was kept"));
        assert!(!problem.detail.contains(&secret));
        assert!(check_client_id(&secret, Product::OTHER).is_ok());
        assert!(check_client_id("GOCSPX-abc", Product::OTHER).is_err());
        assert!(check_client_id("abc8Q~def", Product::ENTRA).is_err());
        assert!(check_client_id("eyJhbGciOi.eyJzdWIi.c2ln", Product::OTHER).is_err());
    }

    #[test]
    fn secrets_are_told_from_client_ids_by_their_form() {
        let hex = |length: usize| "a1".repeat(length / 2);
        for (text, provider) in [
            (hex(64), Product::AUTH0),
            ("GOCSPX-abcdefghijklmnopqrstuvwxyz12".into(), Product::GOOGLE),
            ("abc8Q~abcdefghijklmnopqrstuvwxyz1234567".into(), Product::ENTRA),
            ("eyJhbGciOiJub25lIn0.e30.".into(), Product::OTHER),
            (hex(128), Product::AUTHENTIK),
            (hex(64), Product::OKTA),
        ] {
            assert!(is_secret(&text, provider), "{provider:?} {text}");
        }
        for (text, provider) in [
            ("kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI".into(), Product::AUTH0),
            ("123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com".into(), Product::GOOGLE),
            ("5f7c8ec7-c33c-4c00-8bba-fe8200000000".into(), Product::ENTRA),
            (hex(64), Product::GITLAB),
            ("my-desktop-client".into(), Product::KEYCLOAK),
            ("0oa1b2c3d4E5f6G7h8i9".into(), Product::OKTA),
            (hex(40), Product::AUTHENTIK),
        ] {
            assert!(!is_secret(&text, provider), "{provider:?} {text}");
        }
    }

    #[test]
    fn what_cannot_be_a_client_id_is_refused() {
        for text in ["", " ", "a b", "a\n", "a\u{7}", "a\u{200b}b", "ä", &"x".repeat(256)] {
            assert!(check_client_id(text, Product::OTHER).is_err(), "{text:?}");
        }
        for text in ["desktop", "kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI", "1-2.apps.googleusercontent.com", "https://a/b"] {
            assert!(check_client_id(text, Product::AUTH0).is_ok(), "{text}");
        }
    }
}
