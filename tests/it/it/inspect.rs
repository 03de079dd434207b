//! Pasted documents: read, checked against the issuer on request alone, and never given out again.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault, Options};
use serde_json::{Value, json};

use crate::cli::{Ran, json, rolecall, signed_in};
use crate::sandbox::{Sandbox, talk};

/// The payload of the question this program was made for.
const QUESTION: &str = r#"{"https://acme.example/roles":["Editor"],"groups":["Samples"],"nickname":"jane","name":"Jane Doe","email":"jane@example.com","iss":"https://tenant.us.auth0.com/","sub":"auth0|626d4d2e","aud":"client","iat":1651330616,"exp":1651366616}"#;

/// A file with this text, gone with the folder.
struct File {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pasted.txt");
        std::fs::write(&path, text).unwrap();
        Self { path, _folder: folder }
    }

    fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }
}

/// The ID token and the access token of somebody who has just signed in.
async fn tokens(world: &World) -> (String, String) {
    let id = rolecall(world, &["token", "--id"]).await.out.trim().to_owned();
    let access = rolecall(world, &["token"]).await.out.trim().to_owned();
    (id, access)
}

fn values(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect()
}

fn shows_none_of(ran: &Ran, secrets: &[&str]) {
    for secret in secrets {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "a token is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payload_of_the_question_gives_its_roles_with_their_paths() {
    let (world, file) = (World::new(), File::with(QUESTION));
    let told = json(&rolecall(&world, &["inspect", file.path(), "--json"]).await);
    let person = &told["people"][0];
    assert_eq!((values(&person["roles"]), values(&person["groups"])), (vec!["Editor"], vec!["Samples"]));
    assert_eq!(person["roles"][0]["sources"][0]["path"], json!(["https://acme.example/roles"]));
    assert_eq!((&person["provider"], &person["check"]["state"]), (&json!("Auth0"), &json!("unsigned")));
    let text = rolecall(&world, &["inspect", file.path()]).await;
    assert!(text.status == 0 && text.out.contains("Editor   ID token: https://acme.example/roles"), "{}", text.out);
    for (arguments, status) in [
        (vec!["--expect", "Editor"], 0),
        (vec!["--expect", "Editor", "--expect", "Samples"], 0),
        (vec!["--expect", "Editor", "--expect", "Publisher"], 1),
        // Nothing of it was checked, so nothing counts.
        (vec!["--expect", "Editor", "--check"], 1),
    ] {
        let all: Vec<&str> = ["inspect", file.path()].into_iter().chain(arguments.clone()).collect();
        assert_eq!(rolecall(&world, &all).await.status, status, "{arguments:?}");
    }
    assert_eq!(world.provider.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pd_1_nobody_is_asked_and_nothing_is_kept_unless_a_check_is_asked_for() {
    let world = signed_in().await;
    let (id, access) = tokens(&world).await;
    let file = File::with(&format!("{id}\n{access}\n"));
    world.provider.forget_requests();
    let before = files(&world);
    let ran = rolecall(&world, &["inspect", file.path()]).await;
    assert!(ran.status == 0 && ran.err.contains("no signature was checked"), "{}", ran.err);
    assert!(ran.out.contains("Not checked. Anybody can write a token."), "{}", ran.out);
    assert_eq!((world.provider.requests().len(), files(&world)), (0, before.clone()));

    let checked = rolecall(&world, &["inspect", file.path(), "--check", "--expect", "Editor"]).await;
    assert_eq!(checked.status, 0, "{}{}", checked.out, checked.err);
    assert!(
        checked.out.contains("Signed by") && checked.out.contains("/.well-known/openid-configuration"),
        "{}",
        checked.out
    );
    let asked: Vec<String> = world.provider.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(asked.len(), 2, "discovery and keys, once for both: {asked:?}");
    for request in world.provider.requests() {
        let fields = format!("{:?}", request.fields);
        assert!(!fields.contains(&id) && !fields.contains(&access), "nothing of it is sent");
    }
    assert_eq!(files(&world), before, "nothing is kept");
    shows_none_of(&checked, &[&id, &access]);
}

fn files(world: &World) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = world.ports().folders;
    let mut all: Vec<_> = [folders.state, folders.config]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten())
        .map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap_or_default()))
        .collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_does_not_fit_and_an_issuer_that_is_away_are_told_apart() {
    let world = signed_in().await;
    let (id, _) = tokens(&world).await;
    let (head, signature) = id.rsplit_once('.').unwrap();
    let mut forged: Vec<char> = signature.chars().collect();
    forged[10] = if forged[10] == 'A' { 'B' } else { 'A' };
    let forged = File::with(&format!("{head}.{}", forged.into_iter().collect::<String>()));
    let ran = rolecall(&world, &["inspect", forged.path(), "--check", "--json"]).await;
    let told = json(&ran);
    assert_eq!((ran.status, &told["people"][0]["check"]["state"]), (5, &json!("fails")), "{}", ran.out);
    assert_eq!(told["people"][0]["findings"][0]["code"], "signature_does_not_fit");
    assert_eq!(told["people"][0]["roles"][0]["sources"][0]["verified"], "none");

    world.provider.fault(Fault::Status(Endpoint::Discovery, 503));
    let whole = File::with(&id);
    let ran = rolecall(&world, &["inspect", whole.path(), "--check"]).await;
    assert!(ran.status == 4 && ran.out.contains("could not be asked for its keys"), "{}: {}", ran.status, ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn id_1_a_check_believes_no_algorithm_and_no_key_that_the_token_brings() {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    let world = World::new();
    let part = |value: &Value| BASE64.encode(value.to_string());
    let claims = json!({"iss": world.provider.issuer(), "sub": "ada", "aud": "app", "exp": 4_000_000_000_u64, "roles": ["Boss"]});
    for (header, state) in [
        (json!({"alg": "none"}), "fails"),
        (json!({"alg": "RS256", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}), "fails"),
        (json!({"alg": "HS256"}), "unsigned"),
        (json!({"alg": "RS256", "crit": ["x"]}), "fails"),
    ] {
        let token = format!("{}.{}.{}", part(&header), part(&claims), BASE64.encode([1; 256]));
        let file = File::with(&token);
        let ran = rolecall(&world, &["inspect", file.path(), "--check", "--json", "--expect", "Boss"]).await;
        assert_eq!(json(&ran)["people"][0]["check"]["state"], state, "{header}");
        assert_ne!(ran.status, 0, "{header}");
    }
    // An issuer that is neither https nor on this computer is never asked.
    let plain = json!({"iss": "http://idp.example", "sub": "ada", "aud": "app", "exp": 4_000_000_000_u64});
    let file = File::with(&format!("{}.{}.{}", part(&json!({"alg": "RS256"})), part(&plain), BASE64.encode([1; 256])));
    let told = json(&rolecall(&world, &["inspect", file.path(), "--check", "--json"]).await);
    assert_eq!(
        (&told["people"][0]["check"]["state"], &told["people"][0]["check"]["host"]),
        (&json!("not_checked"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_made_for_another_client_than_the_profile_of_its_issuer_is_said_to_be() {
    let world = signed_in().await;
    let (id, _) = tokens(&world).await;
    let mut profile = rolecall_engine::config::Config::load(&world.ports().folders).unwrap().profiles.remove(0);
    profile.client_id = "another-client".into();
    rolecall_engine::config::Config::save_profile(&world.ports().folders, &profile).unwrap();
    let file = File::with(&id);
    let told = json(&rolecall(&world, &["inspect", file.path(), "--json"]).await);
    let codes: Vec<&Value> = told["people"][0]["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!("another_client")), "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_status_2_and_nothing_of_it_is_repeated() {
    let world = World::new();
    let secret = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIiwiZXhwIjox";
    for text in ["", "hello", "{}", "[]", "{\"a\":1}", "{", "\u{0}\u{1}", secret] {
        let file = File::with(text);
        let ran = rolecall(&world, &["inspect", file.path()]).await;
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{text}");
        assert!(ran.err.contains("Nothing in it can be read"), "{}", ran.err);
        shows_none_of(&ran, &[secret]);
    }
    assert_eq!(rolecall(&world, &["inspect", "/nonexistent/file"]).await.status, 2);
    assert_eq!(rolecall(&world, &["inspect", "/"]).await.status, 2);
}

fn give(sandbox: &Sandbox, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = sandbox.command(arguments);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who stops reading at the bound closes the pipe.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}

#[test]
fn pd_2_tk_1_the_real_program_reads_standard_input_and_gives_no_token_out_again() {
    let sandbox = Sandbox::signed_in(Options::default());
    let token = |arguments: &[&str]| String::from_utf8(sandbox.rolecall(arguments).stdout).unwrap().trim().to_owned();
    let (id, access) = (token(&["token", "--id"]), token(&["token"]));
    let response = json!({"token_type": "Bearer", "access_token": access, "id_token": id, "refresh_token": "an-opaque-refresh-token-1", "scope": "openid"});
    let har = json!({"log": {"entries": [{"request": {"url": "https://api.example/x", "headers": [{"name": "Authorization", "value": format!("Bearer {access}")}]}, "response": {"content": {"mimeType": "application/json", "text": response.to_string()}}}]}});
    for input in [
        id.clone(),
        format!("Authorization: Bearer {access}"),
        format!("curl -H 'Authorization: Bearer {access}' https://api.example/"),
        response.to_string(),
        har.to_string(),
        format!("2026-11-27 debug token={id} end"),
    ] {
        for more in [&[][..], &["--json"], &["--report"], &["--check"]] {
            let arguments: Vec<&str> = ["inspect"].iter().chain(more).copied().collect();
            let mut command = sandbox.command(&arguments);
            command.env("ROLECALL_LOG", "trace");
            let mut process =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            let ran = process.wait_with_output().unwrap();
            assert_eq!(ran.status.code(), Some(0), "{}", talk(&ran));
            let all = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
            for secret in [&id, &access, "an-opaque-refresh-token-1"] {
                assert!(!all.contains(secret), "{arguments:?} shows a token");
            }
            let read = all.contains("Editor") || all.contains("read:invoices");
            assert!(read || more == ["--report"], "{all}");
        }
    }
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(QUESTION.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let ran = give(&sandbox, &["inspect", "-", "--expect", "Editor"], &wide);
    assert_eq!(ran.status.code(), Some(0), "{}", talk(&ran));
    let long = give(&sandbox, &["inspect"], &vec![b'x'; 17 * 1024 * 1024]);
    assert!(long.status.code() == Some(2) && talk(&long).contains("longer than 16 MB"), "{}", talk(&long));
}
