//! A provider that repeats the tokens of a session where something else belongs: as roles, groups, names of claims, a
//! person's name, the words of an error. None of it is stored, shown or told.

use rolecall_engine::Code;
use rolecall_engine::config::{ClientAuth, Profile};
use rolecall_engine::engine::Freshness;
use rolecall_engine::findings::{Evidence, Wanted, why};
use rolecall_engine::tokens::{Secret, TokenKind};
use rolecall_it::{World, quick};
use rolecall_provider::Fault;
use serde_json::json;

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn state_files(world: &World) -> String {
    let folder = world.ports().folders.state;
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect()
}

#[tokio::test]
async fn tk_2_a_token_repeated_in_claims_is_neither_stored_nor_shown() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let mut tokens = world.provider.refresh_tokens();
    for kind in [TokenKind::Access, TokenKind::Id] {
        let token =
            world.engine.token(&world.profile(), kind, Freshness::ValidFor(std::time::Duration::ZERO)).await.unwrap();
        tokens.push(token.secret.expose().to_owned());
    }
    assert!(tokens.len() >= 3);
    let prefixed: Vec<String> = tokens.iter().map(|token| format!("role {token}!")).collect();
    world.provider.fault(Fault::UserinfoClaim("groups", leaked(json!(tokens).to_string())));
    world.provider.fault(Fault::UserinfoClaim("permissions", leaked(json!(prefixed.join(";")).to_string())));
    world.provider.fault(Fault::UserinfoClaim("name", leaked(json!(tokens[0]).to_string())));
    world.provider.fault(Fault::UserinfoClaim("email", leaked(json!(prefixed[0]).to_string())));
    for token in &tokens {
        world.provider.fault(Fault::UserinfoClaim(leaked(token.clone()), r#"["x"]"#));
        world.provider.fault(Fault::UserinfoClaim(leaked(format!("https://{token}/roles")), r#"["x"]"#));
    }
    let clients: serde_json::Map<_, _> =
        tokens.iter().map(|token| (token.clone(), json!({"roles": ["reader"], token.as_str(): ["y"]}))).collect();
    world.provider.fault(Fault::UserinfoClaim("resource_access", leaked(json!(clients).to_string())));
    let profile = world.profile();
    let summary = world.engine.refresh(&profile).await.unwrap();
    assert!(summary.identity.entitlements.roles.iter().any(|role| role.value == "reader"), "userinfo was read");
    let wanted = Wanted { value: "nobody".into(), kind: None };
    let told = why(&Evidence::of(&profile, &summary, summary.refreshed_at).about(&wanted));
    let (stored, shown) = (state_files(&world), format!("{}{}", json!(summary), json!(told)));
    let history = json!(world.engine.history(&profile)).to_string();
    assert!(stored.contains("a token, not shown") && shown.contains("a token, not shown"));
    for token in tokens.iter().chain(&world.provider.refresh_tokens()) {
        for (place, text) in [("the state folder", &stored), ("the summary", &shown), ("the history", &history)] {
            assert!(!text.contains(token.as_str()), "{place} holds {token}");
        }
    }
}

#[tokio::test]
async fn tk_2_a_token_in_the_words_of_an_error_is_taken_out_of_them() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    let world = World::new();
    world.save_profile();
    let words = leaked(format!("the grant {token} was withdrawn"));
    world.provider.fault(Fault::CallbackError("server_error", words));
    let problem = world.sign_in().await.unwrap_err();
    assert!(problem.detail.contains("was withdrawn") && !problem.detail.contains("eyJ"), "{}", problem.detail);
    assert!(!state_files(&world).contains("eyJ"));
}

#[tokio::test]
async fn tk_2_a_token_of_a_few_characters_is_hidden_like_a_long_one() {
    for token in ["ab12cd34e", "k7Qz1"] {
        let world = World::new();
        world.provider.fault(Fault::TokenMember("refresh_token", leaked(json!(token).to_string())));
        world
            .provider
            .fault(Fault::UserinfoClaim("groups", leaked(json!([token, format!("role {token}")]).to_string())));
        world.provider.fault(Fault::UserinfoClaim(leaked(token.to_owned()), "[\"x\"]"));
        let summary = world.sign_in().await.unwrap();
        let words = leaked(format!("the token {token} is of no use"));
        world.provider.fault(Fault::RefreshError("invalid_scope", words));
        let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
        assert!(problem.detail.contains("is of no use") && !problem.detail.contains(token), "{}", problem.detail);
        let (stored, shown) = (state_files(&world), json!(summary).to_string());
        assert!(shown.contains("a token, not shown"), "{shown}");
        assert!(!stored.contains(token) && !shown.contains(token), "{token}: {stored}{shown}");
    }
}

#[tokio::test]
async fn tk_2_the_applications_own_secret_is_hidden_wherever_the_provider_repeats_it() {
    const SECRET: &str = "our-client-secret";
    let world = World::new();
    let profile = Profile { client_auth: ClientAuth::SecretBasic, ..world.profile() };
    world.engine.keep_client_secret(&profile, &Secret::new(SECRET.into())).await.unwrap();
    let sign_in = || async { world.engine.sign_in(&profile, &quick(), |_| {}).await };
    world.provider.fault(Fault::WantsSecret(SECRET));
    world.provider.fault(Fault::UserinfoClaim("groups", "[\"our-client-secret\", \"secret=our-client-secret;\"]"));
    let summary = sign_in().await.unwrap();
    let documents = world.engine.documents(&profile).await.unwrap();
    let shown = format!("{}{}", json!(summary), json!(documents));
    assert!(shown.contains("not shown"), "{shown}");
    let mut told = vec![shown, state_files(&world)];
    for fault in [
        Fault::RedeemError("invalid_client", "our-client-secret is not the one"),
        Fault::CallbackError("server_error", "our-client-secret is not the one"),
    ] {
        world.provider.fault(fault.clone());
        let problem = sign_in().await.unwrap_err();
        assert!(problem.detail.contains("is not the one"), "{fault:?}: {}", problem.detail);
        told.extend([problem.detail, state_files(&world)]);
        world.provider.clear_faults();
        world.provider.fault(Fault::WantsSecret(SECRET));
    }
    world.provider.fault(Fault::RefreshError("invalid_scope", "our-client-secret is not the one"));
    told.push(world.engine.refresh(&profile).await.unwrap_err().detail);
    told.push(state_files(&world));
    assert!(!told.concat().contains(SECRET), "{told:?}");
}

#[tokio::test]
async fn tk_2_an_opaque_token_in_place_of_a_subject_or_an_issuer_is_not_told_as_one() {
    let world = World::new();
    world.provider.fault(Fault::OpaqueAccessToken);
    world.provider.fault(Fault::NoRefreshToken);
    world.sign_in().await.unwrap();
    let profile = world.profile();
    let fresh = Freshness::ValidFor(std::time::Duration::ZERO);
    let token = world.engine.token(&profile, TokenKind::Access, fresh).await.unwrap().secret.expose().to_owned();
    world.provider.fault(Fault::UserinfoClaim("sub", leaked(json!(token).to_string())));
    let problem = world.engine.refresh(&profile).await.unwrap_err();
    assert_eq!(problem.code, Code::SubjectChanged);
    assert!(!problem.detail.contains(&token) && !state_files(&world).contains(&token), "{}", problem.detail);

    let world = World::new();
    world.sign_in().await.unwrap();
    let refresh = world.provider.refresh_tokens().pop().unwrap();
    for fault in [
        Fault::Claim("iss", leaked(json!(refresh).to_string())),
        Fault::CallbackError("access_denied", leaked(format!("no {refresh}"))),
    ] {
        world.provider.fault(fault.clone());
        let problem = world.sign_in().await.unwrap_err();
        assert!(!problem.detail.contains(&refresh), "{fault:?}: {}", problem.detail);
        assert!(!state_files(&world).contains(&refresh), "{fault:?}");
        world.provider.clear_faults();
    }
}
