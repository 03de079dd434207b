//! Measures operations of the engine for `cargo xtask bench`: prints one line of JSON, lists of milliseconds.
//!
//! A refresh, beside a bare client that sends the same bytes to the same endpoints, in turns, both on connections that
//! stand already; and a sign-in from the moment the browser carries the answer back until the view shows who is signed in.
//! Each without and with TLS. The provider and its network are on this machine. And what must not grow with its size more
//! than it has to: ten thousand groups, ten thousand profiles, a question among thirty thousand clients.
#![expect(clippy::disallowed_methods, reason = "measures real time, with a client that is not the product's")]
#![expect(clippy::print_stdout, reason = "its output is read by a program")]

use std::io;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::{Certificate, Client};
use rolecall_engine::config::{Config, Issuer, Product, Profile};
use rolecall_engine::findings::{Evidence, Wanted, why};
use rolecall_engine::identity::{Answer, Answers, DocumentKind, Verified, identity_from};
use rolecall_engine::ports::{Browser, Folders};
use rolecall_engine::view::Screen;
use rolecall_it::{World, quick};
use rolecall_provider::{HeadlessBrowser, Options, Provider};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use url::Url;

/// How often each is done.
const TIMES: usize = 40;
/// The most that reading ten thousand groups may take, in milliseconds.
const MOST_FOR_GROUPS: f64 = 3.0;
/// The most that reading a file of ten thousand profiles may take, in milliseconds.
const MOST_FOR_PROFILES: f64 = 200.0;
/// The most that saying why a role is missing may take among the roles of thirty thousand clients, in milliseconds.
const MOST_FOR_WHY: f64 = 200.0;
/// How often what takes longer is done.
const FEWER_TIMES: usize = 7;

type Failing<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Failing<()> {
    if std::env::args().nth(1).as_deref() == Some("token-with-groups") {
        println!("{}", token_with_ten_thousand_groups());
        return Ok(());
    }
    let mut all = json!({});
    for (name, tls) in [("plain", false), ("tls", true)] {
        let options = || Options { tls, ..Options::default() };
        let (refresh, bare) = refreshes(&World::with(options())).await?;
        all[name] = json!({ "refresh": refresh, "bare": bare, "shown": shown(&World::with(options())).await? });
    }
    all["groups_10000"] = json!(ten_thousand_groups()?);
    all["profiles_10000"] = json!(ten_thousand_profiles()?);
    all["why_30000"] = json!(why_among_thirty_thousand_clients()?);
    println!("{all}");
    Ok(())
}

/// A token as somebody would paste it, for what measures a whole process.
fn token_with_ten_thousand_groups() -> String {
    let groups: Vec<String> = (0..10_000).map(|number| format!("/company/department/team-{number}")).collect();
    let claims =
        json!({"iss": "https://idp.example", "sub": "1", "aud": "app", "exp": 4_000_000_000_u64, "groups": groups});
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(&claims.to_string()), part("no signature"))
}

/// Reading ten thousand groups, in milliseconds. In a release build the best of them has to stay within the bound.
fn ten_thousand_groups() -> Failing<Vec<f64>> {
    let groups: Vec<String> = (0..10_000).map(|number| format!("/company/department/team-{number}")).collect();
    let claims = json!({"sub": "1", "https://example.com/auth": {"groups": groups}});
    let claims = claims.as_object().cloned().ok_or("no object")?;
    let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::Signature };
    let answers = Answers { answers: vec![answer], conventions: Product::OTHER.conventions(), ..Answers::default() };
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let read = identity_from(&answers).entitlements.groups.len();
        times.push(since(begun));
        if read != 10_000 {
            return Err(format!("{read} groups were read").into());
        }
    }
    within("ten thousand groups", times, MOST_FOR_GROUPS)
}

/// Reading a configuration file of ten thousand profiles, in milliseconds.
fn ten_thousand_profiles() -> Failing<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let folders = Folders { config: folder.path().to_owned(), state: folder.path().join("state") };
    let profile = |number: usize| {
        let issuer = format!("https://id{number}.example.org/realms/acme");
        format!("[profiles.p{number}]\nissuer = \"{issuer}\"\nclient_id = \"desktop-{number}\"\n")
    };
    std::fs::write(Config::path(&folders), (0..10_000).map(profile).collect::<String>())?;
    let mut times = Vec::new();
    for _ in 0..FEWER_TIMES {
        let begun = Instant::now();
        let read = Config::load(&folders)?;
        times.push(since(begun));
        if read.profiles.len() != 10_000 || !read.warnings.is_empty() {
            return Err(format!("{} profiles were read", read.profiles.len()).into());
        }
    }
    within("ten thousand profiles", times, MOST_FOR_PROFILES)
}

/// Saying why a role is missing, among the roles of thirty thousand clients, in milliseconds.
fn why_among_thirty_thousand_clients() -> Failing<Vec<f64>> {
    let client = |number: usize| (format!("client-{number}"), json!({"roles": ["reader", "editor"]}));
    let access: serde_json::Map<String, Value> = (0..30_000).map(client).collect();
    let claims = json!({"sub": "1", "azp": "desk", "resource_access": access});
    let claims = claims.as_object().cloned().ok_or("no object")?;
    let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::Signature };
    let identity = identity_from(&Answers { answers: vec![answer], ..Answers::default() });
    let issuer = Issuer::parse("https://id.example.org/realms/acme")?;
    let profile = Profile::new("work".parse()?, issuer, "c".into());
    let wanted = Wanted { value: "publisher".into(), kind: None };
    let mut times = Vec::new();
    for _ in 0..FEWER_TIMES {
        let begun = Instant::now();
        let answer = why(&Evidence { wanted: Some(&wanted), ..Evidence::of_identity(&profile, &identity) });
        times.push(since(begun));
        if answer.present || answer.findings.is_empty() {
            return Err("nothing was found".into());
        }
    }
    within("why among thirty thousand clients", times, MOST_FOR_WHY)
}

/// The times, where in a release build the best of them stays within the bound.
fn within(what: &str, times: Vec<f64>, most: f64) -> Failing<Vec<f64>> {
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    if cfg!(not(debug_assertions)) && best > most {
        return Err(format!("{what}: {best} ms, and at most {most} are allowed").into());
    }
    Ok(times)
}

async fn refreshes(world: &World) -> Failing<(Vec<f64>, Vec<f64>)> {
    // A sign-in of its own for the bare client; its refresh token is the only one there is yet.
    let other = Profile { name: "bare".parse()?, ..world.profile() };
    world.engine.sign_in(&other, &quick(), |_| {}).await?;
    let mut token = world.provider.refresh_tokens().pop().ok_or("no refresh token")?;
    let profile = world.profile();
    world.engine.sign_in(&profile, &quick(), |_| {}).await?;
    let client = client(&world.provider)?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        token = bare_refresh(&client, &world.provider, &token).await?;
        bare.push(since(begun));
        let begun = Instant::now();
        world.engine.refresh(&profile).await?;
        ours.push(since(begun));
    }
    Ok((ours, bare))
}

/// The two requests of a refresh, and nothing else: nothing checked, nothing kept.
async fn bare_refresh(client: &Client, provider: &Provider, token: &str) -> Failing<String> {
    let at = |path: &str| format!("{}{path}", provider.issuer());
    let form = format!("grant_type=refresh_token&refresh_token={token}&client_id={}", provider.client_id());
    let request = client.post(at("/token")).header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer: Value = serde_json::from_str(&request.send().await?.error_for_status()?.text().await?)?;
    let text = |name: &str| answer[name].as_str().map(ToOwned::to_owned).ok_or("a token is missing");
    client.get(at("/userinfo")).bearer_auth(text("access_token")?).send().await?.error_for_status()?.text().await?;
    Ok(text("refresh_token")?)
}

async fn shown(world: &World) -> Failing<Vec<f64>> {
    world.save_profile();
    let (tell, mut told) = unbounded_channel();
    let live = world.engine_with(Arc::new(LinkReceiver(tell))).live();
    let (walker, client) = (HeadlessBrowser::new("ed"), client(&world.provider)?);
    let mut times = Vec::new();
    for _ in 0..TIMES {
        live.sign_in(false, false);
        let link = told.recv().await.ok_or("no link")?;
        let back = walker.callback_url(&link).await?;
        let mut view = live.view();
        view.wait_for(|view| matches!(view.screen, Screen::Waiting(_))).await?;
        let begun = Instant::now();
        let carried = tokio::spawn(client.get(back).send());
        view.wait_for(|view| matches!(view.screen, Screen::SignedIn(_))).await?;
        times.push(since(begun));
        carried.await??;
    }
    Ok(times)
}

/// A browser that only hands the link on.
struct LinkReceiver(UnboundedSender<Url>);

impl Browser for LinkReceiver {
    fn open(&self, url: &Url) -> io::Result<()> {
        self.0.send(url.clone()).map_err(io::Error::other)
    }
}

/// One that keeps its connections, as the engine's does.
fn client(provider: &Provider) -> Failing<Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    if let Some(pem) = provider.authority() {
        builder = builder.tls_certs_only([Certificate::from_pem(pem.as_bytes())?]);
    }
    Ok(builder.build()?)
}

fn since(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}
