//! A cluster as the receiver of a token: a person signed in at the Auth0 simulator, their own kubectl and kubeconfig, and an
//! API server's authentication (`tests/interop/kubernetes`) under several configurations.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::driver::Driver;
use super::user::{CommandOutput, User};
use super::{Context, Report, ensure};
use crate::{Result, cargo, child};

const PROFILE: &str = "for-a-cluster";
const CLAIM: &str = "claims[?\"https://example.com/auth\"]";

/// A cluster, and what its administrator set up.
struct Cluster {
    server: Driver,
}

/// What a person has besides Rolecall: kubectl, and a kubeconfig.
struct Desk<'a> {
    user: &'a User<'a>,
    /// The certificate of the provider, for the clusters.
    authority: String,
    issuer: String,
    program: PathBuf,
}

pub(super) fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let program = build(context)?;
    let (port, state) = (super::small_port()?, context.state("kubernetes")?);
    let mut provider = context.start("auth0.mjs", &state, &[("PORT", &port), ("RULES", "1")])?;
    let user = User::at(context, "auth0", &provider)?;
    let trust = ["--provider", "auth0", "--ca-file", provider.fact("ca_file")];
    user.sign_in(PROFILE, provider.fact("issuer"), provider.fact("client_id"), &trust)?;
    let authority = std::fs::read_to_string(provider.fact("ca_file")).map_err(|error| error.to_string())?;
    let desk = Desk { user: &user, authority, issuer: provider.fact("issuer").to_owned(), program };

    let prefixed = prefix(&desk, report)?;
    claim_not_read(&desk, report, &prefixed)?;
    report.version = format!("{}, asked by kubectl {}", prefixed.server.fact("version"), kubectl_version()?);
    refused(&desk, report, &mut provider)?;
    somebody_else(&desk, report, &mut provider, &prefixed)?;
    rolecall_itself(&desk, report)?;
    no_answer(&desk, report, prefixed)
}

/// The API server's authentication, from its Go modules, whose contents `go.sum` pins.
fn build(context: &Context<'_>) -> Result<PathBuf> {
    let program = context.workspace.target.join("interop").join("kubernetes");
    println!("building the API server’s authentication with Go; the first time takes some minutes");
    let mut go = Command::new("go");
    go.args(["build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o"]).arg(&program).arg(".");
    child::run(go.current_dir(context.scripts.join("kubernetes")).env("CGO_ENABLED", "0"))?;
    Ok(program)
}

fn kubectl_version() -> Result<String> {
    let text = child::output(Command::new("kubectl").args(["version", "--client", "--output=json"]))?;
    let version = cargo::parse(&text)?["clientVersion"]["gitVersion"].as_str().unwrap_or_default().to_owned();
    Ok(version.trim_start_matches('v').split('-').next().unwrap_or_default().to_owned())
}

/// Groups come of one claim, with `oidc:` before each.
fn prefix(desk: &Desk<'_>, report: &mut Report) -> Result<Cluster> {
    let groups = format!("{CLAIM}.?groups.orValue([]).map(name, \"oidc:\" + string(name))");
    let cluster = desk.cluster("prefixed", "rolecall-desktop", &groups)?;
    desk.plug_in(&cluster)?;
    let why = desk.why(&["Samples"], 0)?;
    let (receiver, seen) = (&why["receiver"], &why["receiver"]["answer"]);
    ensure(seen["username_from"] == json!({"claim": "sub", "prefix": "oidc:"}), || format!("the user: {receiver}"))?;
    ensure(receiver["token"]["same_person"] == true, || format!("the token: {}", receiver["token"]))?;
    ensure(seen["groups"] == json!(["oidc:Samples", "system:authenticated"]), || format!("groups: {receiver}"))?;
    accepted(&why, "kubernetes_prefix")?;
    report.observed(
        "a group that the cluster knows as `oidc:Samples`, by a token that a credential plug-in gives kubectl",
    );
    Ok(cluster)
}

/// Roles are in the next claim, which is not read; with the lines that Rolecall shows, it is.
fn claim_not_read(desk: &Desk<'_>, report: &mut Report, cluster: &Cluster) -> Result<()> {
    desk.plug_in(cluster)?;
    let why = desk.why(&["Editor"], 0)?;
    accepted(&why, "kubernetes_claim_not_read")?;
    let snippet = why["findings"][0]["snippet"]["text"].as_str().unwrap_or_default();
    let (_, expression) = snippet.split_once(">-\n").ok_or_else(|| format!("no expression: {snippet}"))?;
    let joined: String = expression.split_whitespace().collect::<Vec<_>>().join(" ");
    let mended = desk.cluster("mended", "rolecall-desktop", &joined)?;
    desk.plug_in(&mended)?;
    let why = desk.why(&["Editor"], 0)?;
    accepted(&why, "kubernetes_prefix")?;
    let groups = &why["receiver"]["answer"]["groups"];
    ensure(groups == &json!(["oidc:Samples", "oidc:Editor", "system:authenticated"]), || format!("groups: {groups}"))?;
    report.observed("a role in a claim that is not read; with the lines Rolecall shows for the administrator it is, nested in a claim named by a URL");
    Ok(())
}

/// Four reasons for one and the same "Unauthorized"; the cluster's own log is held against what Rolecall says.
fn refused(desk: &Desk<'_>, report: &mut Report, provider: &mut Driver) -> Result<()> {
    let mut cluster = desk.cluster("strict", "kube", "[]")?;
    desk.plug_in(&cluster)?;
    let why = desk.why(&[], 0)?;
    refusal(&why, "kubernetes_refused")?;
    logged(&mut cluster, "expected audience")?;
    let shown = why["findings"].to_string();
    ensure(shown.contains("aud: rolecall-desktop"), || format!("the audience is not shown: {shown}"))?;
    report.observed(
        "refused for its audience: the token’s own is shown for comparing, and the cluster’s log says the same",
    );

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let claims = json!({"sub": "auth0|626d4d2e", "iat": now - 9000, "exp": now - 7200});
    let ended = provider.order("sign", &json!({"claims": claims}))?;
    let mut cluster = desk.cluster("open", "rolecall-desktop", "[]")?;
    desk.token(&cluster, ended.as_str().unwrap_or_default())?;
    refusal(&desk.why(&[], 0)?, "kubernetes_token_ended")?;
    logged(&mut cluster, "token is expired")?;
    report.observed("a token in the kubeconfig that has ended");

    desk.token(&cluster, "an-opaque-access-token-of-some-provider")?;
    refusal(&desk.why(&[], 0)?, "kubernetes_not_a_jwt")?;
    report.observed("a token that is no JWT");

    let without = desk.why_text(&["--context", "nowhere"], 2)?;
    ensure(without.stdout.contains("has no context nowhere"), || without.stdout.clone())?;
    report
        .observed("a context that is not there, a cluster that is gone: could not be asked, and what would be needed");
    Ok(())
}

/// The cluster takes it; it is about another person than the profile's.
fn somebody_else(desk: &Desk<'_>, report: &mut Report, provider: &mut Driver, cluster: &Cluster) -> Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let claims = json!({"sub": "auth0|other", "iat": now, "exp": now + 600});
    let theirs = provider.order("sign", &json!({"claims": claims}))?;
    desk.token(cluster, theirs.as_str().unwrap_or_default())?;
    let why = desk.why(&["Samples"], 0)?;
    accepted(&why, "kubernetes_somebody_else")?;
    ensure(why["receiver"]["answer"]["username"] == "oidc:auth0|other", || why["receiver"].to_string())?;
    report.observed("a kubeconfig with somebody else’s token: told, and nothing concluded from it");
    Ok(())
}

/// The plug-in is Rolecall, set up by its own command; with the same user another cluster gets no token.
fn rolecall_itself(desk: &Desk<'_>, report: &mut Report) -> Result<()> {
    let (cluster, other) = (desk.cluster("target", "rolecall-desktop", "[]")?, desk.cluster("other", "kube", "[]")?);
    let server = cluster.server.fact("server");
    desk.kubeconfig(&cluster, &json!({}))?;
    let file = desk.file().display().to_string();
    let set_up = ["setup", "kubernetes", "dev", "--profile", PROFILE, "--at", server, "--file", &file, "--write"];
    desk.user.run_ok(&set_up)?;
    let why = desk.why(&["--context", "rolecall-dev"], 0)?;
    let seen = &why["receiver"]["answer"];
    ensure(seen["state"] == "accepted" && seen["username"] == "oidc:auth0|626d4d2e", || why["receiver"].to_string())?;
    let address = format!("--server={}", other.server.fact("server"));
    for words in [
        &["set-cluster", "elsewhere", &address][..],
        &["set-context", "elsewhere", "--cluster=elsewhere", "--user=rolecall-dev"],
    ] {
        child::output(Command::new("kubectl").args(["config", "--kubeconfig", &file]).args(words))?;
    }
    let elsewhere = desk.why(&["--context", "elsewhere"], 4)?;
    ensure(elsewhere["receiver"]["answer"]["state"] == "could_not_ask", || elsewhere["receiver"].to_string())?;
    report.observed("`credential kubernetes` as `setup kubernetes` writes it: the cluster takes the ID token; another cluster of the same user gets none");
    Ok(())
}

fn no_answer(desk: &Desk<'_>, report: &mut Report, cluster: Cluster) -> Result<()> {
    desk.plug_in(&cluster)?;
    cluster.server.stop()?;
    let why = desk.why(&["Samples"], 4)?;
    let answer = &why["receiver"]["answer"];
    ensure(answer["state"] == "could_not_ask" && answer["reason"] == "unreachable", || answer.to_string())?;
    desk.user.run_ok(&["logout", "--profile", PROFILE])?;
    report.observed("no token in anything that was printed");
    Ok(())
}

impl Desk<'_> {
    /// Starts an API server's authentication that takes this issuer's tokens.
    fn cluster(&self, name: &str, audience: &str, groups: &str) -> Result<Cluster> {
        let folder = self.user.folder().join(name);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // JSON is YAML.
        let config = json!({
            "apiVersion": "apiserver.config.k8s.io/v1beta1",
            "kind": "AuthenticationConfiguration",
            "jwt": [{
                "issuer": {"url": self.issuer, "audiences": [audience], "certificateAuthority": self.authority},
                "claimMappings": {
                    "username": {"claim": "sub", "prefix": "oidc:"},
                    "groups": {"expression": groups},
                },
            }],
        });
        write(&folder.join("authentication.json"), &config.to_string())?;
        let arguments = ["-config", "authentication.json", "-folder", "."];
        Ok(Cluster { server: Driver::start_program(&self.program, &arguments, &folder)? })
    }

    /// The kubeconfig has a credential plug-in: a program that gives kubectl the person's ID token.
    fn plug_in(&self, cluster: &Cluster) -> Result<()> {
        let plugin = self.user.folder().join("id-token-for-kubectl");
        let script = format!(
            "#!/bin/sh\nset -e\ntoken=$('{}' token --id --profile {PROFILE})\nprintf '{{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{{\"token\":\"%s\"}}}}' \"$token\"\n",
            self.user.program().display()
        );
        write(&plugin, &script)?;
        super::user::executable(&plugin)?;
        let exec = json!({
            "apiVersion": "client.authentication.k8s.io/v1", "command": plugin, "interactiveMode": "IfAvailable",
        });
        self.kubeconfig(cluster, &json!({ "exec": exec }))
    }

    /// The kubeconfig has this very token.
    fn token(&self, cluster: &Cluster, token: &str) -> Result<()> {
        self.kubeconfig(cluster, &json!({ "token": token }))
    }

    fn kubeconfig(&self, cluster: &Cluster, user: &Value) -> Result<()> {
        let (server, authority) = (cluster.server.fact("server"), cluster.server.fact("ca_file"));
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "dev",
            "clusters": [{"name": "dev", "cluster": {"server": server, "certificate-authority": authority}}],
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "jane"}}],
            "users": [{"name": "jane", "user": user}],
        });
        write(&self.file(), &config.to_string())
    }

    fn file(&self) -> PathBuf {
        self.user.folder().join("kubeconfig")
    }

    /// Asks, for people and for scripts, and sees that no token is among what is printed.
    fn why(&self, words: &[&str], exit: i32) -> Result<Value> {
        self.why_text(words, exit)?;
        cargo::parse(&self.why_text(&[words, &["--json"]].concat(), exit)?.stdout)
    }

    fn why_text(&self, words: &[&str], exit: i32) -> Result<CommandOutput> {
        let words = [&["why", "--profile", PROFILE, "--at", "kubernetes"], words].concat();
        let said =
            self.user.run_with(&words, &[("KUBECONFIG", self.file().as_os_str()), ("LANG", OsStr::new("de_DE"))])?;
        ensure(said.exit == exit, || format!("it ended with {}: {}{}", said.exit, said.stdout, said.stderr))?;
        let all = format!("{}{}", said.stdout, said.stderr);
        ensure(!all.contains("eyJ") && !all.contains("opaque-access-token"), || "a token was printed".into())?;
        Ok(said)
    }
}

/// It is taken, and this finding comes first.
fn accepted(why: &Value, code: &str) -> Result<()> {
    ensure(why["receiver"]["answer"]["state"] == "accepted", || format!("not accepted: {}", why["receiver"]))?;
    first(why, code)
}

/// It is refused, and this finding comes first.
fn refusal(why: &Value, code: &str) -> Result<()> {
    ensure(why["receiver"]["answer"]["state"] == "refused", || format!("not refused: {}", why["receiver"]))?;
    first(why, code)
}

/// The API server's own log says this of what it refused.
fn logged(cluster: &mut Cluster, words: &str) -> Result<()> {
    let reasons = cluster.server.order("refusals", &Value::Null)?.to_string();
    ensure(reasons.contains(words), || format!("its log has not “{words}”: {reasons}"))
}

/// The first finding about the receiver.
fn first(why: &Value, code: &str) -> Result<()> {
    let codes = super::recorded::findings(why);
    let first = codes.iter().find(|code| code.starts_with("kubernetes_"));
    ensure(first == Some(&code), || format!("{code} is expected first: {codes:?}"))
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}
