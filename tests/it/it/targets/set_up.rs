//! `rolecall setup`: shown first, written with a copy, written once, taken out again.

use std::path::Path;

use serde_json::{Value, json};

use super::protocols::desk;
use crate::sandbox::{Sandbox, talk};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn setup(sandbox: &Sandbox, arguments: &[&str]) -> (String, String) {
    let output = sandbox.rolecall(&[&["setup"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", talk(&output));
    (String::from_utf8(output.stdout.clone()).unwrap(), talk(&output))
}

#[test]
fn a_target_is_made_in_the_profile_and_the_other_program_set_up_with_one_command() {
    let sandbox = desk("# mine\n");
    let (home, config) = (sandbox.bus.folder().join("home"), sandbox.bus.folder().join("config/rolecall.toml"));
    let before = read(&config);
    std::fs::write(home.join(".gitconfig"), "[user]\n\tname = Jane # me\n").unwrap();
    let new = ["git", "code", "--at", "Git.Example.com", "--resource", "https://git.example.com/"];
    let (shown, said) = setup(&sandbox, &new);
    assert!(
        shown.contains("[profiles.local.targets.code]") && shown.contains("[credential \"https://git.example.com\"]"),
        "{shown}"
    );
    assert!(said.contains("Nothing was written"), "{said}");
    assert_eq!(
        (read(&config), read(&home.join(".gitconfig")).as_str()),
        (before.clone(), "[user]\n\tname = Jane # me\n")
    );

    let (_, said) = setup(&sandbox, &[&new[..], &["--write"]].concat());
    assert!(said.contains("The file as it was: ") && said.contains(".gitconfig.before-rolecall-1"), "{said}");
    let (written, toml) = (read(&home.join(".gitconfig")), read(&config));
    assert!(before.lines().all(|line| toml.contains(line)) && toml.contains("host = \"git.example.com\""), "{toml}");
    let rolecall = crate::sandbox::built("rolecall", "ROLECALL_BIN");
    assert!(
        written.contains(rolecall.to_str().unwrap()) && written.starts_with("[user]\n\tname = Jane # me\n"),
        "{written}"
    );
    assert_eq!(read(&home.join(".gitconfig.before-rolecall-1")), "[user]\n\tname = Jane # me\n");
    let (_, said) = setup(&sandbox, &[&new[..], &["--write"]].concat());
    assert!(said.contains("stands there already") && !said.contains("as it was"), "{said}");
    assert_eq!((read(&home.join(".gitconfig")), read(&config)), (written, toml));
    setup(&sandbox, &["git", "code", "--remove"]);
    assert_eq!(read(&home.join(".gitconfig")), "[user]\n\tname = Jane # me\n");
    assert!(setup(&sandbox, &["git", "--remove"]).1.contains("Nothing of it stands"), "again");
}

#[test]
fn docker_aws_and_mcp_are_set_up_in_their_own_files_and_curl_is_only_shown() {
    let sandbox = desk("");
    let home = sandbox.bus.folder().join("home");
    let value = |path: &Path| -> Value { serde_json::from_str(&read(path)).unwrap() };
    let docker = home.join(".docker/config.json");
    std::fs::create_dir(home.join(".docker")).unwrap();
    std::fs::write(&docker, r#"{"auths": {"x": {}}}"#).unwrap();
    setup(&sandbox, &["docker", "images", "--at", "registry.example.com:5000", "--write"]);
    let registries = json!({"registry.example.com:5000": "rolecall"});
    assert_eq!(value(&docker), json!({"auths": {"x": {}}, "credHelpers": registries}));
    let link = home.join(".local/bin/docker-credential-rolecall");
    assert!(std::fs::read_link(&link).is_ok_and(|to| to.is_absolute()));
    setup(&sandbox, &["docker", "--remove"]);
    assert!(value(&docker) == json!({"auths": {"x": {}}}) && !link.exists());

    let aws = home.join(".aws/config");
    setup(&sandbox, &["aws", "deploy", "--at", "arn:aws:iam::123456789012:role/deploy", "--write"]);
    assert!(
        read(&aws).contains("[profile deploy]\ncredential_process = \"/") && read(&aws).contains(" credential aws ")
    );
    setup(&sandbox, &["aws", "--remove"]);
    assert_eq!(read(&aws), "");
    std::fs::write(&aws, "[profile deploy]\nregion = x\n").unwrap();
    let own = sandbox.rolecall(&["setup", "aws", "--write"]);
    assert!(own.status.code() == Some(2) && talk(&own).contains("of your own"), "{}", talk(&own));

    let mcp = home.join(".mcp.json");
    let file = ["--file", mcp.to_str().unwrap()];
    setup(&sandbox, &[&["mcp", "tools", "--at", "https://mcp.example.com/mcp", "--write"], &file[..]].concat());
    let server = &value(&mcp)["mcpServers"]["tools"];
    assert_eq!(server["url"], "https://mcp.example.com/mcp");
    assert!(server["headersHelper"].as_str().unwrap().ends_with(" mcp-headers --profile local tools"), "{server}");
    setup(&sandbox, &[&["mcp", "--remove"], &file[..]].concat());
    assert_eq!(value(&mcp), json!({}));

    let (shown, _) = setup(&sandbox, &["curl", "orders", "--at", "https://orders.example/", "--write"]);
    assert!(
        shown.contains("token --profile local --target orders --format header | curl -H @- https://orders.example/"),
        "{shown}"
    );
}

#[test]
fn nonsense_is_refused_with_what_is_wrong_and_nothing_written() {
    let sandbox = desk("");
    let config = sandbox.bus.folder().join("config/rolecall.toml");
    let before = read(&config);
    for (arguments, told) in [
        (&["git"][..], "none of the kind git"),
        (&["git", "code"], "--at makes it"),
        (&["git", "code", "--at", "https://git.example.com/x"], "must be a host"),
        (&["git", "../code", "--at", "git.example.com"], "can't name a target"),
        (&["kubernetes", "dev", "--at", "http://api.example"], "https address"),
        (&["aws", "deploy", "--at", "deploy"], "not the ARN"),
        (&["mcp", "tools", "--at", "tools"], "not an address"),
        (&["git", "code", "--at", "git.example.com", "--resource", "x", "--audience", "y"], "absolute address"),
        (&["git", "--at", "git.example.com"], "required"),
    ] {
        let output = sandbox.rolecall(&[&["setup"], arguments, &["--write"]].concat());
        assert!(output.status.code() == Some(2) && talk(&output).contains(told), "{arguments:?}: {}", talk(&output));
        assert!(output.stdout.is_empty() && read(&config) == before, "{arguments:?}");
    }
}
