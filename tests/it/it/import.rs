//! Another program's set-up as profiles: what is taken, what is not, and that nothing is lost on nonsense.

use rolecall_engine::config::Config;
use rolecall_it::World;

use crate::cli::{json, rolecall};

fn file(world: &World) -> String {
    let origin = world.provider.issuer();
    let origin = origin.trim_end_matches('/');
    format!(
        r#"
map $host $oidc_authz_endpoint {{ default "{origin}/authorize"; other.example.com "http://127.0.0.1:9/authorize"; }}
map $host $oidc_client {{ default "nginx-web"; }}
map $host $oidc_client_secret {{ default "s3cr3t-never-shown"; }}
map $host $oidc_scopes {{ default "openid+profile+email+offline_access+openid roles"; }}
map $host $oidc_authz_extra_args {{ default "audience=https%3A%2F%2Fapi.example.com&ui_locales=de"; }}
"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_nginx_file_becomes_a_profile_whose_issuer_was_confirmed_and_that_signs_in() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openid_connect_configuration.conf");
    std::fs::write(&path, file(&world)).unwrap();
    let path = path.to_str().unwrap();
    let arguments = ["import", "nginx", path, "--profile", "web", "--host", "default", "--client-id", "rolecall-demo"];
    let ran = rolecall(&world, &arguments).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("web  "), "{}", ran.out);
    assert!(ran.err.contains("not taken: $oidc_client_secret") && !ran.err.contains("s3cr3t"), "{}", ran.err);
    let profile = Config::load(&world.ports().folders).unwrap().profiles.remove(0);
    assert_eq!(profile.issuer.as_str(), world.provider.issuer());
    assert_eq!(profile.scopes.to_string(), "openid profile email offline_access roles");
    assert_eq!(profile.audience.as_deref(), Some("https://api.example.com"));
    assert_eq!(profile.params["ui_locales"], "de");
    let saved = std::fs::read_to_string(Config::path(&world.ports().folders)).unwrap();
    assert!(!saved.contains("s3cr3t"), "{saved}");
    let login = rolecall(&world, &["login", "--profile", "web"]).await;
    assert_eq!(login.status, 0, "{}", login.err);

    let again = rolecall(&world, &["import", "nginx", path, "--json"]).await;
    assert_eq!(again.status, 0, "{}", again.err);
    assert_eq!(json(&again)[0]["client_id"], "nginx-web");
    let third = rolecall(&world, &["import", "nginx", path]).await;
    assert!(third.status == 0 && third.err.contains("already"), "{}", third.err);
    let other = rolecall(&world, &["import", "nginx", path, "--profile", "web", "--host", "default"]).await;
    assert!(other.status == 2 && other.err.contains("choose another name"), "{}", other.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_or_confirmed_changes_nothing() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let long = vec![b'#'; (1 << 20) + 10];
    let away = file(&world).replace(world.provider.issuer().trim_end_matches('/'), "http://127.0.0.1:9");
    for (path, status) in [
        (write("empty.conf", b""), 2),
        (write("binary.conf", &[0, 159, 146, 150, 255, 10]), 2),
        (write("long.conf", &long), 2),
        (write("cut.conf", b"map $host $oidc_client { default \"x"), 2),
        (write("away.conf", away.as_bytes()), 4),
        (folder.path().to_str().unwrap().to_owned(), 2),
        (folder.path().join("none.conf").to_str().unwrap().to_owned(), 2),
    ] {
        let ran = rolecall(&world, &["import", "nginx", &path]).await;
        assert_eq!((ran.status, ran.out.as_str()), (status, ""), "{path}: {}", ran.err);
        assert!(ran.err.contains("hint:"), "{path}: {}", ran.err);
    }
    assert!(Config::load(&world.ports().folders).unwrap().profiles.is_empty());
    let host = write("ok.conf", file(&world).as_bytes());
    let ran = rolecall(&world, &["import", "nginx", &host, "--host", "nowhere.example.com"]).await;
    assert!(ran.status == 2 && ran.err.contains("no such host"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_discovery_document_can_be_pasted_even_with_members_missing() {
    let world = World::new();
    let issuer = world.provider.issuer();
    let engine = world.another_engine();
    for document in [
        format!(r#"{{"issuer": "{issuer}", "authorization_endpoint": "", "scopes_supported": null}}"#),
        format!(r#" {{ "authorization_endpoint": "{}/authorize", "issuer": "" }} "#, issuer.trim_end_matches('/')),
    ] {
        let check = engine.check_issuer(&document, None).await;
        assert!(
            check.notice.is_none() || check.suggestion.as_deref() == Some(issuer.as_str()),
            "{document}: {check:?}"
        );
    }
    for nonsense in ["{", "{}", r#"{"issuer": 5}"#, r#"{"issuer": "ftp://x"}"#] {
        assert!(engine.check_issuer(nonsense, None).await.notice.is_some(), "{nonsense}");
    }
}
