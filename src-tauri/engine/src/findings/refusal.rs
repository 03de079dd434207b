//! A sign-in that failed, explained: what the provider's refusal means for roles.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Finding, Severity};
use crate::config::Profile;
use crate::oidc::Cause;
use crate::ports::Timestamp;
use crate::problem::{Code, Problem};
use crate::products::Knowledge;
use crate::text::clean_line;

/// A sign-in that failed, as remembered to be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// The row of the problem table.
    pub code: Code,
    /// What was said of it; holds no token.
    pub detail: String,
    /// What lies behind it, where that is known.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// What was asked for.
    #[serde(default)]
    pub asked: Option<String>,
}

impl Refusal {
    /// What to remember of a failed sign-in. What the person themself stopped, and a dead network, explain nothing.
    #[must_use]
    pub fn of(problem: &Problem, at: Timestamp) -> Option<Self> {
        let explains = matches!(
            problem.code,
            Code::ScopeRefused
                | Code::Declined
                | Code::Refused
                | Code::WrongClient
                | Code::AnswerNotTrusted
                | Code::IssuerMismatch
                | Code::NotAnIssuer
                | Code::TimedOut
        );
        explains.then(|| Self::new(problem, at))
    }

    /// What to remember of a problem.
    #[must_use]
    pub fn new(problem: &Problem, at: Timestamp) -> Self {
        Self { at, code: problem.code, detail: clean_line(&problem.detail), cause: problem.cause, asked: None }
    }

    /// The same, with what was asked for then.
    #[must_use]
    pub fn asking(self, profile: &Profile) -> Self {
        Self { asked: Some(clean_line(&asked(profile))), ..self }
    }
}

/// What the failure means: by what lies behind it where that is known, else by its row of the table.
#[must_use]
pub fn explain(profile: &Profile, refusal: &Refusal) -> Finding {
    let product = profile.known_product(None).knowledge();
    let (code, title, fix) = match refusal.cause {
        Some(cause) => by_cause(cause, product),
        None => by_code(refusal.code, product),
    };
    let mut finding = Finding::new(code, Severity::Error, title).fix(fix);
    if !refusal.detail.is_empty() {
        finding = finding.seen(format!("It was said: {}", refusal.detail));
    }
    let asked = refusal.asked.clone().unwrap_or_else(|| asked(profile));
    finding.seen(format!("Asked for: {}", clean_line(&asked)))
}

/// What a profile asks for, in a line.
fn asked(profile: &Profile) -> String {
    let mut asked = profile.scopes.to_string();
    if let Some(audience) = &profile.audience {
        let _ = write!(asked, ", for the API {audience}");
    }
    for (name, value) in &profile.params {
        let _ = write!(asked, ", {name}={value}");
    }
    asked
}

type Explanation = (&'static str, &'static str, String);

fn by_cause(cause: Cause, product: &Knowledge) -> Explanation {
    let general = &Knowledge::GENERIC;
    // What the product says itself goes before what holds everywhere.
    let own =
        |own: &'static str, general: &'static str| if own == general { cause.hint().into() } else { own.to_owned() };
    let both = |text: &'static str, general: &'static str| {
        if text == general { cause.hint().to_owned() } else { format!("{text} {}", cause.hint()) }
    };
    match cause {
        Cause::ClientSecretMissing => (
            "client_secret_needed",
            "The provider wants a client secret from this client",
            both(product.public_client, general.public_client),
        ),
        Cause::ClientSecretWrong => {
            ("client_secret_wrong", "The provider does not take the client secret", cause.hint().into())
        }
        Cause::ClientAssertion => (
            "client_key_needed",
            "The provider wants this client to prove itself with a key or a certificate",
            both(product.public_client, general.public_client),
        ),
        Cause::Dpop => {
            ("dpop_needed", "The provider gives only tokens that are bound to a key (DPoP)", cause.hint().into())
        }
        Cause::ClientUnknown => ("client_unknown", "The provider does not know this client ID", cause.hint().into()),
        Cause::FlowNotAllowed => (
            "flow_not_allowed",
            "This client may not use the authorization code flow",
            both(product.admit, general.admit),
        ),
        Cause::RedirectUri => {
            ("redirect_not_registered", "The callback address is not registered at the provider", cause.hint().into())
        }
        Cause::Scope => (
            "scope_refused",
            "The provider refused a scope that was asked for",
            own(product.refused_scope, general.refused_scope),
        ),
        Cause::OfflineAccess => (
            "offline_access_refused",
            "The provider refused offline_access, the scope for refresh tokens",
            both(product.allow_refresh, general.allow_refresh),
        ),
        Cause::Audience => ("audience_refused", "The provider knows no API by this audience", cause.hint().into()),
        Cause::NotAssigned => {
            ("not_assigned", "The person is not assigned to this application", own(product.admit, general.admit))
        }
        Cause::Policy => {
            ("policy_refused", "A policy of the provider keeps the sign-in out", own(product.admit, general.admit))
        }
        Cause::Consent => ("consent_needed", "Somebody has to consent first", cause.hint().into()),
        Cause::Pkce => {
            ("code_challenge_refused", "The provider refused the code challenge (PKCE)", cause.hint().into())
        }
        Cause::Interaction | Cause::AuthTimeMoved => {
            ("sign_in_again", "Only the person can go on, in a browser", cause.hint().into())
        }
        Cause::EncryptedIdToken => {
            ("token_encrypted", "The ID token is encrypted, so nobody here can read it", cause.hint().into())
        }
        Cause::SharedSecretSignature => (
            "token_not_verifiable",
            "The ID token is signed with a shared secret, which a public client can’t check",
            cause.hint().into(),
        ),
        Cause::UntrustedAudience => (
            "audience_not_trusted",
            "The ID token is made for a further audience, which the profile does not trust",
            cause.hint().into(),
        ),
        Cause::TimeFormat => ("time_format", "The provider writes times in another form", cause.hint().into()),
        Cause::IssuerTemplate | Cause::IssuerSlash | Cause::IssuerPort | Cause::IssuerHost | Cause::IssuerPath => (
            "issuer_mismatch",
            "The provider calls itself by another name than the profile does",
            both(product.issuer_hint, general.issuer_hint),
        ),
    }
}

fn by_code(code: Code, product: &Knowledge) -> Explanation {
    let (code, title, fix) = match code {
        Code::ScopeRefused => {
            ("scope_refused", "The provider refused a scope that was asked for", product.refused_scope)
        }
        Code::AnswerNotTrusted => (
            "answer_not_trusted",
            "The provider’s answer could not be verified, so nothing in it is used",
            "Check that the issuer in the profile is written as the provider writes it, and that both clocks are right. Then sign in again.",
        ),
        Code::IssuerMismatch => {
            ("issuer_mismatch", "The provider calls itself by another name than the profile does", product.issuer_hint)
        }
        Code::NotAnIssuer => (
            "not_an_issuer",
            "No OpenID provider answers at this issuer",
            "Check the address: realm, tenant or server ID are part of it.",
        ),
        Code::TimedOut => (
            "sign_in_stopped",
            "The browser never came back from the provider",
            "If a page of the provider said that access is refused, an access rule there keeps the person out (LemonLDAP::NG, Okta policies). If it said that the callback address is wrong, register the address that Rolecall shows.",
        ),
        _ => ("sign_in_refused", "The provider refused the sign-in", product.admit),
    };
    (code, title, fix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Issuer, Scopes};

    fn profile(issuer: &str) -> Profile {
        Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "desktop".into())
    }

    #[test]
    fn each_cause_has_an_explanation_and_a_way_on_of_its_own() {
        let mut codes = Vec::new();
        for cause in [
            Cause::ClientSecretMissing,
            Cause::ClientAssertion,
            Cause::Dpop,
            Cause::FlowNotAllowed,
            Cause::OfflineAccess,
            Cause::EncryptedIdToken,
            Cause::Pkce,
            Cause::Scope,
            Cause::NotAssigned,
            Cause::RedirectUri,
            Cause::UntrustedAudience,
        ] {
            let problem = Problem::new(Code::Refused, "no").because(Some(cause));
            let told = explain(&profile("https://id.example.org"), &Refusal::new(&problem, Timestamp(0)));
            assert!(!codes.contains(&told.code), "{cause:?}");
            assert!(told.fix.unwrap().len() > 40 && told.evidence.len() == 2, "{cause:?}");
            codes.push(told.code);
        }
    }

    #[test]
    fn the_products_own_words_go_before_those_that_hold_everywhere() {
        let problem = Problem::new(Code::Declined, "User is not assigned").because(Some(Cause::NotAssigned));
        let refusal = Refusal::new(&problem, Timestamp(0));
        let fix = |issuer: &str| explain(&profile(issuer), &refusal).fix.unwrap();
        assert!(fix("https://acme.okta.com").contains("Assignments"));
        assert_eq!(fix("https://id.example.org"), Cause::NotAssigned.hint());
    }

    #[test]
    fn what_was_asked_for_then_is_told_and_not_what_the_profile_asks_for_now() {
        let mut profile = profile("https://id.example.org");
        profile.scopes = Scopes::parse("openid groups");
        let problem = Problem::new(Code::ScopeRefused, "groups is unknown");
        let refusal = Refusal::new(&problem, Timestamp(0)).asking(&profile);
        profile.scopes = Scopes::parse("openid");
        assert_eq!(explain(&profile, &refusal).evidence[1], "Asked for: openid groups");
    }
}
