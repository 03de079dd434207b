//! What front ends draw: [`View`] in a window, [`Menu`] in a tray, [`SessionReport`] on the command line. Types of other
//! modules are drawn only as members of these. No secret is reachable from them; the page's `view.d.ts` is generated from
//! them.

mod comparison;
mod connection;
mod directory;
mod inspection;
mod menu;
mod notice;
mod receiver;
mod session_report;
#[cfg(test)]
mod types;
mod waiting;

use serde::Serialize;

pub use comparison::{CompareChoice, ComparedPair, ComparedSetting, ComparedSide, Comparison, PastedSide};
pub use connection::{Connection, ConnectionEffect, SavedConnection};
pub use directory::{AboutSomebody, DirectoryPanel};
pub use inspection::{CheckState, Expected, InspectedDocument, InspectedPerson, Inspection, SignatureCheck};
pub use menu::{Action, Menu, MenuItem, TrayIcon};
pub use notice::WITHHELD_AFTER_CONSENT;
pub use receiver::KnownClusters;
pub use session_report::SessionReport;
pub use waiting::{CodeUser, OtherDevice, Waiting};

use crate::config::{AccentColor, Expect, Settings};
use crate::findings::Finding;
use crate::history::Change;
use crate::identity::{DocumentReport, Entitlements, Kind};
use crate::ports::Timestamp;
use crate::problem::{Code, Remedy, Severity};
use crate::tokens::TokenKind;

/// Everything a window shows at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct View {
    /// When this was drawn, by the engine's clock, POSIX seconds.
    pub now: Timestamp,
    /// The profiles, in the order of the file.
    pub profiles: Vec<ProfileSummary>,
    /// The name of the selected profile; `None` before the first is set up.
    pub profile: Option<String>,
    /// The screen.
    pub screen: Screen,
    /// What is wrong, shown in line above the content.
    pub notice: Option<Notice>,
    /// A token of ours on the clipboard.
    pub copied: Option<Copied>,
    /// Where sessions are kept.
    pub key_store: KeyStoreInfo,
    /// The settings.
    pub settings: Settings,
    /// What is expected in the selected profile, safe to show.
    pub expect: Expect,
    /// What in the configuration file is passed over, and why, one sentence each.
    pub warnings: Vec<String>,
    /// Another version of the program was installed over it, and comes with the next start.
    pub updated: bool,
}

impl View {
    /// Whether this differs from another in nothing but when it was drawn.
    #[must_use]
    pub fn draws_the_same_as(&self, other: &Self) -> bool {
        // Taken apart, so that a new member can't be forgotten here.
        let Self { now: _, profiles, profile, screen, notice, copied, key_store, settings, expect, warnings, updated } =
            self;
        *profiles == other.profiles
            && *profile == other.profile
            && *screen == other.screen
            && *notice == other.notice
            && *copied == other.copied
            && *key_store == other.key_store
            && *settings == other.settings
            && *expect == other.expect
            && *warnings == other.warnings
            && *updated == other.updated
    }
}

/// One profile in the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// The host of its issuer, port included where it is not the usual one.
    pub host: String,
    /// Its accent colour.
    pub accent_color: AccentColor,
    /// Its state.
    pub state: ProfileState,
    /// Who is, or was, signed in.
    pub who: Option<String>,
    /// When the access token ends.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub expires_at: Option<Timestamp>,
}

/// The state of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// Signed in.
    SignedIn,
    /// Nobody is signed in.
    SignedOut,
    /// A sign-in is under way.
    Waiting,
    /// The provider ended the session.
    Ended,
    /// The key store is locked, missing or failing.
    Locked,
}

/// The screen in the middle of the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Screen {
    /// No profile yet.
    SetUp,
    /// Nobody is signed in.
    SignedOut {
        /// The host of the issuer.
        host: String,
        /// Who was signed in last, and when the session was last refreshed.
        last: Option<LastSignIn>,
    },
    /// The person is in the browser.
    Waiting(Box<Waiting>),
    /// Somebody is signed in.
    SignedIn(Box<SignedIn>),
    /// Somebody was signed in: the session ended, or the key store does not give it out.
    Inactive(Box<Inactive>),
}

/// Who was signed in last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LastSignIn {
    /// The name.
    pub name: String,
    /// The last refresh, POSIX seconds.
    pub at: Timestamp,
}

/// Who a person is, for the badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Badge {
    /// The name.
    pub name: String,
    /// One or two letters to show instead of a picture.
    pub initials: String,
    /// The email address.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: Option<bool>,
    /// The host of the issuer.
    pub host: String,
    /// The subject.
    pub subject: String,
    /// The provider is reached over plain HTTP, so nothing it sends is protected by TLS. Only one on this computer is.
    pub plain_http: bool,
}

/// Somebody is signed in.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each drawn on its own")]
pub struct SignedIn {
    /// Who.
    pub badge: Badge,
    /// When the access token was issued, POSIX seconds.
    pub issued_at: Timestamp,
    /// When it ends; `None` when the provider did not say.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub expires_at: Option<Timestamp>,
    /// When Rolecall refreshes automatically; `None` when it does not.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub refresh_at: Option<Timestamp>,
    /// When roles and groups were last read, POSIX seconds.
    pub refreshed_at: Timestamp,
    /// A refresh is under way.
    pub refreshing: bool,
    /// The tokens themselves are available (not while only the remembered identity is shown), so copying works.
    pub tokens_ready: bool,
    /// The provider gave a refresh token.
    pub has_refresh_token: bool,
    /// The session is in memory only and ends with the program.
    pub memory_only: bool,
    /// What the last refresh changed.
    pub changes: Vec<Change>,
    /// Roles, groups, permissions. Where the directory was asked, it is one of their sources; what it alone has is among
    /// them.
    pub entitlements: Entitlements,
    /// The documents that were read.
    pub documents: Vec<DocumentReport>,
    /// Values the person may have set themself; nothing relies on them.
    pub self_asserted: Entitlements,
    /// Expected by the profile and not received.
    pub missing: Vec<Missing>,
    /// What is missing or odd.
    pub findings: Vec<Finding>,
    /// The provider's own directory.
    pub directory: DirectoryPanel,
}

/// A role or group that is expected and not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Missing {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub value: String,
}

/// Somebody was signed in.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Inactive {
    /// Who.
    pub badge: Badge,
    /// Why not now.
    pub why: InactiveReason,
    /// When roles and groups were last read, POSIX seconds.
    pub refreshed_at: Timestamp,
    /// Roles, groups and permissions at that time.
    pub entitlements: Entitlements,
}

/// Why somebody who was signed in is not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum InactiveReason {
    /// The provider ended the session.
    Ended,
    /// The key store is locked, missing or failing.
    Locked,
}

/// Something is wrong. Says what happened, what is kept, what to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
    /// The row of the problem table.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What happened, a short sentence.
    pub title: String,
    /// What is kept and what next.
    pub text: String,
    /// What the person can do, the first being the one most likely wanted.
    pub remedies: Vec<Remedy>,
}

/// A token of ours is on the clipboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Copied {
    /// Which token.
    pub what: TokenKind,
    /// When it was put there, POSIX seconds.
    pub at: Timestamp,
    /// When it is removed from the clipboard, POSIX seconds.
    pub until: Timestamp,
}

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeyStoreInfo {
    /// The name people know it by.
    pub name: String,
    /// Its state.
    pub state: KeyStoreState,
    /// It has not answered for a second or more: most often it is asking for its password, in a window of its own.
    pub asking: bool,
}

/// The state of the key store, as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyStoreState {
    /// Not asked yet.
    Unknown,
    /// It answered.
    Works,
    /// Locked.
    Locked,
    /// Not there.
    Missing,
    /// Answers with errors or not at all.
    Failing,
}

/// What a live check of an issuer found, for the set-up screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IssuerCheck {
    /// The issuer as the provider writes it; `None` when the check failed.
    pub issuer: Option<String>,
    /// What provider it looks like.
    pub provider: crate::config::Product,
    /// What was found, each a word or two: Reachable, OpenID, PKCE, Refresh, Sign-out.
    pub found: Vec<String>,
    /// What the discovery document lacks.
    pub lacks: Vec<String>,
    /// Why it failed, with what to do; `None` when it did not.
    pub notice: Option<Notice>,
    /// A value that would be right, to offer as a button.
    pub suggestion: Option<String>,
    /// The callback addresses that a new profile with this issuer and [`IssuerCheck::set_up_for`] uses, to be registered at
    /// the provider; empty where nothing has to be registered, `None` where the check failed.
    pub redirects: Option<Vec<String>>,
    /// The product to set a new profile up for: the one that was chosen, or the one recognised for sure.
    pub set_up_for: Option<crate::config::Product>,
    /// Whether the provider names itself in its answers (RFC 9207); `None` where the check failed.
    pub names_itself: Option<bool>,
}

/// The fields of the set-up screen, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Draft {
    /// The name of the profile; made from the issuer when empty.
    pub name: String,
    /// The issuer, domain or discovery link.
    pub issuer: String,
    /// The client ID.
    pub client_id: String,
    /// The API audience.
    pub audience: String,
    /// The scopes, as people paste them; the usual ones when empty.
    pub scopes: String,
    /// The provider chosen from the tiles.
    pub provider: Option<crate::config::Product>,
}

/// An NGINX file as fields of the set-up screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NginxDraft {
    /// The fields, with the issuer confirmed.
    pub draft: Draft,
    /// What was taken over.
    pub taken: Vec<String>,
    /// What was not, with why.
    pub not_taken: Vec<String>,
}
