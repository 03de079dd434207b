//! The model as a view. Pure.

use std::time::Duration;

use super::directory::panel;
use super::model::{Model, PendingPerson, PendingSignIn, ProfileModel, SessionState};
use crate::config::{Expect, Profile};
use crate::engine::DeviceCode;
use crate::findings::{Evidence, findings};
use crate::ports::{ClockReading, KEY_STORE_NAME, Timestamp};
use crate::problem::Problem;
use crate::session::{End, SessionSummary, refresh_at};
use crate::text::{initials, visible};
use crate::tokens::seconds;
use crate::view::{
    Badge, CodeUser, Inactive, InactiveReason, KeyStoreInfo, LastSignIn, Missing, Notice, OtherDevice, ProfileState,
    ProfileSummary, Screen, SignedIn, View, Waiting,
};

impl Model {
    pub(super) fn draw(&self, clocks: ClockReading) -> View {
        let now = clocks.wall;
        let active = self.active();
        let nothing = ProfileModel::default();
        let account = active.and_then(|profile| self.accounts.get(&profile.key())).unwrap_or(&nothing);
        View {
            now,
            profiles: self.config.profiles.iter().map(|profile| self.line(profile)).collect(),
            profile: active.map(|profile| profile.name.to_string()),
            screen: active.map_or(Screen::SetUp, |profile| screen(profile, account, self, now)),
            notice: self.notice(active, account, clocks.boot),
            copied: self.copied.clone(),
            key_store: KeyStoreInfo { name: KEY_STORE_NAME.into(), state: self.key_store, asking: self.key_store_asks },
            settings: self.config.settings.clone(),
            expect: active.map(|profile| safe(&profile.expect)).unwrap_or_default(),
            updated: self.updated,
            warnings: self.config.warnings.iter().map(|warning| visible(warning, 300)).collect(),
        }
    }

    fn line(&self, profile: &Profile) -> ProfileSummary {
        let account = self.accounts.get(&profile.key());
        let state = account.map_or(ProfileState::SignedOut, state);
        ProfileSummary {
            name: profile.name.to_string(),
            host: profile.issuer.host(),
            accent_color: profile.accent_color,
            state,
            who: account.and_then(ProfileModel::summary).map(|summary| summary.identity.name.clone()),
            expires_at: account
                .filter(|_| state == ProfileState::SignedIn)
                .and_then(ProfileModel::summary)
                .and_then(|summary| summary.expires_at),
        }
    }

    fn notice(&self, active: Option<&Profile>, account: &ProfileModel, now: Duration) -> Option<Notice> {
        let Some(profile) = active else { return self.general.as_ref().map(Notice::of) };
        if account.sign_in.is_some() {
            return None;
        }
        if let Some(problem) = &account.problem {
            return Some(explain(problem, profile, account, now));
        }
        match &account.session {
            SessionState::Unreadable(problem) => Some(Notice::of(problem)),
            SessionState::Absent => match account.last.as_ref().and_then(|last| last.end.as_ref()) {
                Some(End::ByProvider { at, words }) => Some(Notice::ended(&profile.issuer.host(), *at, words)),
                Some(End::SignedOut { .. }) | None => None,
            },
            SessionState::Present(summary) if summary.unsaved => Some(Notice::unsaved()),
            SessionState::Present(summary) if summary.refresh_token_withheld && !account.withheld_dismissed => {
                Some(Notice::refresh_token_withheld(profile.ask_consent))
            }
            SessionState::Present(_) | SessionState::Unknown => None,
        }
        .or_else(|| self.general.as_ref().map(Notice::of))
    }
}

fn explain(problem: &Problem, profile: &Profile, account: &ProfileModel, now: Duration) -> Notice {
    let offline = || {
        let SessionState::Present(summary) = &account.session else { return None };
        let next = account.retry.map(|retry| seconds(retry.at.saturating_sub(now)));
        Notice::offline(problem, &profile.issuer.host(), summary.refreshed_at, next)
    };
    offline().unwrap_or_else(|| Notice::of(problem))
}

fn state(account: &ProfileModel) -> ProfileState {
    if account.sign_in.is_some() {
        return ProfileState::Waiting;
    }
    let ended = account.last.as_ref().and_then(|last| last.end.as_ref());
    match (&account.session, ended) {
        (SessionState::Present(_), _) => ProfileState::SignedIn,
        (SessionState::Unreadable(_), None) if account.last.is_some() => ProfileState::Locked,
        (SessionState::Unknown, None) if account.last.is_some() => ProfileState::SignedIn,
        (SessionState::Absent | SessionState::Unknown, Some(End::ByProvider { .. })) => ProfileState::Ended,
        _ => ProfileState::SignedOut,
    }
}

fn screen(profile: &Profile, account: &ProfileModel, model: &Model, now: Timestamp) -> Screen {
    if let Some(pending) = &account.sign_in {
        return Screen::Waiting(Box::new(waiting(profile, pending)));
    }
    match (state(account), account.summary()) {
        (ProfileState::SignedIn, Some(summary)) => {
            Screen::SignedIn(Box::new(signed_in(profile, account, summary, model.config.settings.auto_refresh, now)))
        }
        (ProfileState::Ended, Some(summary)) => inactive(profile, summary, InactiveReason::Ended),
        (ProfileState::Locked, Some(summary)) => inactive(profile, summary, InactiveReason::Locked),
        (_, summary) => Screen::SignedOut {
            host: profile.issuer.host(),
            last: summary.map(|summary| LastSignIn { name: summary.identity.name.clone(), at: summary.refreshed_at }),
        },
    }
}

fn waiting(profile: &Profile, pending: &PendingSignIn) -> Waiting {
    Waiting {
        host: profile.issuer.host(),
        step: pending.step,
        browser_opened: pending.opened,
        started_at: pending.started_at,
        deadline: pending.deadline,
        device: pending.device.as_ref().map(|code| other_device(code, pending.person.as_ref())),
    }
}

fn other_device(code: &DeviceCode, asked: Option<&PendingPerson>) -> OtherDevice {
    let address = code.address.as_str();
    let row = |row: Vec<bool>| row.into_iter().map(|dark| if dark { '1' } else { '0' }).collect();
    OtherDevice {
        user_code: code.user_code.clone(),
        address: address.strip_prefix("https://").unwrap_or(address).trim_end_matches('/').to_owned(),
        has_link: code.link.is_some(),
        picture: code.picture().into_iter().flatten().map(row).collect(),
        person: asked.map(code_user),
    }
}

fn code_user(PendingPerson { person, at, .. }: &PendingPerson) -> CodeUser {
    let badge = Badge {
        name: person.name.clone(),
        initials: initials(&person.name),
        email: person.email.clone(),
        email_verified: person.email_verified,
        host: person.host.clone(),
        subject: person.subject.clone(),
        plain_http: person.plain_http,
    };
    CodeUser { badge, instead_of: person.instead_of.clone(), at: *at }
}

fn signed_in(
    profile: &Profile,
    account: &ProfileModel,
    summary: &SessionSummary,
    by_itself: bool,
    now: Timestamp,
) -> SignedIn {
    let directory = account.directory.about(&summary.identity.subject);
    let evidence = Evidence::of(profile, summary, now).with_directory(directory);
    let entitlements = &summary.identity.entitlements;
    SignedIn {
        badge: badge(profile, summary),
        issued_at: summary.issued_at,
        expires_at: summary.expires_at,
        refresh_at: refresh_at(summary).filter(|_| by_itself),
        refreshed_at: summary.refreshed_at,
        refreshing: account.refreshing,
        tokens_ready: matches!(account.session, SessionState::Present(_)),
        has_refresh_token: summary.has_refresh_token,
        memory_only: summary.memory_only,
        changes: summary.changes.clone(),
        entitlements: directory
            .map_or_else(|| entitlements.clone(), |directory| entitlements.with_directory(directory)),
        documents: summary.identity.documents.clone(),
        self_asserted: summary.identity.self_asserted.clone(),
        missing: missing(&evidence),
        findings: findings(&evidence),
        directory: panel(profile, account, summary),
    }
}

fn safe(expect: &Expect) -> Expect {
    let safe = |names: &[String]| names.iter().map(|name| visible(name, 1000)).collect();
    Expect { roles: safe(&expect.roles), groups: safe(&expect.groups) }
}

fn missing(evidence: &Evidence<'_>) -> Vec<Missing> {
    evidence.expected_missing().map(|(kind, value)| Missing { kind, value: visible(value, 1000) }).collect()
}

fn inactive(profile: &Profile, summary: &SessionSummary, why: InactiveReason) -> Screen {
    Screen::Inactive(Box::new(Inactive {
        badge: badge(profile, summary),
        why,
        refreshed_at: summary.refreshed_at,
        entitlements: summary.identity.entitlements.clone(),
    }))
}

fn badge(profile: &Profile, summary: &SessionSummary) -> Badge {
    let identity = &summary.identity;
    Badge {
        name: identity.name.clone(),
        initials: initials(&identity.name),
        email: identity.email.clone(),
        email_verified: identity.email_verified,
        host: profile.issuer.host(),
        subject: identity.subject.clone(),
        plain_http: profile.issuer.url().scheme() == "http",
    }
}
