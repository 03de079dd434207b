use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Issuer, RedirectRule, Scopes};

/// A provider product, as far as Rolecall knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Auth0.
    Auth0,
    /// Keycloak.
    Keycloak,
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// Google.
    Google,
    /// GitLab.
    Gitlab,
    /// ZITADEL.
    Zitadel,
    /// authentik.
    Authentik,
    /// Amazon Cognito.
    Cognito,
    /// Any other.
    Other,
    /// Authelia.
    Authelia,
    /// Dex.
    Dex,
    /// Kanidm.
    Kanidm,
    /// Rauthy.
    Rauthy,
    /// FusionAuth.
    FusionAuth,
    /// Casdoor.
    Casdoor,
    /// Logto.
    Logto,
    /// Clerk.
    Clerk,
    /// WorkOS.
    WorkOs,
    /// Supabase.
    Supabase,
    /// Firebase.
    Firebase,
    /// Ory.
    Ory,
    /// `LemonLDAP::NG`.
    LemonLdap,
    /// Glewlwyd.
    Glewlwyd,
    /// Canaille.
    Canaille,
    /// AD FS.
    Adfs,
    /// Ping Identity.
    Ping,
    /// JumpCloud.
    JumpCloud,
    /// OneLogin.
    OneLogin,
    /// Salesforce.
    Salesforce,
    /// Descope.
    Descope,
    /// Stytch.
    Stytch,
    /// Frontegg.
    Frontegg,
}

/// The ports registered at providers that compare the whole address, port included.
const FIXED_PORTS: [u16; 2] = [47825, 47826];

/// Every product with its word and the name people know it by, in the order of the enumeration.
const NAMES: [(Product, &str, &str); 33] = [
    (Product::Auth0, "auth0", "Auth0"),
    (Product::Keycloak, "keycloak", "Keycloak"),
    (Product::Entra, "entra", "Entra ID"),
    (Product::Okta, "okta", "Okta"),
    (Product::Google, "google", "Google"),
    (Product::Gitlab, "gitlab", "GitLab"),
    (Product::Zitadel, "zitadel", "ZITADEL"),
    (Product::Authentik, "authentik", "authentik"),
    (Product::Cognito, "cognito", "Cognito"),
    (Product::Other, "other", "Other"),
    (Product::Authelia, "authelia", "Authelia"),
    (Product::Dex, "dex", "Dex"),
    (Product::Kanidm, "kanidm", "Kanidm"),
    (Product::Rauthy, "rauthy", "Rauthy"),
    (Product::FusionAuth, "fusionauth", "FusionAuth"),
    (Product::Casdoor, "casdoor", "Casdoor"),
    (Product::Logto, "logto", "Logto"),
    (Product::Clerk, "clerk", "Clerk"),
    (Product::WorkOs, "workos", "WorkOS"),
    (Product::Supabase, "supabase", "Supabase"),
    (Product::Firebase, "firebase", "Firebase"),
    (Product::Ory, "ory", "Ory"),
    (Product::LemonLdap, "lemonldap", "LemonLDAP::NG"),
    (Product::Glewlwyd, "glewlwyd", "Glewlwyd"),
    (Product::Canaille, "canaille", "Canaille"),
    (Product::Adfs, "adfs", "AD FS"),
    (Product::Ping, "ping", "Ping Identity"),
    (Product::JumpCloud, "jumpcloud", "JumpCloud"),
    (Product::OneLogin, "onelogin", "OneLogin"),
    (Product::Salesforce, "salesforce", "Salesforce"),
    (Product::Descope, "descope", "Descope"),
    (Product::Stytch, "stytch", "Stytch"),
    (Product::Frontegg, "frontegg", "Frontegg"),
];

impl Product {
    /// The set-up tiles, in their order.
    pub const TILES: [Self; 10] = [
        Self::Auth0,
        Self::Keycloak,
        Self::Entra,
        Self::Okta,
        Self::Google,
        Self::Gitlab,
        Self::Zitadel,
        Self::Authentik,
        Self::Cognito,
        Self::Other,
    ];

    /// What the issuer suggests.
    #[must_use]
    pub fn of_issuer(issuer: &Issuer) -> Self {
        Self::of_url(issuer.url())
    }

    /// What an address suggests: the host for services, the shape of the path for self-hosted ones.
    pub(super) fn of_url(url: &Url) -> Self {
        super::recognition::of_issuer(url).map_or(Self::Other, |(kind, _)| kind)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(|(kind, _, _)| kind)
    }

    /// The name people know it by.
    #[must_use]
    pub const fn label(self) -> &'static str {
        NAMES[self as usize].2
    }

    /// The word for it in `rolecall.toml` and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// The product that [`Product::word`] names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.word().eq_ignore_ascii_case(word))
    }

    /// Where the browser can come back to at this product; the same addresses its set-up guide tells people to register.
    ///
    /// Keycloak, Entra ID, ZITADEL and Google let any port of a loopback address through (RFC 8252 section 7.3); all
    /// others are taken to compare the whole address. Entra ID and Cognito accept plain http for `localhost` alone.
    #[must_use]
    pub fn redirect_rule(self) -> RedirectRule {
        let host = if matches!(self, Self::Entra | Self::Cognito) { "localhost" } else { "127.0.0.1" };
        let any_port = matches!(self, Self::Keycloak | Self::Entra | Self::Zitadel | Self::Google);
        let ports = if any_port { Vec::new() } else { FIXED_PORTS.to_vec() };
        RedirectRule { host: host.into(), ports, ..RedirectRule::default() }
    }

    /// The scopes to ask for where nothing was said.
    ///
    /// Google, GitLab, Firebase and Salesforce do not know `offline_access`. Cognito refuses any scope not ticked for the client; `openid` and
    /// `email` are ticked in a new one, and `openid` alone brings all attributes into the ID token.
    #[must_use]
    pub fn usual_scopes(self) -> Scopes {
        match self {
            Self::Google | Self::Gitlab | Self::Firebase | Self::Salesforce => Scopes::parse("openid profile email"),
            Self::Cognito => Scopes::parse("openid email"),
            _ => Scopes::usual(),
        }
    }

    /// Further parameters of the authorization request this product needs: Google's way to ask for a refresh token.
    #[must_use]
    pub fn usual_params(self) -> BTreeMap<String, String> {
        if self == Self::Google {
            BTreeMap::from([("access_type".to_owned(), "offline".to_owned())])
        } else {
            BTreeMap::new()
        }
    }

    /// Whether consent is to be asked for at each sign-in: Google gives a refresh token the first time only, otherwise.
    #[must_use]
    pub const fn usually_asks_consent(self) -> bool {
        matches!(self, Self::Google)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_tells_the_product() {
        for (issuer, kind) in [
            ("https://acme.eu.auth0.com/", Product::Auth0),
            ("https://notauth0.com/", Product::Other),
            ("https://auth0.com.evil.example/", Product::Other),
            ("https://id.example.org/auth/realms/acme", Product::Keycloak),
            ("https://login.microsoftonline.com/common/v2.0", Product::Entra),
            ("https://acme.okta.com/oauth2/default", Product::Okta),
            ("https://acme.oktapreview.com", Product::Okta),
            ("https://accounts.google.com", Product::Google),
            ("https://gitlab.com", Product::Gitlab),
            ("https://acme-x1.zitadel.cloud", Product::Zitadel),
            ("https://auth.example.org/application/o/desk/", Product::Authentik),
            ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1", Product::Cognito),
            ("http://127.0.0.1:8400", Product::Other),
        ] {
            assert_eq!(Product::of_issuer(&Issuer::parse(issuer).unwrap()), kind, "{issuer}");
        }
    }

    #[test]
    fn every_word_leads_back_to_its_product_and_is_what_serde_writes() {
        for (index, kind) in Product::all().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(Product::of_word(kind.word()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
    }

    #[test]
    fn only_products_that_know_offline_access_are_asked_for_it() {
        for kind in Product::TILES {
            let asks = kind.usual_scopes().has("offline_access");
            let knows = !matches!(kind, Product::Google | Product::Gitlab | Product::Cognito);
            assert_eq!(asks, knows, "{kind:?}");
        }
        assert_eq!(Product::Google.usual_params()["access_type"], "offline");
    }
}
