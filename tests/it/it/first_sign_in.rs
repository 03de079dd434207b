//! The first minutes in a shell: a first sign-in that fails leads on, and there is one active profile.

use rolecall_engine::config::{AccentColor, Config};
use rolecall_it::World;
use rolecall_provider::Fault;

use crate::cli::{Ran, json, rolecall, signed_in};

async fn login(world: &World, more: &[&str]) -> Ran {
    let issuer = world.provider.issuer();
    let mut arguments = vec!["login", "--issuer", issuer.as_str(), "--client-id", "rolecall-demo"];
    arguments.extend(more);
    rolecall(world, &arguments).await
}

fn config(world: &World) -> Config {
    Config::load(&world.ports().folders).unwrap()
}

fn names(world: &World) -> Vec<String> {
    config(world).profiles.iter().map(|profile| profile.name.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sign_in_that_fails_is_kept_and_gone_on_with() {
    let world = World::new();
    world.provider.fault(Fault::RedeemError("invalid_client", "a client secret is needed"));
    let failed = login(&world, &["--profile", "acme", "--scope", "openid roles"]).await;
    assert_eq!(failed.status, 5, "{}", failed.err);
    assert!(failed.err.contains("kept as the profile acme"), "{}", failed.err);
    let kept = config(&world).profiles.remove(0);
    assert!(kept.never_signed_in);
    assert_eq!((kept.client_id.as_str(), kept.scopes.to_string().as_str()), ("rolecall-demo", "openid roles"));
    let listed = rolecall(&world, &["profiles"]).await;
    assert!(listed.out.contains("never signed in"), "{}", listed.out);
    assert_eq!(json(&rolecall(&world, &["profiles", "--json"]).await)[0]["never_signed_in"], true);
    let why = rolecall(&world, &["why"]).await;
    assert!(why.status == 3 && why.out.contains("a client secret is needed"), "{} {}", why.out, why.err);
    let secret = rolecall(&world, &["client-secret", "--forget"]).await;
    assert_eq!(secret.status, 0, "{}", secret.err);

    world.provider.clear_faults();
    let done = rolecall(&world, &["login"]).await;
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(!config(&world).profiles[0].never_signed_in);
    assert!(!rolecall(&world, &["profiles"]).await.out.contains("never signed in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_wrong_can_be_given_anew_without_a_second_profile() {
    let world = World::new();
    let issuer = world.provider.issuer();
    // The provider shows its own page for that, and nobody comes back.
    let wrong = ["login", "--issuer", &issuer, "--client-id", "wrong", "--timeout", "1"];
    let nobody = rolecall(&world, &wrong).await;
    assert_eq!(nobody.status, 1);
    let way_on = |text: &str| text.contains("http://127.0.0.1:") && text.contains("--redirect-port");
    assert!(way_on(&nobody.err), "a provider may compare the port: {}", nobody.err);
    let why = rolecall(&world, &["why"]).await.out;
    assert!(way_on(&why), "{why}");
    assert_eq!(login(&world, &[]).await.status, 0);
    assert_eq!(names(&world), ["local"]);
    assert_eq!(config(&world).profiles[0].client_id, "rolecall-demo");

    let elsewhere = World::new();
    let away = ["login", "--issuer", "http://127.0.0.1:9/", "--client-id", "rolecall-demo"];
    assert_eq!(rolecall(&elsewhere, &away).await.status, 4);
    let there = rolecall(&elsewhere, &["login", "--issuer", &elsewhere.provider.issuer()]).await;
    assert_eq!(there.status, 0, "{}", there.err);
    assert_eq!(names(&elsewhere), ["local"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_try_takes_neither_place_nor_name_of_a_profile_that_works() {
    let world = signed_in().await;
    world.provider.fault(Fault::CallbackError("invalid_scope", "no such scope"));
    let failed = login(&world, &["--profile", "my work", "--scope", "openid nonsense"]).await;
    assert_eq!(failed.status, 5, "{}", failed.err);
    assert!(failed.err.contains("rolecall login --profile \"my work\""), "{}", failed.err);
    assert_eq!(config(&world).active.unwrap().as_str(), "acme");
    assert_eq!(names(&world), ["acme", "my work"]);
    let again = login(&world, &["--profile", "acme", "--scope", "openid nonsense"]).await;
    assert_eq!(again.status, 5);
    assert!(!config(&world).profiles[0].scopes.has("nonsense"), "a profile that works stays as it is");
    let hint = rolecall(&world, &["status", "--profile", "my work"]).await;
    assert!(hint.status == 3 && hint.err.contains("rolecall login --profile \"my work\""), "{}", hint.err);
    let active = rolecall(&world, &["logout"]).await;
    assert_eq!(active.status, 0);
    let hint = rolecall(&world, &["status"]).await;
    assert!(hint.err.contains("rolecall login") && !hint.err.contains("--profile"), "{}", hint.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_active_profile_and_it_is_said_how_to_choose_it() {
    let world = signed_in().await;
    assert_eq!(login(&world, &["--profile", "second"]).await.status, 0);
    assert_eq!(config(&world).active.unwrap().as_str(), "second", "a sign-in that names a profile selects it");
    assert_eq!(login(&world, &["--profile", "third"]).await.status, 0);
    let colors: Vec<AccentColor> = config(&world).profiles.iter().map(|profile| profile.accent_color).collect();
    assert_eq!(colors, AccentColor::ALL, "each new profile takes the next colour");
    assert_eq!(rolecall(&world, &["profiles", "select", "acme"]).await.status, 0);
    assert_eq!(rolecall(&world, &["client-secret", "--forget", "--profile", "third"]).await.status, 0);
    assert_eq!(config(&world).active.unwrap().as_str(), "acme", "only selecting and signing in select");
    let removed = rolecall(&world, &["profiles", "remove", "acme"]).await;
    assert!(removed.err.contains("Removed acme. Its session was revoked at the provider"), "{}", removed.err);
    let none = rolecall(&world, &["status"]).await;
    assert_eq!(none.status, 2);
    assert!(none.err.contains("No active profile. Choose one: second, third"), "{}", none.err);
    assert_eq!(rolecall(&world, &["profiles", "remove", "second"]).await.status, 0);
    assert_eq!(config(&world).active.unwrap().as_str(), "third", "the one that is left is the active one");
    assert_eq!(rolecall(&world, &["status"]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn op_5_what_was_given_for_one_issuer_is_not_carried_to_another() {
    let (world, other) = (signed_in().await, World::new());
    let given = ["login", "--audience", "https://api.example.com", "--allow-host", "keys.example", "--param"];
    let given = rolecall(&world, &[given.as_slice(), &["login_hint=jane@example.com"]].concat()).await;
    assert_eq!(given.status, 0, "{}", given.err);
    assert_eq!(config(&world).profiles[0].audience.as_deref(), Some("https://api.example.com"));
    other.provider.forget_requests();
    let there = rolecall(&world, &["login", "--profile", "acme", "--issuer", &other.provider.issuer()]).await;
    assert_eq!(there.status, 0, "{}", there.err);
    for told in ["allow_hosts", "audience", "params"] {
        assert!(there.err.contains(told), "{told}: {}", there.err);
    }
    let moved = config(&world).profiles.remove(0);
    assert_eq!(moved.issuer.as_str(), other.provider.issuer());
    assert!(
        moved.audience.is_none() && moved.extra_hosts.is_empty() && moved.params.is_empty() && moved.ca_file.is_none()
    );
    let asked = format!("{:?}", other.provider.requests());
    assert!(!asked.contains("jane") && !asked.contains("api.example.com"), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_advised_for_a_refresh_token_only_where_it_was_not_asked_for() {
    let world = World::new();
    world.provider.fault(Fault::NoRefreshToken);
    let first = login(&world, &[]).await;
    assert_eq!(first.status, 0, "{}", first.err);
    assert!(first.err.contains("--ask-consent"), "{}", first.err);

    let refreshed = rolecall(&world, &["refresh"]).await;
    assert_eq!(refreshed.status, 0, "{}", refreshed.err);
    assert_eq!(refreshed.out, "Userinfo was asked again: nothing changed.\n");
    assert!(refreshed.err.contains("no refresh token"), "{}", refreshed.err);

    let again = rolecall(&world, &["login", "--ask-consent"]).await;
    assert_eq!(again.status, 0, "{}", again.err);
    assert!(again.err.contains("asking again brings nothing"), "{}", again.err);
    assert!(!again.err.contains("--ask-consent"), "{}", again.err);
    let why = rolecall(&world, &["why"]).await;
    assert!(why.out.contains("offline_access was granted"), "{} {}", why.out, why.err);
}
