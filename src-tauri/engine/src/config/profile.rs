use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    ClientAuth, Confidence, Issuer, Product, ProfileName, Recognition, RedirectPath, RedirectRule, Scopes, Target,
    check_client_id, usual,
};
use crate::identity::ClaimPath;
use crate::problem::{Code, Problem};

/// Parameters of the authorization request that hold the flow together; a profile can't set them.
pub(crate) const RESERVED_PARAMETERS: [&str; 12] = [
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Whether a parameter is one that Rolecall sets itself.
pub(crate) fn is_reserved_parameter(name: &str) -> bool {
    RESERVED_PARAMETERS.contains(&name) || name.is_empty()
}

/// One way to sign in. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: ProfileName,
    /// The issuer, byte for byte.
    pub issuer: Issuer,
    /// The client ID registered at the provider.
    pub client_id: String,
    /// The requested scopes.
    pub scopes: Scopes,
    /// The API the access token is for (Auth0's `audience`); never sent as the `resource` of RFC 8707.
    pub audience: Option<String>,
    /// Further parameters of the authorization request, for example `organization`.
    pub params: BTreeMap<String, String>,
    /// A file of PEM certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The rule for the redirect address.
    pub redirect: RedirectRule,
    /// The provider, where the person said; otherwise it is told from the issuer.
    pub provider: Option<Product>,
    /// Hosts besides the issuer's own that discovery may name (OP-3).
    pub extra_hosts: Vec<String>,
    /// Further audiences an ID token may name besides the client ID.
    pub trusted_audiences: Vec<String>,
    /// Ask for consent at each sign-in, because otherwise this provider gives no refresh token.
    pub ask_consent: bool,
    /// How the application names itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// Its accent colour.
    pub accent_color: AccentColor,
    /// The expected roles and groups.
    pub expect: Expect,
    /// Claims to read besides the known ones, with what they hold.
    pub claims: Vec<ClaimPath>,
    /// The targets that tokens are made for, in the order of the file.
    pub targets: Vec<Target>,
    /// Kept from a first sign-in that failed, so that it can be gone on with. The first sign-in takes it away.
    pub never_signed_in: bool,
}

impl Profile {
    /// A profile with the settings that are usual for the provider its issuer suggests. A provider on this computer is
    /// taken to let any port through, as RFC 8252 section 7.3 asks.
    #[must_use]
    pub fn new(name: ProfileName, issuer: Issuer, client_id: String) -> Self {
        Self::at(name, issuer, client_id, None)
    }

    /// [`Profile::new`] for the provider the person said it is, whatever its issuer suggests.
    #[must_use]
    pub fn at(name: ProfileName, issuer: Issuer, client_id: String, provider: Option<Product>) -> Self {
        let product = provider.unwrap_or_else(|| Product::of_url(issuer.url()));
        let any_port = provider.is_none() && product == Product::OTHER && issuer.is_loopback();
        Self {
            name,
            issuer,
            client_id,
            scopes: Scopes::usual_at(product),
            audience: None,
            params: usual::params(product),
            ca_file: None,
            redirect: if any_port { RedirectRule::default() } else { RedirectRule::usual(product) },
            provider,
            extra_hosts: Vec::new(),
            trusted_audiences: Vec::new(),
            ask_consent: product.ask_consent,
            client_auth: ClientAuth::default(),
            accent_color: AccentColor::default(),
            expect: Expect::default(),
            claims: Vec::new(),
            targets: Vec::new(),
            never_signed_in: false,
        }
    }

    /// This profile for another issuer. Only its name, its look and what the person expects stay: certificates, hosts,
    /// audiences and parameters such as `login_hint` were meant for the provider it had, and are told to no other.
    #[must_use]
    pub fn moved_to(&self, issuer: Issuer, provider: Option<Product>) -> Self {
        Self {
            accent_color: self.accent_color,
            expect: self.expect.clone(),
            never_signed_in: self.never_signed_in,
            ..Self::at(self.name.clone(), issuer, self.client_id.clone(), provider)
        }
    }

    /// What is in the profile that was given for its issuer alone and goes to no other (OP-5): the names of the
    /// settings.
    #[must_use]
    pub fn given_for_its_issuer(&self) -> Vec<&'static str> {
        let usual = Self::at(self.name.clone(), self.issuer.clone(), String::new(), self.provider);
        let given = [
            ("ca_file", self.ca_file.is_some()),
            ("allow_hosts", !self.extra_hosts.is_empty()),
            ("audience", self.audience.is_some()),
            ("trusted_audiences", !self.trusted_audiences.is_empty()),
            ("scopes", self.scopes != usual.scopes),
            ("params", self.params != usual.params),
            ("claims", !self.claims.is_empty()),
            ("targets", !self.targets.is_empty()),
        ];
        given.into_iter().filter_map(|(name, given)| given.then_some(name)).collect()
    }

    /// Says whether the profile can be used: client ID, redirect rule, parameters.
    ///
    /// # Errors
    /// [`Code::BadSetting`] with what is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        check_client_id(&self.client_id, self.product())?;
        self.redirect.check()?;
        if let Some(name) = self.params.keys().find(|name| is_reserved_parameter(name)) {
            return Err(Problem::new(Code::BadSetting, format!("the parameter '{name}' is set by Rolecall itself")));
        }
        Ok(())
    }

    /// What the profile alone tells of the product: what the person said, or what the issuer suggests.
    #[must_use]
    pub fn product(&self) -> Product {
        self.recognize(None).product
    }

    /// Tells the product, from the discovery document too where it is available.
    #[must_use]
    pub fn recognize(&self, discovery: Option<&Map<String, Value>>) -> Recognition {
        Recognition::of(self.provider, self.issuer.url(), discovery)
    }

    /// The product as far as it is sure, given what was recognised when the provider was last asked; else
    /// [`Product::OTHER`]. Every sentence that fits one product alone is chosen by this.
    #[must_use]
    pub fn known_product(&self, recognized: Option<&Recognition>) -> Product {
        // What the profile said then counts no more when it says otherwise now.
        let recognized = recognized.filter(|recognized| recognized.confidence == Confidence::Certain);
        let now = self.recognize(None).sure();
        now.or_else(|| recognized.map(|recognized| recognized.product)).unwrap_or(Product::OTHER)
    }

    /// The addresses to register at the provider: those that a sign-in uses. `names_itself` is whether the provider names
    /// itself in its answers (RFC 9207), and `before` the path of the last sign-in. An empty list where the provider takes
    /// this computer without registration; `None` while the path depends on what the provider has not said yet.
    #[must_use]
    pub fn redirect_addresses(&self, names_itself: Option<bool>, before: Option<&str>) -> Option<Vec<String>> {
        if self.product() == Product::GOOGLE && self.redirect.ports.is_empty() {
            return Some(Vec::new());
        }
        let path = match (&self.redirect.path, names_itself) {
            (RedirectPath::Fixed(path), _) => path.clone(),
            (RedirectPath::ByIssuer, Some(names_itself)) => self.redirect.path.at(&self.issuer, names_itself, before),
            (RedirectPath::ByIssuer, None) => return None,
        };
        Some(self.redirect.addresses(&path))
    }

    /// The key of this profile's session and state: 32 hexadecimal digits, a digest of name, issuer and
    /// client ID, so that no two profiles share one (KC-5, CLI-3).
    #[must_use]
    pub fn key(&self) -> String {
        let mut digest = Sha256::new();
        for part in [self.name.folded().as_str(), self.issuer.as_str(), &self.client_id] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
            use fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The colour that tells profiles apart at a glance; never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AccentColor {
    /// The usual one.
    #[default]
    Green,
    /// Blue-grey.
    Slate,
    /// Red-brown.
    Brick,
}

impl AccentColor {
    /// All of them, in the order in which new profiles take them.
    pub const ALL: [Self; 3] = [Self::Green, Self::Slate, Self::Brick];

    /// The word for it in `rolecall.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Slate => "slate",
            Self::Brick => "brick",
        }
    }

    /// The colour that [`AccentColor::word`] names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.word().eq_ignore_ascii_case(word))
    }
}

/// What a person expects to have; missing ones are pointed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Expect {
    /// Roles.
    pub roles: Vec<String>,
    /// Groups.
    pub groups: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(issuer: &str) -> Profile {
        Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "desktop".into())
    }

    #[test]
    fn the_usual_settings_follow_the_provider() {
        assert_eq!(profile("https://acme.eu.auth0.com/").redirect.ports, [47825, 47826]);
        assert_eq!(profile("http://127.0.0.1:8400").redirect, RedirectRule::default());
        let google = profile("https://accounts.google.com");
        assert!(google.ask_consent && google.params.contains_key("access_type"));
        assert_eq!(google.redirect, RedirectRule::default());
    }

    #[test]
    fn parameters_that_hold_the_flow_together_cannot_be_set() {
        let mut profile = profile("https://id.example.org");
        profile.params.insert("organization".into(), "org_1".into());
        assert!(profile.check().is_ok());
        profile.params.insert("state".into(), "mine".into());
        assert_eq!(profile.check().unwrap_err().code, Code::BadSetting);
    }

    #[test]
    fn kc_5_no_two_profiles_share_a_key() {
        let work = profile("https://id.example.org");
        let mut same = work.clone();
        same.name = "WORK".parse().unwrap();
        assert_eq!(work.key(), same.key());
        let mut other = work.clone();
        other.client_id = "desktop2".into();
        assert_ne!(work.key(), other.key());
        assert_ne!(work.key(), profile("https://id.example.org/").key());
    }
}
