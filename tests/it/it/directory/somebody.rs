//! An administrator asks about somebody else. Keycloak is asked for real by `cargo xtask interop`.

use rolecall_engine::config::Product;
use rolecall_provider::Scripted;
use serde_json::{Value, json};

use super::{asked, at, by_source, codes, groups, kind, ok};
use crate::cli::rolecall;

const RITA: &str = "11111111-2222-4333-8444-555555555555";
const ROLE: &str = "99999999-2222-4333-8444-555555555555";

fn list(all: &[Value]) -> Value {
    json!({"value": all})
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_tells_an_administrator_app_roles_by_name_and_groups_of_somebody_else() {
    let world = at(Product::ENTRA).await;
    world.provider.script(
        "/v1.0/users?",
        ok(&list(&[json!({"id": RITA, "displayName": "Rita Viewer", "userPrincipalName": "rita@acme.example"})])),
    );
    let of = |what: &str| format!("/v1.0/users/{RITA}/{what}");
    let mut named = groups(&["3f2504e0-4f89-11d3-9a0c-0305e82c3301"]);
    named["value"][0]["displayName"] = json!("Editors");
    world.provider.script(&of("transitiveMemberOf"), ok(&named));
    world.provider.script(&of("memberOf"), ok(&named));
    let assignment = json!({"appRoleId": ROLE, "principalType": "Group", "principalDisplayName": "Editors", "resourceDisplayName": "Invoices"});
    world.provider.script(&of("appRoleAssignments"), ok(&list(&[assignment])));
    let roles = json!([{"id": ROLE, "value": "Publisher"}]);
    world.provider.script(
        "/v1.0/servicePrincipals",
        ok(&list(&[json!({"id": "s", "displayName": "Invoices", "appRoles": roles})])),
    );

    let ran =
        rolecall(&world, &["why", "Publisher", "--user", "rita@acme.example", "--client", "invoices", "--json"]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("Asks Microsoft Graph") && ran.err.contains("Nothing of it is kept"), "{}", ran.err);
    let why = asked(&ran);
    assert_eq!((why["who"].as_str(), why["client"].as_str()), (Some("Rita Viewer"), Some("invoices")));
    assert_eq!(by_source(&why, "roles").0, ["Publisher"]);
    assert_eq!(why["roles"][0]["sources"][0]["through"], json!({"kind": "group", "name": "Editors", "nested": false}));
    assert!(codes(&why).contains(&"assigned_not_sent"), "{:?}", codes(&why));
    let why = asked(&rolecall(&world, &["why", "Boss", "--role", "--user", "rita@acme.example", "--json"]).await);
    assert_eq!((codes(&why)[0], kind(&why, "role").0), ("not_assigned", "fully"));
    assert!(why["findings"][0]["title"].as_str().unwrap().contains("Nobody gave Rita Viewer Boss"));
    let calls = world.provider.api_calls();
    assert!(calls.iter().all(|call| call.scope.as_deref().is_some_and(|scope| scope.ends_with("/Directory.Read.All"))));
    let folders = world.ports().folders;
    for file in std::fs::read_dir(folders.state).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
        assert!(!text.contains("Rita") && !text.contains(RITA), "nothing is kept: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth0_tells_an_administrator_roles_permissions_and_roles_in_organizations() {
    let world = at(Product::AUTH0).await;
    let user = json!({"user_id": "auth0|1", "name": "Rita Viewer", "email": "rita@acme.example"});
    world.provider.script("/api/v2/users/auth0%7C1", ok(&json!([])));
    world.provider.script("/api/v2/users/auth0%7C1/roles", ok(&json!([{"id": "rol_1", "name": "Publisher"}])));
    let permission = json!({"permission_name": "read:invoices", "resource_server_identifier": "https://api", "sources": [{"source_name": "Publisher"}]});
    world.provider.script("/api/v2/users/auth0%7C1/permissions", ok(&json!([permission])));
    world.provider.script("/api/v2/users/auth0%7C1/organizations", ok(&json!([{"id": "org_1", "name": "acme"}])));
    world.provider.script("/api/v2/organizations/org_1/members/", ok(&json!([{"id": "rol_2", "name": "Admin"}])));
    world.provider.script("/api/v2/users-by-email", ok(&json!([user])));
    let ran = rolecall(&world, &["why", "--user", "Rita@acme.example", "--json"]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    let why = asked(&ran);
    assert_eq!(by_source(&why, "roles").0, ["Publisher", "Admin"]);
    assert_eq!(
        (why["roles"][1]["context"].as_str(), by_source(&why, "permissions").0),
        (Some("acme"), vec!["read:invoices"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_1_who_may_not_ask_about_others_is_told_what_it_needs() {
    let world = at(Product::ENTRA).await;
    world
        .provider
        .script("/v1.0/users?", vec![Scripted::json(403, &json!({"error": {"code": "Authorization_RequestDenied"}}))]);
    let ran = rolecall(&world, &["why", "Publisher", "--user", "rita"]).await;
    assert_eq!((ran.status, ran.out.as_str()), (5, ""), "{}", ran.err);
    assert!(ran.err.contains("Directory.Read.All"), "{}", ran.err);
    for (found, words) in [
        (vec![], "knows nobody"),
        (
            vec![json!({"id": RITA, "userPrincipalName": "a"}), json!({"id": RITA, "userPrincipalName": "b"})],
            "may be a, b",
        ),
    ] {
        world.provider.script("/v1.0/users?", ok(&list(&found)));
        let ran = rolecall(&world, &["why", "Publisher", "--user", "O'Hara"]).await;
        assert!(ran.status == 2 && ran.err.contains(words), "{} {}", ran.status, ran.err);
    }
    let world = at(Product::OKTA).await;
    let ran = rolecall(&world, &["why", "Publisher", "--user", "rita"]).await;
    assert!(ran.status == 2 && ran.err.contains("Okta"), "{} {}", ran.status, ran.err);
    assert!(world.provider.requests().is_empty());
}
