//! Why a cluster does not take a token. It answers "Unauthorized" and nothing more, whatever the cause; the reason is in
//! the log of its API server alone. What the token itself proves is told first, then what the administrator has to look at.

use super::{cluster, get_another, refused, refused_token, snippets, span};
use crate::findings::{Evidence, Finding, Severity};
use crate::receivers::Credential;
use crate::text::clean_line;

/// The algorithms that an API server can check (`--oidc-signing-algs`).
const CHECKED: [&str; 9] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

/// The token has ended.
pub(super) fn expired(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, token) = refused_token(evidence)?;
    let end = token.expires_at.filter(|end| *end <= receiver.at)?;
    let finding = Finding::new("kubernetes_token_ended", Severity::Error, "The token that kubectl sends has ended")
        .seen(format!("exp: {}, {} ago", end.0, span(receiver.at.0.saturating_sub(end.0))))
        .seen("The cluster answers Unauthorized (401)")
        .fix(get_another(receiver.target.as_ref()));
    Some(finding.proven())
}

/// The token does not hold yet.
pub(super) fn not_yet_valid(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, token) = refused_token(evidence)?;
    let begin = token.not_before.filter(|begin| *begin > receiver.at)?;
    let wait = span(begin.0.saturating_sub(receiver.at.0));
    let finding =
        Finding::new("kubernetes_token_not_yet", Severity::Error, "The token that kubectl sends does not hold yet")
            .seen(format!("nbf: {}, in {wait}", begin.0))
            .fix("Compare the clocks of the provider, of this computer and of the cluster.");
    Some(finding.proven())
}

/// The token is no JWT, and the API server takes nothing else.
pub(super) fn unreadable(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, token) = refused(evidence)?;
    if token?.readable {
        return None;
    }
    let finding = Finding::new("kubernetes_not_a_jwt", Severity::Error, "What kubectl sends is not a signed token that can be read")
        .seen("It is not a signed JWT")
        .seen("The cluster answers Unauthorized (401)")
        .fix(format!(
            "With OpenID Connect a cluster takes a signed JWT, usually the ID token; an access token of this provider may be of another form. {}",
            get_another(receiver.target.as_ref())
        ));
    Some(finding.proven())
}

/// The token is signed with an algorithm that no API server checks.
pub(super) fn algorithm(evidence: &Evidence<'_>) -> Option<Finding> {
    let (_, token) = refused_token(evidence)?;
    let algorithm = token.algorithm.as_deref().filter(|algorithm| !CHECKED.contains(algorithm))?;
    let finding = Finding::new(
        "kubernetes_algorithm",
        Severity::Error,
        "The token is signed in a way that no Kubernetes API server checks",
    )
    .seen(format!("alg: {algorithm}"))
    .fix("Have the provider sign the tokens of this application with RS256.");
    Some(finding.proven())
}

/// An issuer must be reached by https.
pub(super) fn issuer_not_https(evidence: &Evidence<'_>) -> Option<Finding> {
    let (_, token) = refused_token(evidence)?;
    let issuer = token.issuer.as_deref().filter(|issuer| !issuer.starts_with("https://"))?;
    let finding = Finding::new("kubernetes_issuer_not_https", Severity::Error, "No Kubernetes API server takes tokens of an issuer without https")
        .seen(format!("iss: {}", clean_line(issuer)))
        .fix("Have the provider reached by https, under an address that the cluster reaches too, and set that as its issuer.");
    Some(finding.proven())
}

/// Where the user name is made from the address, an address that is not verified is refused.
pub(super) fn email_not_verified(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, _) = refused_token(evidence)?;
    let facts = &receiver.carried.as_ref()?.documents.first()?.facts;
    let verified = facts.quoted("email_verified").filter(|value| *value == "false" || *value == "\"false\"")?;
    let finding = Finding::warning("kubernetes_email_not_verified", "The address is not verified, which a cluster refuses where the user name is made from it")
        .seen(format!("email_verified: {verified}"))
        .fix("Verify the address at the provider, or have the administrator make the user name from sub (--oidc-username-claim).");
    Some(finding)
}

/// The groups are elsewhere, and the cluster would have to get them there.
pub(super) fn overage(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, _) = refused_token(evidence)?;
    let facts = &receiver.carried.as_ref()?.documents.first()?.facts;
    let names = facts.quoted("_claim_names").filter(|names| names.contains("groups"))?;
    let finding = Finding::warning("kubernetes_groups_elsewhere", "The token points elsewhere for its groups, where the cluster can’t get them")
        .seen(format!("_claim_names: {}", clean_line(names)))
        .fix("Have fewer groups put into the token of this application: in Entra ID, Groups assigned to the application, or app roles.");
    Some(finding)
}

/// Causes that can't be seen from here, in the order in which an API server checks them.
pub(super) fn look_at(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, token) = refused(evidence)?;
    let title = format!("{} does not take what kubectl sends, and does not say why", cluster(receiver));
    let mut finding = Finding::warning("kubernetes_refused", title).seen("The cluster answers Unauthorized (401)");
    let Some(token) = token.filter(|token| token.readable) else {
        let seen = match receiver.target.as_ref().and_then(|target| target.credential.as_ref()) {
            Some(Credential::Plugin { program }) => {
                format!("The token that {program} gives could not be had for comparing")
            }
            _ => "There is no token to look at".to_owned(),
        };
        return Some(
            finding.seen(seen).fix("The log of the API server has the reason, at the time of the question.").possible(),
        );
    };
    for (name, value) in [("iss", token.issuer.as_deref()), ("alg", token.algorithm.as_deref())] {
        finding = finding.seen(format!("{name}: {}", value.map_or("none".into(), clean_line)));
    }
    finding = finding.seen(format!("aud: {}", clean_line(&token.audience.join(", "))));
    let mut look = vec![
        "The administrator compares these with the cluster’s configuration, in this order: the issuer’s address, letter by letter, a slash at the end too (--oidc-issuer-url, jwt[].issuer.url)".to_owned(),
        "one of the audiences (--oidc-client-id, issuer.audiences)".to_owned(),
    ];
    if token.algorithm.as_deref().is_some_and(|algorithm| algorithm != "RS256") {
        look.push("the algorithm, which has to be allowed as it is not RS256 (--oidc-signing-algs)".to_owned());
    }
    look.push("the claim for the user name, which the token must have (--oidc-username-claim)".to_owned());
    look.push("whether the cluster reaches the issuer for its keys".to_owned());
    let fix = format!("{}. The log of the API server has the reason, at the time of the question.", look.join("; "));
    finding = finding.fix(fix);
    if let Some(snippet) = snippets::issuer(token) {
        finding = finding.snippet("yaml", snippet);
    }
    Some(finding.possible())
}
