//! The provider's own directory, asked by the command line and by the living side. The APIs are doubles, written from the
//! products' documents: `tests/interop` asks the real ones where they can be run.

mod answers;
mod hostile;
mod session;
mod somebody;

use rolecall_engine::config::{Config, Product, Profile};
use rolecall_it::World;
use rolecall_provider::Scripted;
use serde_json::{Value, json};

use crate::cli::{Ran, rolecall};

/// Somebody signed in at a provider that is taken for this product.
pub(crate) async fn at(product: Product) -> World {
    at_with(product, &[]).await
}

/// The same with further scopes, which are granted.
pub(crate) async fn at_with(product: Product, scopes: &[&str]) -> World {
    let world = World::new();
    let issuer = world.provider.issuer();
    let mut arguments = vec!["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--profile", "acme"];
    let usual = ["openid", "profile", "email", "offline_access", "roles", "groups"];
    for scope in usual.iter().chain(scopes) {
        arguments.extend(["--scope", scope]);
    }
    let ran = rolecall(&world, &arguments).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    // Said afterwards, because the double's issuer has no product's form.
    let profile = Profile { provider: Some(product), ..the_profile(&world) };
    Config::save_profile(&world.ports().folders, &profile).unwrap();
    world.provider.forget_requests();
    world
}

fn the_profile(world: &World) -> Profile {
    Config::load(&world.ports().folders).unwrap().profiles.remove(0)
}

/// Graph's answer about the groups a person is in: IDs and types, all else null.
fn groups(ids: &[&str]) -> Value {
    let group = |id: &&str| json!({"@odata.type": "#microsoft.graph.group", "id": id, "displayName": null});
    json!({"value": ids.iter().map(group).collect::<Vec<_>>()})
}

fn ok(body: &Value) -> Vec<Scripted> {
    vec![Scripted::json(200, body)]
}

/// Graph as it answers to `User.Read` alone.
fn graph_for_an_ordinary_person(world: &World, ids: &[&str]) {
    world.provider.script("/v1.0/me/transitiveMemberOf", ok(&groups(ids)));
    world.provider.script("/v1.0/me/memberOf", ok(&groups(ids)));
    let refused = json!({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."}});
    world.provider.script("/v1.0/me/appRoleAssignments", vec![Scripted::json(403, &refused)]);
}

fn asked(ran: &Ran) -> Value {
    crate::cli::json(ran)
}

/// The state of a kind, and what it needs.
fn kind<'v>(value: &'v Value, kind: &str) -> (&'v str, &'v str) {
    let kinds = value["directory"]["kinds"].as_array().unwrap();
    let answer = kinds.iter().find(|answer| answer["kind"] == kind).unwrap();
    (answer["state"].as_str().unwrap(), answer["needs"].as_str().unwrap_or_default())
}

fn codes(value: &Value) -> Vec<&str> {
    value["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// What the directory alone has, and what it has as well: values by whether a document carries them.
fn by_source<'v>(value: &'v Value, kind: &str) -> (Vec<&'v str>, Vec<&'v str>) {
    let all = value[kind].as_array().unwrap().iter();
    let of = |one: &Value, wanted: bool| {
        one["sources"].as_array().unwrap().iter().any(|source| (source["document"] == "directory") == wanted)
    };
    let name = |one: &'v Value| one["value"].as_str().unwrap();
    let alone = all.clone().filter(|one| of(one, true) && !of(one, false)).map(name).collect();
    (alone, all.filter(|one| of(one, true) && of(one, false)).map(name).collect())
}
