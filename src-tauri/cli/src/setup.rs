use std::path::PathBuf;

use rolecall_engine::config::{Profile, Target, TargetKind};
use rolecall_engine::problem::Result;
use rolecall_engine::setup::{self, NewTarget, Plan, Request};
use rolecall_engine::targets::Found;
use rolecall_engine::{Code, Engine, Problem};

use crate::target_args::{SetUpProgram, Setup};
use crate::terminal::Terminal;
use crate::{DONE, profile_of};

/// Shows what another program's configuration needs, and writes it where that was asked for.
pub(crate) async fn setup(options: &Setup, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let kind = kind(options.program);
    let (found, is_new) = target(options, kind, &profile)?;
    let request = Request {
        found,
        rolecall: rolecall()?,
        home: engine.home_folder()?,
        file: options.file.clone(),
        remove: options.remove,
    };
    let plan = match options.program {
        SetUpProgram::Curl => setup::curl(&request),
        _ => setup::plan(&request)?,
    };
    if is_new {
        terminal.info(&format!("In rolecall.toml, in the profile {}:", profile.name));
        terminal.data(&engine.target_text(&profile, &request.found.target));
        if options.write {
            engine.save_target(&profile, &request.found.target).await?;
            if request.found.target.asks_for_more() {
                terminal.info("note: what it asks for is part of the next sign-in: rolecall login");
            }
        }
    }
    show(options, &plan, terminal)?;
    Ok(DONE)
}

fn show(options: &Setup, plan: &Plan, terminal: &mut Terminal) -> Result<()> {
    let notes = |terminal: &mut Terminal| plan.notes.iter().for_each(|note| terminal.info(&format!("note: {note}")));
    let Some(file) = plan.file.as_ref().map(|file| file.display()) else {
        terminal.data(&plan.shown);
        if options.write {
            terminal.info("Nothing has to be written for it.");
        }
        notes(terminal);
        return Ok(());
    };
    if options.remove {
        let backup = plan.carry_out()?;
        terminal.info(&if plan.done {
            format!("Nothing of it stands in {file}.")
        } else {
            format!("Taken out of {file}.")
        });
        tell_backup(backup, terminal);
        return Ok(());
    }
    terminal.info(&format!("In {file}:"));
    terminal.data(&plan.shown);
    if plan.done {
        terminal.info("It stands there already.");
    } else if options.write {
        let backup = plan.carry_out()?;
        terminal.info(&format!("Written to {file}."));
        tell_backup(backup, terminal);
    } else {
        terminal.info("Nothing was written; add --write for that.");
    }
    notes(terminal);
    Ok(())
}

fn tell_backup(backup: Option<PathBuf>, terminal: &mut Terminal) {
    if let Some(backup) = backup {
        terminal.info(&format!("The file as it was: {}", backup.display()));
    }
}

const fn kind(program: SetUpProgram) -> TargetKind {
    match program {
        SetUpProgram::Kubernetes => TargetKind::Kubernetes,
        SetUpProgram::Aws => TargetKind::Aws,
        SetUpProgram::Git => TargetKind::Git,
        SetUpProgram::Docker => TargetKind::Docker,
        SetUpProgram::Mcp => TargetKind::Mcp,
        SetUpProgram::Curl => TargetKind::Api,
    }
}

/// The target that is meant, and whether it is new: the one that is named, one made of what was given, or the only one of
/// that kind.
fn target(options: &Setup, kind: TargetKind, profile: &Profile) -> Result<(Found, bool)> {
    let found = |target: Target| Found { profile: profile.clone(), target };
    let known = |name: &str| profile.targets.iter().find(|target| target.name.as_str() == name);
    if let (Some(name), Some(at)) = (&options.target, &options.at) {
        let scopes = options.scope.iter().flat_map(|scope| scope.split_whitespace().map(str::to_owned)).collect();
        let (resources, audience) = (options.resource.clone(), options.audience.clone());
        let new = setup::new_target(NewTarget { kind, name, at, resources, audience, scopes })?;
        let is_new = known(name).is_none_or(|known| *known != new);
        return Ok((found(new), is_new));
    }
    let unknown = |why: String| Err(Problem::new(Code::UnknownTarget, why));
    if let Some(name) = &options.target {
        return match known(name) {
            Some(target) if target.kind() == kind || options.program == SetUpProgram::Curl => {
                Ok((found(target.clone()), false))
            }
            Some(target) => unknown(format!("'{name}' is of the kind {}", target.kind().word())),
            None => unknown(format!("'{name}' in the profile {}; --at makes it", profile.name)),
        };
    }
    let mut all = profile.targets.iter().filter(|target| target.kind() == kind);
    let (name, word) = (&profile.name, kind.word());
    match (all.next(), all.next()) {
        (Some(only), None) => Ok((found(only.clone()), false)),
        (None, _) => unknown(format!("the profile {name} has none of the kind {word}; name one and give --at")),
        (Some(_), Some(_)) => unknown(format!("the profile {name} has several of the kind {word}; name one")),
    }
}

/// The path of this program, for the other one to run.
fn rolecall() -> Result<PathBuf> {
    std::env::current_exe().map_err(|error| Problem::new(Code::FilesFailing, format!("where this program is: {error}")))
}
