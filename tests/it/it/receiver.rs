//! `why --at kubernetes`, with a stand-in for kubectl on the path that writes down what it was given. The real one, asking a
//! real API server's authentication, is run by `cargo xtask interop kubernetes`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rolecall_provider::Options;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, talk};

/// Writes down its arguments, variables and input; says what the files beside it hold.
const KUBECTL: &str = r#"#!/bin/sh
here=$(dirname "$0")
printf '%s\n' "$*" >> "$here/arguments"
env >> "$here/variables"
case "$*" in
*--minify*) cat "$here/token" ;;
*"config view"*) cat "$here/kubeconfig"; [ ! -e "$here/broken" ] || { cat "$here/broken" >&2; exit 1; } ;;
*) cat >> "$here/input"; . "$here/answer" ;;
esac
"#;

struct Desk {
    sandbox: Sandbox,
    folder: PathBuf,
}

impl Desk {
    /// Somebody who is signed in and whose kubeconfig has their own ID token.
    fn new() -> Self {
        let sandbox = Sandbox::signed_in(Options::default());
        let folder = sandbox.bus.folder().join("kubectl");
        std::fs::create_dir_all(&folder).unwrap();
        let desk = Self { sandbox, folder };
        desk.write("kubectl", KUBECTL);
        std::fs::set_permissions(desk.folder.join("kubectl"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let token = desk.sandbox.rolecall(&["token", "--id"]).stdout;
        desk.write("token", String::from_utf8(token).unwrap().trim());
        desk.kubeconfig("dev", &json!({"token": "REDACTED"}));
        desk.sees("oidc:ed", &["oidc:Samples"]);
        desk
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn kubeconfig(&self, current: &str, user: &Value) {
        let config = json!({
            "kind": "Config", "current-context": current,
            "clusters": [{"name": "c", "cluster": {"server": "https://api.example:6443"}}],
            "users": [{"name": "ed", "user": user}],
            "contexts": [
                {"name": "dev", "context": {"cluster": "c", "user": "ed"}},
                {"name": "lost", "context": {"cluster": "gone", "user": "ed"}},
            ],
        });
        self.write("kubeconfig", &config.to_string());
    }

    fn sees(&self, username: &str, groups: &[&str]) {
        let review =
            json!({"kind": "SelfSubjectReview", "status": {"userInfo": {"username": username, "groups": groups}}});
        self.write("review", &review.to_string());
        self.write("answer", "cat \"$here/review\"\n");
    }

    fn says(&self, words: &str) {
        self.write("words", words);
        self.write("answer", "cat \"$here/words\" >&2; exit 1\n");
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.sandbox.command(&[&["why", "--at", "kubernetes"], words].concat());
        command.env("PATH", format!("{}:/usr/bin:/bin", self.folder.display())).stdin(Stdio::null());
        command
    }

    fn why(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.why(&[words, &["--json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", talk(&output)))
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_the_cluster_sees_stands_beside_what_the_token_says() {
    let desk = Desk::new();
    let output = desk.why(&["Samples"]);
    let (text, talk) = (out(&output), talk(&output));
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert!(talk.contains("Asking the cluster c at https://api.example:6443"), "what is asked is said first: {talk}");
    for words in
        ["group Samples", "of the same person", "oidc:ed", "oidc:Samples", "1. The cluster c knows it as oidc:Samples"]
    {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
    let why = desk.json(&["Editor"]);
    assert_eq!(why["findings"][0]["code"], "kubernetes_claim_not_read", "{why}");
    assert_eq!(why["receiver"]["target"]["credential"], json!({"kind": "token"}));
    assert_eq!(why["receiver"]["answer"]["state"], "accepted");
    let report = out(&desk.why(&["Editor", "--report"]));
    assert!(report.contains("## Kubernetes") && !report.contains("oidc:Samples"), "no list of groups: {report}");
    assert!(desk.read("input").contains("\"kind\":\"SelfSubjectReview\""), "{}", desk.read("input"));
    assert_eq!(
        json!(null),
        serde_json::from_str::<Value>(&out(&desk.sandbox.rolecall(&["why", "--json"]))).unwrap()["receiver"]
    );
}

#[test]
fn re_1_no_token_of_ours_goes_to_kubectl_and_none_is_printed() {
    let desk = Desk::new();
    let secrets = desk.sandbox.provider.secrets();
    let id = desk.read("token");
    let mut printed = String::new();
    for words in [&["Samples"][..], &["--json"], &["--report"]] {
        let output = desk.command(words).env("ROLECALL_LOG", "trace").output().unwrap();
        printed += &(out(&output) + &talk(&output));
    }
    desk.sees(&id, &[&format!("group {id}")]);
    let echoed = desk.why(&["--json"]);
    printed += &(out(&echoed) + &talk(&echoed));
    desk.says(&format!("error: the server did not like {id}"));
    let refused = desk.why(&[]);
    printed += &(out(&refused) + &talk(&refused));
    assert!(printed.contains("a token, not shown"), "what the cluster repeats is taken out: {printed}");
    let given = ["arguments", "variables", "input"].map(|name| desk.read(name)).concat();
    assert!(given.contains("create --raw") && given.contains("SelfSubjectReview"), "{given}");
    for secret in secrets.iter().chain([&id]).filter(|secret| !secret.is_empty()) {
        let begins: String = secret.chars().take(8).collect();
        assert!(!given.contains(secret.as_str()), "kubectl was given {begins}…");
        assert!(!printed.contains(secret.as_str()), "{begins}… was printed");
    }
}

#[test]
fn what_keeps_a_cluster_from_being_asked_is_told_each_in_its_own_sentence() {
    let desk = Desk::new();
    let told = |words: &[&str], exit: i32, reason: &str, sentence: &str| {
        let why = desk.json(words);
        assert_eq!(why["receiver"]["answer"]["reason"], reason, "{why}");
        assert_eq!(why["present"], false, "the rest of the answer is there");
        let output = desk.why(words);
        assert_eq!(output.status.code(), Some(exit), "{reason}");
        let text = out(&output);
        assert!(text.contains("it could not be asked: ") && text.contains(sentence), "{reason}: {text}");
    };
    told(&["--context", "nowhere"], 2, "context_missing", "no context nowhere");
    told(&["--context", "lost"], 2, "context_incomplete", "the cluster gone, which the kubeconfig does not have");
    assert!(!desk.read("arguments").contains("create"), "nobody was asked");
    desk.says("The connection to the server api.example:6443 was refused - did you specify the right host or port?");
    told(&[], 4, "unreachable", "was refused");
    desk.says("Unable to connect to the server: getting credentials: exec: executable x not found");
    told(&[], 4, "plugin_failed", "gave kubectl no credential");
    desk.says("Error from server (Forbidden): selfsubjectreviews is forbidden: User \"oidc:ed\" cannot create");
    told(&[], 4, "forbidden", "oidc:ed");
    desk.says("Error from server (NotFound): the server could not find the requested resource");
    told(&[], 4, "not_offered", "Kubernetes 1.28");
    desk.write("answer", "echo '<html>sign in to the hotel</html>'\n");
    told(&[], 4, "answer_broken", "something else answers there");
    desk.write("answer", "yes 'a very long answer' | head -c 9000000\n");
    told(&[], 4, "answer_broken", "longer than 4 MB");
    desk.kubeconfig("", &json!({"token": "REDACTED"}));
    told(&[], 2, "context_missing", "names no current context");
    desk.kubeconfig("dev", &json!({}));
    told(&[], 2, "no_credential", "has no token, plug-in or certificate");
    desk.write("kubeconfig", r#"{"kind":"Config","contexts":null}"#);
    told(&[], 2, "no_context", "knows no cluster");
    desk.write("broken", "error: error loading config file \"kc\": yaml: line 3: mapping values are not allowed\n");
    told(&[], 2, "kubeconfig_broken", "yaml: line 3");
    std::fs::remove_file(desk.folder.join("kubectl")).unwrap();
    let mut without = desk.command(&[]);
    let without = without.env("PATH", &desk.folder).output().unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(out(&without).contains("no kubectl on this computer’s path"), "{}", out(&without));
}

#[test]
fn what_is_given_wrongly_is_said_and_nobody_is_asked() {
    let desk = Desk::new();
    for words in [&["--at", "nowhere"][..], &["--context", "dev"], &["--at"]] {
        let output = desk.sandbox.rolecall(&[&["why"], words].concat());
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{words:?}");
    }
    let nobody = Sandbox::new(Options::default());
    assert_eq!(nobody.rolecall(&["why", "--at", "kubernetes"]).status.code(), Some(2), "no profile yet");
    assert!(!desk.read("arguments").contains("create"));
}

#[test]
fn cli_1_a_hostile_cluster_acts_on_nothing() {
    let desk = Desk::new();
    desk.sees("\u{1b}]0;owned\u{7}ed\u{202e}", &["\u{1b}[2Jadmins\n\nforged line", "oidc:Samples"]);
    let output = desk.why(&[]);
    let text = out(&output);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    assert!(!text.lines().any(|line| line.trim() == "forged line"), "{text}");
    let why = desk.json(&[]);
    assert_eq!(why["receiver"]["answer"]["groups"][1], "oidc:Samples");
}

#[test]
fn re_2_a_kubectl_that_hangs_ends_with_the_command_and_so_does_what_it_started() {
    let desk = Desk::new();
    desk.write("answer", "sleep 600 & echo $! > \"$here/started\"; wait\n");
    let mut running = desk.command(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for("it asks", || !desk.read("started").trim().is_empty());
    let status = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(status.success());
    // Well before kubectl's own bound of 30 seconds.
    wait_for("the command ends", || running.try_wait().unwrap().is_some());
    assert_eq!(running.wait().unwrap().code(), Some(1));
    let started = desk.read("started");
    let stat = || std::fs::read_to_string(format!("/proc/{}/stat", started.trim()));
    wait_for("what it started ends", || stat().map_or(true, |stat| stat.contains(") Z ")));
}

/// Looks for twenty seconds.
fn wait_for(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("not in time: {what}");
}
