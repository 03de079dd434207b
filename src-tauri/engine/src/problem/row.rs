use serde::{Deserialize, Serialize};

/// A row of the table: everything that follows from a [`Code`](super::Code) alone.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What happened, in a few words, without a full stop.
    pub title: &'static str,
    /// What is kept and what to do next, in words that hold for every front end.
    pub hint: &'static str,
    /// The command that mends it, for the command line; empty where there is none.
    pub command: &'static str,
    /// What it is about.
    pub area: Area,
    /// Whether a session that was there is still there.
    pub session_kept: bool,
    /// The exit status of the command line.
    pub exit: u8,
    /// How much it matters.
    pub severity: Severity,
    /// What a window offers, the first being the one most likely wanted.
    pub remedies: &'static [Remedy],
    /// What a window says instead of the title while somebody stays signed in; `HOST` is replaced by the provider's host.
    pub while_signed_in: Option<&'static str>,
    /// Whether a sign-in that failed with it is stored, for `rolecall why` to explain. What the person stopped, and a
    /// network that is down, explain nothing.
    pub explains_sign_in: bool,
    /// Whether a refresh that failed with it is stored likewise, so that nobody is told that all is well.
    pub explains_refresh: bool,
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// What was set or asked for on this computer: a profile, an option.
    Setting,
    /// The address of the issuer.
    Issuer,
    /// Rolecall's files on this computer.
    Files,
    /// A sign-in that did not come to an end.
    SignIn,
    /// The session.
    Session,
    /// The network, or a provider in trouble: it passes without anybody doing anything, and is tried again soon.
    Passing,
    /// What the provider refused.
    Refusal,
    /// An answer of the provider that can't be used.
    Answer,
    /// The key store. It is asked again by the person, not by the clock.
    KeyStore,
}

/// How much a problem, or a finding, matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something expected is not there.
    Warning,
    /// Something is wrong.
    Error,
}

/// What a person can do about a problem in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Sign in.
    SignIn,
    /// Sign in once more, asking for consent, so that a refresh token comes (OpenID Connect Core section 11).
    SignInWithConsent,
    /// Sign in on another device, with a new code for it.
    NewCode,
    /// Sign in, keeping the session in memory only.
    SignInMemoryOnly,
    /// Ask the key store again, which lets it ask for its password.
    Unlock,
    /// Enter the client secret, which goes into the key store.
    ClientSecret,
    /// Correct issuer, client ID and the rest of the connection.
    EditConnection,
    /// Refresh now.
    Refresh,
    /// Dismiss the notice.
    Dismiss,
}

impl Row {
    pub(super) const fn new(area: Area, exit: u8, title: &'static str, hint: &'static str) -> Self {
        let (severity, remedies): (Severity, &'static [Remedy]) = match area {
            Area::Setting | Area::Issuer | Area::Files => (Severity::Warning, &[Remedy::Dismiss]),
            Area::SignIn | Area::Refusal => (Severity::Warning, &[Remedy::SignIn, Remedy::Dismiss]),
            Area::Session => (Severity::Error, &[Remedy::SignIn]),
            Area::Passing => (Severity::Info, &[Remedy::Refresh, Remedy::Dismiss]),
            Area::Answer => (Severity::Error, &[Remedy::SignIn, Remedy::Dismiss]),
            Area::KeyStore => (Severity::Warning, &[Remedy::Unlock, Remedy::SignInMemoryOnly]),
        };
        Self {
            title,
            hint,
            command: "",
            area,
            session_kept: true,
            exit,
            severity,
            remedies,
            while_signed_in: None,
            explains_sign_in: false,
            explains_refresh: false,
        }
    }

    pub(super) const fn command(self, command: &'static str) -> Self {
        Self { command, ..self }
    }

    pub(super) const fn remedies(self, remedies: &'static [Remedy]) -> Self {
        Self { remedies, ..self }
    }

    pub(super) const fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    pub(super) const fn while_signed_in(self, title: &'static str) -> Self {
        Self { while_signed_in: Some(title), ..self }
    }

    pub(super) const fn session_over(self) -> Self {
        Self { session_kept: false, ..self }
    }

    pub(super) const fn explains_sign_in(self) -> Self {
        Self { explains_sign_in: true, ..self }
    }

    pub(super) const fn explains_refresh(self) -> Self {
        Self { explains_refresh: true, ..self }
    }
}
