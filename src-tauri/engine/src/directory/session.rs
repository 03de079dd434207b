use url::{Origin, Url};

use crate::config::{Product, Profile};
use crate::identity::{Entitlement, Entitlements, Kind};
use crate::session::SessionSummary;

/// What is known about the signed-in person. Contains no token.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// The issuer.
    pub(crate) issuer: Url,
    /// The product.
    pub(crate) product: Product,
    /// The person.
    pub(crate) subject: String,
    /// The scopes that were granted; those that were asked for where the provider did not say (RFC 6749 section 5.1).
    granted: Vec<String>,
    /// The audience the session's access token was asked for.
    pub(crate) audience: Option<String>,
    /// The roles for the provider's own API, by the client that represents it: they tell what the person may ask.
    rights: Vec<(String, String)>,
    /// The roles that the documents carry and that hold everywhere.
    roles: Vec<String>,
}

/// Clients that represent a provider's own API.
const API_CLIENTS: [&str; 1] = ["realm-management"];

/// With which token a directory is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenFor {
    /// The session's own access token; only ever at the issuer's origin.
    Session,
    /// The session's own access token, at userinfo, which is generated for each request.
    Userinfo,
    /// One made for it, from the same session, with these parameters of a refresh.
    Made {
        /// `scope`, `audience`.
        wanted: Vec<(&'static str, String)>,
        /// Where it may be sent. Fixed by the product, never by an answer.
        origin: Origin,
        /// An audience it must name where it is a JWT: some providers give another token without a word.
        audience: Option<String>,
    },
    /// None that could ask; what it would need.
    None(String),
}

impl Session {
    /// What a session's summary tells.
    pub(crate) fn of(profile: &Profile, summary: &SessionSummary) -> Self {
        let granted = summary.granted.clone().unwrap_or_else(|| profile.scopes.to_string());
        Self {
            issuer: profile.issuer.url().clone(),
            product: profile.known_product(summary.product.as_ref()),
            subject: summary.identity.subject.clone(),
            granted: granted.split_whitespace().map(str::to_owned).collect(),
            audience: profile.audience.clone(),
            rights: rights(&summary.identity.entitlements),
            roles: roles(&summary.identity.entitlements),
        }
    }

    #[cfg(test)]
    pub(super) fn for_test(issuer: &str) -> Self {
        Self {
            issuer: Url::parse(issuer).expect("an address"),
            product: Product::OTHER,
            subject: "1".into(),
            granted: Vec::new(),
            audience: None,
            rights: Vec::new(),
            roles: Vec::new(),
        }
    }

    /// Whether a scope was granted.
    pub(crate) fn granted(&self, scope: &str) -> bool {
        self.granted.iter().any(|granted| granted == scope)
    }

    /// Whether the documents say that the person has one of these roles at a client that represents the provider's API.
    pub(crate) fn has_right(&self, client: &str, roles: &[&str]) -> bool {
        self.rights.iter().any(|(at, role)| at == client && roles.contains(&role.as_str()))
    }

    /// Whether the default roles of Keycloak's realm are known not to contain a role: whoever asks has them, and not that.
    pub(crate) fn default_roles_lack(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own.starts_with("default-roles-")) && !self.roles.iter().any(|own| own == role)
    }

    /// An address below the issuer.
    pub(crate) fn below_issuer(&self, path: &str) -> Option<Url> {
        let text = format!("{}/{path}", self.issuer.as_str().trim_end_matches('/'));
        Url::parse(&text).ok()
    }

    /// An address at the issuer's origin.
    pub(crate) fn at_origin(&self, path: &str) -> Option<Url> {
        Url::parse(&format!("{}{path}", self.issuer.origin().ascii_serialization())).ok()
    }

    /// The issuer is on this computer: a double, or a provider of one's own.
    pub(crate) fn is_on_this_computer(&self) -> bool {
        crate::config::is_loopback(&self.issuer)
    }

    /// The host of a product's API: `known` for the product's own service, the issuer's origin for one on this computer,
    /// which is a double. `None` for any other issuer: no token is sent to a host that was guessed.
    pub(crate) fn api_origin(&self, known: impl Fn(&str) -> Option<&'static str>) -> Option<Url> {
        if self.is_on_this_computer() {
            return self.at_origin("/");
        }
        let host = known(self.issuer.host_str()?)?;
        Url::parse(&format!("https://{host}/")).ok()
    }
}

fn rights(entitlements: &Entitlements) -> Vec<(String, String)> {
    let right = |role: &Entitlement| {
        let client = role.context.as_deref().filter(|client| API_CLIENTS.contains(client))?;
        Some((client.to_owned(), role.value.clone()))
    };
    entitlements.of(Kind::Role).iter().filter_map(right).collect()
}

fn roles(entitlements: &Entitlements) -> Vec<String> {
    let everywhere = entitlements.of(Kind::Role).iter().filter(|role| role.context.is_none());
    everywhere.map(|role| role.value.clone()).collect()
}
