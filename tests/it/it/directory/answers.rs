//! The directory's answers for each product, and their limits.

use rolecall_engine::config::Product;
use rolecall_provider::Scripted;
use serde_json::json;

use super::{asked, at, at_with, by_source, codes, graph_for_an_ordinary_person, groups, kind, ok};
use crate::cli::rolecall;

const EDITORS: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const STAFF: &str = "9c858901-8a57-4791-81fe-4c455b099bc9";

#[tokio::test(flavor = "multi_thread")]
async fn entra_finds_an_expected_group_by_its_id_however_many_there_are() {
    let world = at(Product::ENTRA).await;
    let many: Vec<String> = (0..300).map(|number| format!("00000000-0000-4000-8000-{number:012}")).collect();
    let mut first = groups(&many.iter().map(String::as_str).collect::<Vec<_>>());
    first["@odata.nextLink"] = json!("ORIGIN/v1.0/me/transitiveMemberOf?$skiptoken=2");
    world.provider.script("/v1.0/me/memberOf", ok(&groups(&[EDITORS])));
    world.provider.script("/v1.0/me/appRoleAssignments", vec![Scripted::json(403, &json!({"error": {"code": "x"}}))]);
    world.provider.script(
        "/v1.0/me/transitiveMemberOf",
        vec![Scripted::json(200, &first), Scripted::json(200, &groups(&[EDITORS, STAFF]))],
    );
    let ran = rolecall(&world, &["why", EDITORS, "--group", "--directory", "--json"]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("Asks Microsoft Graph"), "what is asked is said first: {}", ran.err);
    assert_eq!(codes(&asked(&ran))[0], "assigned_not_sent");
    let calls = world.provider.api_calls();
    assert!(
        calls.iter().all(|call| call.scope.as_deref().is_some_and(|scope| scope.ends_with("/User.Read"))),
        "{calls:?}"
    );

    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    let ran = rolecall(&world, &["why", EDITORS, "--group", "--directory", "--json"]).await;
    assert_eq!(codes(&asked(&ran))[0], "not_assigned");
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_1_entra_knows_no_names_so_a_name_is_neither_assigned_nor_not() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[EDITORS]);
    let why = asked(&rolecall(&world, &["why", "Editors", "--group", "--directory", "--json"]).await);
    assert!(!codes(&why).contains(&"not_assigned"), "{:?}", codes(&why));
    assert!(codes(&why).contains(&"directory_could_not_be_asked"));
    let (state, needs) = kind(&why, "group");
    assert!(state == "fully" && needs.contains("GroupMember.Read.All"), "{state} {needs}");
    let (state, needs) = kind(&why, "role");
    assert!(state == "could_not_be_asked" && needs.contains("AppRoleAssignment.ReadWrite.All"), "{state} {needs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_tells_a_group_that_is_nested_from_a_direct_one() {
    let world = at(Product::ENTRA).await;
    world.provider.script("/v1.0/me/transitiveMemberOf", ok(&groups(&[EDITORS, STAFF])));
    world.provider.script("/v1.0/me/memberOf", ok(&groups(&[EDITORS])));
    world.provider.script("/v1.0/me/appRoleAssignments", vec![Scripted::json(403, &json!({}))]);
    let why = asked(&rolecall(&world, &["why", STAFF, "--group", "--directory", "--json"]).await);
    assert_eq!(codes(&why)[0], "assigned_through_nested_group");
}

#[tokio::test(flavor = "multi_thread")]
async fn zitadel_tells_every_role_to_whoever_has_its_scope_and_nothing_of_others() {
    let scope = "urn:zitadel:iam:org:project:id:zitadel:aud";
    let world = at_with(Product::ZITADEL, &[scope]).await;
    let me = asked(&rolecall(&world, &["roles", "--json"]).await)["subject"].as_str().unwrap().to_owned();
    let one = |user: &str, role: &str, state: &str| {
        json!({"id": "1", "project": {"id": "p", "name": "Invoices"}, "organization": {"id": "o", "name": "Acme"},
               "user": {"id": user}, "state": state, "roles": [{"key": role}]})
    };
    let list = [
        one(&me, "Editor", "STATE_ACTIVE"),
        one(&me, "Publisher", "STATE_ACTIVE"),
        one(&me, "Former", "STATE_INACTIVE"),
        one("somebody-else", "Boss", "STATE_ACTIVE"),
    ];
    world.provider.script("/zitadel.authorization.v2", ok(&json!({"pagination": {}, "authorizations": list})));
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert_eq!(by_source(&roles, "roles"), (vec!["Publisher"], vec!["Editor"]));
    assert_eq!(kind(&roles, "role").0, "fully");
    assert!(world.provider.api_calls()[0].body.contains(&me), "only one's own are asked for");
    for (role, code) in [("Publisher", "assigned_not_sent"), ("Boss", "not_assigned"), ("Former", "not_assigned")] {
        let why = asked(&rolecall(&world, &["why", role, "--directory", "--json"]).await);
        assert!(codes(&why).contains(&code), "{role}: {:?}", codes(&why));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_1_without_the_scope_nobody_is_asked_and_what_is_needed_is_said() {
    for (product, scope) in
        [(Product::ZITADEL, "urn:zitadel:iam:org:project:id:zitadel:aud"), (Product::AUTHENTIK, "goauthentik.io/api")]
    {
        let world = at(product).await;
        let ran = rolecall(&world, &["roles", "--directory", "--json"]).await;
        let roles = asked(&ran);
        assert_eq!(ran.status, 0);
        for of in ["role", "group", "permission"] {
            let (state, needs) = kind(&roles, of);
            assert!(state == "could_not_be_asked" && needs.contains(scope), "{product:?} {of}: {needs}");
        }
        assert!(needs_login(&roles, scope));
        assert_eq!((world.provider.api_calls().len(), world.refreshes()), (0, 0), "{product:?}");
    }
}

fn needs_login(roles: &serde_json::Value, scope: &str) -> bool {
    kind(roles, "role").1.contains(&format!("rolecall login --scope {scope}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn authentik_tells_groups_and_says_that_entitlements_are_not_told() {
    let world = at_with(Product::AUTHENTIK, &["goauthentik.io/api"]).await;
    let me = json!({"user": {"pk": 7, "username": "ed", "groups": [{"pk": "u1", "name": "Samples"}, {"pk": "u2", "name": "Staff"}]}});
    world.provider.script("/api/v3/core/users/me/", ok(&me));
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert_eq!(by_source(&roles, "groups"), (vec!["Staff"], vec!["Samples"]));
    assert_eq!((kind(&roles, "group").0, kind(&roles, "role").0), ("fully", "could_not_be_asked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn gitlab_tells_groups_by_level_and_reads_all_pages() {
    let world = at_with(Product::GITLAB, &["read_api"]).await;
    let page: Vec<_> = (0..100).map(|number| json!({"full_path": format!("acme/team-{number}")})).collect();
    for level in ["10", "30", "40", "50"] {
        world
            .provider
            .script(&format!("/api/v4/groups?min_access_level={level}"), ok(&json!([{"full_path": "acme/last"}])));
    }
    let all = vec![Scripted::json(200, &json!(page)), Scripted::json(200, &json!([{"full_path": "acme/last"}]))];
    world.provider.script("/api/v4/groups?min_access_level=10", all);
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    let (alone, _) = by_source(&roles, "groups");
    assert!(alone.len() >= 101 && alone.contains(&"acme/last"), "{}", alone.len());
    assert!(world.provider.api_calls().iter().any(|call| call.path.contains("page=2")));
    let text = roles["groups"].to_string();
    assert!(text.contains(r#""context":"owner""#), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth0_says_that_roles_are_told_to_nobody_and_reads_the_old_extension() {
    let world = at(Product::AUTH0).await;
    let kept = json!({"app_metadata": {"authorization": {"roles": ["Editor", "Legacy"], "groups": ["Samples"]}}});
    world.provider.script("/api/v2/users/", ok(&kept));
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert_eq!(by_source(&roles, "roles"), (vec!["Legacy"], vec!["Editor"]));
    let (state, needs) = kind(&roles, "role");
    assert!(state == "partly" && needs.contains("User Management › Roles"), "{state} {needs}");
    let call = &world.provider.api_calls()[0];
    assert_eq!(call.scope.as_deref(), Some("read:current_user"));
    let why = asked(&rolecall(&world, &["why", "Publisher", "--directory", "--json"]).await);
    assert!(!codes(&why).contains(&"not_assigned"), "asked in part is no not: {:?}", codes(&why));
}

#[tokio::test(flavor = "multi_thread")]
async fn keycloak_tells_groups_by_path_or_name_and_a_401_says_what_is_off() {
    let world = at(Product::KEYCLOAK).await;
    let list = json!([{"id": "1", "name": "Samples", "path": "/Samples"}, {"id": "2", "name": "writers", "path": "/staff/writers"}]);
    world.provider.script("/account/groups", ok(&list));
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert_eq!(by_source(&roles, "groups"), (vec!["/staff/writers"], vec!["Samples"]));
    assert_eq!(kind(&roles, "role").0, "could_not_be_asked");
    let why = asked(&rolecall(&world, &["why", "writers", "--group", "--directory", "--json"]).await);
    assert!(codes(&why).contains(&"assigned_not_sent"), "{:?}", codes(&why));

    world
        .provider
        .script("/account/groups", vec![Scripted::json(401, &json!({"error": "Invalid audience for client account"}))]);
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    let (state, needs) = kind(&roles, "group");
    assert!(
        state == "could_not_be_asked" && needs.contains("Invalid audience") && needs.contains("Full scope allowed"),
        "{needs}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn live_userinfo_is_the_directory_where_a_product_makes_it_anew() {
    let world = at(Product::AUTHELIA).await;
    world.provider.set_groups("ed", &["Samples", "Added"]);
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert_eq!(by_source(&roles, "groups"), (vec!["Added"], vec!["Samples"]));
    assert_eq!(world.refreshes(), 0, "userinfo takes the session's own token");
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
    world.provider.set_groups("ed", &["Added"]);
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    assert!(codes(&roles).contains(&"no_longer_assigned"), "{:?}", codes(&roles));
}

#[tokio::test(flavor = "multi_thread")]
async fn products_that_can_not_be_asked_say_what_to_ask_instead_and_send_nothing() {
    for (product, words) in [
        (Product::OKTA, "scope groups"),
        (Product::GOOGLE, "Enterprise and Premium"),
        (Product::COGNITO, "always writes the groups"),
        (Product::DEX, "Sign in again"),
        (Product::FUSIONAUTH, "no way to ask"),
    ] {
        let world = at(product).await;
        let ran = rolecall(&world, &["roles", "--directory", "--json"]).await;
        let roles = asked(&ran);
        assert_eq!(ran.status, 0, "{}", ran.err);
        let (state, needs) = kind(&roles, "group");
        assert!(state == "could_not_be_asked" && needs.contains(words), "{product:?}: {needs}");
        assert!(world.provider.requests().is_empty(), "{product:?}: {:?}", world.provider.requests());
        assert!(!roles["groups"].to_string().contains("directory"));
    }
}
