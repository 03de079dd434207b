//! Profiles and settings: `rolecall.toml` in the configuration folder. Holds no secret.

mod file;
mod issuer;
mod profile;
mod providers;
mod scopes;

pub use file::{Config, Settings};
pub use issuer::Issuer;
pub use profile::{Expect, Lanyard, Profile, ProfileName, RedirectRule};
pub use providers::{ProviderKind, Recipe, RecipeField, recipes};
pub use scopes::Scopes;
