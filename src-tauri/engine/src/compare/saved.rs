//! What Rolecall itself wrote: the JSON of `roles` and `inspect`, and the report of `why`. Anybody may have changed it
//! since, so it is read as carefully as a pasted token.

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use super::Side;
use crate::identity::{DocumentKind, Entitlement, Entitlements, Kind, Source, Verified};
use crate::inspect::saved::is_saved;
use crate::json;
use crate::ports::Timestamp;
use crate::redact::Redactor;
use crate::text::visible;

/// The longest value, in characters.
const MAX_VALUE: usize = 1000;
/// The most names of one report that are read.
const MAX_NAMES: usize = 50_000;
/// How a report begins.
const REPORT: &str = "# Roles and groups: report from Rolecall";

/// Why something saved can't be compared.
pub(crate) type Unusable = &'static str;

/// Reads what Rolecall wrote; `None` where the text is something else.
pub(crate) fn read(label: &str, text: &str) -> Option<Result<Side, Unusable>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with(REPORT) {
        return Some(Ok(report(label, text)));
    }
    if !text.starts_with('{') {
        return None;
    }
    let members = json::object(text.as_bytes())?;
    if !is_saved(&members) {
        return None;
    }
    if let Some(Value::Array(people)) = members.get("people") {
        return Some(match people.as_slice() {
            [Value::Object(person)] => Ok(of_json(label, person)),
            _ => Err("it is about several people; inspect the documents of one"),
        });
    }
    if members.contains_key("looked_at") {
        return Some(Err("why --json tells of one role alone; take roles --json"));
    }
    Some(Ok(of_json(label, &members)))
}

fn of_json(label: &str, members: &Map<String, Value>) -> Side {
    let redactor = Redactor::default();
    let text = |name: &str| {
        let text = members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())?;
        Some(visible(&redactor.text(text), 300))
    };
    let time = |name: &str| members.get(name).and_then(Value::as_i64).map(Timestamp);
    let list = |name: &str| {
        let items = members.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let read = |item: &Value| serde_json::from_value::<Entitlement>(item.clone()).ok();
        items.iter().take(MAX_NAMES).filter_map(read).map(|one| safe(one, &redactor)).collect::<Vec<_>>()
    };
    let profile = text("profile");
    Side {
        label: profile.as_ref().map_or_else(|| label.to_owned(), |profile| format!("{label} ({profile})")),
        who: text("email").or_else(|| text("name")).or_else(|| text("subject")),
        subject: text("subject"),
        when_word: "read",
        at: time("as_of"),
        entitlements: Some(Entitlements {
            roles: list("roles"),
            groups: list("groups"),
            permissions: list("permissions"),
        }),
        places_known: true,
        issuer: text("issuer"),
        product: text("provider"),
        client: text("client_id"),
        issued_at: time("issued_at"),
        expires_at: time("expires_at"),
        ..Side::default()
    }
}

fn safe(mut one: Entitlement, redactor: &Redactor) -> Entitlement {
    let shown = |text: &str| visible(&redactor.text(text), MAX_VALUE);
    one.value = shown(&one.value);
    one.context = one.context.as_deref().map(shown);
    for source in &mut one.sources {
        let path: Vec<String> = source.path.iter().map(|name| shown(name)).collect();
        source.path = path.into();
        // A file says nothing about how it was checked.
        source.verified = Verified::None;
    }
    one
}

/// A report in Markdown. Its lists are those that `why --report` writes.
fn report(label: &str, text: &str) -> Side {
    let mut side = Side { label: label.to_owned(), when_word: "read", places_known: true, ..Side::default() };
    let redactor = Redactor::default();
    let (mut section, mut named, mut counted) = ("", false, 0);
    let mut entitlements = Entitlements::default();
    for line in text.lines().take(MAX_NAMES + 10_000) {
        if let Some(title) = line.strip_prefix("## ") {
            section = title;
            named |= title == "Roles, groups and permissions";
            continue;
        }
        let Some(item) = line.strip_prefix("- ") else { continue };
        match section {
            "" => setting(&mut side, item, &redactor),
            "Claims that held something" => {
                counted += item.rsplit_once("s: ").and_then(|(_, count)| count.parse::<usize>().ok()).unwrap_or(0);
            }
            "Roles, groups and permissions" => {
                if let Some((kind, one)) = listed(item) {
                    let list = match kind {
                        Kind::Role => &mut entitlements.roles,
                        Kind::Group => &mut entitlements.groups,
                        Kind::Permission => &mut entitlements.permissions,
                    };
                    list.push(safe(one, &redactor));
                }
            }
            _ => {}
        }
    }
    if named {
        side.entitlements = Some(entitlements);
    } else {
        side.counted = Some(counted);
        side.notes
            .push("It counts roles and groups and does not name them: rolecall why --report --names does.".into());
    }
    side
}

fn setting(side: &mut Side, item: &str, redactor: &Redactor) {
    let Some((name, value)) = item.split_once(": ") else { return };
    let value = visible(&redactor.text(value.trim_matches('`')), 300);
    let field = match name {
        "Issuer" => &mut side.issuer,
        "Provider" => &mut side.product,
        "Client ID" => &mut side.client,
        "Subject" => &mut side.subject,
        "Scopes asked for" if !value.starts_with("not known") => &mut side.asked,
        "Scopes granted" if !value.starts_with("not told") => &mut side.granted,
        "Audience" => &mut side.audience,
        "Read at" => {
            let moment = NaiveDateTime::parse_from_str(&value, "%Y-%m-%d %H:%M:%S UTC").ok();
            side.at = moment.map(|moment| Timestamp(moment.and_utc().timestamp()));
            return;
        }
        _ => return,
    };
    *field = Some(value);
    if name == "Subject" {
        side.who.clone_from(&side.subject);
    }
}

/// A line such as "role `Editor` for `desk`, ID token `roles`".
fn listed(item: &str) -> Option<(Kind, Entitlement)> {
    let (word, rest) = item.split_once(" `")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
    let (value, mut rest) = rest.split_once('`')?;
    let mut context = None;
    if let Some(after) = rest.strip_prefix(" for `") {
        let (name, after) = after.split_once('`')?;
        (context, rest) = (Some(name.to_owned()), after);
    }
    let mut sources = Vec::new();
    while let Some(next) = rest.strip_prefix(", ") {
        let Some((document, after)) = next.split_once(" `") else { break };
        let Some((path, after)) = after.split_once('`') else { break };
        let names: Vec<String> = path.split(" › ").map(str::to_owned).collect();
        if let Some(document) = document_of(document) {
            sources.push(Source { document, path: names.into(), verified: Verified::None, through: None });
        }
        rest = after;
    }
    Some((kind, Entitlement { value: value.to_owned(), context, sources, class: None }))
}

fn document_of(name: &str) -> Option<DocumentKind> {
    let all = [DocumentKind::IdToken, DocumentKind::AccessToken, DocumentKind::Userinfo, DocumentKind::Introspection];
    all.into_iter().find(|document| crate::products::document_name(*document) == name)
}
