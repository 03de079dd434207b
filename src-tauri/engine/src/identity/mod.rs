//! The person and their entitlements, read from the provider's answers.

mod answers;
mod build;
mod collector;
mod directory;
mod entitlements;
mod facts;
mod person;
#[cfg(test)]
mod properties;
mod shapes;
mod source_path;
mod value_class;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, Answers, ClaimPath};
pub use build::identity_from;
pub use directory::{Asked, Assigned, Assignment, ClientReach, Directory, KindAnswer, Through};
pub use facts::Facts;
pub use source_path::SourcePath;
pub use value_class::ValueClass;

/// How a product writes values, as far as that differs.
#[derive(Clone, Copy, Debug)]
pub struct Conventions {
    /// Whether a text under a plural name holds several values divided by blanks. Names have blanks in them, so that is
    /// read so only where it is known.
    pub splits_at_blanks: bool,
    /// Whether everybody has this value, so that it tells nothing. The second argument is the client or tenant.
    pub is_default: fn(&str, Option<&str>) -> bool,
}

impl Default for Conventions {
    fn default() -> Self {
        Self { splits_at_blanks: false, is_default: |_, _| false }
    }
}

/// The document a value was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The ID token.
    IdToken,
    /// The access token, where it is a JWT: a view for the person, never trusted.
    AccessToken,
    /// The userinfo answer.
    Userinfo,
    /// The introspection answer (RFC 7662).
    Introspection,
    /// No document: what the provider's own directory says is assigned, asked through its API.
    Directory,
}

/// How the document was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Its signature was checked with the provider's published key.
    Signature,
    /// It came over TLS from the provider, unsigned.
    Tls,
    /// Not at all.
    None,
}

/// Where a value was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Source {
    /// The document.
    pub document: DocumentKind,
    /// The exact claim path; names are never split on dots.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub path: SourcePath,
    /// How the document was checked.
    pub verified: Verified,
    /// In the directory alone: through what the person has it; `None` where it is assigned to the person themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(as = "Option<Through>", optional))]
    pub through: Option<Box<Through>>,
}

/// What kind of entitlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A role.
    Role,
    /// A group.
    Group,
    /// A permission.
    Permission,
}

/// A role, a group or a permission, with every source that carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Entitlement {
    /// The value as the provider wrote it.
    pub value: String,
    /// What it holds for: a client, an organisation; `None` for everywhere.
    pub context: Option<String>,
    /// All places that carry it, in the order ID token, access token, userinfo, introspection, directory.
    pub sources: Vec<Source>,
    /// What is special about it, where something is.
    #[serde(default, rename = "mark", skip_serializing_if = "Option::is_none")]
    pub class: Option<ValueClass>,
}

/// All entitlements of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Entitlements {
    /// Roles.
    pub roles: Vec<Entitlement>,
    /// Groups.
    pub groups: Vec<Entitlement>,
    /// Permissions. Scopes are never among them.
    pub permissions: Vec<Entitlement>,
}

/// The result of reading one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Read; its claims were looked at.
    Read,
    /// Not a JWT: opaque to a client, by the provider's design or for want of an audience.
    Opaque,
    /// Encrypted for somebody else (JWE).
    Encrypted,
    /// The provider gave none.
    Absent,
    /// The request for it failed.
    Failed,
}

/// A document that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DocumentReport {
    /// Which one.
    pub document: DocumentKind,
    /// Whether it could be read.
    pub state: DocumentState,
    /// The number of claims at its root; 0 when it could not be read.
    pub claims: usize,
    /// How it was checked.
    pub verified: Verified,
    /// Why it could not be read, in a sentence; `None` when it was, or when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What findings need of it besides roles and groups; empty when it could not be read.
    #[serde(default)]
    pub facts: Facts,
}

/// A person at a provider. Built only from verified answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The issuer, byte for byte.
    pub issuer: String,
    /// `sub`: with the issuer the only key to a person.
    pub subject: String,
    /// The name to show, cleaned; falls back to user name, email, subject.
    pub name: String,
    /// `email`.
    pub email: Option<String>,
    /// `email_verified`, where the provider says.
    pub email_verified: Option<bool>,
    /// Roles, groups, permissions.
    pub entitlements: Entitlements,
    /// Values the person may have set themself (`user_metadata`): shown as such; nothing relies on them.
    #[serde(default, rename = "own_word")]
    pub self_asserted: Entitlements,
    /// What was looked at.
    pub documents: Vec<DocumentReport>,
}
