use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::Url;

use super::remarks::{self, Times};
use super::{Context, Found, Reading};
use crate::config::{Product, Profile};
use crate::documents::{Document, DocumentContext, RawDocument};
use crate::findings::{Evidence, Finding, Names, Request, Wanted, findings, report};
use crate::identity::{Answer, Answers, DocumentKind, DocumentState, Identity, Verified, identity_from};
use crate::ports::Timestamp;
use crate::products::{Confidence, Recognition};
use crate::redact::Redactor;
use crate::text::{clean_line, initials, visible};
use crate::view::{Badge, CheckState, Expected, InspectedDocument, InspectedPerson, SignatureCheck};

/// What the documents of one person say.
pub(crate) fn person(
    reading: &Reading,
    group: &[usize],
    redactor: &Redactor,
    context: &Context<'_>,
) -> InspectedPerson {
    let documents: Vec<(&Found, bool)> =
        group.iter().map(|at| (&reading.found[*at], is_superseded(*at, group, reading))).collect();
    let of_group = |at: usize| check_of(group[at], reading, context);
    let checks: Vec<SignatureCheck> = (0..group.len()).map(of_group).collect();
    let issuer = text_of(&documents, "iss").unwrap_or_default();
    let url = Url::parse(issuer).ok();
    let recognized = Recognition::of_claims(url.as_ref(), documents.iter().map(|(found, _)| &found.claims));
    let product = recognized.sure().unwrap_or(Product::OTHER);
    let profile = context.profiles.iter().find(|profile| profile.issuer.as_str() == issuer);
    let answers = answers(&documents, &checks, issuer, product, profile, redactor);
    let identity = named(identity_from(&answers), &documents, redactor);
    let times: Vec<Times> = documents.iter().map(|(found, _)| Times::of(&found.claims)).collect();
    let counted = || times.iter().zip(&documents).filter(|(_, (_, superseded))| !superseded).map(|(times, _)| times);
    let issued_at = counted().filter_map(|times| times.issued).max();
    let host = url
        .as_ref()
        .and_then(Url::host_str)
        .map(|host| url.as_ref().and_then(Url::port).map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
    let client = client_of(&documents);
    let request = Request {
        profile: "",
        issuer,
        client_id: &client,
        scopes: &[],
        audience: None,
        params: &BTreeMap::new(),
        claims: &[],
        expected_roles: &[],
        expected_groups: &[],
        ask_consent: false,
        known: false,
    };
    let evidence = Evidence {
        request,
        product: product.knowledge(),
        identity: &identity,
        granted: documents.iter().find_map(|(found, _)| found.granted.as_deref()),
        scopes_supported: &[],
        refresh_token_withheld: false,
        changes: &[],
        receiver: None,
        refreshed_at: issued_at.unwrap_or(context.now),
        now: context.now,
        wanted: None,
        directory: None,
        about_somebody_else: false,
    };
    let expected: Vec<Expected> = context.expected.iter().map(|name| expected(name, &identity, context)).collect();
    let mut told = remarks::of(&documents, &times, &checks, context, profile);
    told.extend(explained(&evidence, &expected));
    // A warning about the whole paste is told once.
    if reading.refresh_tokens > 0 && group.first() == Some(&0) {
        told.push(remarks::refresh_token(reading.refresh_tokens));
    }
    told.sort_by_key(|finding| finding.certainty);
    let shown = |text: &str| visible(&redactor.text(text), 300);
    InspectedPerson {
        badge: Badge {
            name: if identity.name.is_empty() { "Somebody it does not name".into() } else { identity.name.clone() },
            initials: initials(&identity.name),
            email: identity.email.clone(),
            email_verified: identity.email_verified,
            host: host.clone().unwrap_or_default(),
            subject: shown(&identity.subject),
            plain_http: url.as_ref().is_some_and(|url| url.scheme() == "http"),
        },
        issuer: (!issuer.is_empty()).then(|| shown(issuer)),
        provider: match recognized.confidence {
            Confidence::Certain | Confidence::Configured => product.label().to_owned(),
            Confidence::Likely | Confidence::Unknown => host.clone().unwrap_or_default(),
        },
        provider_because: recognized.sure().map(|_| recognized.reason.clone()),
        issued_at,
        expires_at: counted().filter_map(|times| times.ends).min(),
        check: remarks::together(&checks),
        report: report(&evidence, &told, Names::Counted),
        documents: documents
            .iter()
            .zip(&checks)
            .zip(&times)
            .map(|(((found, superseded), check), times)| {
                let provider =
                    if product == Product::OTHER { host.as_deref().unwrap_or("the provider") } else { product.name };
                let about =
                    DocumentContext { issuer, client_id: &client, provider, paths: &[], redactor, pasted: true };
                InspectedDocument {
                    what: found.what.to_owned(),
                    from: clean_line(&redactor.text(&found.from)),
                    issued_at: times.issued,
                    expires_at: times.ends,
                    superseded: *superseded,
                    check: check.clone(),
                    content: content(found, check, times, &about, context.now),
                }
            })
            .collect(),
        self_asserted: identity.self_asserted.clone(),
        entitlements: identity.entitlements.clone(),
        expected,
        findings: told,
    }
}

fn check_of(at: usize, reading: &Reading, context: &Context<'_>) -> SignatureCheck {
    context.checks.get(at).cloned().unwrap_or_else(|| remarks::not_checked(&reading.found[at]))
}

/// A newer document of the same kind for the same application is beside it.
fn is_superseded(at: usize, group: &[usize], reading: &Reading) -> bool {
    let this = &reading.found[at];
    let rank = |at: usize| (Times::of(&reading.found[at].claims).issued, Reverse(at));
    this.state == DocumentState::Read
        && group.iter().any(|other| {
            let beside = &reading.found[*other];
            *other != at
                && beside.state == DocumentState::Read
                && beside.document == this.document
                && beside.claims.get("aud") == this.claims.get("aud")
                && rank(*other) > rank(at)
        })
}

fn answers(
    documents: &[(&Found, bool)],
    checks: &[SignatureCheck],
    issuer: &str,
    product: Product,
    profile: Option<&Profile>,
    redactor: &Redactor,
) -> Answers {
    let mut answers = Answers {
        issuer: issuer.to_owned(),
        conventions: product.conventions(),
        redactor: redactor.clone(),
        paths: profile.map(|profile| profile.claims.clone()).unwrap_or_default(),
        ..Answers::default()
    };
    for ((found, superseded), check) in documents.iter().zip(checks) {
        if *superseded {
            continue;
        }
        if found.state == DocumentState::Read {
            let verified = if check.state == CheckState::Fits { Verified::Signature } else { Verified::None };
            answers.answers.push(Answer { document: found.document, claims: found.claims.clone(), verified });
        } else {
            answers.unread.push((found.document, found.state));
        }
    }
    answers
}

/// The identity with the name that an access token or introspection gives, where nothing else is at hand: whoever pastes
/// one asks about the person in it.
fn named(mut identity: Identity, documents: &[(&Found, bool)], redactor: &Redactor) -> Identity {
    if !identity.subject.is_empty() || !identity.name.is_empty() {
        return identity;
    }
    let names =
        ["sub", "name", "given_name", "family_name", "preferred_username", "nickname", "email", "email_verified"];
    for (found, _) in documents {
        let claims: Map<String, Value> =
            names.iter().filter_map(|name| Some(((*name).to_owned(), found.claims.get(*name)?.clone()))).collect();
        let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::None };
        let person =
            identity_from(&Answers { answers: vec![answer], redactor: redactor.clone(), ..Answers::default() });
        if !person.subject.is_empty() || !person.name.is_empty() {
            let Identity { subject, name, email, email_verified, .. } = person;
            identity = Identity { subject, name, email, email_verified, ..identity };
            break;
        }
    }
    identity
}

fn expected(name: &str, identity: &Identity, context: &Context<'_>) -> Expected {
    let value = visible(name, 1000);
    let mut all = identity.entitlements.iter();
    let found = all.find(|(_, found)| {
        let is_checked = found.sources.iter().any(|source| source.verified != Verified::None);
        found.value == value && (is_checked || !context.only_checked)
    });
    Expected { value, kind: found.map(|(kind, _)| kind), here: found.is_some() }
}

/// What the rules say: about each that is expected and not there, or about everything.
fn explained(evidence: &Evidence<'_>, expected: &[Expected]) -> Vec<Finding> {
    let missing: Vec<Wanted> = expected
        .iter()
        .filter(|expected| !expected.here)
        .map(|expected| Wanted { value: expected.value.clone(), kind: None })
        .collect();
    if missing.is_empty() {
        return findings(evidence);
    }
    let mut told: Vec<Finding> = Vec::new();
    for wanted in &missing {
        for finding in findings(&evidence.about(wanted)) {
            if !told.iter().any(|earlier| earlier.code == finding.code && earlier.about == finding.about) {
                told.push(finding);
            }
        }
    }
    told
}

fn content(
    found: &Found,
    check: &SignatureCheck,
    times: &Times,
    about: &DocumentContext<'_>,
    now: Timestamp,
) -> Document {
    let at = times.issued.unwrap_or(now);
    if found.state != DocumentState::Read {
        return Document::without_claims(found.document, found.state, at, &[]);
    }
    let verified = if check.state == CheckState::Fits { Verified::Signature } else { Verified::None };
    let raw = RawDocument {
        document: found.document,
        claims: found.claims.clone(),
        verified,
        signature: found.signature.clone(),
        at,
    };
    raw.read(about)
}

/// A text claim of the first document that has it.
fn text_of<'a>(documents: &[(&'a Found, bool)], name: &str) -> Option<&'a str> {
    documents.iter().find_map(|(found, _)| found.claims.get(name)?.as_str())
}

/// The application that the documents were made for.
fn client_of(documents: &[(&Found, bool)]) -> String {
    let of = |found: &Found, name: &str| match found.claims.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let all = || documents.iter().map(|(found, _)| *found);
    let id = all().find(|found| found.document == DocumentKind::IdToken);
    let named = ["azp", "client_id", "cid", "appid"];
    id.and_then(|found| of(found, "azp").or_else(|| of(found, "aud")))
        .or_else(|| all().find_map(|found| named.iter().find_map(|name| of(found, name))))
        .unwrap_or_default()
}
