use futures_util::future::BoxFuture;
use rolecall_provider::{Fault, Options};

use super::replays;

/// A module by its official name.
pub(super) struct Module {
    pub(super) plan: &'static str,
    pub(super) name: &'static str,
    /// What the provider does.
    pub(super) provider: &'static str,
    /// What is right.
    pub(super) correct: &'static str,
    /// What a pass proves, where that is less than the module asks.
    pub(super) passed: &'static str,
    pub(super) play: Replay,
}

/// How it is replayed.
pub(super) enum Replay {
    /// The sign-in succeeds.
    Accept(fn() -> Options, &'static [Fault]),
    /// It is refused with a typed problem, nothing is stored, and the request named is the last one that arrives.
    Reject(fn() -> Options, &'static [Fault], &'static str),
    /// More than one sign-in.
    Own(fn() -> BoxFuture<'static, Result<(), String>>),
}

const BASIC: &str = "Basic RP (`oidcc-client-basic-certification-test-plan`)";
const CONFIG: &str = "Config RP (`oidcc-client-config-certification-test-plan`)";
const REFRESH: &str = "Refresh (`oidcc-client-refreshtoken-test-plan`)";
const LOGOUT: &str = "RP-initiated logout (`oidcc-client-rp-initiated-logout-rp-basic`)";
const MORE: &str = "Comprehensive (`oidcc-client-test-plan`), what the plans above lack";
const FAPI: &str = "Borrowed from FAPI 2 (`fapi2-security-profile-final-client-test-…`)";

pub(super) const PASSED: &str = "passed";

/// The module goes on after the browser has come back from signing out; here it never does.
const NO_RETURN: &str =
    "passed as far as it goes: no return is asked for, so what the module does on return is not met";

const DISCOVERY: &str = "/.well-known/openid-configuration";

const fn accept(
    plan: &'static str,
    name: &'static str,
    provider: &'static str,
    options: fn() -> Options,
    faults: &'static [Fault],
) -> Module {
    Module { plan, name, provider, correct: "accepts", passed: PASSED, play: Replay::Accept(options, faults) }
}

const fn reject(
    plan: &'static str,
    name: &'static str,
    provider: &'static str,
    faults: &'static [Fault],
    last: &'static str,
) -> Module {
    reject_at(Options::default, plan, name, provider, faults, last)
}

/// The same at a provider with options.
const fn reject_at(
    options: fn() -> Options,
    plan: &'static str,
    name: &'static str,
    provider: &'static str,
    faults: &'static [Fault],
    last: &'static str,
) -> Module {
    Module { plan, name, provider, correct: "rejects", passed: PASSED, play: Replay::Reject(options, faults, last) }
}

const fn own(
    plan: &'static str,
    name: &'static str,
    provider: &'static str,
    correct: &'static str,
    replay: fn() -> BoxFuture<'static, Result<(), String>>,
) -> Module {
    Module { plan, name, provider, correct, passed: PASSED, play: Replay::Own(replay) }
}

fn elliptic() -> Options {
    Options { elliptic: true, ..Options::default() }
}

/// Every module that a native application with a public client can meet.
pub(super) const MODULES: &[Module] = &[
    accept(BASIC, "oidcc-client-test", "behaves", Options::default, &[]),
    reject(BASIC, "oidcc-client-test-invalid-iss", "appends to `iss`", &[Fault::ClaimSuffix("iss", "1")], "/token"),
    reject(BASIC, "oidcc-client-test-missing-sub", "leaves `sub` out", &[Fault::LacksClaim("sub")], "/token"),
    reject(BASIC, "oidcc-client-test-invalid-aud", "appends to `aud`", &[Fault::ClaimSuffix("aud", "1")], "/token"),
    reject(BASIC, "oidcc-client-test-missing-iat", "leaves `iat` out", &[Fault::LacksClaim("iat")], "/token"),
    accept(
        BASIC,
        "oidcc-client-test-kid-absent-single-jwks",
        "names no key; one fits",
        Options::default,
        &[Fault::LacksKeyId],
    ),
    Module {
        correct: "accepts: tries each that fits",
        ..accept(
            BASIC,
            "oidcc-client-test-kid-absent-multiple-jwks",
            "names no key; two fit",
            elliptic,
            &[Fault::LacksKeyId, Fault::TwinKey],
        )
    },
    accept(BASIC, "oidcc-client-test-idtoken-sig-rs256", "signs with RS256", Options::default, &[]),
    reject(BASIC, "oidcc-client-test-idtoken-sig-none", "does not sign", &[Fault::AlgNone], "/token"),
    reject(BASIC, "oidcc-client-test-invalid-sig-rs256", "spoils the signature", &[Fault::SpoiledSignature], "/token"),
    reject(
        BASIC,
        "oidcc-client-test-userinfo-invalid-sub",
        "gives userinfo of somebody else",
        &[Fault::UserinfoSubject],
        "/userinfo",
    ),
    reject(
        BASIC,
        "oidcc-client-test-nonce-invalid",
        "appends to `nonce`",
        &[Fault::ClaimSuffix("nonce", "1")],
        "/token",
    ),
    own(
        BASIC,
        "oidcc-client-test-scope-userinfo-claims",
        "gives claims of granted scopes alone",
        "shows what there is",
        replays::few_scopes,
    ),
    own(
        BASIC,
        "oidcc-client-test-client-secret-basic",
        "wants `client_secret_basic`",
        "sends it, encoded by RFC 6749 section 2.3.1, and no `client_id` beside",
        replays::client_secret_basic,
    ),
    accept(CONFIG, "oidcc-client-test-discovery-openid-config", "publishes its configuration", Options::default, &[]),
    own(
        CONFIG,
        "oidcc-client-test-discovery-jwks-uri-keys",
        "has its keys elsewhere in each run",
        "fetches them there",
        replays::keys_elsewhere,
    ),
    reject(
        CONFIG,
        "oidcc-client-test-discovery-issuer-mismatch",
        "names another issuer",
        &[Fault::Member("issuer", "https://idp.exampleINVALID")],
        DISCOVERY,
    ),
    reject(CONFIG, "oidcc-client-test-idtoken-sig-none", "does not sign", &[Fault::AlgNone], "/token"),
    accept(
        CONFIG,
        "oidcc-client-test-signing-key-rotation-just-before-signing",
        "changes its key right before signing",
        Options::default,
        &[Fault::RotateKeys],
    ),
    own(
        CONFIG,
        "oidcc-client-test-signing-key-rotation",
        "changes its key between two sign-ins",
        "both succeed",
        replays::key_rotation,
    ),
    own(
        REFRESH,
        "oidcc-client-test-refresh-token",
        "rotates the refresh token",
        "refreshes and asks userinfo with the new token",
        replays::refreshes,
    ),
    own(
        REFRESH,
        "oidcc-client-test-refresh-token-invalid-issuer",
        "refreshes with another `iss`",
        "no userinfo after it",
        replays::refresh_other_issuer,
    ),
    own(
        REFRESH,
        "oidcc-client-test-refresh-token-invalid-sub",
        "refreshes with another `sub`",
        "no userinfo after it",
        replays::refresh_other_subject,
    ),
    Module {
        passed: NO_RETURN,
        ..own(
            LOGOUT,
            "oidcc-client-test-rp-init-logout",
            "has a page for signing out",
            "signs out here first, then opens it without an ID token in the address",
            replays::logout,
        )
    },
    Module {
        passed: NO_RETURN,
        ..own(
            LOGOUT,
            "oidcc-client-test-rp-init-logout-other-state",
            "would return another state",
            "asks for no return",
            replays::logout,
        )
    },
    Module {
        passed: NO_RETURN,
        ..own(
            LOGOUT,
            "oidcc-client-test-rp-init-logout-no-state",
            "would return no state",
            "asks for no return",
            replays::logout,
        )
    },
    reject(MORE, "oidcc-client-test-missing-aud", "leaves `aud` out", &[Fault::LacksClaim("aud")], "/token"),
    reject_at(
        elliptic,
        MORE,
        "oidcc-client-test-invalid-sig-es256",
        "spoils the signature",
        &[Fault::SpoiledSignature],
        "/token",
    ),
    reject(MORE, "oidcc-client-test-invalid-sig-hs256", "signs with a shared secret", &[Fault::AlgHs256], "/token"),
    accept(MORE, "oidcc-client-test-userinfo-bearer-header", "wants the token in the header", Options::default, &[]),
    accept(MORE, "oidcc-client-test-userinfo-signed", "signs userinfo", Options::default, &[Fault::UserinfoSigned]),
    own(
        MORE,
        "oidcc-client-test-aggregated-claims",
        "puts a foreign token into userinfo",
        "reads nothing from it",
        replays::aggregated,
    ),
    own(
        MORE,
        "oidcc-client-test-distributed-claims",
        "names claims to be fetched elsewhere",
        "fetches nothing",
        replays::distributed,
    ),
    accept(MORE, "oidcc-client-test-nonce-unless-code-flow", "repeats the nonce of a code flow", Options::default, &[]),
    reject(
        FAPI,
        "invalid-authorization-response-iss",
        "answers as another issuer",
        &[Fault::CallbackIssuer],
        "/authorize",
    ),
    reject(
        FAPI,
        "remove-authorization-response-iss",
        "announces `iss` and sends none",
        &[Fault::LacksCallbackIssuer],
        "/authorize",
    ),
    reject(
        FAPI,
        "ensure-authorization-response-with-invalid-state-fails",
        "answers with another state",
        &[Fault::CallbackState("another")],
        "/authorize",
    ),
    reject(
        FAPI,
        "ensure-authorization-response-with-invalid-missing-state-fails",
        "answers without the state",
        &[Fault::CallbackState("")],
        "/authorize",
    ),
    reject(
        FAPI,
        "invalid-expired-exp",
        "the ID token ended six minutes ago",
        &[Fault::ClaimShift("exp", -3600 - 360)],
        "/token",
    ),
    reject(FAPI, "invalid-missing-exp", "leaves `exp` out", &[Fault::LacksClaim("exp")], "/token"),
    reject(FAPI, "invalid-missing-iss", "leaves `iss` out", &[Fault::LacksClaim("iss")], "/token"),
    reject(FAPI, "invalid-missing-aud", "leaves `aud` out", &[Fault::LacksClaim("aud")], "/token"),
    reject(FAPI, "invalid-missing-nonce", "leaves `nonce` out", &[Fault::LacksClaim("nonce")], "/token"),
    reject(FAPI, "invalid-null-alg", "does not sign", &[Fault::AlgNone], "/token"),
    reject_at(
        elliptic,
        FAPI,
        "invalid-alternate-alg",
        "signs otherwise than announced",
        &[Fault::MemberJson("id_token_signing_alg_values_supported", "[\"RS256\"]")],
        "/token",
    ),
    reject(
        FAPI,
        "invalid-secondary-aud",
        "names a second audience",
        &[Fault::Claim("aud", "[\"rolecall-demo\",\"another\"]")],
        "/token",
    ),
    accept(
        FAPI,
        "valid-aud-as-array",
        "puts `aud` into a list",
        Options::default,
        &[Fault::Claim("aud", "[\"rolecall-demo\"]")],
    ),
    accept(
        FAPI,
        "token-type-case-insensitivity",
        "writes `bEARER`",
        Options::default,
        &[Fault::TokenMember("token_type", "\"bEARER\"")],
    ),
    accept(
        FAPI,
        "token-endpoint-response-without-expires_in",
        "leaves `expires_in` out",
        Options::default,
        &[Fault::LacksExpiresIn],
    ),
    reject(
        FAPI,
        "discovery-issuer-mismatch",
        "names another issuer",
        &[Fault::Member("issuer", "https://idp.example")],
        DISCOVERY,
    ),
    own(
        FAPI,
        "refresh-token-test",
        "answers every userinfo with 401, rotates twice",
        "refreshes twice with the newest token",
        replays::rotates_twice,
    ),
    reject(FAPI, "iat-is-week-in-past (FAPI 1)", "an old `iat`", &[Fault::Claim("iat", "1000000000")], "/token"),
];

/// Modules that nothing here can meet.
pub(super) const NOT_APPLICABLE: [(&str, &str); 8] = [
    ("oidcc-client-test-userinfo-bearer-body", "the access token goes into the header alone (RFC 6750 section 2.1)"),
    (
        "oidcc-client-test-form-post-error",
        "the listener takes no POST, so `response_mode=form_post` is never asked for",
    ),
    ("oidcc-client-test-session-management", "needs a page of the application in a frame"),
    ("oidcc-client-test-3rd-party-init-login", "needs a public address of the application"),
    ("…-rp-backchannel-* (8)", "needs a public address of the application"),
    ("…-rp-frontchannel-* (2)", "needs a public address of the application"),
    ("Implicit and Hybrid RP", "the code flow with PKCE is the only one built"),
    ("Dynamic RP", "applications are registered by people, not by the program"),
];
