//! The model as a view. Pure.

use std::time::Duration;

use super::model::{Account, Attempt, Model, TokensAt};
use crate::config::{Expect, Profile};
use crate::findings::{Evidence, findings};
use crate::ports::{KEY_STORE_NAME, Reading, Timestamp};
use crate::problem::{Code, Problem};
use crate::session::{End, Standing, refresh_at};
use crate::text::visible;
use crate::tokens::seconds;
use crate::view::{
    Away, AwayReason, Badge, KeyStoreLine, LastHere, Missing, ProfileLine, ProfileState, Screen, SignedIn, Trouble,
    View, Waiting,
};

impl Model {
    pub(super) fn draw(&self, clocks: Reading) -> View {
        let now = clocks.wall;
        let front = self.front();
        let nothing = Account::default();
        let account = front.and_then(|profile| self.accounts.get(&profile.key())).unwrap_or(&nothing);
        View {
            now,
            profiles: self.config.profiles.iter().map(|profile| self.line(profile)).collect(),
            profile: front.map(|profile| profile.name.to_string()),
            screen: front.map_or(Screen::SetUp, |profile| screen(profile, account, self, now)),
            trouble: self.trouble(front, account, clocks.boot),
            copied: self.copied.clone(),
            key_store: KeyStoreLine { name: KEY_STORE_NAME.into(), state: self.key_store },
            settings: self.config.settings.clone(),
            expect: front.map(|profile| safe(&profile.expect)).unwrap_or_default(),
        }
    }

    fn line(&self, profile: &Profile) -> ProfileLine {
        let account = self.accounts.get(&profile.key());
        let state = account.map_or(ProfileState::SignedOut, state);
        ProfileLine {
            name: profile.name.to_string(),
            host: profile.issuer.host(),
            accent_color: profile.accent_color,
            state,
            who: account.and_then(Account::standing).map(|standing| standing.identity.name.clone()),
            expires_at: account
                .filter(|_| state == ProfileState::SignedIn)
                .and_then(Account::standing)
                .and_then(|standing| standing.expires_at),
        }
    }

    fn trouble(&self, front: Option<&Profile>, account: &Account, now: Duration) -> Option<Trouble> {
        let Some(profile) = front else { return self.general.as_ref().map(Trouble::of) };
        if account.waiting.is_some() {
            return None;
        }
        if let Some(problem) = &account.trouble {
            return Some(explain(problem, profile, account, now));
        }
        match &account.tokens {
            TokensAt::Behind(problem) => Some(Trouble::of(problem)),
            TokensAt::Nowhere => match account.last.as_ref().and_then(|last| last.end.as_ref()) {
                Some(End::ByProvider { at, words }) => Some(Trouble::ended(&profile.issuer.host(), *at, words)),
                Some(End::SignedOut { .. }) | None => None,
            },
            TokensAt::Stored(standing) if standing.unsaved => Some(Trouble::unsaved()),
            TokensAt::Stored(standing) if standing.refresh_token_withheld && !account.withheld_dismissed => {
                Some(Trouble::of(&Problem::new(Code::RefreshTokenWithheld, "")))
            }
            TokensAt::Stored(_) | TokensAt::Unknown => None,
        }
        .or_else(|| self.general.as_ref().map(Trouble::of))
    }
}

fn explain(problem: &Problem, profile: &Profile, account: &Account, now: Duration) -> Trouble {
    let signed_in = matches!(account.tokens, TokensAt::Stored(_));
    match (problem.code, account.standing()) {
        (Code::Unreachable | Code::ProviderFailing | Code::UntrustedCertificate, Some(standing)) if signed_in => {
            let next = account.retry.map(|retry| seconds(retry.at.saturating_sub(now)));
            Trouble::offline(problem, &profile.issuer.host(), standing.refreshed_at, next)
        }
        _ => Trouble::of(problem),
    }
}

fn state(account: &Account) -> ProfileState {
    if account.waiting.is_some() {
        return ProfileState::Waiting;
    }
    let ended = account.last.as_ref().and_then(|last| last.end.as_ref());
    match (&account.tokens, ended) {
        (TokensAt::Stored(_), _) => ProfileState::SignedIn,
        (TokensAt::Behind(_), None) if account.last.is_some() => ProfileState::Locked,
        (TokensAt::Unknown, None) if account.last.is_some() => ProfileState::SignedIn,
        (TokensAt::Nowhere | TokensAt::Unknown, Some(End::ByProvider { .. })) => ProfileState::Ended,
        _ => ProfileState::SignedOut,
    }
}

fn screen(profile: &Profile, account: &Account, model: &Model, now: Timestamp) -> Screen {
    if let Some(attempt) = &account.waiting {
        return Screen::Waiting(waiting(profile, attempt));
    }
    match (state(account), account.standing()) {
        (ProfileState::SignedIn, Some(standing)) => {
            Screen::SignedIn(Box::new(signed_in(profile, account, standing, model.config.settings.auto_refresh, now)))
        }
        (ProfileState::Ended, Some(standing)) => away(profile, standing, AwayReason::Ended),
        (ProfileState::Locked, Some(standing)) => away(profile, standing, AwayReason::Locked),
        (_, standing) => Screen::SignedOut {
            host: profile.issuer.host(),
            last: standing.map(|standing| LastHere { name: standing.identity.name.clone(), at: standing.refreshed_at }),
        },
    }
}

fn waiting(profile: &Profile, attempt: &Attempt) -> Waiting {
    Waiting {
        host: profile.issuer.host(),
        step: attempt.step,
        browser_opened: attempt.opened,
        started_at: attempt.started_at,
        deadline: attempt.deadline,
    }
}

fn signed_in(profile: &Profile, account: &Account, standing: &Standing, by_itself: bool, now: Timestamp) -> SignedIn {
    let evidence = Evidence::of(profile, standing, now);
    SignedIn {
        badge: badge(profile, standing),
        issued_at: standing.issued_at,
        expires_at: standing.expires_at,
        refresh_at: refresh_at(standing).filter(|_| by_itself),
        refreshed_at: standing.refreshed_at,
        refreshing: account.refreshing,
        tokens_ready: matches!(account.tokens, TokensAt::Stored(_)),
        has_refresh_token: standing.has_refresh_token,
        memory_only: standing.memory_only,
        brought: standing.brought.clone(),
        entitlements: standing.identity.entitlements.clone(),
        documents: standing.identity.documents.clone(),
        own_word: standing.identity.own_word.clone(),
        missing: missing(&evidence),
        findings: findings(&evidence),
    }
}

fn safe(expect: &Expect) -> Expect {
    let safe = |names: &[String]| names.iter().map(|name| visible(name, 1000)).collect();
    Expect { roles: safe(&expect.roles), groups: safe(&expect.groups) }
}

fn missing(evidence: &Evidence<'_>) -> Vec<Missing> {
    evidence.expected_missing().map(|(kind, value)| Missing { kind, value: visible(value, 1000) }).collect()
}

fn away(profile: &Profile, standing: &Standing, why: AwayReason) -> Screen {
    Screen::Away(Box::new(Away {
        badge: badge(profile, standing),
        why,
        refreshed_at: standing.refreshed_at,
        entitlements: standing.identity.entitlements.clone(),
    }))
}

fn badge(profile: &Profile, standing: &Standing) -> Badge {
    let identity = &standing.identity;
    Badge {
        name: identity.name.clone(),
        initials: initials(&identity.name),
        email: identity.email.clone(),
        email_verified: identity.email_verified,
        host: profile.issuer.host(),
        subject: identity.subject.clone(),
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_last_word() {
        assert_eq!(initials("Ed Itor"), "EI");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("Jan van der Berg"), "JB");
        assert_eq!(initials("  "), "");
    }
}
