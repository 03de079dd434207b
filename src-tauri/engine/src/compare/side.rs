use serde_json::{Map, Value};

use crate::config::{AccentColor, Profile};
use crate::identity::{DocumentKind, DocumentReport, DocumentState, Entitlements, Identity};
use crate::inspect::Reading;
use crate::ports::Timestamp;
use crate::redact::Redactor;
use crate::session::LastKnown;
use crate::text::visible;
use crate::view::InspectedPerson;

/// The longest setting that is shown, in characters.
const MAX_SETTING: usize = 300;

/// One side: a person's entitlements, and how they were requested.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) label: String,
    pub(crate) who: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) accent_color: Option<AccentColor>,
    /// The moment, in words.
    pub(crate) when_word: &'static str,
    pub(crate) at: Option<Timestamp>,
    /// `None` where they are not named.
    pub(crate) entitlements: Option<Entitlements>,
    /// How many there are, where they are only counted.
    pub(crate) counted: Option<usize>,
    /// Whether it is known which claim each is in.
    pub(crate) places_known: bool,
    pub(crate) issuer: Option<String>,
    pub(crate) product: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) asked: Option<String>,
    pub(crate) granted: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) organization: Option<String>,
    /// When the token was made.
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// Which documents there were, and the claims at their roots.
    pub(crate) documents: Vec<(DocumentKind, DocumentState, Vec<String>)>,
    pub(crate) notes: Vec<String>,
}

/// The last known entitlements of a profile. Neither key store nor provider is asked.
pub(crate) fn from_profile(profile: &Profile, last: &LastKnown) -> Side {
    let summary = &last.summary;
    let notes = if last.end.is_some() {
        vec![format!("Nobody is signed in at {} now; this is what was read last.", profile.name)]
    } else {
        Vec::new()
    };
    Side {
        at: Some(summary.refreshed_at),
        when_word: "refreshed",
        entitlements: Some(summary.identity.entitlements.clone()),
        places_known: true,
        granted: Some(summary.granted.clone().unwrap_or_else(|| profile.scopes.to_string())),
        issued_at: Some(summary.issued_at),
        expires_at: summary.expires_at,
        documents: documents(&summary.identity.documents),
        organization: Some(organization(&summary.identity, profile)),
        product: Some(profile.known_product(summary.product.as_ref()).label().to_owned()),
        notes,
        ..of_profile(profile, &summary.identity)
    }
}

/// What a profile had at a time in the past.
pub(crate) fn from_the_past(
    profile: &Profile,
    last: Option<&LastKnown>,
    entitlements: Entitlements,
    at: Timestamp,
) -> Side {
    let identity = last.map(|last| &last.summary.identity);
    let side = identity.map_or_else(Side::default, |identity| of_profile(profile, identity));
    Side {
        label: format!("{} then", profile.name),
        accent_color: Some(profile.accent_color),
        at: Some(at),
        when_word: "as it stood",
        entitlements: Some(entitlements),
        places_known: false,
        issuer: Some(profile.issuer.as_str().to_owned()),
        client: Some(profile.client_id.clone()),
        // What the profile asked for then is not kept.
        asked: None,
        audience: None,
        ..side
    }
}

fn of_profile(profile: &Profile, identity: &Identity) -> Side {
    Side {
        label: profile.name.to_string(),
        who: Some(identity.email.clone().unwrap_or_else(|| identity.name.clone())),
        subject: Some(visible(&identity.subject, MAX_SETTING)),
        accent_color: Some(profile.accent_color),
        issuer: Some(profile.issuer.as_str().to_owned()),
        client: Some(profile.client_id.clone()),
        asked: Some(profile.scopes.to_string()),
        audience: Some(profile.audience.clone().unwrap_or_default()),
        ..Side::default()
    }
}

fn organization(identity: &Identity, profile: &Profile) -> String {
    let told = identity.documents.iter().find_map(|report| report.facts.quoted("org_id"));
    let asked = profile.params.get("organization").map(String::as_str);
    told.map(|text| text.trim_matches('"')).or(asked).unwrap_or_default().to_owned()
}

fn documents(reports: &[DocumentReport]) -> Vec<(DocumentKind, DocumentState, Vec<String>)> {
    reports.iter().map(|report| (report.document, report.state, report.facts.names.clone())).collect()
}

/// One person in pasted documents.
pub(crate) fn from_inspection(label: &str, reading: &Reading, person: &[usize], told: &InspectedPerson) -> Side {
    let redactor = Redactor::default().hiding(&reading.secrets);
    let found = || person.iter().map(|at| &reading.found[*at]);
    let text = |name: &str, of: &[DocumentKind]| {
        let mut all = found().filter(|one| of.is_empty() || of.contains(&one.document));
        all.find_map(|one| claim(&one.claims, name)).map(|text| visible(&redactor.text(&text), MAX_SETTING))
    };
    let access = [DocumentKind::AccessToken, DocumentKind::Introspection];
    let has_access = found().any(|one| access.contains(&one.document) && one.state == DocumentState::Read);
    let granted = found().find_map(|one| one.granted.clone()).map(|text| visible(&redactor.text(&text), MAX_SETTING));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Side {
        label: label.to_owned(),
        who: Some(told.badge.email.clone().unwrap_or_else(|| told.badge.name.clone())),
        subject: some(&told.badge.subject),
        accent_color: None,
        when_word: "made",
        at: told.issued_at,
        entitlements: Some(told.entitlements.clone()),
        counted: None,
        places_known: true,
        issuer: told.issuer.clone(),
        product: some(&told.provider),
        client: text("azp", &[])
            .or_else(|| text("client_id", &[]))
            .or_else(|| text("cid", &[]))
            .or_else(|| text("aud", &[DocumentKind::IdToken])),
        asked: None,
        granted: granted.or_else(|| text("scope", &access)).or_else(|| text("scp", &access)),
        audience: has_access.then(|| text("aud", &access).unwrap_or_default()),
        organization: Some(text("org_id", &[]).unwrap_or_default()),
        issued_at: told.issued_at,
        expires_at: told.expires_at,
        documents: found()
            .map(|one| (one.document, one.state, one.claims.keys().map(|name| visible(name, 200)).collect()))
            .collect(),
        notes: Vec::new(),
    }
}

/// A claim as text; a list as its items with blanks between them.
fn claim(claims: &Map<String, Value>, name: &str) -> Option<String> {
    match claims.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).take(50).collect();
            (!texts.is_empty()).then(|| texts.join(" "))
        }
        _ => None,
    }
}
