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

fn looks_like_a_secret(text: &str, provider: Product) -> Option<&'static str> {
    if text.starts_with("eyJ") && text.matches('.').count() >= 2 {
        return Some("a token, not the client ID");
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
    None
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
    fn what_cannot_be_a_client_id_is_refused() {
        for text in ["", " ", "a b", "a\n", "a\u{7}", "a\u{200b}b", "ä", &"x".repeat(256)] {
            assert!(check_client_id(text, Product::Other).is_err(), "{text:?}");
        }
        for text in ["desktop", "kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI", "1-2.apps.googleusercontent.com", "https://a/b"] {
            assert!(check_client_id(text, Product::Auth0).is_ok(), "{text}");
        }
    }
}
