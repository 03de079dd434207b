//! Google. Its tokens never carry roles or groups; a refresh token comes only with `access_type=offline` and consent.

use super::Definition;
use super::knowledge::{Guide, Knowledge, TokensBy};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "google",
        name: "Google",
        hosts: &["accounts.google.com"],
        endpoint_hosts: &[
            "accounts.google.com",
            "oauth2.googleapis.com",
            "openidconnect.googleapis.com",
            "www.googleapis.com",
        ],
        any_port: true,
        // Google does not know offline_access.
        scopes: "openid profile email",
        params: &[("access_type", "offline")],
        ask_consent: true,
        // What it does not know it refuses ("Parameter not allowed for this message type").
        tokens_by: TokensBy::Scope,
        issuer_from_word: |text| {
            matches!(text, "" | "google" | "google.com" | "www.google.com").then(|| "https://accounts.google.com".into())
        },
        issuer_form: |_, url| match url.host_str() {
            Some("accounts.google.com") => Ok(url.origin().ascii_serialization()),
            _ => Err("Google’s issuer is https://accounts.google.com"),
        },
        profile_name: |_| Some("google".into()),
        secret_mark: Some((
            "GOCSPX-",
            "Google’s client secret, not the client ID, which ends in .apps.googleusercontent.com",
        )),
        never: Some("Google never puts roles or groups into its tokens"),
        never_in_userinfo: true,
        send: "Google never puts roles or groups into its tokens. \
               Sign in through a broker such as Keycloak, Dex or Auth0 that reads Google’s groups and sends them on.",
        public_client: "Google gives a client of the type Desktop app a secret and wants it at the token endpoint.",
        guide: Some(Guide {
            monogram: "G",
            tile: "Sends no roles",
            issuer: ["Issuer", "https://accounts.google.com", "It is the same for everybody."],
            client_id_where: "Google Cloud › APIs & Services › Credentials › your OAuth client. Its type is Desktop app.",
            audience: None,
            redirects_where: "Nothing to register: a client of the type Desktop app accepts this computer by itself.",
            registers_redirects: false,
        }),
        directory: "Google tells a person’s groups only in the editions Enterprise and Premium, to whoever may view all those groups. Ask the administrator of the Workspace (Directory › Users › the person › Groups).",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
