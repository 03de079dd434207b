//! Rules about whose credential was used.

use super::{accepted, cluster, credential};
use crate::findings::{Evidence, Finding, Severity};
use crate::receivers::{Credential, ReceiverAnswer};
use crate::text::clean_line;

/// Nothing was shown that the cluster looks at.
pub(super) fn anonymous(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, seen) = accepted(evidence)?;
    if !receiver.is_anonymous() {
        return None;
    }
    let title = format!("{} takes kubectl for nobody in particular", cluster(receiver));
    let finding = Finding::new("kubernetes_anonymous", Severity::Error, title)
        .seen(format!("User: {}", seen.username))
        .fix("It does not look at the token at all: it has no OpenID Connect issuer configured, or a proxy in front of it takes the token away. The administrator sets --oidc-issuer-url or an AuthenticationConfiguration.");
    Some(finding.proven())
}

/// The credential is not a token, so no provider is involved.
pub(super) fn other_credential(evidence: &Evidence<'_>) -> Option<Finding> {
    let receiver = evidence.receiver?;
    if matches!(receiver.answer, ReceiverAnswer::CouldNotAsk(_)) {
        return None;
    }
    let shown = match credential(receiver)? {
        Credential::Certificate => "a client certificate".to_owned(),
        Credential::Password => "a password".to_owned(),
        Credential::AuthProvider { name } => format!("what the auth provider {name} of old kubectl versions gives"),
        Credential::Plugin { .. } | Credential::Token | Credential::TokenFile | Credential::Nothing => return None,
    };
    let user = receiver.target.as_ref().map_or("", |target| target.user.as_str());
    let mut finding =
        Finding::warning("kubernetes_other_credential", format!("kubectl shows {shown}, not a token of this provider"))
            .seen(format!("The kubeconfig’s user: {}", clean_line(user)));
    if let Some(seen) = receiver.seen_as() {
        finding = finding.seen(format!("The cluster sees: {}", seen.username));
    }
    let fix = "What the provider puts into its tokens does not matter to this context. Choose a context whose user gets a token of the provider, or give the user a credential plug-in such as kubelogin.";
    Some(finding.fix(fix).proven())
}

/// The token is about somebody else, or from elsewhere.
pub(super) fn somebody_else(evidence: &Evidence<'_>) -> Option<Finding> {
    let receiver = evidence.receiver?;
    let token = receiver.token.as_ref().filter(|token| token.same_person == Some(false))?;
    let elsewhere = token.issuer.as_deref() != Some(evidence.request.issuer);
    let title = if elsewhere {
        "kubectl’s token is from another issuer than this profile’s"
    } else {
        "kubectl signs in as somebody else than this profile"
    };
    let none = "not told";
    let person =
        |issuer: &str, subject: &str| format!("issuer {}, subject {}", clean_line(issuer), clean_line(subject));
    let mut finding = Finding::new("kubernetes_somebody_else", Severity::Error, title)
        .seen(format!(
            "kubectl’s token: {}",
            person(token.issuer.as_deref().unwrap_or(none), token.subject.as_deref().unwrap_or(none))
        ))
        .seen(format!(
            "Profile {}: {}",
            evidence.request.profile,
            person(&evidence.identity.issuer, &evidence.identity.subject)
        ));
    if let Some(seen) = receiver.seen_as() {
        finding = finding.seen(format!("The cluster sees: {}", seen.username));
    }
    let fix = match credential(receiver) {
        Some(Credential::Plugin { program }) => format!(
            "{program} keeps a session of its own. Sign out there and in again as the person you mean, or ask with the profile of the person kubectl uses."
        ),
        _ => "Put a token of the person you mean into the kubeconfig’s user, or ask with the profile of the person kubectl uses.".into(),
    };
    Some(finding.fix(fix).proven())
}

/// The token was not available, and the user name ends with nothing that is known of the person.
pub(super) fn not_told(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, seen) = accepted(evidence)?;
    let is_token =
        matches!(credential(receiver), Some(Credential::Plugin { .. } | Credential::Token | Credential::TokenFile));
    let readable = receiver.token.as_ref().is_some_and(|token| token.readable);
    if !is_token || readable || receiver.is_anonymous() || seen.username_from.is_some() {
        return None;
    }
    let finding = Finding::warning("kubernetes_who", "It can’t be told whether the cluster means you")
        .seen(format!("The cluster sees: {}", seen.username))
        .seen(format!("This profile: subject {}", clean_line(&evidence.identity.subject)))
        .seen(if receiver.token.is_some() {
            "kubectl’s token is not a JWT"
        } else {
            "kubectl’s token could not be had for comparing"
        })
        .fix("See with the kubeconfig’s plug-in whose token it gives.");
    Some(finding.possible())
}

/// The same person, signed in through another application: what its tokens carry may differ.
pub(super) fn other_client(evidence: &Evidence<'_>) -> Option<Finding> {
    let receiver = evidence.receiver?;
    let token = receiver.token.as_ref().filter(|token| token.same_person == Some(true))?;
    let client = evidence.request.client_id;
    if token.audience.is_empty() || token.audience.iter().any(|audience| audience == client) {
        return None;
    }
    let finding = Finding::info("kubernetes_other_client", "kubectl’s token was made for another application than this profile’s")
        .seen(format!("kubectl’s token is for: {}", clean_line(&token.audience.join(", "))))
        .seen(format!("This profile’s client: {}", clean_line(client)))
        .fix("Providers decide for each application what goes into its tokens. What counts for the cluster is set up for the application that kubectl uses.");
    Some(finding)
}
