use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The cause of a problem, where it is known: it decides which advice fits.
///
/// The cause of a provider's refusal follows from its error code, its description and what was sent to it; that of a check
/// made here follows from the check. Stored in the state folder by these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The provider wants a client secret and none was sent.
    ClientSecretMissing,
    /// The client secret that was sent is not the right one.
    ClientSecretWrong,
    /// The client must prove itself with a key or a certificate (RFC 7523, RFC 8705).
    ClientAssertion,
    /// The provider gives only tokens that are bound to a key (RFC 9449).
    Dpop,
    /// The provider does not know the client.
    ClientUnknown,
    /// The client may not use the authorization code flow, or may not refresh.
    FlowNotAllowed,
    /// The redirect URI is not registered.
    RedirectUri,
    /// A scope is unknown or not allowed for this client.
    Scope,
    /// `offline_access` is unknown or not allowed for this person or client.
    OfflineAccess,
    /// The audience or resource is unknown, or not allowed for this client.
    Audience,
    /// The person is not assigned to the application.
    NotAssigned,
    /// A policy of the provider keeps the sign-in out.
    Policy,
    /// Somebody has to consent first.
    Consent,
    /// The code challenge was refused (RFC 7636).
    Pkce,
    /// Only the person can go on, in a browser.
    Interaction,
    /// The refreshed ID token names another time of sign-in than the first (OpenID Connect Core section 12.2).
    AuthTimeMoved,
    /// The ID token is encrypted.
    EncryptedIdToken,
    /// The ID token is signed with a shared secret.
    SharedSecretSignature,
    /// The ID token is also made for an audience that the profile does not trust.
    UntrustedAudience,
    /// A time is not in seconds, or is text.
    TimeFormat,
    /// The issuer is a template for any tenant.
    IssuerTemplate,
    /// The issuers differ by a slash at the end.
    IssuerSlash,
    /// The issuers differ by their port or scheme.
    IssuerPort,
    /// The issuers differ by their host.
    IssuerHost,
    /// The issuers differ by their path.
    IssuerPath,
}

/// A row of the table of causes.
#[derive(Clone, Copy, Debug)]
pub struct CauseRow {
    /// The code of the finding that explains it, for `rolecall why --json`.
    pub finding: &'static str,
    /// The cause of the problem, without a full stop.
    pub title: &'static str,
    /// What to do about it, in a sentence or two.
    pub hint: &'static str,
    /// The command that mends it; empty where there is none.
    pub command: &'static str,
}

impl Cause {
    /// The row for this cause. What a product calls the same thing is added by the finding, which knows the product.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table, read row by row")]
    pub const fn row(self) -> CauseRow {
        const fn row(
            finding: &'static str,
            title: &'static str,
            hint: &'static str,
            command: &'static str,
        ) -> CauseRow {
            CauseRow { finding, title, hint, command }
        }
        match self {
            Self::ClientSecretMissing => row(
                "client_secret_needed",
                "The provider wants a client secret from this client",
                "The provider wants a client secret. Give it to Rolecall with rolecall client-secret, or register the application as a native (public) client; at Entra ID that is the platform “Mobile and desktop applications”.",
                "rolecall client-secret",
            ),
            Self::ClientSecretWrong => row(
                "client_secret_wrong",
                "The provider does not take the client secret",
                "Check the client secret: its ID is not the secret, and secrets run out. Give the right one with rolecall client-secret.",
                "rolecall client-secret",
            ),
            Self::ClientAssertion => row(
                "client_key_needed",
                "The provider wants this client to prove itself with a key or a certificate",
                "The provider wants this client to prove itself with a key or a certificate (private_key_jwt, mTLS), which Rolecall does not do. Use a native (public) client, or one with a client secret.",
                "",
            ),
            Self::Dpop => row(
                "dpop_needed",
                "The provider gives only tokens that are bound to a key (DPoP)",
                "The provider wants tokens that are bound to a key (DPoP), which Rolecall does not do. Have the administrator turn that off for this client.",
                "",
            ),
            Self::ClientUnknown => row(
                "client_unknown",
                "The provider does not know this client ID",
                "Check the client ID, and that it belongs to this issuer. If the application is not a native (public) one, its secret goes in with rolecall client-secret.",
                "",
            ),
            Self::FlowNotAllowed => row(
                "flow_not_allowed",
                "This client may not use the authorization code flow",
                "Have the administrator allow this client the authorization code flow and refresh tokens (Keycloak: Standard flow; Auth0 and Okta: the grant types Authorization Code and Refresh Token).",
                "",
            ),
            Self::RedirectUri => row(
                "redirect_not_registered",
                "The callback address is not registered at the provider",
                "Register the callback address that Rolecall uses at the provider, character by character.",
                "",
            ),
            Self::Scope => row(
                "scope_refused",
                "The provider refused a scope that was asked for",
                "Take the scope out of the profile, or have the administrator add it to this client (Keycloak: Client scopes; Okta: Scopes of the authorization server).",
                "",
            ),
            Self::OfflineAccess => row(
                "offline_access_refused",
                "The provider refused offline_access, the scope for refresh tokens",
                "The provider gives no offline_access here. Sign in without that scope; the session then ends with the access token or with the browser’s session.",
                "rolecall login --scope openid --scope profile --scope email",
            ),
            Self::Audience => row(
                "audience_refused",
                "The provider knows no API by this audience",
                "No API has this audience, or this client may not use it. Correct the audience of the profile, or take it out.",
                "rolecall login --audience ''",
            ),
            Self::NotAssigned => row(
                "not_assigned",
                "The person is not assigned to this application",
                "Ask the provider’s administrator to assign the person, or a group they are in, to this application.",
                "",
            ),
            Self::Policy => row(
                "policy_refused",
                "A policy of the provider keeps the sign-in out",
                "A policy of the provider keeps this sign-in out; its administrator can say what it wants or change it (Okta: Access policies of the authorization server; Entra ID: Conditional Access).",
                "",
            ),
            Self::Consent => row(
                "consent_needed",
                "Somebody has to consent first",
                "Sign in again and agree, or have an administrator agree for everybody.",
                "rolecall login --ask-consent",
            ),
            Self::Pkce => row(
                "code_challenge_refused",
                "The provider refused the code challenge (PKCE)",
                "The provider did not take the code challenge. Have the administrator set this client to PKCE with S256.",
                "",
            ),
            Self::Interaction => row(
                "sign_in_again",
                "Only the person can go on, in a browser",
                "Only you can go on: sign in again in the browser.",
                "rolecall login",
            ),
            Self::AuthTimeMoved => row(
                "sign_in_again",
                "Only the person can go on, in a browser",
                "The session here is kept as it was. Sign in again to take over the newer sign-in; if it keeps happening, the provider changes auth_time on refresh, which OpenID Connect does not allow.",
                "rolecall login",
            ),
            Self::EncryptedIdToken => row(
                "token_encrypted",
                "The ID token is encrypted, so nobody here can read it",
                "Have the administrator turn off the encryption of ID tokens for this client: signed is enough.",
                "",
            ),
            Self::SharedSecretSignature => row(
                "token_not_verifiable",
                "The ID token is signed with a shared secret, which a public client can’t check",
                "Have the administrator give the provider a signing key, so that it signs with RS256 or ES256 (authentik: Signing Key in the provider’s settings).",
                "",
            ),
            Self::UntrustedAudience => row(
                "audience_not_trusted",
                "The ID token is made for a further audience, which the profile does not trust",
                "If that audience belongs to your provider, add it to trusted_audiences of this profile in rolecall.toml.",
                "",
            ),
            Self::TimeFormat => row(
                "time_format",
                "The provider writes times in another form",
                "The provider writes times in another form than the standard asks for (seconds since 1970, as a number). Tell its administrator; this computer’s clock is not the reason.",
                "",
            ),
            Self::IssuerTemplate => row(
                "issuer_mismatch",
                "The provider calls itself by another name than the profile does",
                "This issuer stands for every tenant. Write the tenant’s own ID in its place: at Entra ID it is the Directory (tenant) ID of the app registration’s overview.",
                "",
            ),
            Self::IssuerSlash => row(
                "issuer_mismatch",
                "The provider calls itself by another name than the profile does",
                "Write the issuer exactly as the provider does: a slash at the end counts.",
                "",
            ),
            Self::IssuerPort => row(
                "issuer_mismatch",
                "The provider calls itself by another name than the profile does",
                "Write the issuer as the provider does, port and scheme included. Behind a proxy, have the administrator set the provider’s public address (Keycloak: hostname).",
                "",
            ),
            Self::IssuerHost => row(
                "issuer_mismatch",
                "The provider calls itself by another name than the profile does",
                "Write the issuer as the provider does. Where it has a domain of its own, have the administrator set which one it names (Okta: Issuer of the authorization server; Keycloak: hostname).",
                "",
            ),
            Self::IssuerPath => row(
                "issuer_mismatch",
                "The provider calls itself by another name than the profile does",
                "Write the issuer as the provider does: realm, tenant and policy are part of it. At Azure AD B2C set the token’s issuer claim to the one that names the policy (tfp); at authentik choose the issuer mode of the provider.",
                "",
            ),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().title)
    }
}

impl Error for Cause {}
