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

/// Files of the kinds that are in `tests/it/nginx`, each with what must be made of it: client, scopes, parameters.
const KINDS: [(&str, &str, &str, &str); 11] = [
    ("ingress-policy", "policy-client", "openid email offline_access", "organization=org_1"),
    ("policies-in-json", "json-client", "openid groups", "audience=https://api.example.com&prompt=login"),
    ("chart-values", "chart-client", "openid profile", ""),
    ("included-maps", "included", "openid roles", ""),
    ("set-in-location-of-http", "staff-app", "openid staff", "acr_values=urn:mfa"),
    ("server-blocks", "shop", "openid email", ""),
    ("ingress-annotation", "ingress", "openid profile groups", ""),
    ("map-of-a-map", "0oa7", "openid email", "idp=corp"),
    ("variables-in-values", "portal", "openid profile", "audience=https://api.example.com"),
    ("regex-host", "partners", "openid partners", "kc_idp_hint=saml one"),
    ("renamed-variables", "web", "openid email", "acr_values=2"),
];

/// The files that one includes, in a folder of the same name.
fn copy_included(from: &std::path::Path, to: &std::path::Path, origin: &str) {
    let Ok(files) = std::fs::read_dir(from) else { return };
    let to = to.join(from.file_name().unwrap());
    std::fs::create_dir(&to).unwrap();
    for file in files.map(Result::unwrap) {
        let text = std::fs::read_to_string(file.path()).unwrap().replace("ORIGIN", origin);
        std::fs::write(to.join(file.file_name()), text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_leaves_signing_in_to_another_service_says_where_to_look() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ingress.yaml");
    let annotation = "nginx.ingress.kubernetes.io/auth-url: https://sso.example.com/oauth2/auth";
    std::fs::write(&path, format!("kind: Ingress\nmetadata:\n  annotations:\n    {annotation}\n")).unwrap();
    let ran = rolecall(&world, &["import", "nginx", path.to_str().unwrap()]).await;
    assert!(ran.status == 2 && ran.err.contains("auth-url") && ran.err.contains("client ID"), "{}", ran.err);
    std::fs::write(&path, "http { include sites/*.conf; }").unwrap();
    let ran = rolecall(&world, &["import", "nginx", path.to_str().unwrap()]).await;
    assert!(ran.status == 2 && ran.err.contains("sites/*.conf"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_file_becomes_the_profile_that_nginx_would_sign_in_with() {
    for (kind, client_id, scopes, params) in KINDS {
        let world = World::new();
        let issuer = world.provider.issuer();
        let origin = issuer.trim_end_matches('/');
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("nginx").join(format!("{kind}.conf"));
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.replace("ORIGIN", origin).replace("AUTHORITY", origin.trim_start_matches("http://"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.conf");
        std::fs::write(&path, text).unwrap();
        copy_included(&file.with_extension("d"), folder.path(), origin);
        let ran = rolecall(&world, &["import", "nginx", path.to_str().unwrap(), "--json"]).await;
        assert_eq!(ran.status, 0, "{kind}: {}", ran.err);
        let made = json(&ran);
        let one = made.as_array().unwrap().iter().find(|one| one["client_id"] == client_id);
        let one = one.unwrap_or_else(|| panic!("{kind}: {made}"));
        assert_eq!(one["scopes"], scopes, "{kind}");
        let config = Config::load(&world.ports().folders).unwrap();
        let profile = config.profiles.iter().find(|profile| profile.client_id == client_id).unwrap();
        let given = profile.params.iter().map(|(name, value)| format!("{name}={value}"));
        let given: Vec<String> =
            profile.audience.iter().map(|audience| format!("audience={audience}")).chain(given).collect();
        assert_eq!(given.join("&"), params, "{kind}");
        let said =
            format!("{}{}{}", ran.err, ran.out, std::fs::read_to_string(Config::path(&world.ports().folders)).unwrap());
        assert!(!said.contains("hush"), "{kind}: {said}");
        for told in ["left-out-value"].iter().filter(|told| std::fs::read_to_string(&file).unwrap().contains(**told)) {
            assert!(ran.err.contains(told), "{kind}: {}", ran.err);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_nowhere_is_left_out_with_its_value_and_the_active_profile_stays() {
    let world = crate::cli::signed_in().await;
    let issuer = world.provider.issuer();
    let origin = issuer.trim_end_matches('/');
    let text = format!(
        "map $host $oidc_authz_endpoint {{ a.example {origin}/authorize; b.example http://127.0.0.1:9/authorize;
            default http://127.0.0.1:9/auth/realms/master/protocol/openid-connect/auth; }}
        map $host $oidc_client {{ a.example one; b.example two; default my-client-id; }}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.conf");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let ran = rolecall(&world, &["import", "nginx", path]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    for told in ["my-client-id", "127.0.0.1:9", "b.example: left out client two"] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    let config = Config::load(&world.ports().folders).unwrap();
    assert_eq!((config.profiles.len(), config.active.unwrap().as_str()), (2, "acme"));
    let nothing = rolecall(&world, &["import", "nginx", path, "--host", "default"]).await;
    assert!(nothing.status == 2 && nothing.err.contains("no such host"), "{}", nothing.err);
    let given = rolecall(&world, &["import", "nginx", path, "--host", "default", "--client-id", "mine"]).await;
    assert!(given.status == 4 && given.err.contains("nothing was saved"), "{}", given.err);
}
