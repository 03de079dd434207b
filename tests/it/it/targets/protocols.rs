//! The adapters as programs call them: the real program, fed each protocol.

use std::io::Write as _;
use std::process::{Output, Stdio};

use rolecall_provider::Options;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, talk};

const TARGETS: &str = r#"
[profiles.local.targets.code]
kind = "git"
host = "git.example.com"
resource = "https://git.example.com/"
[profiles.local.targets.old]
kind = "git"
host = "old.example.com"
username = "jane"
[profiles.local.targets.dev]
kind = "kubernetes"
cluster = "https://api.dev.example:6443"
[profiles.local.targets.images]
kind = "docker"
registry = "registry.example.com:5000"
[profiles.local.targets.tools]
kind = "mcp"
address = "https://mcp.example.com/mcp"
[profiles.local.targets.orders]
kind = "api"
scopes = "openid email"
"#;

/// Signed in with targets.
pub(super) fn desk(targets: &str) -> Sandbox {
    let sandbox = Sandbox::new(Options::default());
    assert_eq!(sandbox.login().status.code(), Some(0));
    add_targets(&sandbox, targets);
    let again = sandbox.rolecall(&["login"]);
    assert_eq!(again.status.code(), Some(0), "{}", talk(&again));
    sandbox.provider.forget_requests();
    sandbox
}

pub(super) fn add_targets(sandbox: &Sandbox, targets: &str) {
    let file = sandbox.bus.folder().join("config").join("rolecall.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n{targets}")).unwrap();
}

pub(super) fn feed(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    let mut command = sandbox.command(arguments);
    command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    // A command that fails before it reads closes the pipe.
    let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
    running.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(super) fn value(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", talk(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// It failed with this status, said so, and left standard output to itself.
fn gets_nothing(sandbox: &Sandbox, output: &Output, exit: i32, told: &str) {
    let said = talk(output);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(output.stdout.is_empty(), "{}", text(output));
    assert!(said.contains(told), "{said}");
    assert!(!sandbox.provider.secrets().iter().any(|secret| said.contains(secret)), "{said}");
}

#[test]
fn a_token_is_had_for_a_target_as_a_token_as_json_and_as_a_header() {
    let sandbox = desk(TARGETS);
    let json = value(&sandbox.rolecall(&["token", "--target", "code", "--format", "json"]));
    assert_eq!((&json["type"], &json["target"]), (&json!("access"), &json!("code")));
    assert!(json["expires_at"].is_i64() && json["token"].as_str().unwrap().starts_with("eyJ"));
    let header = text(&sandbox.rolecall(&["token", "--target", "code", "--format", "header"]));
    assert_eq!(header, format!("Authorization: Bearer {}\n", json["token"].as_str().unwrap()));
    let again = text(&sandbox.rolecall(&["token", "--resource", "https://git.example.com/"]));
    assert_eq!(again.trim(), json["token"], "asked for the same in another way");
    assert_eq!(sandbox.provider.token_requests("refresh_token"), 1);
    let unknown = sandbox.rolecall(&["token", "--target", "nothing"]);
    gets_nothing(&sandbox, &unknown, 2, "it has code, old, dev");
    let other = sandbox.rolecall(&["token", "--resource", "https://other.example/"]);
    gets_nothing(&sandbox, &other, 5, "gives no token for that");
    gets_nothing(&sandbox, &sandbox.rolecall(&["token", "--target", "code", "--scope", "x"]), 2, "cannot be used");
}

#[test]
fn exec_runs_a_program_with_its_own_signals_and_status_and_the_token_in_its_environment_alone() {
    let sandbox = desk(TARGETS);
    let run = |arguments: &[&str]| sandbox.rolecall(&[&["exec"], arguments].concat());
    let said = run(&["--target", "orders", "--", "sh", "-c", "echo $ROLECALL_TOKEN; exit 42"]);
    let token = text(&sandbox.rolecall(&["token", "--target", "orders"]));
    assert_eq!((said.status.code(), text(&said)), (Some(42), token.clone()));
    let all = "echo $A; echo $I; echo $H; echo \"[$ROLECALL_TOKEN]\"";
    let said =
        run(&["--env", "A=access", "--env", "I=id", "--env", "H=header", "--target", "orders", "--", "sh", "-c", all]);
    let id = text(&sandbox.rolecall(&["token", "--id"]));
    assert_eq!(text(&said), format!("{token}{id}Authorization: Bearer {token}[]\n"));
    let killed = run(&["--", "sh", "-c", "kill -TERM $$"]);
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&killed.status), Some(15));
    assert_eq!(run(&["--", "/nonexistent/program"]).status.code(), Some(127));
    assert_eq!(run(&["--", "/etc/passwd"]).status.code(), Some(126));
    assert_eq!(run(&["--env", "1A=access", "--", "true"]).status.code(), Some(2));
    assert_eq!(run(&["--target", "nothing", "--", "true"]).status.code(), Some(2));
}

fn exec_info(version: &str, cluster: &Value) -> String {
    json!({"kind": "ExecCredential", "apiVersion": version, "spec": {"interactive": false, "cluster": cluster}})
        .to_string()
}

#[test]
fn kubectl_is_answered_in_its_own_version_with_the_end_of_the_token() {
    let sandbox = desk(TARGETS);
    let ask = |info: &str| feed(&sandbox, &["credential", "kubernetes"], &[("KUBERNETES_EXEC_INFO", info)], "");
    for version in ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] {
        let answer = value(&ask(&exec_info(version, &json!({"server": "https://api.dev.example:6443"}))));
        assert_eq!((&answer["kind"], &answer["apiVersion"]), (&json!("ExecCredential"), &json!(version)));
        assert_eq!(answer["spec"]["interactive"], false);
        let id = text(&sandbox.rolecall(&["token", "--id"]));
        assert_eq!(answer["status"]["token"], id.trim());
        let end = answer["status"]["expirationTimestamp"].as_str().unwrap();
        assert!(end.ends_with('Z') && end.len() == 20, "{end}");
    }
}

#[test]
fn tg_1_a_hostile_kubeconfig_gets_no_token() {
    let sandbox = desk(TARGETS);
    let version = "client.authentication.k8s.io/v1";
    let ask = |arguments: &[&str], info: &str| {
        let all = [&["credential", "kubernetes"], arguments].concat();
        feed(&sandbox, &all, &[("KUBERNETES_EXEC_INFO", info)], "")
    };
    let known = "https://api.dev.example:6443";
    for (cluster, told) in [
        (json!({"server": "https://evil.example"}), "no profile names the cluster"),
        (json!({"server": "https://api.dev.example:6443.evil.example"}), "no profile names the cluster"),
        (json!({"server": format!("{known}/evil")}), "no profile names the cluster"),
        (json!({"server": known, "insecure-skip-tls-verify": true}), "insecure-skip-tls-verify"),
        (json!({"server": known, "proxy-url": "http://evil.example"}), "proxy"),
        (json!(null), "provideClusterInfo"),
        (json!({"server": 7}), "provideClusterInfo"),
    ] {
        for arguments in [&[][..], &["--target", "dev"], &["--profile", "local", "--target", "dev"]] {
            gets_nothing(&sandbox, &ask(arguments, &exec_info(version, &cluster)), 2, told);
        }
    }
    let other = ask(&["--target", "code"], &exec_info(version, &json!({"server": known})));
    gets_nothing(&sandbox, &other, 2, "not 'code'");
    gets_nothing(
        &sandbox,
        &ask(&[], &exec_info("client.authentication.k8s.io/v2", &json!({"server": known}))),
        2,
        "v2",
    );
    for nonsense in ["", "{", "[]", "\u{1b}[2J"] {
        gets_nothing(&sandbox, &ask(&[], nonsense), 2, "KUBERNETES_EXEC_INFO");
    }
}

#[test]
fn git_of_both_contracts_is_answered_and_a_refused_token_replaced() {
    let sandbox = desk(TARGETS);
    let ask = |operation: &str, input: &str| feed(&sandbox, &["credential", "git", operation], &[], input);
    let old = text(&ask("get", "protocol=https\nhost=git.example.com\n\n"));
    let token = text(&sandbox.rolecall(&["token", "--target", "code"]));
    assert!(old.starts_with(&format!("username=oauth2\npassword={token}password_expiry_utc=")), "{old}");
    let new = text(&ask(
        "get",
        "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=git.example.com\nwwwauth[]=Bearer\n\n",
    ));
    assert!(
        new.starts_with(&format!("capability[]=authtype\nauthtype=Bearer\ncredential={token}ephemeral=1\n")),
        "{new}"
    );
    let basic = text(&ask("get", "capability[]=authtype\nprotocol=https\nhost=old.example.com\n\n"));
    assert!(basic.contains("authtype=Basic\ncredential=") && basic.contains("ephemeral=1"), "{basic}");
    assert!(ask("store", &format!("{old}\n")).stdout.is_empty() && ask("capability", "").stdout.is_empty());
    let before = sandbox.provider.token_requests("refresh_token");
    let erased = ask("erase", &format!("protocol=https\nhost=git.example.com\nusername=oauth2\npassword={token}\n"));
    assert_eq!((erased.status.code(), erased.stdout.len()), (Some(0), 0));
    let next = text(&ask("get", "protocol=https\nhost=git.example.com\n\n"));
    assert!(!next.contains(token.trim()) && sandbox.provider.token_requests("refresh_token") == before + 1);
    assert_eq!(text(&ask("get", "protocol=https\nhost=git.example.com\n\n")), next, "once");
}

#[test]
fn tg_1_a_git_host_and_a_registry_that_no_profile_names_get_nothing_quietly() {
    let sandbox = desk(TARGETS);
    for input in [
        "protocol=https\nhost=evil.example\n\n",
        "protocol=http\nhost=git.example.com\n\n",
        "protocol=https\nhost=git.example.com.evil.example\n\n",
        "protocol=https\nhost=git.example.com:444\n\n",
        "protocol=https\nhost=evil.example\npath=git.example.com\nusername=git.example.com\n\n",
        "host=git.example.com\n\n",
        "url=https://git.example.com\n\n",
        "",
        "\u{0}\n\n",
    ] {
        for operation in ["get", "store", "erase"] {
            let quiet = feed(&sandbox, &["credential", "git", operation], &[], input);
            assert_eq!(
                (quiet.status.code(), text(&quiet), talk(&quiet)),
                (Some(0), String::new(), String::new()),
                "{input:?}"
            );
        }
    }
    for registry in [
        "evil.example",
        "registry.example.com",
        "registry.example.com:5000/evil",
        "http://registry.example.com:5000",
        "",
    ] {
        let none = feed(&sandbox, &["credential", "docker", "get"], &[], registry);
        assert_eq!(
            (none.status.code(), text(&none)),
            (Some(1), "credentials not found in native keychain\n".into()),
            "{registry}"
        );
    }
    assert_eq!(sandbox.provider.token_requests("refresh_token"), 0);
}

#[test]
fn docker_is_answered_under_the_name_it_looks_for() {
    let sandbox = desk(TARGETS);
    let link = sandbox.bus.folder().join("docker-credential-rolecall");
    std::os::unix::fs::symlink(crate::sandbox::built("rolecall", "ROLECALL_BIN"), &link).unwrap();
    let ask = |operation: &str, input: &str| {
        let mut command = sandbox.bus.command(&link);
        command.arg(operation).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        running.wait_with_output().unwrap()
    };
    let answer = value(&ask("get", "registry.example.com:5000\n"));
    let token = text(&sandbox.rolecall(&["token", "--target", "images"]));
    assert_eq!(answer, json!({"ServerURL": "registry.example.com:5000", "Username": "oauth2", "Secret": token.trim()}));
    assert_eq!(text(&ask("list", "")), "{}\n");
    assert_eq!(ask("store", "{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}").status.code(), Some(0));
    assert_eq!(
        (ask("erase", "registry.example.com:5000").status.code(), ask("x", "").status.code()),
        (Some(0), Some(2))
    );
    assert_eq!(text(&ask("get", "evil.example")), "credentials not found in native keychain\n");
}

#[test]
fn an_mcp_client_gets_headers_for_the_server_it_names_and_for_no_other() {
    let sandbox = desk(TARGETS);
    let ask = |arguments: &[&str], address: &str| {
        let variables = [("CLAUDE_CODE_MCP_SERVER_URL", address), ("CLAUDE_CODE_MCP_SERVER_NAME", "tools")];
        feed(&sandbox, &[&["mcp-headers"], arguments].concat(), &variables, "")
    };
    let token = text(&sandbox.rolecall(&["token", "--target", "tools"]));
    let header = json!({ "Authorization": format!("Bearer {}", token.trim()) });
    assert_eq!(value(&ask(&[], "https://mcp.example.com/mcp")), header);
    assert_eq!(value(&ask(&["tools"], "https://mcp.example.com/mcp")), header);
    assert_eq!(value(&ask(&["tools"], "")), header, "a client that names no address names the target");
    for address in [
        "https://evil.example/mcp",
        "https://mcp.example.com/",
        "http://mcp.example.com/mcp",
        "https://mcp.example.com@evil.example/mcp",
    ] {
        for arguments in [&[][..], &["tools"], &["tools", "--profile", "local"]] {
            gets_nothing(&sandbox, &ask(arguments, address), 2, "no profile names an MCP server");
        }
    }
    gets_nothing(&sandbox, &ask(&["orders"], "https://mcp.example.com/mcp"), 2, "is not the target");
    gets_nothing(&sandbox, &ask(&["orders"], ""), 2, "no MCP server");
    gets_nothing(&sandbox, &ask(&[], ""), 2, "names the server");
}

#[test]
fn tg_3_with_nobody_at_the_keyboard_no_browser_opens_and_the_command_to_run_is_told() {
    let sandbox = desk(TARGETS);
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    sandbox.provider.forget_requests();
    let info = exec_info("client.authentication.k8s.io/v1", &json!({"server": "https://api.dev.example:6443"}));
    let asked = [
        feed(&sandbox, &["credential", "kubernetes"], &[("KUBERNETES_EXEC_INFO", &info)], ""),
        feed(&sandbox, &["credential", "git", "get"], &[], "protocol=https\nhost=git.example.com\n\n"),
        feed(&sandbox, &["mcp-headers", "tools"], &[], ""),
        feed(&sandbox, &["token", "--target", "code"], &[], ""),
        feed(&sandbox, &["exec", "--target", "code", "--", "echo", "ran"], &[], ""),
    ];
    for output in &asked {
        gets_nothing(&sandbox, output, 3, "rolecall login");
    }
    let docker = feed(&sandbox, &["credential", "docker", "get"], &[], "registry.example.com:5000");
    assert!(docker.status.code() == Some(3) && text(&docker).contains("rolecall login"), "{}", text(&docker));
    assert!(!sandbox.provider.requests().iter().any(|request| request.path == "/authorize"));
}

#[test]
fn tg_3_ten_programs_at_a_keyboard_open_one_browser() {
    let sandbox = desk(TARGETS);
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    sandbox.provider.forget_requests();
    let cluster = json!({"server": "https://api.dev.example:6443"});
    let info =
        json!({"apiVersion": "client.authentication.k8s.io/v1", "spec": {"interactive": true, "cluster": cluster}})
            .to_string();
    let running: Vec<_> = (0..10)
        .map(|_| {
            // Each has a parent of its own, as each plug-in has its kubectl.
            let rolecall = sandbox.command(&[]);
            let mut command = sandbox.bus.command("sh".as_ref());
            command.args(["-c", "\"$0\" credential kubernetes; exit $?"]).arg(rolecall.get_program());
            command.envs(rolecall.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command.env("KUBERNETES_EXEC_INFO", &info).stdin(Stdio::null());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let tokens: Vec<Value> = running.into_iter().map(|one| value(&one.wait_with_output().unwrap())).collect();
    assert!(tokens.iter().all(|token| token["status"]["token"] == tokens[0]["status"]["token"]));
    assert_eq!(sandbox.provider.token_requests("authorization_code"), 1);
    // A browser that is closed: none opens again for a while.
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    sandbox.provider.fault(rolecall_provider::Fault::CallbackError("access_denied", "The person declined."));
    let ask = || feed(&sandbox, &["credential", "kubernetes"], &[("KUBERNETES_EXEC_INFO", &info)], "");
    let declined = ask();
    assert!(declined.status.code() == Some(1) && declined.stdout.is_empty(), "{}", talk(&declined));
    sandbox.provider.forget_requests();
    gets_nothing(&sandbox, &ask(), 3, "five minutes");
    assert!(!sandbox.provider.requests().iter().any(|request| request.path == "/authorize"));
}
