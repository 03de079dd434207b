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
    if text.starts_with("gloas-") {
        return Some("GitLab’s client secret, not the Application ID");
    }
    if text.starts_with("GOCSPX-") {
        return Some("Google’s client secret, not the client ID, which ends in .apps.googleusercontent.com");
    }
    if provider == Product::Auth0 && text.len() == 64 {
        return Some("Auth0’s client secret, which has 64 characters; the client ID has 32");
    }
    if provider == Product::Entra && text.contains('~') {
        return Some(
            "a client secret of Entra ID; the Application (client) ID is made of digits, letters a to f and hyphens",
        );
    }
    let shaped = text.chars().all(|c| c.is_ascii_alphanumeric() || "_~.+/=-".contains(c)) && !text.contains(".apps.");
    (shaped && text.len() >= secret_length(provider)).then_some("a client secret, for no client ID is that long")
}

/// From so many characters on, a text is no client ID of that provider any more.
const fn secret_length(provider: Product) -> usize {
    match provider {
        Product::Okta => 36,
        Product::Cognito => 40,
        Product::Auth0 | Product::Zitadel => 48,
        Product::Authentik => 80,
        Product::Other => 100,
        _ => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_client_secret_is_told_apart_and_not_repeated() {
        let secret = "s".repeat(64);
        let problem = check_client_id(&secret, Product::Auth0).unwrap_err();
        assert_eq!(problem.code, Code::BadSetting);
        assert!(problem.detail.contains("client secret") && problem.detail.contains("nothing of it was kept"));
        assert!(!problem.detail.contains(&secret));
        assert!(check_client_id(&secret, Product::Other).is_ok());
        assert!(check_client_id("GOCSPX-abc", Product::Other).is_err());
        assert!(check_client_id("abc8Q~def", Product::Entra).is_err());
        assert!(check_client_id("eyJhbGciOi.eyJzdWIi.c2ln", Product::Other).is_err());
    }

    #[test]
    fn secrets_are_told_from_client_ids_by_their_form() {
        let hex = |length: usize| "a1".repeat(length / 2);
        for (text, provider) in [
            (hex(64), Product::Auth0),
            ("GOCSPX-abcdefghijklmnopqrstuvwxyz12".into(), Product::Google),
            ("abc8Q~abcdefghijklmnopqrstuvwxyz1234567".into(), Product::Entra),
            ("eyJhbGciOiJub25lIn0.e30.".into(), Product::Other),
            (hex(128), Product::Authentik),
            (hex(64), Product::Okta),
        ] {
            assert!(is_secret(&text, provider), "{provider:?} {text}");
        }
        for (text, provider) in [
            ("kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI".into(), Product::Auth0),
            ("123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com".into(), Product::Google),
            ("5f7c8ec7-c33c-4c00-8bba-fe8200000000".into(), Product::Entra),
            (hex(64), Product::Gitlab),
            ("my-desktop-client".into(), Product::Keycloak),
            ("0oa1b2c3d4E5f6G7h8i9".into(), Product::Okta),
            (hex(40), Product::Authentik),
        ] {
            assert!(!is_secret(&text, provider), "{provider:?} {text}");
        }
    }

    #[test]
    fn what_cannot_be_a_client_id_is_refused() {
        for text in ["", " ", "a b", "a\n", "a\u{7}", "a\u{200b}b", "ä", &"x".repeat(256)] {
            assert!(check_client_id(text, Product::Other).is_err(), "{text:?}");
        }
        for text in ["desktop", "kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI", "1-2.apps.googleusercontent.com", "https://a/b"] {
            assert!(check_client_id(text, Product::Auth0).is_ok(), "{text}");
        }
    }
}
