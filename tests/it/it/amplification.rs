//! Bounds on the memory and time that claims of a megabyte may take.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use rolecall_engine::config::{Issuer, Profile};
use rolecall_engine::findings::{Evidence, Wanted, why};
use rolecall_engine::history::History;
use rolecall_engine::identity::{Answer, Answers, DocumentKind, Identity, Verified, identity_from};
use rolecall_engine::oidc::ParsedToken;
use rolecall_engine::ports::Timestamp;
use serde_json::json;

/// Names the case for the process that reads it.
const CASE: &str = "ROLECALL_TEST_WORST_CLAIMS";
/// As many bytes of claims as a token of a megabyte holds.
const SIZE: usize = 780_000;

/// Claims of [`SIZE`] bytes that would take the most memory each in its way.
pub(crate) fn worst(case: &str) -> String {
    let repeated = |head: String, item: &dyn Fn(usize) -> String, tail: &str| {
        let mut text = head;
        for number in 0.. {
            let item = item(number);
            if text.len() + item.len() + tail.len() > SIZE {
                break;
            }
            if number > 0 {
                text.push(',');
            }
            text.push_str(&item);
        }
        text + tail
    };
    let value = |number: usize| format!("\"{number:x}\"");
    match case {
        "long name" => repeated(format!("{{\"https://x/{}/groups\":[", "n".repeat(SIZE / 2)), &value, "]}"),
        "long client" => {
            repeated(format!("{{\"resource_access\":{{\"{}\":{{\"roles\":[", "c".repeat(SIZE / 2)), &value, "]}}}")
        }
        "deep names" => {
            let name = "d".repeat(SIZE / 10);
            repeated(format!("{{\"app_metadata\":{{\"{name}\":{{\"claims\":{{\"roles\":["), &value, "]}}}}")
        }
        "objects" => repeated("{\"roles\":[".into(), &|_| "{\"\":0}".into(), "]}"),
        "empty objects" => repeated("{\"roles\":[".into(), &|_| "{}".into(), "]}"),
        "empty texts" => repeated("{\"roles\":[".into(), &|_| "\"\"".into(), "]}"),
        "numbers" => repeated("{\"roles\":[".into(), &|number| format!("{}", number % 10), "]}"),
        "invisible" => {
            repeated("{\"roles\":[".into(), &|number| format!("\"{number}{}\"", "\u{200b}".repeat(900)), "]}")
        }
        "clients" => repeated("{\"resource_access\":{".into(), &|n| format!("\"c{n}\":{{\"roles\":[\"r\"]}}"), "}}"),
        "claims" => repeated("{".into(), &|number| format!("\"role{number:x}\":\"r\""), "}"),
        "json in texts" => {
            let inner = "[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]";
            repeated("{".into(), &|number| format!("\"custom:{number:x}roles\":\"{inner}\""), "}")
        }
        "nested" => format!("{{\"a\":{}1{}}}", "{\"groups\":[".repeat(60), "]}".repeat(60)),
        other => panic!("no case {other}"),
    }
}

pub(crate) const CASES: [&str; 12] = [
    "long name",
    "long client",
    "deep names",
    "objects",
    "empty objects",
    "empty texts",
    "numbers",
    "invisible",
    "clients",
    "claims",
    "json in texts",
    "nested",
];

#[test]
fn doc_1_a_megabyte_of_the_worst_claims_takes_no_more_than_fifty() {
    let mut told = String::new();
    let mut wrong = Vec::new();
    for case in CASES {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "amplification::one_case_in_a_process_of_its_own", "--ignored", "--nocapture"])
            .env(CASE, case)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let figure = |name: &str| {
            let (_, rest) = text.split_once(name).unwrap_or_else(|| panic!("{case}: {text}"));
            rest.split_whitespace().next().unwrap().parse::<usize>().unwrap()
        };
        let (memory, written) = (figure("memory="), figure("written="));
        let _ = writeln!(told, "{case:<14} {memory:>7} kB of memory, {written:>9} bytes written");
        if memory > 50_000 || written > 24_000_000 {
            wrong.push(case);
        }
    }
    println!("{told}");
    assert!(wrong.is_empty(), "{wrong:?}\n{told}");
}

/// Reads, explains, compares and writes one case, and tells what that took.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn one_case_in_a_process_of_its_own() {
    let case = std::env::var(CASE).unwrap();
    let claims = worst(&case);
    let token = format!("{}.{}.c2ln", BASE64.encode("{\"alg\":\"RS256\"}"), BASE64.encode(&claims));
    drop(claims);
    let before = peak();
    let ParsedToken::Signed(jwt) = ParsedToken::of(&token) else { panic!("{case} is no token") };
    let identity = identity(jwt.into_claims());
    let mut history = History::default();
    history.record(&identity, Timestamp(0), true);
    let profile = Profile::new("work".parse().unwrap(), Issuer::parse("https://id.example.org").unwrap(), "c".into());
    let wanted = Wanted { value: "Editor".into(), kind: None };
    drop(why(&Evidence { wanted: Some(&wanted), ..Evidence::of_identity(&profile, &identity) }));
    let written = serde_json::to_vec(&identity).unwrap().len() + serde_json::to_vec(&history).unwrap().len();
    println!("memory={} written={written} ", peak() - before);
}

fn identity(claims: serde_json::Map<String, serde_json::Value>) -> Identity {
    let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::Signature };
    identity_from(&Answers { answers: vec![answer], ..Answers::default() })
}

/// The most memory this process ever held, in kB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What this thread spent on a processor, which no other program adds to.
fn spent() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split_whitespace().next().unwrap().parse().unwrap())
}

#[test]
fn doc_1_why_takes_ten_times_as_long_for_ten_times_the_clients() {
    let took = |clients: usize| {
        let access: serde_json::Map<String, serde_json::Value> =
            (0..clients).map(|number| (format!("client-{number}"), json!({"roles": ["reader", "editor"]}))).collect();
        let json = json!({"sub": "1", "azp": "desk", "resource_access": access});
        let identity = identity(json.as_object().unwrap().clone());
        let issuer = Issuer::parse("https://id.example.org/realms/acme").unwrap();
        let profile = Profile::new("work".parse().unwrap(), issuer, "c".into());
        let wanted = Wanted { value: "publisher".into(), kind: None };
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let begun = spent();
            let answer = why(&Evidence { wanted: Some(&wanted), ..Evidence::of_identity(&profile, &identity) });
            best = best.min(spent().saturating_sub(begun));
            assert!(!answer.present && answer.report.len() < 20_000, "{}", answer.report.len());
        }
        best
    };
    let (few, many) = (took(3_000), took(30_000));
    assert!(many < few * 25, "{few:?} for 3,000 clients, {many:?} for 30,000");
}

#[test]
fn doc_1_what_was_left_out_is_said() {
    let token = format!("{}.{}.c2ln", BASE64.encode("{\"alg\":\"RS256\"}"), BASE64.encode(worst("numbers")));
    let ParsedToken::Signed(jwt) = ParsedToken::of(&token) else { panic!("no token") };
    let identity = identity(jwt.into_claims());
    assert!(identity.documents[0].facts.left_out > 100_000, "{}", identity.documents[0].facts.left_out);
    let profile = Profile::new("work".parse().unwrap(), Issuer::parse("https://id.example.org").unwrap(), "c".into());
    let wanted = Wanted { value: "Editor".into(), kind: None };
    let told = why(&Evidence { wanted: Some(&wanted), ..Evidence::of_identity(&profile, &identity) });
    assert_eq!(told.findings[0].code, "values_cut");
}
