//! Answers that are too long, too deep, too many or too early.

use super::*;

/// A million brackets: read without a bound on depth, they end the process.
fn deep() -> String {
    format!("{{\"sub\":\"ada\",\"issuer\":\"x\",\"access_token\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000))
}

#[tokio::test]
async fn answers_nested_without_end_are_no_answers() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    for path in ["/.well-known/openid-configuration", "/token", "/userinfo", "/keys"] {
        server.answer(path, 200, "Content-Type: application/json\r\n", deep());
    }
    assert_eq!(server.discover().await.unwrap_err().code, Code::NotAnIssuer);
    assert_eq!(redeem(&http, &profile, &provider, &request).await.unwrap_err().code, Code::AnswerBroken);
    let userinfo = provider.userinfo(&http, &profile, &Secret::new("at".into()), "ada").await;
    assert_eq!(userinfo.unwrap_err().code, Code::AnswerBroken);
    server.give_tokens(&server.id_token(1, "new", &request.nonce));
    assert_eq!(redeem(&http, &profile, &provider, &request).await.unwrap_err().code, Code::AnswerBroken);
}

#[tokio::test]
async fn answers_and_tokens_that_are_too_long_are_refused_with_a_sentence() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    server.give_tokens(&"A".repeat(2 * 1024 * 1024));
    let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
    assert_eq!(problem.code, Code::AnswerBroken);
    assert!(problem.detail.contains("longer than 2 MiB"), "{problem}");
    let token = server.id_token(1, "k", &request.nonce);
    server.give_tokens(&format!("{token}{}", "A".repeat(1024 * 1024)));
    let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
    assert_eq!(problem.code, Code::AnswerNotTrusted);
    assert!(problem.detail.contains("longer than 1 MiB"), "{problem}");
}

#[tokio::test]
async fn rf_5_a_provider_that_asks_to_wait_is_heard_and_only_when_it_is_in_trouble() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    for (status, body, wait) in [
        (503, "", Some(120)),
        (429, "{\"error\":\"slow_down\"}", Some(120)),
        (400, "{\"error\":\"invalid_grant\"}", None),
        (404, "", None),
    ] {
        server.answer("/token", status, "Retry-After: 120\r\n", body);
        let problem = provider.refresh(&http, &profile, &Secret::new("rt".into()), &Fixed).await.unwrap_err();
        assert_eq!(problem.wait, wait, "{status}");
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_date_of_the_answers() {
    let server = Server::start().await;
    let dated = "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n";
    server.answer("/.well-known/openid-configuration", 200, dated, server.document().to_string());
    let (http, profile, provider) = server.discover().await.unwrap();
    assert_eq!(provider.clock_remark(Timestamp(NOW)), None);
    assert!(provider.clock_remark(Timestamp(NOW - 3600)).unwrap().contains("60 minutes behind"));
    let request = request(&provider, &profile);
    let claims = json!({ "iss": server.issuer, "sub": "ada", "aud": "client", "exp": NOW + 8000, "iat": NOW + 7700,
        "nonce": request.nonce.expose() });
    let token = sign(&ed25519(1, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": "k" }), &claims);
    let tokens = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token });
    server.answer("/token", 200, "Date: Wed, 15 Nov 2023 00:21:40 GMT\r\n", tokens.to_string());
    let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
    assert!(problem.detail.contains("2 hours behind the provider's"), "{problem}");
}

#[tokio::test]
async fn id_2_made_up_key_ids_are_refused_and_cannot_make_us_hammer_the_provider() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    server.give_tokens(&server.id_token(3, "made-up", &request.nonce));
    for _ in 0..10 {
        let problem = redeem(&http, &profile, &provider, &request).await.unwrap_err();
        assert_eq!(problem.code, Code::AnswerNotTrusted);
    }
    assert_eq!(server.asked("/keys").len(), 6);
    // A forged token that names a published key is no reason to fetch at all.
    server.give_tokens(&server.id_token(3, "k", &request.nonce));
    assert_eq!(redeem(&http, &profile, &provider, &request).await.unwrap_err().code, Code::AnswerNotTrusted);
    assert_eq!(server.asked("/keys").len(), 6);
}
