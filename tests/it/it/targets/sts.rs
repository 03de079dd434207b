//! Roles of AWS, from a double of its STS that reads the token it is shown. It is no Amazon: it checks the audience alone.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;

use super::protocols::{desk, feed, value};
use super::read_request;
use crate::sandbox::{Sandbox, talk};

/// The forms that came, in order.
type Asked = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// A service that gives credentials for tokens with the audience `rolecall-demo`. Ends with the process.
struct Sts {
    address: String,
    asked: Asked,
}

impl Sts {
    fn start(lifetime: i64) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", socket.local_addr().unwrap());
        let asked = Asked::default();
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for connection in socket.incoming().flatten() {
                let _ = answer(connection, &seen, lifetime);
            }
        });
        Self { address, asked }
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn answer(mut connection: TcpStream, asked: &Asked, lifetime: i64) -> std::io::Result<()> {
    let (_, _, body) = read_request(&connection)?;
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let claims = form.get("WebIdentityToken").and_then(|token| BASE64.decode(token.split('.').nth(1)?).ok());
    let claims: Value = claims.and_then(|claims| serde_json::from_slice(&claims).ok()).unwrap_or_default();
    let denied = form.get("RoleArn").is_some_and(|role| role.ends_with("/denied"));
    let (status, text) = if claims["aud"] != "rolecall-demo" || denied {
        let why = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>";
        (403, why.to_owned())
    } else {
        let number = asked.lock().unwrap().len();
        let end = written(unix_now() + lifetime);
        let given = format!(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA{number}</AccessKeyId>\
             <SecretAccessKey>secret/{number}</SecretAccessKey><SessionToken>session+{number}=</SessionToken><Expiration>{end}</Expiration>\
             </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        );
        (200, given)
    };
    asked.lock().unwrap().push(form);
    std::thread::sleep(Duration::from_millis(100));
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close", text.len());
    write!(connection, "{head}\r\n\r\n{text}")
}

#[expect(clippy::disallowed_methods, reason = "the double is a program of its own")]
fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// A time as the service writes it.
fn written(at: i64) -> String {
    let output =
        std::process::Command::new("date").args(["-u", "-d", &format!("@{at}"), "+%Y-%m-%dT%H:%M:%SZ"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned()
}

fn roles(sts: &Sts, name: &str, role: &str) -> String {
    format!(
        "[profiles.local.targets.{name}]\nkind = \"aws\"\nrole = \"arn:aws:iam::123456789012:role/{role}\"\nendpoint = \"{}\"\n",
        sts.address
    )
}

#[test]
fn many_programs_have_the_credentials_of_one_request_until_a_quarter_of_an_hour_before_they_end() {
    let sts = Sts::start(3600);
    let sandbox = desk(&roles(&sts, "deploy", "deploy"));
    let ask = |sandbox: &Sandbox| {
        let mut command = sandbox.command(&["credential", "aws"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..8).map(|_| ask(&sandbox)).collect();
    let answers: Vec<Value> = running.into_iter().map(|one| value(&one.wait_with_output().unwrap())).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]) && sts.count() == 1, "{}", sts.count());
    let answer = &answers[0];
    assert_eq!((&answer["Version"], &answer["AccountId"]), (&Value::from(1), &Value::from("123456789012")));
    assert_eq!((&answer["AccessKeyId"], &answer["SecretAccessKey"]), (&Value::from("ASIA0"), &Value::from("secret/0")));
    assert!(answer["Expiration"].as_str().unwrap().ends_with('Z') && answer["SessionToken"] == "session+0=");
    let form = sts.asked.lock().unwrap()[0].clone();
    assert_eq!((form["Action"].as_str(), form["DurationSeconds"].as_str()), ("AssumeRoleWithWebIdentity", "3600"));
    assert!(form["RoleSessionName"].contains('@'), "{}", form["RoleSessionName"]);

    let sts = Sts::start(800);
    let sandbox = desk(&roles(&sts, "deploy", "deploy"));
    value(&sandbox.rolecall(&["credential", "aws", "--target", "deploy"]));
    value(&sandbox.rolecall(&["credential", "aws", "--target", "deploy"]));
    assert_eq!(sts.count(), 1, "credentials that never hold for long are kept for half of their time");
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    let out = sandbox.rolecall(&["credential", "aws"]);
    assert!(out.status.code() == Some(3) && out.stdout.is_empty(), "{}", talk(&out));
}

#[test]
fn a_refused_role_is_told_with_what_the_trust_policy_is_held_against() {
    let sts = Sts::start(3600);
    let sandbox = desk(&roles(&sts, "admin", "denied"));
    let refused = sandbox.rolecall(&["credential", "aws", "--target", "admin"]);
    let said = talk(&refused);
    assert!(refused.status.code() == Some(5) && refused.stdout.is_empty(), "{said}");
    assert!(
        said.contains("AccessDenied") && said.contains(":aud rolecall-demo") && said.contains("sub demo|ed"),
        "{said}"
    );
    assert!(!sandbox.provider.secrets().iter().any(|secret| said.contains(secret)), "{said}");
}

#[test]
fn tg_1_neither_an_argument_nor_a_variable_names_another_role_or_service() {
    let (sts, evil) = (Sts::start(3600), Sts::start(3600));
    let sandbox = desk(&roles(&sts, "deploy", "deploy"));
    let variables = [("AWS_ENDPOINT_URL_STS", evil.address.as_str()), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/evil")];
    value(&feed(&sandbox, &["credential", "aws"], &variables, ""));
    assert_eq!((sts.count(), evil.count()), (1, 0));
    for arguments in [
        &["credential", "aws", "--target", "other"][..],
        &["credential", "aws", "--role-arn", "arn:aws:iam::1:role/evil"],
        &["credential", "aws", "--endpoint-url", &evil.address],
    ] {
        let none = feed(&sandbox, arguments, &variables, "");
        assert!(none.status.code() == Some(2) && none.stdout.is_empty(), "{}", talk(&none));
    }
    assert_eq!((sts.count(), evil.count()), (1, 0));
}
