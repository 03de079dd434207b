//! Roles, groups and permissions: from every document and every known place, each with all its sources.

use rolecall_engine::identity::{DocumentKind, DocumentState, Entitlement, Entitlements};
use rolecall_engine::session::SessionSummary;
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Layout, Options};

async fn as_seen(world: &World, account: &str) -> SessionSummary {
    world.browser.set_walker(HeadlessBrowser::new(account));
    world.sign_in().await.unwrap()
}

fn values(list: &[Entitlement]) -> Vec<&str> {
    list.iter().map(|entitlement| entitlement.value.as_str()).collect()
}

/// Document and path, the path joined for comparing.
fn sources(entitlement: &Entitlement) -> Vec<(DocumentKind, String)> {
    entitlement.sources.iter().map(|source| (source.document, source.path.join(" > "))).collect()
}

#[tokio::test]
async fn an_object_under_a_url_named_claim_gives_roles_and_groups() {
    let Entitlements { roles, groups, permissions } = as_seen(&World::new(), "ada").await.identity.entitlements;
    assert_eq!((values(&roles), values(&groups)), (vec!["Admin", "Editor"], vec!["Staff", "Operators"]));
    assert_eq!(values(&permissions), ["manage:users"]);
    let path = "https://example.com/auth > groups".to_owned();
    assert_eq!(sources(&groups[0]), [(DocumentKind::IdToken, path.clone()), (DocumentKind::Userinfo, path)]);
    assert_eq!(sources(&permissions[0]), [(DocumentKind::AccessToken, "permissions".into())]);
}

#[tokio::test]
async fn realm_and_client_roles_come_from_the_access_token_with_their_client() {
    let world = World::with(Options { layout: Layout::Realm, ..Options::default() });
    let roles = as_seen(&world, "ed").await.identity.entitlements.roles;
    let found: Vec<_> =
        roles.iter().map(|role| (role.value.as_str(), role.context.as_deref(), sources(role))).collect();
    let at = |path: &str| vec![(DocumentKind::AccessToken, path.to_owned())];
    assert!(found.contains(&("Editor", None, at("realm_access > roles"))), "{found:?}");
    assert!(found.contains(&("manage-account", Some("account"), at("resource_access > account > roles"))), "{found:?}");
    assert_eq!(found.len(), 2);
}

#[tokio::test]
async fn a_value_in_all_three_documents_stands_once_with_three_sources() {
    let world = World::with(Options { layout: Layout::Plain, ..Options::default() });
    let entitlements = as_seen(&world, "ed").await.identity.entitlements;
    assert_eq!((values(&entitlements.roles), values(&entitlements.groups)), (vec!["Editor"], vec!["Samples"]));
    let documents = [DocumentKind::IdToken, DocumentKind::AccessToken, DocumentKind::Userinfo];
    assert_eq!(sources(&entitlements.roles[0]), documents.map(|document| (document, "roles".to_owned())));
}

#[tokio::test]
async fn a_value_in_one_document_alone_is_shown_as_such() {
    let world = World::new();
    world.provider.fault(Fault::UserinfoClaim("https://example.com/auth", r#"{"roles":["Editor","Guest"]}"#));
    let entitlements = as_seen(&world, "ed").await.identity.entitlements;
    let count = |value: &str| entitlements.roles.iter().find(|role| role.value == value).unwrap().sources.len();
    assert_eq!((count("Editor"), count("Guest"), entitlements.groups[0].sources.len()), (2, 1, 1));
}

#[tokio::test]
async fn who_has_nothing_gets_an_empty_list_and_what_was_looked_at() {
    let identity = as_seen(&World::new(), "nora").await.identity;
    assert_eq!(identity.entitlements, Entitlements::default());
    let read = identity.documents.iter().filter(|report| report.state == DocumentState::Read && report.claims > 0);
    assert_eq!(read.count(), 3);
}

#[tokio::test]
async fn ten_thousand_groups_are_all_there_once_each() {
    let groups = as_seen(&World::new(), "mo").await.identity.entitlements.groups;
    assert_eq!(groups.len(), 10_000);
    assert!(groups.iter().all(|group| group.sources.len() == 2));
    assert_eq!((groups[0].value.as_str(), groups[9_999].value.as_str()), ("Team 00001", "Team 10000"));
}

#[tokio::test]
async fn scopes_are_no_roles() {
    let world = World::new();
    world.provider.fault(Fault::Claim("scope", "\"openid admin\""));
    world.provider.fault(Fault::Claim("scp", "[\"admin\"]"));
    let entitlements = as_seen(&world, "nora").await.identity.entitlements;
    assert_eq!(entitlements, Entitlements::default());
}

#[tokio::test]
async fn email_verified_and_dates_written_as_text_are_read() {
    for (written, read) in [("\"true\"", Some(true)), ("\"false\"", Some(false)), ("false", Some(false)), ("7", None)] {
        let world = World::new();
        world.provider.fault(Fault::Claim("email_verified", written));
        world.provider.fault(Fault::UserinfoClaim("email_verified", written));
        world.provider.fault(Fault::UserinfoClaim("updated_at", "\"2026-03-01T09:12:00.000Z\""));
        assert_eq!(as_seen(&world, "ed").await.identity.email_verified, read, "{written}");
    }
}

#[tokio::test]
async fn cli_1_a_name_can_not_act_on_a_terminal_or_turn_the_line_around() {
    let world = World::new();
    world.provider.fault(Fault::Claim("name", r#""Ed\u001b[31m\u202e\u0007 Itor""#));
    assert_eq!(as_seen(&world, "ed").await.identity.name, "Ed[31m Itor");
}

#[tokio::test]
async fn a_claim_that_vanishes_with_its_document_is_not_told_as_a_role_taken_away() {
    let world = World::new();
    world.provider.fault(Fault::UserinfoClaim("https://example.com/auth", r#"{"roles":["Editor","Guest"]}"#));
    as_seen(&world, "ed").await;
    world.provider.fault(Fault::Status(Endpoint::Userinfo, 500));
    let summary = world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!(summary.changes, [], "userinfo could not be read, so nothing is known about Guest");
}

#[tokio::test]
async fn ui_3_a_picture_is_never_fetched() {
    let world = World::new();
    let picture = format!("\"{}/picture.png\"", world.provider.issuer());
    let picture: &'static str = Box::leak(picture.into_boxed_str());
    world.provider.fault(Fault::UserinfoClaim("picture", picture));
    world.provider.fault(Fault::Claim("picture", picture));
    world.sign_in().await.unwrap();
    world.engine.refresh(&world.profile()).await.unwrap();
    assert!(!world.requested_paths().contains(&"/picture.png".to_owned()));
}
