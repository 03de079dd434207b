//! Documents that somebody pasted: tokens, claims, answers of a provider, recordings of them. Whoever made them is not
//! known, so all of it is bounded, nothing of it is believed, and no token in it comes out again.
//!
//! | file | holds |
//! |---|---|
//! | `text` | tokens and JSON anywhere in a text: a header line, a command, a log |
//! | `shapes` | what an object of JSON is: claims, a token response, an introspection answer |
//! | `har` | a recording of the browser's requests (HTTP Archive 1.2) |
//! | `token` | which kind of token a JWT is |
//! | `people` | whom the documents are about |
//! | `person` | what they say of one person |
//! | `remarks` | what is odd about a pasted document |
//! | `saved` | what Rolecall itself wrote: reports, and the JSON of its commands |

mod har;
mod people;
mod person;
mod remarks;
pub(crate) mod saved;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod token;

use std::collections::HashSet;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

pub(crate) use self::people::people;
pub(crate) use self::person::person;
pub(crate) use self::remarks::not_checked;
pub use self::text::text_of_bytes;
use crate::config::Profile;
use crate::documents::Signature;
use crate::identity::{DocumentKind, DocumentState};
use crate::ports::Timestamp;
use crate::tokens::Secret;
use crate::view::SignatureCheck;

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 16 * 1024 * 1024;
/// The most documents that are read.
const MAX_DOCUMENTS: usize = 30;
/// The most sentences about what could not be used.
const MAX_NOTES: usize = 20;

/// One text as somebody gave it, with the name it is spoken of.
#[derive(Clone, Debug)]
pub struct Pasted {
    /// The file's name, or where it came from.
    pub label: String,
    /// All of it.
    pub text: Secret,
}

/// One document that was found in it.
pub(crate) struct Found {
    pub(crate) document: DocumentKind,
    /// What it is, in words.
    pub(crate) what: &'static str,
    /// Where it was found.
    pub(crate) from: String,
    pub(crate) state: DocumentState,
    /// Why it can't be read, or what of it is missing.
    pub(crate) reason: Option<String>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) signature: Option<Signature>,
    /// The token itself, for checking its signature.
    pub(crate) token: Option<Secret>,
    /// Which answer it came in; documents of one token response are about one person.
    pub(crate) answer: usize,
    /// The scope granted, where the answer it came in says so.
    pub(crate) granted: Option<String>,
}

/// What was found beside the documents.
pub(crate) struct Context<'a> {
    pub(crate) now: Timestamp,
    /// The profiles there are; none are needed.
    pub(crate) profiles: &'a [Profile],
    /// Names of roles, groups or permissions that are expected.
    pub(crate) expected: &'a [String],
    /// The state of each document's signature, by its place in the list; empty where nobody asked for a check.
    pub(crate) checks: &'a [SignatureCheck],
    /// Whether what is expected counts only where a signature was checked and fits.
    pub(crate) only_checked: bool,
}

/// All that was found in what somebody pasted.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) found: Vec<Found>,
    /// Whatever is a secret in itself; never shown, wherever it is repeated.
    pub(crate) secrets: Vec<Secret>,
    pub(crate) notes: Vec<String>,
    pub(crate) left_out: usize,
    /// How many refresh tokens were found.
    pub(crate) refresh_tokens: usize,
    /// How many answers were read so far.
    answers: usize,
    seen: HashSet<[u8; 32]>,
}

/// Finds every document in these texts.
pub(crate) fn read(pasted: &[Pasted]) -> Reading {
    let mut reading = Reading::default();
    for one in pasted {
        let text = one.text.expose();
        if text.len() > LONGEST {
            reading.note(format!("{} is longer than {} MB and was not read.", one.label, LONGEST / 1024 / 1024));
            continue;
        }
        let before = reading.found.len() + reading.notes.len() + reading.left_out;
        reading.text(text, &one.label, 0);
        if reading.found.len() + reading.notes.len() + reading.left_out == before {
            reading.note(format!("{}: {}", one.label, nothing_in(text)));
        }
    }
    reading
}

/// Why nothing was found.
fn nothing_in(text: &str) -> &'static str {
    let text = text.trim();
    if text.is_empty() {
        "there is nothing in it."
    } else if text.starts_with("eyJ") {
        "it begins as a token does and is cut short, or was changed; copy it whole."
    } else if text.starts_with(['{', '[']) {
        "it is JSON, but nothing in it says whom it is about or what they may do; or it is cut short."
    } else {
        "no token and no claims are in it. A token that can be read has three parts with dots between them and begins with eyJ."
    }
}

impl Reading {
    /// Takes in a document, unless it is there already or there are too many.
    fn add(&mut self, found: Found, text: &str) {
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        if !self.seen.insert(digest) {
            return;
        }
        if self.found.len() >= MAX_DOCUMENTS {
            self.left_out += 1;
            return;
        }
        self.found.push(found);
    }

    fn note(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&sentence) {
            self.notes.push(sentence);
        }
    }

    fn next_answer(&mut self) -> usize {
        self.answers += 1;
        self.answers
    }

    fn hide(&mut self, secret: &str) {
        if self.secrets.len() < 500 {
            self.secrets.push(Secret::new(secret.to_owned()));
        }
    }
}

#[cfg(fuzzing)]
pub fn fuzzed(text: &str) {
    let pasted = [Pasted { label: "x".into(), text: Secret::new(text.to_owned()) }];
    let reading = read(&pasted);
    let (now, profiles, expected) = (Timestamp(1_700_000_000), [], ["Editor".to_owned()]);
    let context = Context { now, profiles: &profiles, expected: &expected, checks: &[], only_checked: false };
    let redactor = crate::redact::Redactor::default().hiding(&reading.secrets);
    for group in people(&reading.found) {
        let person = person(&reading, &group, &redactor, &context);
        let shown = serde_json::to_string(&person).unwrap_or_default();
        for secret in &reading.secrets {
            assert!(secret.expose().len() < 16 || !shown.contains(secret.expose()));
        }
        assert!(person.findings.iter().all(|finding| !finding.evidence.is_empty()));
    }
}
