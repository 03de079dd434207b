//! Errors for people: one table of what went wrong, what is kept and what to do next.
//!
//! Every front end reads the same row; nobody matches on message text.

use std::fmt;

use serde::Serialize;

use crate::oidc::Cause;
use crate::redact::without_tokens;
use crate::text::clean_line;

/// The result of every operation.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// What kind of thing went wrong. A code is added only when a front end acts on it or words it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No profile has been set up.
    NoProfile,
    /// The profile that was named does not exist.
    UnknownProfile,
    /// No profile is named, and of several none is the active one.
    NoActiveProfile,
    /// A setting of the profile, or an option, is not usable.
    BadSetting,
    /// The issuer is not an address.
    BadIssuer,
    /// The issuer is plain http and not on this computer.
    InsecureIssuer,
    /// The configuration file cannot be read; it was kept aside.
    ConfigBroken,
    /// A file of ours could not be read or written.
    FilesFailing,
    /// None of the callback ports is free.
    CallbackPortTaken,
    /// The person cancelled.
    Cancelled,
    /// Nobody came back from the browser in time.
    TimedOut,
    /// The person, or the provider for them, declined.
    Declined,
    /// Nobody is signed in.
    SignInNeeded,
    /// The provider ended the session.
    SessionEnded,
    /// The provider cannot be reached.
    Unreachable,
    /// The provider is there but failing or asks to wait.
    ProviderFailing,
    /// The provider's certificate is not trusted.
    UntrustedCertificate,
    /// Another Rolecall is refreshing the session and did not finish in time.
    Busy,
    /// What answers there is not an OpenID issuer.
    NotAnIssuer,
    /// The provider calls itself by another name than the one configured.
    IssuerMismatch,
    /// Discovery names an address that must not be used.
    UnsafeEndpoint,
    /// The provider does not know, or does not allow, the client ID.
    WrongClient,
    /// The provider refused a scope.
    ScopeRefused,
    /// The provider refused, in its own words.
    Refused,
    /// The provider did not take the refresh token, for a reason that need not be the end of the session.
    RefreshRefused,
    /// The answer can't be trusted: signature, issuer, audience, nonce, times.
    AnswerNotTrusted,
    /// The answer is not in the form the standard asks for.
    AnswerBroken,
    /// The answer is about somebody else than before.
    SubjectChanged,
    /// `offline_access` was asked for and no refresh token came.
    RefreshTokenWithheld,
    /// The key store is locked, or the question to unlock it was dismissed.
    KeyStoreLocked,
    /// There is no key store.
    KeyStoreMissing,
    /// The key store answers with an error, or not at all.
    KeyStoreFailing,
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which row of the table.
    pub code: Code,
    /// What exactly happened, in one sentence or phrase, cleaned for showing.
    pub detail: String,
    /// For how many seconds the provider asks not to be asked again.
    pub wait: Option<u32>,
    /// What lies behind it, where that is known.
    pub cause: Option<Cause>,
}

impl Problem {
    /// A problem with its particulars. Text from the network is cleaned here (CLI-1), and a token in it
    /// is taken out (TK-2).
    #[must_use]
    pub fn new(code: Code, detail: impl AsRef<str>) -> Self {
        Self { code, detail: clean_line(&without_tokens(detail.as_ref())), wait: None, cause: None }
    }

    /// The same, with what lies behind it.
    #[must_use]
    pub fn because(self, cause: Option<Cause>) -> Self {
        Self { cause: cause.or(self.cause), ..self }
    }

    /// What is kept and what to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self.cause {
            Some(cause) => cause.hint(),
            None => self.code.row().hint,
        }
    }

    /// The command that mends it, for the command line; empty where there is none.
    #[must_use]
    pub const fn command(&self) -> &'static str {
        match self.cause {
            Some(cause) => cause.command(),
            None => self.code.row().command,
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What happened, in a few words, without a full stop.
    pub title: &'static str,
    /// What is kept and what to do next, in words that hold for every front end.
    pub hint: &'static str,
    /// The command that mends it, for the command line; empty where there is none.
    pub command: &'static str,
    /// Whether a session that was there is still there.
    pub session_kept: bool,
    /// The exit status of the command line.
    pub exit: u8,
}

impl Code {
    /// The row for this code.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table, read row by row")]
    pub const fn row(self) -> Row {
        const fn kept(exit: u8, title: &'static str, hint: &'static str) -> Row {
            Row { title, hint, command: "", session_kept: true, exit }
        }
        const fn over(title: &'static str, hint: &'static str) -> Row {
            Row { title, hint, command: "rolecall login", session_kept: false, exit: 3 }
        }
        const fn with(row: Row, command: &'static str) -> Row {
            Row { command, ..row }
        }
        match self {
            Self::NoProfile => with(
                kept(2, "No profile is set up yet", "Give the issuer and the client ID of your provider."),
                "rolecall login --issuer URL --client-id ID",
            ),
            Self::UnknownProfile => {
                with(kept(2, "There is no such profile", "Choose one of those there are."), "rolecall profiles")
            }
            Self::NoActiveProfile => with(
                kept(2, "No active profile", "Name one with --profile, or make it the active one."),
                "rolecall profiles select NAME",
            ),
            Self::BadSetting => kept(2, "That setting can't be used", "Correct it and try again."),
            Self::BadIssuer => kept(
                2,
                "That is not an issuer",
                "An issuer is an address such as https://tenant.eu.auth0.com/ or https://host/realms/name.",
            ),
            Self::InsecureIssuer => kept(
                2,
                "The issuer must use https",
                "Plain http is accepted only for a provider on this computer (127.0.0.1).",
            ),
            Self::ConfigBroken => kept(
                2,
                "The configuration file can't be read",
                "Mend the file, or set up anew. Sessions are not touched.",
            ),
            Self::FilesFailing => kept(
                2,
                "A file of Rolecall's can't be used",
                "Check that the folder exists, is yours and has space. The session is kept.",
            ),
            Self::CallbackPortTaken => kept(
                2,
                "The callback port is taken by another program",
                "Close that program, or allow a further port in this profile and at the provider.",
            ),
            Self::Cancelled => kept(1, "Sign-in was cancelled", "Start again when you like."),
            Self::TimedOut => kept(
                1,
                "Nobody came back from the browser",
                "If the provider showed an error there, it names what to change: most often the callback address or the client ID.",
            ),
            Self::Declined => {
                kept(1, "Sign-in was declined", "Sign in again and allow it, or ask the administrator for access.")
            }
            Self::SignInNeeded => over("Nobody is signed in", "Sign in first."),
            Self::SessionEnded => over(
                "The session has ended",
                "Sign in again. That happens after a long time, after a password change, or when an administrator signs you out.",
            ),
            Self::Unreachable => {
                kept(4, "The provider can't be reached", "What was there is kept. Check the network and try again.")
            }
            Self::ProviderFailing => {
                kept(4, "The provider is having trouble", "What was there is kept. Try again in a little while.")
            }
            Self::UntrustedCertificate => with(
                kept(
                    4,
                    "The provider's certificate is not trusted",
                    "What was there is kept. If your organisation has its own authority, add its certificate to the profile (ca_file).",
                ),
                "rolecall login --ca-file FILE",
            ),
            Self::Busy => kept(
                4,
                "Another Rolecall is refreshing this session",
                "The session is kept. Try again in a few seconds.",
            ),
            Self::NotAnIssuer => kept(
                5,
                "No OpenID issuer answers there",
                "Check the address: the issuer is what stands before /.well-known/openid-configuration.",
            ),
            Self::IssuerMismatch => kept(
                5,
                "The provider calls itself by another name",
                "Use the issuer exactly as the provider writes it; a slash at the end counts.",
            ),
            Self::UnsafeEndpoint => with(
                kept(
                    5,
                    "The provider names an address that is not safe to use",
                    "Nothing was sent there. If that host really belongs to the provider, allow it in the profile (allow_hosts).",
                ),
                "rolecall login --allow-host HOST",
            ),
            Self::WrongClient => kept(
                5,
                "The provider does not accept the client ID",
                "Check the client ID, and that the application is a native (public) one.",
            ),
            Self::ScopeRefused => kept(
                5,
                "The provider refused a scope",
                "Leave the scope out, or have the administrator allow it for this application.",
            ),
            Self::Refused => kept(5, "The provider refused", "The session, if there was one, is kept."),
            Self::RefreshRefused => with(
                kept(
                    3,
                    "The provider did not refresh the session",
                    "Sign in again. Until then the session is kept, in case the provider takes it later.",
                ),
                "rolecall login",
            ),
            Self::AnswerNotTrusted => kept(
                5,
                "The provider's answer can't be trusted",
                "Nothing of it was used. If this stays, tell the provider's administrator.",
            ),
            Self::AnswerBroken => kept(
                5,
                "The provider's answer is not in order",
                "Nothing of it was used. If this stays, tell the provider's administrator.",
            ),
            Self::SubjectChanged => kept(
                5,
                "The answer is about somebody else",
                "It was not shown or used. Sign out and in again to change the person.",
            ),
            Self::RefreshTokenWithheld => with(
                kept(
                    5,
                    "The provider gave no refresh token",
                    "You are signed in until the access token ends. Asking again with consent usually brings one.",
                ),
                "rolecall login --ask-consent",
            ),
            Self::KeyStoreLocked => {
                kept(6, "The key store is locked", "Your session is safe inside. Unlock it and try again.")
            }
            Self::KeyStoreMissing => kept(
                6,
                "There is no key store",
                "Start one: on Linux a Secret Service such as GNOME Keyring or KWallet. The window also offers to sign in for this run only.",
            ),
            Self::KeyStoreFailing => kept(
                6,
                "The key store does not answer as it should",
                "Nothing was deleted. Try again; if it stays, restart the key store.",
            ),
        }
    }
}

impl Code {
    /// Whether the key store is what went wrong.
    #[must_use]
    pub const fn is_key_store(self) -> bool {
        matches!(self, Self::KeyStoreLocked | Self::KeyStoreMissing | Self::KeyStoreFailing)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.code.row().title;
        if self.code == Code::NoActiveProfile && !self.detail.is_empty() {
            return write!(f, "{title}. Choose one: {}", self.detail);
        }
        if self.detail.is_empty() { f.write_str(title) } else { write!(f, "{title}: {}", self.detail) }
    }
}

impl std::error::Error for Problem {}
