//! The modules of the OpenID conformance suite for relying parties, and those of FAPI 2 that fit a public client: our own
//! provider plays each faulty one. What counts is what the application does next, so after a faulty answer no further
//! request may arrive. `tests/it/conformance.md` is made from this and compared with the committed file.

mod modules;
mod replays;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use rolecall_it::generated;

use self::modules::{MODULES, Module, NOT_APPLICABLE, Replay};
use self::replays::{accepted, rejected};

#[tokio::test(flavor = "multi_thread")]
async fn cf_1_every_applicable_module_is_replayed() {
    let mut failed = Vec::new();
    let mut text = String::from(
        "# Conformance modules\n\nThe OpenID Foundation's modules for relying parties, replayed by this project's own provider on every run of the \
         tests, which compares this file with what it finds. This is no certification.\n",
    );
    let names: BTreeSet<&str> = MODULES.iter().map(|module| module.name).collect();
    let bounded = MODULES.iter().filter(|module| module.passed != modules::PASSED).count();
    writeln!(
        text,
        "\n{} modules, each counted once though some stand in two plans; of {bounded} the result says what was not met.",
        names.len()
    )
    .unwrap();
    let mut plan = "";
    for module in MODULES {
        if module.plan != plan {
            plan = module.plan;
            write!(text, "\n## {plan}\n\n| module | the provider | Rolecall | result |\n|---|---|---|---|\n").unwrap();
        }
        let result = play(module).await;
        let shown = if result.is_ok() { module.passed } else { "FAILED" };
        writeln!(text, "| `{}` | {} | {} | {shown} |", module.name, module.provider, module.correct).unwrap();
        if let Err(why) = result {
            failed.push(format!("{}: {why}", module.name));
        }
    }
    text.push_str("\n## Not applicable\n\n| module | why |\n|---|---|\n");
    for (name, why) in NOT_APPLICABLE {
        writeln!(text, "| `{name}` | {why} |").unwrap();
    }
    assert_eq!(failed, Vec::<String>::new());
    generated::assert_current(&Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance.md"), &text);
}

async fn play(module: &Module) -> Result<(), String> {
    match &module.play {
        Replay::Accept(options, faults) => accepted(options(), faults).await,
        Replay::Reject(options, faults, last) => rejected(options(), faults, last).await,
        Replay::Own(play) => play().await,
    }
}
