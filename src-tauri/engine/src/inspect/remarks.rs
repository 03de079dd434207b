//! Remarks about a pasted document itself, regardless of the roles in it.

use serde_json::{Map, Value};

use super::{Context, Found};
use crate::config::{Issuer, Profile};
use crate::findings::Finding;
use crate::identity::{DocumentKind, DocumentState};
use crate::ports::Timestamp;
use crate::text::{clean_line, span, visible};
use crate::view::{CheckState, SignatureCheck};

/// A time from here on is in milliseconds: in seconds it would be the year 5138.
const MILLISECONDS: f64 = 1e11;
/// By how many seconds the clocks may differ before that is reported.
const OFF: i64 = 300;

/// The times of a document, in seconds whatever it writes them in.
#[derive(Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) issued: Option<Timestamp>,
    pub(super) begins: Option<Timestamp>,
    pub(super) ends: Option<Timestamp>,
    /// One of them is written in milliseconds.
    milliseconds: bool,
    /// One of them is no number.
    mistyped: bool,
}

impl Times {
    pub(super) fn of(claims: &Map<String, Value>) -> Self {
        let mut times = Self::default();
        times.issued = times.read(claims, "iat");
        times.begins = times.read(claims, "nbf");
        times.ends = times.read(claims, "exp");
        times
    }

    fn read(&mut self, claims: &Map<String, Value>, name: &str) -> Option<Timestamp> {
        let value = claims.get(name)?;
        let number = match value {
            Value::String(text) => text.trim().parse::<f64>().ok(),
            other => other.as_f64(),
        };
        self.mistyped |= !value.is_number();
        let seconds = number.filter(|number| number.is_finite())?;
        let milliseconds = seconds >= MILLISECONDS;
        self.milliseconds |= milliseconds;
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
        Some(Timestamp((if milliseconds { seconds / 1000.0 } else { seconds }).floor() as i64))
    }
}

/// What is said of the documents of one person.
pub(super) fn of(
    documents: &[(&Found, bool)],
    times: &[Times],
    checks: &[SignatureCheck],
    context: &Context<'_>,
    profile: Option<&Profile>,
) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::new();
    for (((found, superseded), times), check) in documents.iter().zip(times).zip(checks) {
        if *superseded {
            continue;
        }
        let all = [
            fails(found, check),
            unsigned(found),
            inactive(found),
            ended(found, times, context.now),
            not_yet(found, times, context.now),
            odd_times(found, times),
            another_client(found, profile),
            damaged(found),
            issuer(found),
            shared_secret(found),
            live(found, times, context.now),
        ];
        for finding in all.into_iter().flatten() {
            if !told.iter().any(|earlier| earlier.code == finding.code) {
                told.push(finding);
            }
        }
    }
    told
}

/// Whoever gets the paste can go on as the person.
pub(super) fn refresh_token(count: usize) -> Finding {
    let seen = if count == 1 {
        "1 refresh token stood there".to_owned()
    } else {
        format!("{count} refresh tokens stood there")
    };
    Finding::warning("refresh_token_pasted", "A refresh token came along: whoever has it can sign in as this person")
        .seen(seen)
        .fix("Have the person sign out, which ends it at the provider, and send a report next time: it holds no token.")
        .proven()
}

fn fails(found: &Found, check: &SignatureCheck) -> Option<Finding> {
    if check.state != CheckState::Fails {
        return None;
    }
    let mut finding =
        Finding::warning("signature_does_not_fit", "Its signature proves nothing: do not believe what it says")
            .seen(format!("{}: {}", capital(found.what), check.words));
    finding.severity = crate::findings::Severity::Error;
    Some(finding.fix("Ask where it comes from. If it was copied by hand, copy it again, whole.").proven())
}

fn unsigned(found: &Found) -> Option<Finding> {
    let alg = &found.signature.as_ref()?.alg;
    if !alg.eq_ignore_ascii_case("none") {
        return None;
    }
    let finding = Finding::warning("token_unsigned", "It says of itself that nobody signed it")
        .seen(format!("{}: alg is none", capital(found.what)))
        .fix("An API that takes such a token lets everybody in. Ask where it comes from.");
    Some(finding.proven())
}

/// RFC 7662 section 2.2.
fn inactive(found: &Found) -> Option<Finding> {
    let is_inactive =
        found.document == DocumentKind::Introspection && found.claims.get("active") == Some(&Value::Bool(false));
    is_inactive.then(|| {
        Finding::warning("token_inactive", "The provider says that this token does not hold")
            .seen("Introspection answer: active is false")
            .fix("It has ended, was revoked, or is not for the API that asked. Sign in again and ask with the new one.")
            .proven()
    })
}

fn ended(found: &Found, times: &Times, now: Timestamp) -> Option<Finding> {
    let ends = times.ends.filter(|ends| ends.0 <= now.0)?;
    let finding =
        Finding::warning("token_ended", format!("It is not valid any more: it ended {} ago", span(now.0 - ends.0)))
            .seen(format!("{}: exp is {}", capital(found.what), moment(ends)))
            .fix("Every API has refused it since then. Refresh, or sign in again, and look at the new one.");
    Some(finding.proven())
}

fn not_yet(found: &Found, times: &Times, now: Timestamp) -> Option<Finding> {
    let ahead = |time: Option<Timestamp>| time.filter(|time| time.0 > now.0.saturating_add(OFF));
    let (name, time) = match (ahead(times.begins), ahead(times.issued)) {
        (Some(time), _) => ("nbf", time),
        (None, Some(time)) => ("iat", time),
        (None, None) => return None,
    };
    let title = if name == "nbf" { "It is not valid yet" } else { "It says that it was made in the future" };
    let finding = Finding::warning("token_ahead", format!("{title}: in {}", span(time.0 - now.0)))
        .seen(format!("{}: {name} is {}", capital(found.what), moment(time)))
        .seen(format!("This computer says that it is {}", moment(now)))
        .fix("One of the two clocks is wrong: set this computer’s right, or tell whoever runs the provider.");
    Some(finding.proven())
}

fn odd_times(found: &Found, times: &Times) -> Option<Finding> {
    let what = capital(found.what);
    let backwards = times.issued.zip(times.ends).is_some_and(|(issued, ends)| ends <= issued);
    let seen = if times.milliseconds {
        format!("{what}: a time is written in milliseconds; it is read as such here")
    } else if times.mistyped {
        format!("{what}: a time is not a number")
    } else if backwards {
        format!("{what}: it ends before it was made")
    } else if found.signature.is_some() && times.ends.is_none() && found.state == DocumentState::Read {
        format!("{what}: no exp, so it would hold for ever")
    } else {
        return None;
    };
    let finding = Finding::warning("token_times_odd", "Its times are not as the standard asks (RFC 7519 section 4.1)")
        .seen(seen)
        .fix("Many APIs refuse such a token. The times are set where it is made; an action or a mapper may have changed them.");
    Some(finding.likely())
}

/// Made for another client than the one a profile has at the same issuer.
fn another_client(found: &Found, profile: Option<&Profile>) -> Option<Finding> {
    let profile = profile.filter(|_| found.document == DocumentKind::IdToken)?;
    let audience = found.claims.get("aud")?;
    let named = |value: &Value| match value {
        Value::String(text) => text == &profile.client_id,
        Value::Array(items) => items.iter().any(|item| item == profile.client_id.as_str()),
        _ => false,
    };
    if named(audience) || found.claims.get("azp").is_some_and(named) {
        return None;
    }
    let shown = match audience {
        Value::String(text) => visible(text, 80),
        other => visible(&other.to_string(), 80),
    };
    let finding =
        Finding::info("another_client", format!("Made for another client than that of the profile {}", profile.name))
            .seen(format!("aud is {shown}; the profile uses {}", clean_line(&profile.client_id)))
            .fix("Roles, claims and scopes are set per client at most providers: compare the two clients there.");
    Some(finding.likely())
}

fn damaged(found: &Found) -> Option<Finding> {
    let reason = found.reason.as_ref()?;
    let finding = Finding::warning("token_damaged", "It did not come whole")
        .seen(format!("{}: {reason}", capital(found.what)))
        .fix("Its claims can be read all the same. Copy it again, whole, to have its signature checked.");
    Some(finding.likely())
}

fn issuer(found: &Found) -> Option<Finding> {
    let text = found.claims.get("iss")?.as_str()?;
    let problem = Issuer::parse(text).err()?;
    let finding = Finding::info("issuer_unusable", "Its issuer can’t be asked")
        .seen(format!("iss is {}", visible(text, 200)))
        .seen(format!("{problem}"))
        .fix("A provider’s issuer is an https address. Without one nobody can check the signature.");
    Some(finding)
}

fn shared_secret(found: &Found) -> Option<Finding> {
    let alg = &found.signature.as_ref()?.alg;
    if !alg.starts_with("HS") {
        return None;
    }
    let finding = Finding::info("signed_with_shared_secret", "It is signed with a secret that only its issuer and the application have")
        .seen(format!("{}: alg is {}", capital(found.what), clean_line(alg)))
        .fix("Nobody else can check it. A desktop program keeps no such secret; providers offer RS256 or ES256 in its place.");
    Some(finding)
}

/// It can still be used by whoever sees it.
fn live(found: &Found, times: &Times, now: Timestamp) -> Option<Finding> {
    let ends = times.ends.filter(|ends| ends.0 > now.0 && found.token.is_some())?;
    if found.document != DocumentKind::AccessToken {
        return None;
    }
    let finding = Finding::info(
        "token_still_valid",
        format!("It is still valid for {}: whoever sees it can use it", span(ends.0 - now.0)),
    )
    .seen(format!("{}: exp is {}", capital(found.what), moment(ends)))
    .fix("Treat it as a password until then. A report holds no token and is enough to explain what is missing.");
    Some(finding.aside())
}

/// The state of a document's signature that was not checked.
pub(crate) fn not_checked(found: &Found) -> SignatureCheck {
    let none = |words: &str| SignatureCheck {
        state: CheckState::Unsigned,
        words: words.to_owned(),
        host: None,
        asked: Vec::new(),
    };
    match found.state {
        DocumentState::Encrypted => return none("It is encrypted, so nothing in it can be read or checked."),
        DocumentState::Opaque => {
            return none("It is no JWT: only its provider can say what it is, and it is not sent there.");
        }
        DocumentState::Read | DocumentState::Absent | DocumentState::Failed => {}
    }
    if found.token.is_none() {
        return none("It came without a signature, so it can’t be checked. Anybody can write it.");
    }
    let issuer = found.claims.get("iss").and_then(Value::as_str).and_then(|text| Issuer::parse(text).ok());
    SignatureCheck {
        state: CheckState::NotChecked,
        words: "Not checked. Anybody can write a token.".to_owned(),
        host: issuer.map(|issuer| issuer.host()),
        asked: Vec::new(),
    }
}

/// All checks as one: the worst that was found out, else what is still to be found out.
pub(super) fn together(checks: &[SignatureCheck]) -> SignatureCheck {
    let first = |state: CheckState| checks.iter().find(|check| check.state == state);
    let shown = first(CheckState::Fails)
        .or_else(|| first(CheckState::Unreachable))
        .or_else(|| checks.iter().find(|check| check.state == CheckState::NotChecked && check.host.is_some()))
        .or_else(|| first(CheckState::NotChecked))
        .or_else(|| first(CheckState::Fits).filter(|_| first(CheckState::Unsigned).is_none()));
    if let Some(check) = shown.or_else(|| first(CheckState::Unsigned)) {
        let mut check = check.clone();
        if check.state == CheckState::Unsigned && first(CheckState::Fits).is_some() {
            check.words = format!("One of the documents was checked and fits, but not all. {}", check.words);
        }
        check.asked = checks.iter().flat_map(|check| check.asked.iter().cloned()).collect();
        check.asked.dedup();
        return check;
    }
    SignatureCheck { state: CheckState::Unsigned, words: String::new(), host: None, asked: Vec::new() }
}

fn capital(what: &str) -> String {
    let mut letters = what.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A moment for reading, in universal time: whoever reads it may be anywhere.
fn moment(at: Timestamp) -> String {
    let moment = chrono::DateTime::from_timestamp(at.0, 0);
    moment.map_or_else(|| at.0.to_string(), |moment| moment.format("%Y-%m-%d %H:%M UTC").to_string())
}
