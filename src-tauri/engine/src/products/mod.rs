//! What Rolecall knows about provider products, one file each: how a product is recognised, its names for things, what
//! to ask it for, what its claims look like, where in its console a fix is found.
//!
//! To add a product, write its file (a copy of a short one, such as `dex.rs`), add a line to the list below and fixtures
//! of what it sends to `tests/it/fixtures`. What a product does not set is taken from [`Knowledge::GENERIC`].
//!
//! | file | contents |
//! |---|---|
//! | `knowledge` | the data of one product |
//! | `recognition` | which product a provider is |
//! | `evidence`, `finding` | input and result of a rule; rules for every product are in [`crate::findings`] |

mod evidence;
mod finding;
mod keycloak_directory;
mod knowledge;
mod recognition;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

pub use evidence::{Evidence, Request, Wanted};
pub(crate) use evidence::{Rule, describe, document_name, how_assigned, path_text};
pub(crate) use finding::Certainty;
pub use finding::{About, Finding, Snippet};
pub(crate) use keycloak_directory::CUT_AS_WELL;
pub use knowledge::{ChangesCome, ClaimMark, Guide, Knowledge, Mark, ScopeFor, TokensBy};
pub use recognition::{Confidence, Recognition};

use crate::identity::Conventions;

/// A product: its facts, and the rules that apply to it alone.
struct Definition {
    knowledge: Knowledge,
    rules: &'static [Rule],
}

/// Declares the modules, a constant for each product and the list of all, in the order in which they are offered.
macro_rules! products {
    ($($constant:ident = $file:ident),* $(,)?) => {
        $(mod $file;)*

        impl Product {
            $(
                #[doc = concat!("See `products/", stringify!($file), ".rs`.")]
                pub const $constant: Self = Self(&$file::PRODUCT);
            )*
        }

        static ALL: &[Product] = &[$(Product::$constant),*];
    };
}

products! {
    AUTH0 = auth0,
    KEYCLOAK = keycloak,
    ENTRA = entra,
    OKTA = okta,
    GOOGLE = google,
    GITLAB = gitlab,
    ZITADEL = zitadel,
    AUTHENTIK = authentik,
    COGNITO = cognito,
    OTHER = other,
    AUTHELIA = authelia,
    DEX = dex,
    KANIDM = kanidm,
    RAUTHY = rauthy,
    FUSIONAUTH = fusionauth,
    CASDOOR = casdoor,
    LOGTO = logto,
    CLERK = clerk,
    WORKOS = workos,
    SUPABASE = supabase,
    FIREBASE = firebase,
    ORY = ory,
    LEMONLDAP = lemonldap,
    GLEWLWYD = glewlwyd,
    CANAILLE = canaille,
    ADFS = adfs,
    PING = ping,
    JUMPCLOUD = jumpcloud,
    ONELOGIN = onelogin,
    SALESFORCE = salesforce,
    DESCOPE = descope,
    STYTCH = stytch,
    FRONTEGG = frontegg,
    GITEA = gitea,
    POCKET_ID = pocket_id,
}

/// A provider product. Dereferences to its [`Knowledge`]; compared by its word.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(type = "string"))]
pub struct Product(#[cfg_attr(test, ts(skip))] &'static Definition);

impl Product {
    /// All products, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().copied()
    }

    /// The product with this word, ignoring case.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::all().find(|product| product.word.eq_ignore_ascii_case(word))
    }

    /// The product that an address suggests: by host for services, by the form of the path for self-hosted products.
    #[must_use]
    pub fn of_url(url: &Url) -> Self {
        Recognition::of(None, url, None).product
    }

    /// Its identifier in `rolecall.toml` and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.0.knowledge.word
    }

    /// The display name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.0.knowledge.name
    }

    /// The facts about it.
    #[must_use]
    pub const fn knowledge(self) -> &'static Knowledge {
        &self.0.knowledge
    }

    /// How it writes values. For a provider of no known product, the default values of every product count as defaults.
    #[must_use]
    pub fn conventions(self) -> Conventions {
        let nothing = |_: &str, _: Option<&str>| false;
        let is_default = if self == Self::OTHER { is_default_anywhere } else { self.is_default.unwrap_or(nothing) };
        Conventions { splits_at_blanks: self.splits_at_blanks, is_default }
    }

    /// The rules that apply only to the product with this [`Knowledge`].
    pub(crate) fn rules_of(knowledge: &Knowledge) -> &'static [Rule] {
        Self::of_word(knowledge.word).map_or(&[], |product| product.0.rules)
    }
}

impl Deref for Product {
    type Target = Knowledge;

    fn deref(&self) -> &Knowledge {
        &self.0.knowledge
    }
}

impl PartialEq for Product {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Product {}

impl Hash for Product {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.word.hash(state);
    }
}

impl fmt::Debug for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

impl Serialize for Product {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word)
    }
}

/// An unknown word, such as one written by a later version, reads as [`Product::OTHER`].
impl<'de> Deserialize<'de> for Product {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Ok(Self::of_word(&word).unwrap_or(Self::OTHER))
    }
}

fn is_default_anywhere(value: &str, context: Option<&str>) -> bool {
    ALL.iter().filter_map(|product| product.is_default).any(|is_default| is_default(value, context))
}

/// The path segment of an issuer that follows another.
fn segment_after(url: &Url, before: &str) -> Option<String> {
    let mut segments = url.path().split('/').skip_while(|segment| *segment != before);
    segments.nth(1).filter(|segment| !segment.is_empty()).map(str::to_owned)
}
