//! A provider that repeats a token in another form: encoded, in parts, in capitals, with something in between. Neither that
//! form nor enough of it to make a token of comes out of any command or stands in any file (TK-2).

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use rolecall_provider::{Fault, Options};
use serde_json::json;

use crate::sandbox::{Sandbox, talk};

/// Forms that a token is repeated in, by name.
fn forms(token: &str) -> Vec<(&'static str, String)> {
    let (most, rest) = (token.len() / 2 + 4, token.len() / 2 - 4);
    let letters: Vec<String> = token.chars().map(String::from).collect();
    vec![
        ("Base64", BASE64_STANDARD.encode(token)),
        ("Base64 for addresses, behind other letters", BASE64_URL_SAFE_NO_PAD.encode(format!("role:{token}"))),
        ("percent", token.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()),
        ("hexadecimal", token.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()),
        ("capitals", token.to_uppercase()),
        ("its first half", token[..most].to_owned()),
        ("its second half", format!("team-{}", &token[rest..])),
        ("hyphens between", letters.join("-")),
        ("blanks between", letters.join(" ")),
        ("invisible characters between", letters.join("\u{200b}")),
    ]
}

/// The letters and digits of a text in lower case, in which a token with something in between is found too.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

#[test]
fn tk_2_no_command_and_no_file_holds_a_token_that_is_repeated_in_another_form() {
    let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
    sandbox.provider.fault(Fault::OpaqueAccessToken);
    assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
    let asked = |words: &[&str]| String::from_utf8_lossy(&sandbox.rolecall(words).stdout).trim().to_owned();
    let mut tokens = sandbox.provider.honoured_refresh_tokens();
    tokens.push(asked(&["token"]));
    assert!(tokens.iter().all(|token| token.len() >= 32), "long enough to be cut in halves");
    let forms: Vec<(&str, String)> = tokens.iter().flat_map(|token| forms(token)).collect();
    let values: Vec<&String> = forms.iter().map(|(_, form)| form).collect();
    sandbox.provider.fault(Fault::UserinfoClaim("groups", json!(values).to_string().leak()));
    sandbox.provider.fault(Fault::UserinfoClaim("name", json!(values[0]).to_string().leak()));
    for form in &values {
        sandbox.provider.fault(Fault::UserinfoClaim((*form).clone().leak(), "[\"x\"]"));
    }
    let mut said = String::new();
    let commands: [&[&str]; 9] = [
        &["refresh"],
        &["roles"],
        &["roles", "--json"],
        &["status", "--json"],
        &["why", "Nobody"],
        &["why", "--report"],
        &["changes"],
        &["changes", "--json"],
        &["changes", "--csv"],
    ];
    let mut run = |words: &[&str]| {
        let output = sandbox.rolecall(words);
        said += &String::from_utf8_lossy(&output.stdout);
        said += &talk(&output);
    };
    for words in commands {
        run(words);
    }
    let now = sandbox.provider.honoured_refresh_tokens();
    let encoded: Vec<String> = now.iter().map(|token| BASE64_STANDARD.encode(token)).collect();
    let words: &'static str = format!("the grant {} was withdrawn", encoded.join(" ")).leak();
    sandbox.provider.fault(Fault::RefreshError("invalid_scope", words));
    run(&["refresh"]);
    run(&["status"]);
    run(&["why"]);
    assert!(said.contains("a token, not shown") && said.contains("was withdrawn"), "{said}");
    let state = std::fs::read_dir(sandbox.bus.folder().join("state")).unwrap();
    let files: String =
        state.map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned()).collect();
    let encoded = encoded.iter().map(|form| ("Base64 in the words of an error", form));
    for (place, text) in [("what was said", plain(&said)), ("a file", plain(&files))] {
        for (name, form) in forms.iter().map(|(name, form)| (*name, form)).chain(encoded.clone()) {
            assert!(!text.contains(&plain(form)), "{place} holds it: {name}");
        }
    }
}
