use serde::{Deserialize, Serialize};

/// What kind of thing went wrong. A code is added only when a front end acts on it or words it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// What was pasted, or a file, holds nothing that can be read.
    Unreadable,
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
    /// The code for another device has run out.
    DeviceCodeExpired,
    /// The provider does not offer signing in on another device, or not to this client.
    DeviceLoginRefused,
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
    /// The profile names no such target.
    UnknownTarget,
    /// The provider gives no token for what was asked.
    TokenRefused,
    /// The provider gave a token for something other than what was asked.
    WrongToken,
    /// The target refused the token that is for it.
    TargetRefused,
    /// The target that a token is for can't be reached, or fails.
    TargetUnreachable,
    /// The key store is locked, or the question to unlock it was dismissed.
    KeyStoreLocked,
    /// There is no key store.
    KeyStoreMissing,
    /// The key store answers with an error, or not at all.
    KeyStoreFailing,
}
