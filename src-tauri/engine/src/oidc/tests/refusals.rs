//! Refusals: what a provider says, and what is made of it.

use super::*;
use crate::problem::Cause;

#[tokio::test]
async fn an_issuer_that_differs_is_told_with_what_differs() {
    let server = Server::start().await;
    let port = server.issuer.rsplit_once(':').unwrap().1.to_owned();
    for (stated, cause) in [
        (format!("{}/", server.issuer), Cause::IssuerSlash),
        ("http://127.0.0.1".to_owned(), Cause::IssuerPort),
        (format!("https://127.0.0.1:{port}"), Cause::IssuerPort),
        ("https://id.example.com".to_owned(), Cause::IssuerHost),
        (format!("{}/realms/acme", server.issuer), Cause::IssuerPath),
        (format!("{}/{{tenantid}}/v2.0", server.issuer), Cause::IssuerTemplate),
    ] {
        let mut document = server.document();
        document["issuer"] = json!(stated);
        server.json("/.well-known/openid-configuration", 200, &document);
        let problem = server.discover().await.unwrap_err();
        assert_eq!((problem.code, problem.cause), (Code::IssuerMismatch, Some(cause)), "{stated}");
        assert!(problem.detail.contains(&stated) && problem.detail.contains(&server.issuer), "{problem}");
        assert_eq!(problem.hint(), cause.row().hint);
    }
}

#[tokio::test]
async fn a_refused_id_token_leaves_no_session_at_the_provider() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    server.answer("/revoke", 200, "", "");
    server.give_tokens(&server.id_token(1, "k", &Secret::new("another nonce".into())));
    assert_eq!(redeem(&http, &profile, &provider, &request).await.unwrap_err().code, Code::AnswerNotTrusted);
    let asked = server.asked("/revoke");
    assert!(asked.len() == 1 && asked[0].contains("token=rt&token_type_hint=refresh_token"), "{asked:?}");
}

#[tokio::test]
async fn a_client_secret_stands_where_the_provider_takes_it() {
    let server = Server::start().await;
    for (methods, in_body) in [
        (json!(["client_secret_basic", "client_secret_post"]), false),
        (json!(["client_secret_post", "private_key_jwt"]), true),
        (json!(null), false),
    ] {
        let mut document = server.document();
        document["token_endpoint_auth_methods_supported"] = methods;
        server.json("/.well-known/openid-configuration", 200, &document);
        let (http, profile, provider) = server.discover().await.unwrap();
        let http = http.with_client_secret("client", Secret::new("s&cret".into()));
        let request = request(&provider, &profile);
        server.give_tokens(&server.id_token(1, "k", &request.nonce));
        redeem(&http, &profile, &provider, &request).await.unwrap();
        let asked = server.asked("/token").pop().unwrap();
        let body = asked.rsplit_once('\n').unwrap().1;
        assert_eq!(body.contains("client_secret=s%26cret"), in_body, "{body}");
        assert_eq!(body.contains("client_id=client"), in_body, "{body}");
        assert_eq!(asked.to_ascii_lowercase().contains("authorization: basic"), !in_body);
    }
}

#[tokio::test]
async fn a_name_below_localhost_leads_to_this_computer() {
    let server = Server::start().await;
    let port = server.issuer.rsplit_once(':').unwrap().1.to_owned();
    let issuer = format!("http://keycloak.localhost:{port}");
    let named = Server { issuer: issuer.clone(), ..server };
    named.json("/.well-known/openid-configuration", 200, &named.document());
    let (_, _, provider) = named.discover().await.unwrap();
    assert!(provider.authorization_endpoint().starts_with(&issuer));
}

#[tokio::test]
async fn a_missing_secret_is_told_with_the_command_that_takes_it() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    for (error, words) in [
        ("invalid_request", "client_secret is missing."),
        ("invalid_client", "AADSTS7000218: The request body must contain 'client_assertion' or 'client_secret'."),
        ("invalid_client", "Client authentication failed"),
    ] {
        server.json("/token", 400, &json!({ "error": error, "error_description": words }));
        let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
        assert_eq!(problem.cause, Some(Cause::ClientSecretMissing), "{words}");
        assert!(problem.hint().contains("rolecall client-secret") && problem.detail.contains(words), "{problem}");
        let http = http.clone().with_client_secret("client", Secret::new("s".into()));
        let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
        assert_eq!(problem.cause, Some(Cause::ClientSecretWrong), "{words}");
    }
    // The sign-in page took the client ID, so the bare word can only mean the secret.
    server.json("/token", 401, &json!({ "error": "invalid_client" }));
    let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
    assert_eq!(problem.cause, Some(Cause::ClientSecretMissing));
}

#[tokio::test]
async fn what_is_wrong_is_read_wherever_a_provider_writes_it() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    for body in [
        json!({ "errors": [{ "status": "401", "title": "unauthorized", "detail": "ended by an administrator" }] }),
        json!({ "error": { "code": 401, "message": "ended by an administrator" } }),
        json!({ "errorCode": "E1", "errorSummary": "ended by an administrator" }),
    ] {
        server.json("/token", 400, &body);
        let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
        assert!(problem.detail.contains("ended by an administrator"), "{body}: {problem}");
    }
}

#[tokio::test]
async fn userinfo_about_somebody_else_or_nobody_is_told_as_that() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    for (body, code, said) in [
        (json!({ "sub": "eve" }), Code::SubjectChanged, "'eve'"),
        (json!({ "sub": 7 }), Code::AnswerBroken, "a number"),
        (json!({ "name": "x" }), Code::AnswerBroken, "no 'sub'"),
        (json!([1]), Code::AnswerBroken, "a list where an object belongs"),
    ] {
        server.json("/userinfo", 200, &body);
        let problem = provider.userinfo(&http, &profile, &Secret::new("at".into()), "ada").await.unwrap_err();
        assert!(problem.code == code && problem.detail.contains(said), "{body}: {problem}");
    }
    server.json("/userinfo", 401, &json!({ "error": { "code": "Invalid", "message": "Invalid audience." } }));
    let problem = provider.userinfo(&http, &profile, &Secret::new("at".into()), "ada").await.unwrap_err();
    assert!(problem.code == Code::Refused && problem.detail.contains("Invalid audience."), "{problem}");
}
