//! Rules about a receiver's reading of the credential.
//!
//! | file | holds |
//! |---|---|
//! | `person` | whose credential it was |
//! | `names` | what it knows of the roles and groups in the token, and under which names |
//! | `refused` | why it does not take a token |
//! | `snippets` | lines for the cluster's administrator |

mod names;
mod person;
mod refused;
mod snippets;
#[cfg(test)]
mod tests;

use super::Evidence;
use crate::products::Rule;
use crate::receivers::{Context, Credential, Receiver, ReceiverAnswer, SeenAs, SentToken};
use crate::text::clean_line;

/// The rules, told before those about the provider's documents where they are as certain.
pub(super) const RULES: &[Rule] = &[
    person::anonymous,
    person::other_credential,
    person::somebody_else,
    refused::expired,
    refused::not_yet_valid,
    refused::unreadable,
    refused::algorithm,
    refused::issuer_not_https,
    names::prefix,
    names::claim_not_read,
    names::not_sent,
    names::value_left_out,
    names::same_name,
    refused::email_not_verified,
    refused::overage,
    refused::look_at,
    person::not_told,
    person::other_client,
    names::all_prefixes,
    names::all_not_read,
];

/// A receiver that took the credential for somebody.
fn accepted<'a>(evidence: &Evidence<'a>) -> Option<(&'a Receiver, &'a SeenAs)> {
    let receiver = evidence.receiver?;
    receiver.seen_as().map(|seen| (receiver, seen))
}

/// A receiver that did not take it, and the token it was shown, where that is known.
fn refused<'a>(evidence: &Evidence<'a>) -> Option<(&'a Receiver, Option<&'a SentToken>)> {
    let receiver = evidence.receiver?;
    (receiver.answer == ReceiverAnswer::Refused).then_some((receiver, receiver.token.as_ref()))
}

/// The same where the token can be read.
fn refused_token<'a>(evidence: &Evidence<'a>) -> Option<(&'a Receiver, &'a SentToken)> {
    let (receiver, token) = refused(evidence)?;
    token.filter(|token| token.readable).map(|token| (receiver, token))
}

fn credential(receiver: &Receiver) -> Option<&Credential> {
    receiver.target.as_ref()?.credential.as_ref()
}

/// How to get another token.
fn get_another(target: Option<&Context>) -> String {
    match target.and_then(|target| target.credential.as_ref()) {
        Some(Credential::Plugin { program }) => {
            format!("{program} gets the token: sign in with it again, or have it refresh.")
        }
        Some(Credential::Token) => {
            "The token stands in the kubeconfig itself, where nobody refreshes it: use a credential plug-in, such as kubelogin, in its place.".into()
        }
        Some(Credential::TokenFile) => "See who writes the file that the kubeconfig names, and whether that still runs.".into(),
        _ => "Sign in again with whatever writes the kubeconfig.".into(),
    }
}

/// How the receiver is called in a finding.
fn cluster(receiver: &Receiver) -> String {
    let name = receiver.target.as_ref().map_or("", |target| target.cluster.as_str());
    if name.is_empty() { "The cluster".into() } else { format!("The cluster {}", clean_line(name)) }
}

/// So many seconds in words.
fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..90 => format!("{seconds} seconds"),
        seconds @ 90..5400 => format!("{} minutes", seconds / 60),
        seconds @ 5400..172_800 => format!("{} hours", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
