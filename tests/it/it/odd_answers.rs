//! Answers of success that can't be used, but spent a refresh token and brought another: no session is lost by them, and
//! none is left at the provider that nobody holds.

use rolecall_provider::{Fault, Options};

use crate::sandbox::{Sandbox, talk};

const UNUSABLE: [(&str, &str); 6] = [
    ("token_type", "\"mac\""),
    ("token_type", "null"),
    ("token_type", "7"),
    ("access_token", "null"),
    ("access_token", "{}"),
    ("access_token", "\"\""),
];

#[test]
fn rf_2_a_refresh_token_that_came_with_an_answer_of_no_use_is_kept() {
    // The provider ends the session where a spent token comes again.
    let sandbox = Sandbox::signed_in(Options { grace: 0, ..Options::default() });
    for (member, value) in UNUSABLE {
        sandbox.provider.fault(Fault::TokenMember(member, value));
        let refused = sandbox.rolecall(&["refresh"]);
        assert_eq!(refused.status.code(), Some(5), "{member} {value}: {}", talk(&refused));
        sandbox.provider.clear_faults();
        let after = sandbox.rolecall(&["token", "--refresh"]);
        assert_eq!(after.status.code(), Some(0), "{member} {value}: {}", talk(&after));
    }
}

#[test]
fn id_2_what_came_with_a_sign_in_that_was_refused_is_revoked() {
    let sandbox = Sandbox::signed_in(Options::default());
    let faults = UNUSABLE.map(|(member, value)| Fault::TokenMember(member, value));
    let faults = faults.into_iter().chain([
        Fault::TokenMember("id_token", "12"),
        Fault::TokenMember("id_token", "null"),
        Fault::WrongKey,
        Fault::AlgNone,
        Fault::ClaimSuffix("iss", "x"),
        Fault::UserinfoSubject,
    ]);
    for fault in faults {
        sandbox.provider.fault(fault.clone());
        let refused = sandbox.rolecall(&["login"]);
        assert_eq!(refused.status.code(), Some(5), "{fault:?}: {}", talk(&refused));
        sandbox.provider.clear_faults();
        assert_eq!(sandbox.provider.live_sessions(), 1, "{fault:?}: the one of before, and no other");
    }
    let after = sandbox.rolecall(&["token", "--refresh"]);
    assert_eq!(after.status.code(), Some(0), "{}", talk(&after));
}

#[test]
fn tk_2_a_token_in_place_of_another_word_of_the_answer_is_not_told() {
    for member in ["token_type", "scope", "expires_in", "id_token"] {
        let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
        let token = sandbox.provider.honoured_refresh_tokens().remove(0);
        let quoted: &'static str = format!("\"{token}\"").leak();
        sandbox.provider.fault(Fault::TokenMember(member, quoted));
        let mut said = String::new();
        for words in [&["refresh"][..], &["status"], &["status", "--json"], &["why"], &["why", "--report"]] {
            let output = sandbox.rolecall(words);
            said += &String::from_utf8_lossy(&output.stdout);
            said += &talk(&output);
        }
        sandbox.provider.clear_faults();
        let files = std::fs::read_dir(sandbox.bus.folder().join("state")).unwrap();
        for file in files {
            said += &String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap());
        }
        assert!(!said.contains(&token), "{member}: {said}");
    }
}
