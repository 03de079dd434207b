use rolecall_engine::config::{AwsRole, Config, Place, ProfileName, TargetKind};
use rolecall_engine::problem::Result;
use rolecall_engine::targets::{self, Found};
use rolecall_engine::{Code, Engine, Problem};
use serde_json::json;

use super::rfc3339;
use crate::target_args::Adapter;
use crate::terminal::Terminal;
use crate::{DONE, json, wanted};

/// Answers what reads `credential_process`. The role, and the service that gives it, are the target's: neither an argument
/// nor a variable names another.
pub(super) async fn credential(options: &Adapter, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let (config, profile) = wanted::configured(options.profile.as_deref(), engine)?;
    let found = target(&config, profile.as_ref(), options.target.as_deref())?;
    let Place::Aws(role) = &found.target.place else {
        return Err(Problem::new(Code::UnknownTarget, format!("'{}' is no role of AWS", found.target.name)));
    };
    terminal.about(&found.profile.name, &config);
    let somebody = wanted::somebody_is_there() && !options.no_browser;
    let get = async || engine.aws_credentials(&found, role).await;
    let credentials = wanted::signed_in(&found, somebody, engine, terminal, get).await?;
    let mut answer = json!({
        "Version": 1, "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.expose(),
        "SessionToken": credentials.session_token.expose(), "Expiration": rfc3339(credentials.expires_at),
    });
    if let Some(account) = account(role) {
        answer["AccountId"] = json!(account);
    }
    terminal.data(&json::line(&answer));
    Ok(DONE)
}

/// The target that was named, or the profile's only role.
fn target(config: &Config, profile: Option<&ProfileName>, name: Option<&str>) -> Result<Found> {
    if let Some(name) = name {
        return targets::named(config, profile, name);
    }
    let profile = config.profile(profile)?;
    let mut roles = profile.targets.iter().filter(|target| target.kind() == TargetKind::Aws);
    match (roles.next(), roles.next()) {
        (Some(target), None) => Ok(Found { profile: profile.clone(), target: target.clone() }),
        (None, _) => Err(Problem::new(Code::UnknownTarget, format!("the profile {} names no role", profile.name))),
        (Some(_), Some(_)) => Err(Problem::new(
            Code::UnknownTarget,
            format!("the profile {} names several roles; --target chooses", profile.name),
        )),
    }
}

fn account(role: &AwsRole) -> Option<&str> {
    role.role.split(':').nth(4).filter(|account| account.len() == 12)
}
