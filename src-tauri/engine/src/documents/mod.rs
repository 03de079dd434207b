//! The provider's answers claim by claim, for display: what each claim means and how the document was verified. Tokens are
//! never shown (UI-1), nor is the text of a claim that is a token itself.
//!
//! | file | contents |
//! |---|---|
//! | `meaning` | what known claims mean, in words |
//! | `claim_use` | whether roles or groups are read from a claim |
//! | `render` | a value as text, safe to show and bounded |

mod claim_use;
mod meaning;
mod render;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::redact::Redactor;
pub use claim_use::ClaimUse;

use self::claim_use::ClaimUses;
use self::meaning::{Reader, rank, time_of};
use self::render::Rendered;
use crate::identity::{ClaimPath, DocumentKind, DocumentState, Kind, Verified};
use crate::ports::Timestamp;
use crate::text::visible;

/// The most claims of one document that are shown.
const MAX_CLAIMS: usize = 300;
/// The longest name of a claim, in characters.
const MAX_NAME: usize = 200;

/// All documents of the provider that are available.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Documents {
    /// The provider: its product, or its host.
    pub provider: String,
    /// ID token, access token, userinfo, in this order.
    pub documents: Vec<Document>,
}

/// One answer of the provider.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Document {
    /// Which one.
    pub document: DocumentKind,
    /// Whether it could be read.
    pub state: DocumentState,
    /// Whether its claims are available. Userinfo is kept nowhere, so after a start it is not until the next refresh.
    pub available: bool,
    /// How it was checked.
    pub verified: Verified,
    /// What its header says of the signature; nothing where there is none.
    pub signature: Option<Signature>,
    /// When it was received, POSIX seconds.
    pub at: Timestamp,
    /// Its claims: those that roles and groups are read from first.
    pub claims: Vec<Claim>,
    /// How many more claims there are than are shown.
    pub left_out: usize,
    /// The names of the claims where their values are not available.
    pub names: Vec<String>,
}

/// How a document was signed (RFC 7515 section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Signature {
    /// The algorithm.
    pub alg: String,
    /// The key, where it is named.
    pub key: Option<String>,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Claim {
    /// Its name, safe to show.
    pub name: String,
    /// Whether roles or groups are read from it.
    pub usage: ClaimUse,
    /// What is read from it.
    pub kinds: Vec<Kind>,
    /// What it means, one or two sentences; `None` where it is not known.
    pub meaning: Option<String>,
    /// How to show it.
    pub form: Form,
    /// Its value, or the beginning and the end of a long one.
    pub value: String,
    /// How long the whole value is, in characters.
    pub length: usize,
    /// Whether `value` is all of it.
    pub whole: bool,
    /// How many values a list or an object holds at its root.
    pub items: Option<usize>,
    /// The time it names, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub time: Option<Timestamp>,
}

/// What form a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A point in time.
    Time,
    /// Text in words.
    Text,
    /// An identifier, a number or a boolean.
    Code,
    /// A URL. It is shown as text and never opened.
    Link,
    /// A list or an object, as JSON.
    Structure,
    /// A token or a secret. It is not shown.
    Hidden,
}

/// A document with its claims as received.
pub struct RawDocument {
    /// Which one.
    pub document: DocumentKind,
    /// Its claims.
    pub claims: Map<String, Value>,
    /// How it was checked.
    pub verified: Verified,
    /// What its header says of the signature.
    pub signature: Option<Signature>,
    /// When it was received.
    pub at: Timestamp,
}

/// Whose documents these are.
pub struct DocumentContext<'a> {
    /// The issuer in the profile, byte for byte.
    pub issuer: &'a str,
    /// The client ID in the profile.
    pub client_id: &'a str,
    /// The provider's name for display.
    pub provider: &'a str,
    /// The places the profile names besides the known ones.
    pub paths: &'a [ClaimPath],
    /// Replaces tokens of this session in what is shown.
    pub redactor: &'a Redactor,
    /// Whether somebody pasted them: then they are about somebody, made for some application, and nothing was compared.
    pub pasted: bool,
}

impl DocumentContext<'_> {
    /// The name of a claim as it is told. A provider may repeat a token there, too (TK-2).
    fn name(&self, name: &str) -> String {
        visible(&self.redactor.beginning(name, MAX_NAME), MAX_NAME)
    }
}

impl RawDocument {
    /// The document for people to read.
    #[must_use]
    pub fn read(&self, about: &DocumentContext<'_>) -> Document {
        let uses = ClaimUses::of(self, about);
        let mut names: Vec<&String> = self.claims.keys().collect();
        names.sort_by_cached_key(|name| (uses.of_claim(name).0, rank(name)));
        let left_out = names.len().saturating_sub(MAX_CLAIMS);
        names.truncate(MAX_CLAIMS);
        Document {
            document: self.document,
            state: DocumentState::Read,
            available: true,
            verified: self.verified,
            signature: self.signature.clone(),
            at: self.at,
            claims: names.into_iter().map(|name| self.claim(name, &uses, about)).collect(),
            left_out,
            names: Vec::new(),
        }
    }

    /// The value of one claim as far as it is shown at all, by the name under which [`RawDocument::read`] told it.
    #[must_use]
    pub fn whole(&self, name: &str, about: &DocumentContext<'_>) -> Option<String> {
        let (raw, value) = self.claims.iter().find(|(raw, _)| about.name(raw) == name)?;
        Some(Rendered::of(raw, value, about.redactor).text)
    }

    fn claim(&self, name: &str, uses: &ClaimUses, about: &DocumentContext<'_>) -> Claim {
        let value = &self.claims[name];
        let rendered = Rendered::of(name, value, about.redactor);
        let time = time_of(name, value);
        let (usage, kinds) = uses.of_claim(name);
        let reader = Reader { about, document: self.document };
        let (shown, whole) = rendered.short();
        Claim {
            name: about.name(name),
            usage,
            kinds: kinds.to_vec(),
            meaning: reader.meaning(name, value),
            form: if time.is_some() { Form::Time } else { form_of(name, value, &rendered) },
            value: shown,
            length: rendered.length,
            whole,
            items: items(value),
            time,
        }
    }
}

impl Document {
    /// One whose claims can't be shown, with what is known of it.
    #[must_use]
    pub fn without_claims(document: DocumentKind, state: DocumentState, at: Timestamp, names: &[String]) -> Self {
        Self {
            document,
            state,
            available: false,
            verified: Verified::None,
            signature: None,
            at,
            claims: Vec::new(),
            left_out: 0,
            names: names.to_vec(),
        }
    }
}

fn form_of(name: &str, value: &Value, rendered: &Rendered) -> Form {
    match value {
        Value::String(_) if rendered.hidden => Form::Hidden,
        Value::Array(_) | Value::Object(_) => Form::Structure,
        Value::String(text)
            if name != "iss" && ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme)) =>
        {
            Form::Link
        }
        Value::String(text) if text.contains(' ') || meaning::is_prose(name) => Form::Text,
        _ => Form::Code,
    }
}

fn items(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        _ => None,
    }
}
