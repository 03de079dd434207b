//! What a provider's own directory says is assigned to somebody, asked through the provider's API.
//!
//! A directory is asked on a person's act alone, with a token that was made for it, within the bounds of [`Asking`], at one
//! origin. An answer is one of three: assigned, not assigned, could not be asked. Whatever keeps a question from being
//! answered to its end (a right that is missing, a scope that was not granted, an edition, a bound) is the third.
//!
//! | file | contents |
//! |---|---|
//! | `asking` | one conversation with an API, and its bounds |
//! | `answer` | what comes of it |
//! | `session` | what is known of whoever asks |
//! | `somebody` | an administrator's question about somebody else |
//! | `keycloak`, `entra`, `zitadel`, `authentik`, `gitlab`, `auth0` | a product whose API answers a person |
//! | `userinfo` | products whose userinfo is generated for each request |
//! | `keycloak_admin`, `entra_admin`, `auth0_admin` | what an administrator may ask there |
//! | `keycloak_find`, `keycloak_roles`, `keycloak_tell` | the parts of Keycloak's admin API that are asked, and what is told of them |
//!
//! A product that is in none of them says in its own file, below [`crate::products`], what to ask in its place.

mod answer;
mod asking;
mod auth0;
mod auth0_admin;
mod authentik;
mod entra;
mod entra_admin;
mod gitlab;
mod keycloak;
mod keycloak_admin;
mod keycloak_find;
mod keycloak_roles;
mod keycloak_tell;
mod session;
mod somebody;
#[cfg(test)]
mod tests;
mod userinfo;
mod zitadel;

use futures_util::future::BoxFuture;

pub(crate) use answer::Answer;
pub(crate) use asking::{Asking, Reply};
pub(crate) use session::{Session, TokenFor};
pub(crate) use somebody::{Others, Question, Somebody};
pub(crate) use userinfo::answer_of as answer_of_userinfo;

use crate::config::Product;
use crate::problem::Result;

/// How the directory of one product is asked by an ordinary person about themself.
pub(crate) struct Api {
    /// What is asked, in words that follow "Asks".
    pub(crate) asks: &'static str,
    /// What can't be asked there, and what to do in its place; `None` where everything can.
    pub(crate) cannot: Option<&'static str>,
    /// With which token, and where.
    pub(crate) token: fn(&Session) -> TokenFor,
    /// Asks.
    pub(crate) ask: for<'a> fn(&'a mut Asking) -> BoxFuture<'a, Result<Answer>>,
}

/// How a product's directory is asked; `None` where that is not possible.
pub(crate) fn api_of(product: Product) -> Option<&'static Api> {
    let known = [
        (Product::KEYCLOAK, &keycloak::API),
        (Product::ENTRA, &entra::API),
        (Product::ZITADEL, &zitadel::API),
        (Product::AUTHENTIK, &authentik::API),
        (Product::GITLAB, &gitlab::API),
        (Product::AUTH0, &auth0::API),
    ];
    let own = known.into_iter().find(|(of, _)| *of == product).map(|(_, api)| api);
    own.or_else(|| userinfo::is_live(product).then_some(&userinfo::API))
}

/// How an administrator asks a product about somebody else; `None` where that is not possible.
pub(crate) fn others_of(product: Product) -> Option<&'static Others> {
    let known = [
        (Product::KEYCLOAK, &keycloak_admin::OTHERS),
        (Product::ENTRA, &entra_admin::OTHERS),
        (Product::AUTH0, &auth0_admin::OTHERS),
    ];
    known.into_iter().find(|(of, _)| *of == product).map(|(_, others)| others)
}
