//! Reading pasted documents. Needs no profile and no key store, keeps nothing, and asks nobody unless that is asked for.

use std::collections::HashMap;

use serde_json::Value;

use super::Engine;
use crate::config::{Issuer, Profile, ProfileName};
use crate::identity::DocumentState;
use crate::inspect::{Context, Found, Pasted, people, person, read};
use crate::oidc::{Http, PastedSignature, Provider};
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::tokens::Secret;
use crate::view::{CheckState, Inspection, SignatureCheck};

/// Options for reading pasted documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct InspectOptions<'a> {
    /// Roles, groups or permissions that are expected.
    pub expected: &'a [String],
    /// Have the signatures checked: the issuers that the documents name are asked for their keys. Nothing of the
    /// documents is sent. What is expected counts then only where it was checked.
    pub check: bool,
}

/// The most names that may be expected.
const MAX_EXPECTED: usize = 50;

impl Engine {
    /// What pasted documents say: whom they are about, their roles with the places, what is odd.
    ///
    /// # Errors
    /// [`Code::Unreadable`] when there is nothing in them that can be read.
    pub async fn inspect(&self, pasted: &[Pasted], options: InspectOptions<'_>) -> Result<Inspection> {
        let reading = read(pasted);
        if reading.found.is_empty() {
            let why =
                if reading.notes.is_empty() { "there is nothing in it".to_owned() } else { reading.notes.join(" ") };
            // A note may quote what was pasted.
            let redactor = Redactor::default().hiding(&reading.secrets);
            return Err(Problem::new(Code::Unreadable, redactor.text(&why)));
        }
        // A configuration that can't be read is no reason not to read a token.
        let profiles = self.config().map(|config| config.profiles).unwrap_or_default();
        let checks = if options.check { self.check_signatures(&reading.found, &profiles).await } else { Vec::new() };
        let redactor = Redactor::default().hiding(&reading.secrets);
        let context = Context {
            now: self.now(),
            profiles: &profiles,
            expected: options.expected.get(..MAX_EXPECTED).unwrap_or(options.expected),
            checks: &checks,
            only_checked: options.check,
        };
        let groups = people(&reading.found);
        let mut notes: Vec<String> = reading.notes.iter().map(|note| redactor.text(note).into_owned()).collect();
        if groups.len() > 1 {
            notes.push(format!(
                "The documents are about {} different people or do not say that they are about the same; they are told apart.",
                groups.len()
            ));
        }
        Ok(Inspection {
            now: context.now,
            people: groups.iter().map(|group| person(&reading, group, &redactor, &context)).collect(),
            notes,
            left_out: reading.left_out,
        })
    }

    /// Asks each issuer that is named, once, and holds the signatures against its keys.
    async fn check_signatures(&self, found: &[Found], profiles: &[Profile]) -> Vec<SignatureCheck> {
        let mut issuers: HashMap<String, Result<Provider>> = HashMap::new();
        let mut checks = Vec::new();
        for one in found {
            let not_checked = crate::inspect::not_checked(one);
            let Some((token, issuer)) = checkable(one) else {
                checks.push(not_checked);
                continue;
            };
            if !issuers.contains_key(issuer.as_str()) {
                let provider = discover(&issuer, profiles).await;
                issuers.insert(issuer.as_str().to_owned(), provider);
            }
            checks.push(match &issuers[issuer.as_str()] {
                Ok(provider) => judged(provider, token, &issuer),
                Err(problem) => SignatureCheck {
                    state: CheckState::Unreachable,
                    words: format!("Not checked: {} could not be asked for its keys. {problem}.", issuer.host()),
                    host: Some(issuer.host()),
                    asked: vec![discovery_address(&issuer)],
                },
            });
        }
        checks
    }
}

fn checkable(found: &Found) -> Option<(&Secret, Issuer)> {
    let token = found.token.as_ref().filter(|_| found.state == DocumentState::Read)?;
    Some((token, Issuer::parse(found.claims.get("iss").and_then(Value::as_str)?).ok()?))
}

/// The provider that calls itself so, with the certificates and hosts that a profile for it allows.
async fn discover(issuer: &Issuer, profiles: &[Profile]) -> Result<Provider> {
    let name: ProfileName = "check".parse()?;
    let profile = match profiles.iter().find(|profile| profile.issuer == *issuer) {
        Some(profile) => profile.clone(),
        None => Profile::new(name, issuer.clone(), String::new()),
    };
    Provider::discover(&Http::for_profile(&profile)?, &profile).await
}

fn judged(provider: &Provider, token: &Secret, issuer: &Issuer) -> SignatureCheck {
    let asked = vec![discovery_address(issuer), provider.keys_address().to_owned()];
    let host = issuer.host();
    let (state, words) = match provider.check_pasted(token) {
        PastedSignature::Fits { alg, key } => {
            let key = key.map_or_else(String::new, |key| format!(" {key}"));
            (CheckState::Fits, format!("Signed by {host} with its key{key} ({alg})."))
        }
        PastedSignature::SharedSecret { alg } => (
            CheckState::Unsigned,
            format!("It is signed with a secret of the application’s ({alg}), which nobody else can check."),
        ),
        PastedSignature::Fails { why } => {
            (CheckState::Fails, format!("It {why}: {host} did not make it as it stands here."))
        }
    };
    SignatureCheck { state, words, host: Some(host), asked }
}

fn discovery_address(issuer: &Issuer) -> String {
    let issuer = issuer.as_str();
    format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
}
