//! The connection of a saved profile as text fields, for the screen that edits it.

use serde::{Deserialize, Serialize};

use super::Notice;
use crate::config::{ClientSecretState, Product};

/// The connection settings of a profile as the text of form fields, both as loaded and as submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Connection {
    /// The issuer, domain or discovery link.
    pub issuer: String,
    /// The client ID.
    pub client_id: String,
    /// The API audience; empty for none.
    pub audience: String,
    /// The scopes, with blanks between; the usual ones when empty.
    pub scopes: String,
    /// Further parameters of the authorization request, one `name=value` a line.
    pub params: String,
    /// The host of the callback address: `127.0.0.1`, `localhost` or `[::1]`.
    pub redirect_host: String,
    /// The ports of the callback addresses, with commas between; empty for any free one.
    pub redirect_ports: String,
    /// The path of the callback address.
    pub redirect_path: String,
    /// A file of PEM certificates to trust besides the system's; empty for none.
    pub ca_file: String,
}

/// A saved connection, with what is needed to edit it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SavedConnection {
    /// The name of the profile.
    pub profile: String,
    /// The product, which decides how the fields are labelled.
    pub provider: Product,
    /// The product's name.
    pub provider_name: String,
    /// The values as they are saved.
    pub connection: Connection,
    /// Whether a client secret is kept. The secret itself is in no view.
    pub client_secret: ClientSecretState,
}

/// What saving a connection would do. Nothing is changed by asking.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConnectionEffect {
    /// Whether anything differs from what is saved.
    pub changed: bool,
    /// A session is kept under the old issuer or client ID, and saving ends it.
    pub ends_session: bool,
    /// The session is kept; the changes take effect at the next sign-in.
    pub from_next_sign_in: bool,
    /// The callback addresses that would be used, as they are registered at the provider; empty where nothing has to be
    /// registered, `None` while they depend on what the provider has not said yet.
    pub redirects: Option<Vec<String>>,
    /// Why it could not be saved.
    pub notice: Option<Notice>,
}
