//! The same through the real command line: a provider that repeats tokens as roles, groups, names of claims and in the words
//! of its errors.

use rolecall_provider::{Endpoint, Fault, Options};
use serde_json::{Map, Value, json};

use crate::sandbox::{Sandbox, talk};

fn leaked(value: &Value) -> &'static str {
    value.to_string().leak()
}

/// Everything a command wrote.
fn all(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = sandbox.rolecall(arguments);
    format!("{}{}", String::from_utf8_lossy(&output.stdout), talk(&output))
}

#[test]
fn tk_2_no_command_shows_a_token_that_the_provider_repeats() {
    let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
    sandbox.provider.fault(Fault::OpaqueAccessToken);
    assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
    let asked = |words: &[&str]| String::from_utf8_lossy(&sandbox.rolecall(words).stdout).trim().to_owned();
    let of_session = || {
        let mut tokens = sandbox.provider.honoured_refresh_tokens();
        tokens.extend([asked(&["token"]), asked(&["token", "--id"])]);
        tokens.retain(|token| token.len() > 8);
        assert_eq!(tokens.len(), 3);
        tokens
    };
    let mut tokens = of_session();
    let prefixed: Vec<String> = tokens.iter().map(|token| format!("role {token}!")).collect();
    let clients: Map<String, Value> =
        tokens.iter().map(|token| (token.clone(), json!({"roles": ["reader", token]}))).collect();
    for (name, value) in [
        ("groups", json!(tokens)),
        ("roles", json!(prefixed)),
        ("name", json!(tokens[0])),
        ("email", json!(prefixed[0])),
        ("resource_access", json!(clients)),
    ] {
        sandbox.provider.fault(Fault::UserinfoClaim(name, leaked(&value)));
    }
    for token in &tokens {
        sandbox.provider.fault(Fault::UserinfoClaim(token.clone().leak(), "[\"x\"]"));
    }
    let mut said = all(&sandbox, &["refresh"]);
    for words in [
        &["roles"][..],
        &["roles", "--json"],
        &["status"],
        &["status", "--json"],
        &["why", "Nobody"],
        &["why", "--report"],
        &["why", "Nobody", "--json"],
        &["changes"],
        &["changes", "--json"],
        &["has-role", "Nobody", "--unverified"],
        &["profiles", "--json"],
    ] {
        said += &all(&sandbox, words);
    }
    assert!(said.contains("reader") && said.contains("a token, not shown"), "{said}");
    // The words of errors: at a refresh, at a sign-in in the browser, and at the exchange of the code.
    sandbox.provider.clear_faults();
    let now = of_session();
    let words: &'static str = format!("the grant {} was withdrawn", now.join(" ")).leak();
    tokens.extend(now);
    let faults = [
        Fault::RefreshError("invalid_scope", words),
        Fault::CallbackError("server_error", words),
        Fault::RedeemError("invalid_request", words),
        Fault::ParError("invalid_request", words),
        Fault::Status(Endpoint::Userinfo, 403),
    ];
    for fault in faults {
        let verb = if matches!(fault, Fault::RefreshError(..) | Fault::Status(..)) { "refresh" } else { "login" };
        sandbox.provider.fault(fault);
        said += &all(&sandbox, &[verb, "--profile", "local"]);
        said += &all(&sandbox, &["status"]);
        said += &all(&sandbox, &["why"]);
        sandbox.provider.clear_faults();
    }
    assert!(said.contains("was withdrawn"), "{said}");
    let state = std::fs::read_dir(sandbox.bus.folder().join("state")).unwrap();
    let files: String =
        state.map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned()).collect();
    for token in &tokens {
        for (place, text) in [("what was said", &said), ("a file", &files)] {
            assert!(!text.contains(token.as_str()), "{place} holds {token:.12}… in …{}", around(text, token));
        }
    }
}

fn around(text: &str, token: &str) -> String {
    let at = text.find(token).unwrap_or(0);
    text[..at].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect()
}
