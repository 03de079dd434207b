use serde::{Deserialize, Serialize};

use super::Issuer;

/// A make of provider, as far as Rolecall knows its ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
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
}

impl ProviderKind {
    /// What the issuer suggests.
    #[must_use]
    pub fn of_issuer(_issuer: &Issuer) -> Self {
        todo!()
    }

    /// The name people know it by.
    #[must_use]
    pub fn label(self) -> &'static str {
        todo!()
    }
}

/// What the set-up screen asks for one make of provider, and what to register there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recipe {
    /// The make.
    pub provider: ProviderKind,
    /// Its name.
    pub label: &'static str,
    /// One or two letters for the tile.
    pub monogram: &'static str,
    /// What it will ask, a few words.
    pub tile: &'static str,
    /// The field that leads to the issuer, in the provider's words.
    pub issuer_field: RecipeField,
    /// Where the client ID is found.
    pub client_id_where: &'static str,
    /// The audience field, for providers that have audiences.
    pub audience_field: Option<RecipeField>,
    /// The addresses to register at the provider, exactly.
    pub redirects: Vec<String>,
    /// Where they go, in the provider's words.
    pub redirects_where: &'static str,
}

/// One field of the set-up screen.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecipeField {
    /// Its label.
    pub label: &'static str,
    /// An example.
    pub placeholder: &'static str,
    /// A sentence below.
    pub hint: &'static str,
}

/// The recipes, in the order of the tiles.
#[must_use]
pub fn recipes() -> Vec<Recipe> {
    todo!()
}
