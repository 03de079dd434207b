//! `why --at`: asks a receiver whom it takes the token's bearer for, and compares that with the token.

use std::fmt::Write as _;

use rolecall_engine::Engine;
use rolecall_engine::config::Profile;
use rolecall_engine::identity::Identity;
use rolecall_engine::problem::Result;
use rolecall_engine::receivers::{
    ClaimReading, Context, CouldNotAsk, Credential, Receiver, ReceiverAnswer, SeenAs, SentToken,
};
use rolecall_engine::text::{clean, clean_line, span};

use crate::DONE;
use crate::terminal::Terminal;

/// The exit status where something has to be set up here before a receiver can be asked.
const SET_UP: u8 = 2;
/// Where it can't be reached.
const UNREACHABLE: u8 = 4;
/// The most groups in a line.
const GROUPS: usize = 12;

/// Asks the cluster of this context, or the current one.
pub(crate) async fn ask(
    context: Option<&str>,
    profile: &Profile,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<Receiver> {
    let target = engine.cluster(context).await;
    if let Ok(target) = &target {
        terminal.info(&format!(
            "Asking {} with kubectl, as the kubeconfig's user {} ({}), whom it takes you for.",
            place(target),
            target.user,
            target.credential.as_ref().map_or_else(String::new, credential),
        ));
    }
    engine.ask_cluster(profile, target).await
}

/// The exit status: whether it could be asked.
pub(crate) fn exit(receiver: &Receiver) -> u8 {
    match &receiver.answer {
        ReceiverAnswer::Accepted(_) | ReceiverAnswer::Refused => DONE,
        ReceiverAnswer::CouldNotAsk(why) if why.reason.is_set_up() => SET_UP,
        ReceiverAnswer::CouldNotAsk(_) => UNREACHABLE,
    }
}

/// What was asked and what it said, for people.
pub(crate) fn text(receiver: &Receiver, person: &Identity) -> String {
    let mut text = String::from("\n");
    let _ = match &receiver.target {
        Some(target) => writeln!(text, "Kubernetes: {}", place(target)),
        None => writeln!(text, "Kubernetes"),
    };
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<11} {}", clean(value, 1000));
    };
    if let Some(target) = &receiver.target {
        let shows = target.credential.as_ref().map_or_else(String::new, credential);
        line("asked as", &format!("the kubeconfig’s user {}, with {shows}", target.user));
    }
    if let Some(token) = &receiver.token {
        line("token", &sent(token, receiver));
    }
    match &receiver.answer {
        ReceiverAnswer::Accepted(seen) => accepted(seen, person, line),
        ReceiverAnswer::Refused => {
            line("answer", "Unauthorized (401): it does not take the token, and does not say why");
        }
        ReceiverAnswer::CouldNotAsk(CouldNotAsk { detail, needed, .. }) => {
            line("answer", &format!("it could not be asked: {detail}"));
            line("", needed);
        }
    }
    text
}

fn accepted(seen: &SeenAs, person: &Identity, mut line: impl FnMut(&str, &str)) {
    let from = match &seen.username_from {
        Some(from) if from.prefix.is_empty() => format!(" (claim {})", clean_line(&from.claim)),
        Some(from) => format!(" (claim {}, with {} before it)", clean_line(&from.claim), clean_line(&from.prefix)),
        None => format!(" (no claim of {} that is known)", clean_line(&person.name)),
    };
    line("sees you as", &format!("{}{from}", seen.username));
    let mut told: Vec<&str> = seen.groups.iter().take(GROUPS).map(String::as_str).collect();
    let more = seen.groups.len() - told.len() + seen.left_out;
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    told.sort_by_key(|group| group.starts_with("system:"));
    let told = if told.is_empty() { "none".to_owned() } else { told.join(", ") };
    line("groups", &format!("{told}{more}"));
    for claim in &seen.claims {
        line("", &reading(claim));
    }
}

fn reading(claim: &ClaimReading) -> String {
    let path = clean_line(&claim.path.join(" › "));
    match claim.prefix.as_deref() {
        None => format!("{path}: not read ({} values)", claim.carried),
        Some("") => format!("{path}: read, {} of {}", claim.known, claim.carried),
        Some(prefix) => {
            format!("{path}: read, {} of {}, with {} before each", claim.known, claim.carried, clean_line(prefix))
        }
    }
}

fn sent(token: &SentToken, receiver: &Receiver) -> String {
    if !token.readable {
        return "not a JWT, so nothing in it can be compared".into();
    }
    let whose = match token.same_person {
        Some(true) => "of the same person",
        Some(false) => "of somebody else",
        None => "",
    };
    let end = token.expires_at.map_or_else(
        || ", without an end".to_owned(),
        |end| {
            let left = end.0.saturating_sub(receiver.at.0);
            if left > 0 { format!(", {} left", span(left)) } else { format!(", ended {} ago", span(-left)) }
        },
    );
    let audience = if token.audience.is_empty() { "nobody".to_owned() } else { token.audience.join(", ") };
    format!("{whose}, for {audience}{end}")
}

fn place(target: &Context) -> String {
    let server = target.server.as_deref().unwrap_or_default();
    format!("the cluster {} at {server} (context {})", target.cluster, clean_line(&target.context))
}

fn credential(credential: &Credential) -> String {
    match credential {
        Credential::Plugin { program } => format!("the token that {program} gets"),
        Credential::Token => "the token written there".into(),
        Credential::TokenFile => "the token in the file named there".into(),
        Credential::Certificate => "a client certificate".into(),
        Credential::Password => "a password".into(),
        Credential::AuthProvider { name } => format!("the auth provider {name}"),
        Credential::Nothing => "nothing".into(),
    }
}
