/// An endpoint that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The keys.
    Keys,
    /// The token endpoint.
    Token,
    /// Userinfo.
    Userinfo,
    /// Revocation.
    Revocation,
    /// Where requests are pushed ahead of the browser.
    Par,
    /// Where a code for another device is asked for.
    Device,
}

/// A way in which the provider can be told to misbehave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// An endpoint answers with this status and no body.
    Status(Endpoint, u16),
    /// An endpoint answers a web page with status 200.
    Html(Endpoint),
    /// An endpoint redirects elsewhere on this provider.
    Redirect(Endpoint),
    /// An endpoint answers after so many milliseconds.
    Slow(Endpoint, u64),
    /// A member of the discovery document is left out.
    LacksMember(&'static str),
    /// A member of the discovery document is empty text.
    EmptyMember(&'static str),
    /// A member of the discovery document has this value.
    Member(&'static str, &'static str),
    /// A member of the discovery document has this JSON value.
    MemberJson(&'static str, &'static str),
    /// The keys are at an unusual address, which only the discovery document has.
    KeysElsewhere,
    /// ID tokens carry this claim with something appended to its text.
    ClaimSuffix(&'static str, &'static str),
    /// ID tokens carry this date with so many seconds added.
    ClaimShift(&'static str, i64),
    /// ID tokens carry this claim with this JSON value instead.
    Claim(&'static str, &'static str),
    /// Userinfo carries this claim with this JSON value instead.
    UserinfoClaim(&'static str, &'static str),
    /// ID tokens lack this claim.
    LacksClaim(&'static str),
    /// ID tokens are not signed (`alg` is `none`).
    AlgNone,
    /// ID tokens are signed with the client ID as a shared secret.
    AlgHs256,
    /// ID tokens are signed with another key under the published name.
    WrongKey,
    /// The signature of ID tokens is not the one that was made.
    SpoiledSignature,
    /// A second key of the same kind is published besides.
    TwinKey,
    /// ID tokens name a key that is published nowhere.
    UnknownKey,
    /// ID tokens do not name their key.
    LacksKeyId,
    /// The key is changed right before each signing; the new one is published.
    RotateKeys,
    /// Userinfo is about somebody else.
    UserinfoSubject,
    /// Userinfo is signed.
    UserinfoSigned,
    /// Userinfo has distributed claims, to be fetched elsewhere on this provider (OpenID Connect Core section 5.6.2).
    DistributedClaims,
    /// Userinfo has aggregated claims of somebody else, as a token (the same section).
    AggregatedClaims,
    /// The browser is sent on to the sign-in page of this other provider, with this path in the redirect URI where one is
    /// given.
    MixUp(String, Option<String>),
    /// The callback carries another state, or where it is empty none.
    CallbackState(&'static str),
    /// The callback names another issuer.
    CallbackIssuer,
    /// The callback names no issuer, though announced.
    LacksCallbackIssuer,
    /// The callback refuses with this error and words.
    CallbackError(&'static str, &'static str),
    /// A request pushed ahead of the browser is answered with this error and words.
    ParError(&'static str, &'static str),
    /// The answer to a pushed request has this member with this JSON value.
    ParMember(&'static str, &'static str),
    /// A request for a code for another device is answered with this error and words.
    DeviceError(&'static str, &'static str),
    /// The answer with a code for another device has this member with this JSON value.
    DeviceMember(&'static str, &'static str),
    /// The next poll with a device code is answered with `slow_down`.
    DeviceSlowDown,
    /// Each poll with a device code is answered with this error and description.
    DevicePollError(&'static str, &'static str),
    /// A code is answered with this error and words.
    RedeemError(&'static str, &'static str),
    /// A refresh is answered with this error and words.
    RefreshError(&'static str, &'static str),
    /// Refuse a token of another kind from the same session with this error and these words.
    AnotherTokenError(&'static str, &'static str),
    /// Give a token for the usual audience whichever was asked for at a refresh, as Auth0 does.
    AudienceIgnored,
    /// A refresh brings no new refresh token; the old one stays good.
    NoRotation,
    /// A refresh brings no ID token.
    NoIdToken,
    /// Token responses have no `expires_in`.
    LacksExpiresIn,
    /// Token answers have this member with this JSON value.
    TokenMember(&'static str, &'static str),
    /// A refresh is carried out and the connection closed without an answer.
    AnswerLost,
    /// A refresh is carried out and the answer held back for so many milliseconds.
    AnswerHeld(u64),
    /// One refresh is carried out and its answer held back for so many milliseconds.
    AnswerHeldOnce(u64),
    /// Refresh tokens are JWTs that must not be used for so many seconds.
    RefreshNotBefore(u64),
    /// Only asking for consent brings a refresh token.
    ConsentForRefreshToken,
    /// No refresh token is given, whatever is asked for.
    NoRefreshToken,
    /// Access tokens are opaque.
    OpaqueAccessToken,
    /// Access tokens are not signed (`alg` is `none`).
    UnsignedAccessToken,
    /// Tokens are given and revoked only to an application with this secret in its header (`client_secret_basic`).
    WantsSecret(&'static str),
    /// The client is not known.
    UnknownClient,
}
