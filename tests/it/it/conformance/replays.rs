use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use rolecall_engine::config::{ClientAuth, Profile, Scopes};
use rolecall_engine::engine::SignIn;
use rolecall_engine::tokens::Secret;
use rolecall_engine::{Code, Problem};
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault, Options};

type Replayed = BoxFuture<'static, Result<(), String>>;

/// Longer than a sign-in takes, and short, because a wrong state is waited out.
const WAIT: Duration = Duration::from_secs(2);

pub(super) async fn accepted(options: Options, faults: &[Fault]) -> Result<(), String> {
    let world = faulty(options, faults);
    let summary = world.sign_in().await.map_err(told)?;
    ensure(summary.identity.entitlements.roles.iter().any(|role| role.value == "Editor"), "the role is not there")?;
    ensure(world.requested_paths().last().is_some_and(|path| path == "/userinfo"), "userinfo was not asked")
}

pub(super) async fn rejected(options: Options, faults: &[Fault], last: &str) -> Result<(), String> {
    let world = faulty(options, faults);
    let quick = SignIn { timeout: WAIT, ..SignIn::default() };
    let Err(problem) = world.engine.sign_in(&world.profile(), &quick, |_| {}).await else {
        return Err("the sign-in succeeded".into());
    };
    let typed =
        [Code::AnswerNotTrusted, Code::AnswerBroken, Code::IssuerMismatch, Code::SubjectChanged, Code::TimedOut];
    ensure(typed.contains(&problem.code), &format!("the problem is {problem}"))?;
    // Handing back what was given (RFC 7009) believes nothing of it.
    let mut asked = world.provider.requests().into_iter().map(|request| request.path).filter(|path| path != "/revoke");
    let end = asked.next_back().unwrap_or_default();
    ensure(end == last, &format!("the last request was {end}"))?;
    ensure(!world.is_signed_in().await, "something was stored")
}

pub(super) fn few_scopes() -> Replayed {
    async {
        let world = World::new();
        let profile = Profile { scopes: Scopes::parse("openid email"), ..world.profile() };
        let summary = sign_in(&world, &profile).await?;
        ensure(summary.identity.email.is_some() && summary.identity.name == "ed@example.com", "not what was granted")
    }
    .boxed()
}

pub(super) fn client_secret_basic() -> Replayed {
    async {
        let world = World::new();
        world.provider.fault(Fault::WantsSecret("s3cret: with/odd+signs"));
        let profile = Profile { client_auth: ClientAuth::SecretBasic, ..world.profile() };
        let without = sign_in(&world, &profile).await;
        ensure(without.is_err() && world.provider.requests().is_empty(), "went on without the secret")?;
        let secret = Secret::new("s3cret: with/odd+signs".into());
        world.engine.keep_client_secret(&profile, &secret).await.map_err(told)?;
        sign_in(&world, &profile).await?;
        world.engine.refresh(&profile).await.map_err(told)?;
        let signed_out = world.engine.sign_out(&profile, false).await.map_err(told)?;
        ensure(signed_out.revoked.is_some_and(|revoked| revoked.is_ok()), "not revoked")?;
        let mut posts =
            world.provider.requests().into_iter().filter(|request| matches!(&*request.path, "/token" | "/revoke"));
        ensure(posts.all(|post| !post.fields.iter().any(|field| field.starts_with("client"))), "two ways at once")
    }
    .boxed()
}

pub(super) fn keys_elsewhere() -> Replayed {
    async {
        let world = faulty(Options::default(), &[Fault::KeysElsewhere]);
        world.sign_in().await.map_err(told)?;
        let asked = world.requested_paths();
        ensure(asked.contains(&"/keys/of-this-run".into()) && !asked.contains(&"/keys".into()), "asked elsewhere")
    }
    .boxed()
}

pub(super) fn key_rotation() -> Replayed {
    async {
        let world = World::new();
        world.sign_in().await.map_err(told)?;
        world.provider.rotate_keys();
        world.sign_in().await.map_err(told).map(drop)
    }
    .boxed()
}

pub(super) fn refreshes() -> Replayed {
    async {
        let world = World::new();
        world.sign_in().await.map_err(told)?;
        world.provider.forget_requests();
        world.engine.refresh(&world.profile()).await.map_err(told)?;
        ensure(world.requested_paths() == ["/token", "/userinfo"], "asked otherwise")?;
        let fields = world.provider.requests().remove(0).fields;
        ensure(!fields.contains(&"scope".into()), "asked for a scope")?;
        ensure(world.provider.live_sessions() == 1, "the spent token lives")
    }
    .boxed()
}

pub(super) fn refresh_other_issuer() -> Replayed {
    refresh_distrusted(Fault::ClaimSuffix("iss", "1")).boxed()
}

pub(super) fn refresh_other_subject() -> Replayed {
    refresh_distrusted(Fault::ClaimSuffix("sub", "1")).boxed()
}

async fn refresh_distrusted(fault: Fault) -> Result<(), String> {
    let world = World::new();
    world.sign_in().await.map_err(told)?;
    world.provider.forget_requests();
    world.provider.fault(fault);
    let refreshed = world.engine.refresh(&world.profile()).await;
    ensure(refreshed.is_err(), "it was believed")?;
    ensure(world.requested_paths() == ["/token"], "something else was asked")
}

pub(super) fn logout() -> Replayed {
    async {
        let world = World::new();
        world.sign_in().await.map_err(told)?;
        let signed_out = world.engine.sign_out(&world.profile(), true).await.map_err(told)?;
        let url = signed_out.ended_in_browser.ok_or("no page was opened")?.map_err(told)?;
        ensure(!url.as_str().contains("id_token_hint"), "the ID token is in the address")?;
        ensure(!url.as_str().contains("post_logout_redirect_uri"), "a return was asked for")?;
        ensure(!world.is_signed_in().await && world.provider.live_sessions() == 0, "still signed in")
    }
    .boxed()
}

pub(super) fn aggregated() -> Replayed {
    foreign_claims(Fault::AggregatedClaims).boxed()
}

pub(super) fn distributed() -> Replayed {
    foreign_claims(Fault::DistributedClaims).boxed()
}

async fn foreign_claims(fault: Fault) -> Result<(), String> {
    let world = faulty(Options::default(), &[fault]);
    let summary = world.sign_in().await.map_err(told)?;
    ensure(summary.identity.entitlements.roles.len() == 1, "more was read than is ours")?;
    ensure(!world.requested_paths().contains(&"/claims-of-others".into()), "claims were fetched elsewhere")
}

pub(super) fn rotates_twice() -> Replayed {
    async {
        let world = faulty(Options::default(), &[Fault::Status(Endpoint::Userinfo, 401)]);
        world.sign_in().await.map_err(told)?;
        for _ in 0..2 {
            world.engine.refresh(&world.profile()).await.map_err(told)?;
        }
        ensure(world.refreshes() == 2 && world.provider.live_sessions() == 1, "not the newest token each time")
    }
    .boxed()
}

fn faulty(options: Options, faults: &[Fault]) -> World {
    let world = World::with(options);
    for fault in faults {
        world.provider.fault(fault.clone());
    }
    world
}

async fn sign_in(world: &World, profile: &Profile) -> Result<rolecall_engine::session::SessionSummary, String> {
    let quick = SignIn { timeout: WAIT, ..SignIn::default() };
    world.engine.sign_in(profile, &quick, |_| {}).await.map_err(told)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(problem: Problem) -> String {
    problem.to_string()
}

fn ensure(so: bool, otherwise: &str) -> Result<(), String> {
    if so { Ok(()) } else { Err(otherwise.to_owned()) }
}
