use serde_json::{Map, Value};

use super::Ask;
use crate::oidc::ParsedToken;
use crate::problem::{Code, Problem, Result};
use crate::products::{Product, TokensBy};
use crate::text::clean_line;
use crate::tokens::Secret;

/// Checks a token against what was asked for. Some providers silently give one for another audience, or with fewer scopes
/// (Auth0: "Multi-Resource Refresh Token"; RFC 6749 section 3.3 asks for `scope` in the answer where it differs). `scope` is
/// that of the answer, `own` the session's own access token.
///
/// # Errors
/// [`Code::WrongToken`], with what was asked for and what came.
pub(crate) fn check(ask: &Ask, product: Product, came: &Secret, scope: Option<&str>, own: &Secret) -> Result<()> {
    let wrong = |detail: String| Err(Problem::new(Code::WrongToken, clean_line(&detail)));
    let lacking: Vec<&str> = match scope {
        Some(scope) => ask.scopes.iter().map(String::as_str).filter(|asked| !grants(scope, asked)).collect(),
        None => Vec::new(),
    };
    if !lacking.is_empty() {
        return wrong(format!("it was asked for {}, and what came lacks {}", ask.scopes.join(" "), lacking.join(" ")));
    }
    let asked: Vec<&String> = ask.resources.iter().chain(&ask.audience).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let named = match ParsedToken::of(came.expose()) {
        ParsedToken::Signed(jwt) => audiences(&jwt.into_claims()),
        // Nobody but the API can read it.
        ParsedToken::Encrypted => return Ok(()),
        ParsedToken::Opaque => {
            // Tokens for an API are JWTs there; one that is not is for userinfo (Auth0: "Access Tokens").
            if product.tokens_by == TokensBy::Audience || came.matches(own.expose()) {
                return wrong(format!("it was asked for {}, and what came is the session's own kind", list(&asked)));
            }
            return Ok(());
        }
    };
    let missing: Vec<&String> = asked.iter().copied().filter(|asked| !is_for(&named, asked, product)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let came = if named.is_empty() { "no audience".to_owned() } else { named.join(", ") };
    let by_slash = missing
        .iter()
        .any(|asked| named.iter().any(|named| named.trim_end_matches('/') == asked.trim_end_matches('/')));
    let slash = if by_slash { "; they differ only by a slash at the end, which counts" } else { "" };
    wrong(format!("it was asked for {}, and what came names {came}{slash}", list(&missing)))
}

fn is_for(named: &[String], asked: &str, product: Product) -> bool {
    if named.iter().any(|named| named == asked) {
        return true;
    }
    // Entra ID writes the application ID of the API, with or without `api://`, whichever name was asked for; which API it is
    // stands in the scopes.
    let is_id = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    product.tokens_by == TokensBy::ScopeOfResource
        && named.iter().any(|named| is_id(named.trim_start_matches("api://")))
}

/// The audiences that claims name: `aud` is a text, or a list of texts (RFC 7519 section 4.1.3).
pub(crate) fn audiences(claims: &Map<String, Value>) -> Vec<String> {
    match claims.get("aud") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Whether a scope was granted. `.default` means whatever the person consented to; `openid` and `offline_access` decide which
/// tokens the answer has, and need not be listed.
fn grants(granted: &str, asked: &str) -> bool {
    if asked.ends_with("/.default") || matches!(asked, "openid" | "offline_access") {
        return true;
    }
    let short = asked.rsplit('/').next().unwrap_or(asked);
    granted.split_whitespace().any(|granted| granted == asked || asked.contains("://") && granted == short)
}

fn list(all: &[&String]) -> String {
    all.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    use serde_json::json;

    use super::*;
    use crate::tokens::TokenKind;

    fn token(aud: &Value) -> Secret {
        let part = |value: Value| BASE64.encode(value.to_string());
        Secret::new(format!("{}.{}.AAAA", part(json!({"alg": "RS256"})), part(json!({ "aud": aud }))))
    }

    fn told(resource: &str, scopes: &[&str], product: Product, came: &Secret, scope: Option<&str>) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let resources = Some(resource).filter(|text| !text.is_empty()).into_iter().map(str::to_owned).collect();
        let ask = Ask { kind: TokenKind::Access, resources, audience: None, scopes };
        let own = Secret::new("opaque-own".into());
        check(&ask, product, came, scope, &own).err().map(|problem| problem.detail).unwrap_or_default()
    }

    #[test]
    fn tg_2_a_token_for_another_audience_is_told_with_both() {
        let (api, other) = ("https://api.example/", Product::OTHER);
        assert_eq!(told(api, &[], other, &token(&json!(api)), None), "");
        assert_eq!(told(api, &[], other, &token(&json!(["x", api])), None), "");
        for aud in [json!("https://id.example/userinfo"), json!([]), json!(7), json!(null)] {
            let said = told(api, &[], other, &token(&aud), None);
            assert!(said.contains("was asked for https://api.example/"), "{aud}: {said}");
        }
        assert!(told(api, &[], other, &token(&json!("https://api.example")), None).contains("only by a slash"));
        assert!(told(api, &[], other, &Secret::new("opaque-own".into()), None).contains("session's own"));
        assert_eq!(told(api, &[], other, &Secret::new("opaque-new".into()), None), "");
        assert!(told(api, &[], Product::AUTH0, &Secret::new("opaque-new".into()), None).contains("session's own"));
        let id = json!("9c858901-8a57-4791-81fe-4c455b099bc9");
        assert_eq!(told("api://orders", &[], Product::ENTRA, &token(&id), None), "");
    }

    #[test]
    fn tg_2_fewer_scopes_than_asked_for_are_told() {
        let came = token(&json!("x"));
        assert_eq!(told("", &["read", "openid"], Product::OTHER, &came, Some("read email")), "");
        assert_eq!(told("", &["read"], Product::OTHER, &came, None), "");
        assert!(told("", &["read", "write"], Product::OTHER, &came, Some("read")).contains("lacks write"));
        assert_eq!(told("", &["api://o/read"], Product::ENTRA, &came, Some("read")), "");
        assert!(told("", &["read"], Product::OTHER, &came, Some("read:all")).contains("lacks read"));
    }
}
