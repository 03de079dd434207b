use crate::config::Profile;
use crate::history::{self, Change};
use crate::identity::{
    Answer, Answers, DocumentKind, DocumentReport, DocumentState, Identity, Verified, identity_from,
};
use crate::oidc::{AccessToken, Http, IdClaims, Provider, Userinfo};
use crate::ports::Timestamp;
use crate::problem::{Code, Result};
use crate::session::Standing;
use crate::tokens::{Secret, Tokens};
use crate::vault::Stored;

/// Asks userinfo and reads every document. A userinfo that can't be had is reported, not fatal; one about somebody else is.
pub(super) async fn identity(
    provider: &Provider,
    http: &Http,
    profile: &Profile,
    tokens: &Tokens,
    id: &IdClaims,
) -> Result<Identity> {
    let userinfo = match provider.userinfo(http, profile, &tokens.access, &id.subject).await {
        Ok(Some(userinfo)) => Some(Ok(userinfo)),
        Ok(None) => None,
        Err(problem) if problem.code == Code::SubjectChanged => return Err(problem),
        Err(problem) => {
            tracing::warn!(%problem, "userinfo could not be read");
            Some(Err(()))
        }
    };
    Ok(gather(profile.issuer.as_str(), id, provider.read_access_token(&tokens.access), userinfo))
}

fn gather(issuer: &str, id: &IdClaims, access: AccessToken, userinfo: Option<Result<Userinfo, ()>>) -> Identity {
    let mut answers = Answers { issuer: issuer.to_owned(), answers: Vec::new(), reports: Vec::new() };
    read(&mut answers, DocumentKind::IdToken, id.claims.clone(), Verified::Signature);
    match access {
        AccessToken::Jwt { claims, verified } => read(&mut answers, DocumentKind::AccessToken, claims, verified),
        AccessToken::Encrypted => unread(&mut answers, DocumentKind::AccessToken, DocumentState::Encrypted),
        AccessToken::Opaque => unread(&mut answers, DocumentKind::AccessToken, DocumentState::Opaque),
    }
    match userinfo {
        Some(Ok(userinfo)) => read(&mut answers, DocumentKind::Userinfo, userinfo.claims, userinfo.verified),
        Some(Err(())) => unread(&mut answers, DocumentKind::Userinfo, DocumentState::Failed),
        None => unread(&mut answers, DocumentKind::Userinfo, DocumentState::Absent),
    }
    identity_from(&answers)
}

fn read(
    answers: &mut Answers,
    document: DocumentKind,
    claims: serde_json::Map<String, serde_json::Value>,
    verified: Verified,
) {
    let report = DocumentReport { document, state: DocumentState::Read, claims: claims.len(), verified };
    answers.reports.push(report);
    answers.answers.push(Answer { document, claims, verified });
}

fn unread(answers: &mut Answers, document: DocumentKind, state: DocumentState) {
    answers.reports.push(DocumentReport { document, state, claims: 0, verified: Verified::None });
}

/// The standing right after a token answer.
pub(super) fn standing(
    profile: &Profile,
    tokens: &Tokens,
    identity: Identity,
    remarks: &[String],
    now: Timestamp,
) -> Standing {
    Standing {
        identity,
        issued_at: tokens.obtained_at,
        expires_at: tokens.expires_at,
        refreshed_at: now,
        has_refresh_token: tokens.refresh.is_some(),
        refresh_token_withheld: profile.scopes.has("offline_access") && tokens.refresh.is_none(),
        granted: tokens.scope.clone(),
        memory_only: false,
        unsaved: false,
        remarks: remarks.to_vec(),
        brought: Vec::new(),
    }
}

/// The standing of a stored session whose remembered identity is gone: read from its own ID token, which was verified
/// before it was stored.
pub(super) fn standing_from_tokens(stored: &Stored) -> Standing {
    let claims = super::stored_claims(stored).map(|id| id.claims).unwrap_or_default();
    let mut answers = Answers { issuer: stored.issuer.clone(), answers: Vec::new(), reports: Vec::new() };
    read(&mut answers, DocumentKind::IdToken, claims, Verified::Signature);
    Standing {
        identity: identity_from(&answers),
        issued_at: stored.tokens.obtained_at,
        expires_at: stored.tokens.expires_at,
        refreshed_at: stored.refreshed_at,
        has_refresh_token: stored.tokens.refresh.is_some(),
        refresh_token_withheld: false,
        granted: stored.tokens.scope.clone(),
        memory_only: false,
        unsaved: false,
        remarks: Vec::new(),
        brought: Vec::new(),
    }
}

/// What came and went. A value is not said to have gone while a document that carried it could not be read.
pub(super) fn brought(before: &Identity, after: &Identity, at: Timestamp) -> Vec<Change> {
    let mut known = before.entitlements.clone();
    let readable = |document: DocumentKind| {
        after.documents.iter().any(|report| report.document == document && report.state == DocumentState::Read)
    };
    for list in [&mut known.roles, &mut known.groups, &mut known.permissions] {
        list.retain(|entitlement| entitlement.sources.iter().all(|source| readable(source.document)));
    }
    history::changes(&known, &after.entitlements, at).into_iter().filter(|change| !is_old(before, change)).collect()
}

/// An "added" that was there before, in a document left out of the comparison, is no news.
fn is_old(before: &Identity, change: &Change) -> bool {
    use history::{Became, Kind};
    let list = match change.kind {
        Kind::Role => &before.entitlements.roles,
        Kind::Group => &before.entitlements.groups,
        Kind::Permission => &before.entitlements.permissions,
    };
    change.change == Became::Added && list.iter().any(|entitlement| entitlement.value == change.value)
}

/// An ID token's own end, where it has one; what is not a plain number is taken as ended.
pub(super) fn id_token_ends(token: &Secret) -> Option<Timestamp> {
    let exp = IdClaims::of_stored(token)?.claims.get("exp")?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and a date that far is far enough")]
    Some(Timestamp(exp.floor() as i64))
}
