//! The configuration as it was built in, and what is beside it (security note 4.2).

use std::collections::BTreeSet;

use serde_json::Value;
use tauri::utils::config::{CapabilityEntry, Csp, CspDirectiveSources, DisabledCspModificationKind};

use crate::context;

const CAPABILITY: &str = include_str!("../capabilities/main.json");

fn capability() -> Value {
    serde_json::from_str(CAPABILITY).unwrap()
}

fn words(sources: &CspDirectiveSources) -> Vec<String> {
    let all: Vec<String> = sources.clone().into();
    all.iter().flat_map(|words| words.split(' ')).map(str::to_owned).collect()
}

#[test]
fn ui_3_the_page_may_load_nothing_but_what_is_built_in() {
    let config = context().config().clone();
    let security = &config.app.security;
    let Some(Csp::DirectiveMap(directives)) = &security.csp else { panic!("the policy is missing") };
    let text = |name: &str| directives.get(name).map(words).unwrap_or_default().join(" ");
    for name in ["default-src", "base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(text(name), "'none'", "{name}");
    }
    let sources: BTreeSet<String> = directives.values().flat_map(words).collect();
    let allowed = ["'none'", "'self'", "data:", "ipc:", "http://ipc.localhost"];
    assert!(sources.iter().all(|source| allowed.contains(&source.as_str())), "{sources:?}");
    assert_eq!(text("script-src"), "'self'");
    let DisabledCspModificationKind::Flag(disabled) = security.dangerous_disable_asset_csp_modification else {
        panic!("the policy is not Tauri's to complete");
    };
    assert!(!disabled && !security.asset_protocol.enable && security.freeze_prototype);
    assert!(!config.app.with_global_tauri && config.app.windows.is_empty() && config.plugins.0.is_empty());
}

#[test]
fn ui_2_one_capability_for_the_one_window_and_nothing_wholesale() {
    let config = context().config().clone();
    let names: Vec<_> = config
        .app
        .security
        .capabilities
        .iter()
        .map(|entry| match entry {
            CapabilityEntry::Reference(name) => name.as_str(),
            CapabilityEntry::Inlined(_) => "inlined",
        })
        .collect();
    assert_eq!(names, ["main"]);
    let capability = capability();
    assert!(capability.get("remote").is_none() && capability["windows"] == serde_json::json!(["main"]));
    let permissions: Vec<&str> =
        capability["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        permissions.iter().all(|name| *name == "core:event:allow-listen" || name.starts_with("allow-")),
        "{permissions:?}"
    );
}

#[test]
fn ui_2_every_command_is_named_to_the_wall_and_every_name_is_a_command() {
    let between = |text: &str, from: &str, to: &str| {
        let after = text.split_once(from).unwrap().1;
        after.split_once(to).unwrap().0.to_owned()
    };
    let names = |text: String| -> BTreeSet<String> {
        let words = text.split([',', '\n']).map(|word| word.trim().trim_matches('"'));
        // A command may live in a module of its own.
        let words = words.map(|word| word.rsplit("::").next().unwrap_or(word).to_owned());
        words.filter(|word| !word.is_empty()).collect()
    };
    let handled = names(between(include_str!("commands.rs"), "generate_handler![", "]"));
    let declared = names(between(include_str!("../build.rs"), "] = &[", "]"));
    let allowed: BTreeSet<String> = capability()["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|name| name.as_str()?.strip_prefix("allow-").map(|name| name.replace('-', "_")))
        .collect();
    assert!(handled.len() > 10 && handled == declared, "{handled:?} {declared:?}");
    assert_eq!(handled, allowed);
}

#[test]
fn ui_5_no_build_has_an_inspector_by_its_features() {
    let manifests = [include_str!("../Cargo.toml"), include_str!("../../Cargo.toml")];
    assert!(manifests.iter().all(|manifest| !manifest.contains("devtools")));
}
