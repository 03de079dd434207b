//! What a directory said, for people.

use std::fmt::Write as _;

use rolecall_engine::identity::{Asked, Directory, Entitlement, Kind};
use rolecall_engine::text::{clean, clean_line};
use rolecall_engine::view::AboutSomebody;

use crate::columns::Columns;
use crate::text;

/// How far each kind could be asked.
pub(crate) fn told(directory: &Directory) -> String {
    let mut told = format!("Directory of {}, asked just now as {}\n", directory.host, clean_line(&directory.asked_as));
    for answer in &directory.kinds {
        let state = match answer.state {
            Asked::Fully => "asked; what is not said to be assigned is not assigned",
            Asked::Partly => "asked in part",
            Asked::CouldNotBeAsked => "could not be asked",
        };
        let _ = writeln!(told, "  {}s: {state}", answer.kind.word());
        if let Some(needs) = &answer.needs {
            let _ = writeln!(told, "    {}", clean(needs, 2000));
        }
    }
    for remark in &directory.remarks {
        let _ = writeln!(told, "  {}", clean_line(remark));
    }
    told
}

/// What an administrator learned about somebody else.
pub(crate) fn somebody(about: &AboutSomebody) -> String {
    let (who, client) = (clean_line(&about.who), clean_line(&about.client));
    let mut told = String::new();
    let wanted = about.why.wanted.as_deref().map(clean_line);
    let _ = match &wanted {
        Some(wanted) if about.why.present => writeln!(told, "{client} would be told that {who} has {wanted}."),
        Some(wanted) => writeln!(told, "{client} would not be told that {who} has {wanted}."),
        None => writeln!(told, "What {client} would be told about {who}."),
    };
    let _ = writeln!(told, "  asked for {} as {}; not kept", clean_line(&about.user), clean_line(&about.asked_as));
    for looked_at in &about.why.looked_at {
        let _ = writeln!(told, "  example {looked_at}");
    }
    for (number, finding) in about.why.findings.iter().enumerate() {
        let _ = write!(told, "\n{}", text::finding_in_full(number + 1, finding));
    }
    if !about.why.ruled_out.is_empty() {
        let _ = writeln!(told, "\nRuled out: {}.", about.why.ruled_out.join(", ").to_lowercase());
    }
    for kind in Kind::ALL {
        let all: Vec<&Entitlement> = about.entitlements.beyond_defaults(kind).collect();
        if all.is_empty() {
            continue;
        }
        let _ = writeln!(told, "\n{}s at {client} ({})", kind.word(), all.len());
        let labels: Vec<String> = all.iter().map(|one| text::label(one)).collect();
        let columns = Columns::of(labels.iter().map(String::as_str));
        for (one, label) in all.into_iter().zip(&labels) {
            columns.line(&mut told, label, &text::sources(one));
        }
    }
    if let Some(directory) = &about.why.directory {
        let _ = write!(told, "\n{}", self::told(directory));
    }
    told
}
