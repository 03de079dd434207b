//! What providers say in their own words. Nowhere else does a decision depend on the text of a description.
//!
//! The standards leave the description of an error free, and many providers put into it what decides. Each list holds
//! phrases that providers are known to use, in small letters.

use crate::problem::Cause;

/// What was sent, as far as it can be the reason of a refusal.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent<'a> {
    /// The scopes that were asked for, separated by blanks; empty where none were sent.
    pub(super) scopes: &'a str,
    /// Whether a client secret was sent.
    pub(super) secret: bool,
}

/// The cause of a refusal with this error code and description.
pub(super) fn cause(error: &str, description: &str, sent: Sent<'_>) -> Option<Cause> {
    let text = format!("{error} {description}").to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if says(&["dpop"]) {
        return Some(Cause::Dpop);
    }
    if says(&["client_secret", "client secret", "clientsecret"]) {
        let wrong = sent.secret || says(&["invalid client secret", "wrong", "incorrect", "7000215", "7000222"]);
        return Some(if wrong { Cause::ClientSecretWrong } else { Cause::ClientSecretMissing });
    }
    if says(&["client_assertion", "private_key_jwt", "tls_client_auth", "mutual tls", "client certificate"]) {
        return Some(Cause::ClientAssertion);
    }
    if error == "invalid_client" && says(&["authentic", "credential"]) {
        return Some(if sent.secret { Cause::ClientSecretWrong } else { Cause::ClientSecretMissing });
    }
    if says(&[
        "redirect_uri",
        "redirect uri",
        "redirect url",
        "callback url",
        "callback uri",
        "reply url",
        "reply address",
        "50011",
    ]) {
        return Some(Cause::RedirectUri);
    }
    if says(&["code_challenge", "code challenge", "pkce", "code_verifier", "code verifier"]) {
        return Some(Cause::Pkce);
    }
    if says(&["standard flow", "response_type", "response type", "grant type", "grant_type"]) {
        return Some(Cause::FlowNotAllowed);
    }
    if says(&["scope", "offline token", "offline access", "70011", "650053"]) {
        return Some(scope_cause(description, &text, sent));
    }
    if says(&["invalid_target", "audience", "service not found", "resource server", "resource principal", "500011"]) {
        return Some(Cause::Audience);
    }
    if says(&["not assigned", "50105", "not authorized to access this app", "no access to this app"]) {
        return Some(Cause::NotAssigned);
    }
    if says(&["policy", "policies", "conditional access", "53003", "53000"]) {
        return Some(Cause::Policy);
    }
    if matches!(error, "interaction_required" | "login_required" | "account_selection_required") {
        return Some(Cause::Interaction);
    }
    if says(&["consent", "65001"]) {
        return Some(Cause::Consent);
    }
    let unknown_client = ["client not found", "unknown client", "client_id", "client id", "700016", "application"];
    if matches!(error, "invalid_client" | "unauthorized_client") || error == "invalid_request" && says(&unknown_client)
    {
        return Some(Cause::ClientUnknown);
    }
    None
}

/// Which scope it is about. Some list all that were asked for, so one counts only where it is named alone.
fn scope_cause(description: &str, text: &str, sent: Sent<'_>) -> Cause {
    let is_between = |c: char| !(c.is_alphanumeric() || "_-:./".contains(c));
    let asked: Vec<&str> = sent.scopes.split_whitespace().collect();
    let named: Vec<&str> =
        description.split(is_between).filter(|word| *word != "openid" && asked.contains(word)).collect();
    let offline = match *named.as_slice() {
        [one] => one == "offline_access",
        [] => text.contains("offline"),
        _ => false,
    };
    if offline { Cause::OfflineAccess } else { Cause::Scope }
}

/// Whether a refusal of a refresh says for certain that the refresh token, or the session it belongs to, is over. A token
/// is deleted only then.
pub(super) fn ends_session(error: &str, description: &str) -> bool {
    if error == "invalid_grant" {
        return true;
    }
    let text = description.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(&["refresh token", "refresh_token", "session", "token was", "token has", "token is", "grant"])
        && says(&[
            "expired",
            "revoked",
            "not found",
            "not active",
            "inactive",
            "already used",
            "already been used",
            "no longer valid",
            "does not exist",
            "doesn't exist",
            "terminated",
            "logged out",
        ])
}

/// Whether `server_error` is explained by something that waiting does not mend.
pub(super) fn is_no_outage(description: &str) -> bool {
    let text = description.to_lowercase();
    let outage = ["internal", "unexpected", "try again", "unavailable", "timeout", "timed out", "temporar", "later"];
    !text.trim().is_empty() && !outage.iter().any(|phrase| text.contains(phrase))
}
