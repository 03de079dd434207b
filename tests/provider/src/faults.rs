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
}

/// How the provider can be ordered to misbehave.
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
    /// ID tokens name a key that is published nowhere.
    UnknownKey,
    /// ID tokens do not name their key.
    LacksKeyId,
    /// The key is changed right before each signing; the new one is published.
    RotateKeys,
    /// Userinfo is about somebody else.
    UserinfoSubject,
    /// The callback names another issuer.
    CallbackIssuer,
    /// The callback names no issuer, though announced.
    LacksCallbackIssuer,
    /// The callback refuses with this error and words.
    CallbackError(&'static str, &'static str),
    /// A code is answered with this error and words.
    RedeemError(&'static str, &'static str),
    /// A refresh is answered with this error and words.
    RefreshError(&'static str, &'static str),
    /// A refresh brings no new refresh token; the old one stays good.
    NoRotation,
    /// A refresh brings no ID token.
    NoIdToken,
    /// Token answers do not say how long they hold.
    LacksExpiresIn,
    /// Token answers have this member with this JSON value.
    TokenMember(&'static str, &'static str),
    /// A refresh is carried out and the connection closed without an answer.
    AnswerLost,
    /// A refresh is carried out and the answer held back for so many milliseconds.
    AnswerHeld(u64),
    /// Only asking for consent brings a refresh token.
    ConsentForRefreshToken,
    /// Access tokens are opaque.
    OpaqueAccessToken,
    /// The application is not known.
    UnknownClient,
}
