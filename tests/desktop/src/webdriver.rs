//! The ten commands of W3C `WebDriver` that the scenes use, sent by minreq.
//!
//! The two client libraries cost more than they save. thirtyfour switches the `preserve_order` of `serde_json` on,
//! and with it the programs under test would write JSON in another order than the ones that ship, as one build has one
//! set of features. fantoccini brings 21 packages, most of them second and older versions of what is in the tree (http,
//! cookie, ICU).

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::wait::until;

/// The longest a driver may take for one command, in seconds.
const BOUND: u64 = 60;

/// The name the W3C gives to elements in answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver program and its one session. Both end with this value.
pub(crate) struct WebDriver {
    driver: Child,
    port: u16,
    session: String,
}

impl WebDriver {
    /// Starts `driver` with `--port` and a session with these capabilities.
    pub(crate) async fn start(mut driver: Command, capabilities: &Value) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        let driver = driver
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the driver program is installed");
        let mut started = Self { driver, port, session: String::new() };
        until("the driver answers", async || ask(minreq::get(format!("http://127.0.0.1:{port}/status"))).ok()).await;
        let asked = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let request = minreq::post(format!("http://127.0.0.1:{port}/session"));
        let session = ask(with_json(request, &asked)).expect("a session");
        session["sessionId"].as_str().expect("a session has an identifier").clone_into(&mut started.session);
        started
    }

    /// The process identifier of the driver.
    pub(crate) fn process(&self) -> u32 {
        self.driver.id()
    }

    /// Runs a function body in the page and gives what it returns.
    pub(crate) fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a function body whose last argument is to be called with the result.
    pub(crate) fn run_until_called(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.post("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// Clicks the first element that fits, as a person would.
    pub(crate) fn click(&self, css: &str) -> Result<Value, String> {
        let element = self.find(css)?;
        self.post(&format!("/element/{element}/click"), &json!({}))
    }

    /// Types into the first element that fits, key by key.
    pub(crate) fn type_into(&self, css: &str, text: &str) -> Result<Value, String> {
        let element = self.find(css)?;
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }))
    }

    /// A picture of what the window shows, PNG in base64.
    pub(crate) fn picture(&self) -> Result<String, String> {
        let value = ask(minreq::get(self.url("/screenshot")))?;
        value.as_str().map(ToOwned::to_owned).ok_or_else(|| "the picture is no text".to_owned())
    }

    /// Presses keys wherever the focus is: those in `held` stay down in the meantime.
    pub(crate) fn press(&self, held: &[&str], key: &str) -> Result<Value, String> {
        let step = |kind: &str, key: &&str| json!({ "type": kind, "value": key });
        let down = held.iter().chain([&key]).map(|key| step("keyDown", key));
        let up = [key].iter().chain(held.iter().rev()).map(|key| step("keyUp", key)).collect::<Vec<_>>();
        let actions: Vec<Value> = down.chain(up).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }))
    }

    fn find(&self, css: &str) -> Result<String, String> {
        let value = self.post("/element", &json!({ "using": "css selector", "value": css }))?;
        value[ELEMENT].as_str().map(ToOwned::to_owned).ok_or_else(|| format!("{css}: no element in {value}"))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        ask(with_json(minreq::post(self.url(path)), body))
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/session/{}{path}", self.port, self.session)
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = ask(minreq::delete(self.url("")));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn with_json(request: minreq::Request, body: &Value) -> minreq::Request {
    request.with_header("Content-Type", "application/json").with_body(body.to_string())
}

/// Sends a command and gives the `value` of the answer, or the error it names.
fn ask(command: minreq::Request) -> Result<Value, String> {
    let answer = command.with_timeout(BOUND).send().map_err(|error| error.to_string())?;
    let mut answer: Value = serde_json::from_slice(answer.as_bytes()).map_err(|error| error.to_string())?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", value["message"])),
        None => Ok(value),
    }
}
