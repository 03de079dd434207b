use super::Engine;
use crate::config::Profile;
use crate::identity::{Answer, Answers, DocumentKind, DocumentState, Identity, Verified, identity_from};
use crate::oidc::{AccessToken, Http, IdClaims, Provider, Userinfo, not_before};
use crate::ports::Timestamp;
use crate::problem::{Code, Result};
use crate::redact::Redactor;
use crate::session::SessionSummary;
use crate::text::clean;
use crate::tokens::{Secret, Tokens};
use crate::vault::StoredSession;

/// The longest scope remembered of those the provider says it knows, in characters.
const MAX_SCOPE: usize = 200;
/// How many secrets of a session are hidden: those of its newest refreshes.
const MOST_HIDDEN: usize = 24;

/// Asks userinfo and reads every document. `replaced` are the tokens that these replace.
///
/// A userinfo that is not available is reported, not fatal; one about somebody else is.
pub(super) async fn identity(
    engine: &Engine,
    provider: &Provider,
    http: &Http,
    profile: &Profile,
    tokens: &Tokens,
    replaced: Option<&Tokens>,
    id: &IdClaims,
) -> Result<Identity> {
    // What this process has seen of the session before, then the newest.
    let mut redactor = engine.inner.memory.userinfo(profile).map(|cached| cached.redactor.clone()).unwrap_or_default();
    if let Some(replaced) = replaced {
        redactor = redactor.and(replaced);
    }
    let redactor = redactor.and(tokens).hiding(http.client_secret()).of_the_newest(MOST_HIDDEN);
    let userinfo = match provider.userinfo(http, profile, &tokens.access, &id.subject).await {
        Ok(Some(userinfo)) => {
            engine.note_userinfo(profile, &id.subject, &userinfo, &redactor);
            Some(Ok(userinfo))
        }
        Ok(None) => None,
        Err(problem) if problem.code == Code::SubjectChanged => return Err(problem.redacted(&redactor)),
        Err(problem) => {
            let problem = problem.redacted(&redactor);
            tracing::warn!(%problem, "userinfo could not be read");
            Some(Err(problem.detail))
        }
    };
    let product = profile.known_product(Some(provider.product()));
    let answers = Answers {
        issuer: profile.issuer.as_str().to_owned(),
        paths: profile.claims.clone(),
        conventions: product.conventions(),
        redactor,
        ..Answers::default()
    };
    Ok(gather(answers, id, provider.read_access_token(&tokens.access, engine.now()), userinfo))
}

fn gather(
    mut answers: Answers,
    id: &IdClaims,
    access: AccessToken,
    userinfo: Option<Result<Userinfo, String>>,
) -> Identity {
    read(&mut answers, DocumentKind::IdToken, id.claims.clone(), Verified::Signature);
    match access {
        AccessToken::Jwt { claims, verified } => read(&mut answers, DocumentKind::AccessToken, claims, verified),
        AccessToken::Encrypted => answers.unread.push((DocumentKind::AccessToken, DocumentState::Encrypted)),
        AccessToken::Opaque => answers.unread.push((DocumentKind::AccessToken, DocumentState::Opaque)),
    }
    match userinfo {
        Some(Ok(userinfo)) => read(&mut answers, DocumentKind::Userinfo, userinfo.claims, userinfo.verified),
        Some(Err(reason)) => {
            answers.unread.push((DocumentKind::Userinfo, DocumentState::Failed));
            answers.reasons.push((DocumentKind::Userinfo, reason));
        }
        None => answers.unread.push((DocumentKind::Userinfo, DocumentState::Absent)),
    }
    identity_from(&answers)
}

fn read(
    answers: &mut Answers,
    document: DocumentKind,
    claims: serde_json::Map<String, serde_json::Value>,
    verified: Verified,
) {
    answers.answers.push(Answer { document, claims, verified });
}

/// The summary right after a token answer.
pub(super) fn summary(
    profile: &Profile,
    tokens: &Tokens,
    identity: Identity,
    (http, provider): (&Http, &Provider),
    now: Timestamp,
) -> SessionSummary {
    let redactor = Redactor::of(tokens).hiding(http.client_secret());
    let mut summary = SessionSummary {
        identity,
        issued_at: now,
        expires_at: None,
        obtained_at_boot: None,
        jitter: 0,
        refreshed_at: now,
        has_refresh_token: tokens.refresh.is_some(),
        refresh_not_before: tokens.refresh.as_ref().and_then(not_before),
        refresh_token_withheld: profile.scopes.has("offline_access") && tokens.refresh.is_none(),
        granted: tokens.scope.as_deref().map(|scope| redactor.text(scope).into_owned()),
        memory_only: false,
        unsaved: false,
        remarks: provider.remarks(),
        changes: Vec::new(),
        warnings: Vec::new(),
        product: Some(provider.product().clone()),
        redirect_path: None,
        names_itself: Some(provider.names_itself()),
        scopes_supported: {
            let shown = |scope: &String| redactor.text(&clean(scope, MAX_SCOPE)).into_owned();
            provider.scopes_supported().iter().take(200).map(shown).collect()
        },
    };
    summary.take_times(tokens);
    summary
}

/// The summary of a stored session whose remembered identity is gone: read from its own ID token, which was verified
/// before it was stored.
pub(super) fn summary_from_stored(profile: &Profile, stored: &StoredSession) -> SessionSummary {
    let claims = super::stored_claims(stored).map(|id| id.claims).unwrap_or_default();
    let mut answers = Answers {
        issuer: stored.issuer.clone(),
        paths: profile.claims.clone(),
        conventions: profile.known_product(None).conventions(),
        redactor: Redactor::of(&stored.tokens),
        ..Answers::default()
    };
    read(&mut answers, DocumentKind::IdToken, claims, Verified::Signature);
    SessionSummary {
        identity: identity_from(&answers),
        issued_at: stored.tokens.obtained_at,
        expires_at: stored.tokens.expires_at,
        obtained_at_boot: None,
        jitter: 0,
        refreshed_at: stored.refreshed_at,
        has_refresh_token: stored.tokens.refresh.is_some(),
        refresh_not_before: stored.tokens.refresh.as_ref().and_then(not_before),
        refresh_token_withheld: false,
        granted: stored.tokens.scope.as_deref().map(|scope| answers.redactor.text(scope).into_owned()),
        memory_only: false,
        unsaved: false,
        remarks: Vec::new(),
        changes: Vec::new(),
        warnings: Vec::new(),
        product: None,
        redirect_path: None,
        names_itself: None,
        scopes_supported: Vec::new(),
    }
}

/// An ID token's own end, where it has one; what is not a plain number is taken as ended.
pub(super) fn id_token_ends(token: &Secret) -> Option<Timestamp> {
    let exp = IdClaims::of_stored(token)?.claims.get("exp")?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and a date that far is far enough")]
    Some(Timestamp(exp.floor() as i64))
}
