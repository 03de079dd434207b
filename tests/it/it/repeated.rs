//! A provider that repeats the tokens of a session where something else belongs: as roles, groups, names of claims, a
//! person's name, the words of an error. None of it is stored, shown or told.

use rolecall_engine::engine::Freshness;
use rolecall_engine::findings::{Evidence, Wanted, why};
use rolecall_engine::tokens::TokenKind;
use rolecall_it::World;
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
