//! A sign-in that failed, explained: what the provider's refusal means for roles.

use super::{Finding, Severity};
use crate::config::Profile;
use crate::problem::{Cause, Code};
use crate::products::Knowledge;
use crate::session::{Refusal, asked_for};
use crate::text::clean_line;

/// The finding for a failure: by its cause where that is known, else by its row of the table.
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
    let asked = refusal.asked.clone().unwrap_or_else(|| asked_for(profile));
    finding.seen(format!("Asked for: {}", clean_line(&asked)))
}

type Explanation = (&'static str, &'static str, String);

fn by_cause(cause: Cause, product: &Knowledge) -> Explanation {
    let general = &Knowledge::GENERIC;
    let row = cause.row();
    // What the product says itself goes before what holds everywhere.
    let own = |own: &'static str, general: &'static str| if own == general { row.hint } else { own }.to_owned();
    let both = |text: &'static str, general: &'static str| {
        if text == general { row.hint.to_owned() } else { format!("{text} {}", row.hint) }
    };
    let fix = match cause {
        Cause::ClientSecretMissing | Cause::ClientAssertion => both(product.public_client, general.public_client),
        Cause::FlowNotAllowed => both(product.admit, general.admit),
        Cause::Scope => own(product.refused_scope, general.refused_scope),
        Cause::OfflineAccess => both(product.allow_refresh, general.allow_refresh),
        Cause::NotAssigned | Cause::Policy => own(product.admit, general.admit),
        Cause::IssuerTemplate | Cause::IssuerSlash | Cause::IssuerPort | Cause::IssuerHost | Cause::IssuerPath => {
            both(product.issuer_hint, general.issuer_hint)
        }
        _ => row.hint.to_owned(),
    };
    (row.finding, row.title, fix)
}

// Not columns of the table of problems: the fix is the product's, and only what can stop a sign-in is explained.
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
            "If a page of the provider said that access is refused, an access rule there keeps the person out (LemonLDAP::NG, Okta policies). If it said that the callback address is wrong, register the address above as it stands, path included. Where the provider compares the port, too, give the profile a fixed one and register that: rolecall login --redirect-port 47825.",
        ),
        Code::Cancelled => (
            "sign_in_cut_off",
            "A sign-in was cut off before what the provider gave was stored",
            "Sign in again. Where the provider lists your sessions, end the one that nobody uses; otherwise it ends by itself.",
        ),
        _ => ("sign_in_refused", "The provider refused the sign-in", product.admit),
    };
    (code, title, fix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Issuer, Scopes};
    use crate::ports::Timestamp;
    use crate::problem::Problem;

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
        assert_eq!(fix("https://id.example.org"), Cause::NotAssigned.row().hint);
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
