use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;
use url::Url;

use crate::sandbox::Sandbox;
use crate::wait::until;
use crate::webdriver::WebDriver;

/// A link the program handed to `$BROWSER`.
pub struct OpenedLink {
    /// The link.
    pub link: Url,
    folder: PathBuf,
}

impl OpenedLink {
    /// Waits for the `count`th link since the sandbox was made.
    pub async fn nth(sandbox: &Sandbox, count: usize) -> Self {
        until(&format!("link {count} was handed to the browser"), async || {
            let list = fs::read_to_string(sandbox.path().join("browsers")).ok()?;
            let folder = PathBuf::from(list.lines().nth(count - 1)?);
            let link = Url::parse(&fs::read_to_string(folder.join("link")).ok()?).ok()?;
            Some(Self { link, folder })
        })
        .await
    }

    /// The names of the variables the browser was started with.
    ///
    /// # Panics
    /// When they were not noted.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let all = fs::read_to_string(self.folder.join("environment")).expect("the browser notes its environment");
        all.lines().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect()
    }
}

/// A real browser that the program started, at the provider's page. It ends with this value.
pub struct Browser {
    driver: WebDriver,
    process: Option<u32>,
}

impl Browser {
    /// Takes the chromium that was started for this link in hand.
    pub async fn at(opened: &OpenedLink) -> Self {
        let port = until("chromium listens", async || {
            let told = fs::read_to_string(opened.folder.join("DevToolsActivePort")).ok()?;
            told.lines().next()?.parse::<u16>().ok()
        })
        .await;
        let address = format!("127.0.0.1:{port}");
        let capabilities = json!({ "goog:chromeOptions": { "debuggerAddress": address } });
        let driver = WebDriver::start(Command::new("chromedriver"), &capabilities).await;
        let process = fs::read_to_string(opened.folder.join("pid")).ok().and_then(|pid| pid.trim().parse().ok());
        Self { driver, process }
    }

    /// Opens one at this address, as a person on another device would.
    ///
    /// # Panics
    /// When no browser can be started.
    pub async fn elsewhere(sandbox: &Sandbox, address: &str) -> Self {
        let before = fs::read_to_string(sandbox.path().join("browsers")).unwrap_or_default().lines().count();
        let mut command = Command::new(sandbox.path().join("open-link"));
        sandbox.prepare(&mut command);
        let mut started = command.arg(address).env("ROLECALL_TEST_CHROMIUM", "1").spawn().expect("a browser starts");
        let browser = Self::at(&OpenedLink::nth(sandbox, before + 1).await).await;
        // Waited for, so that nothing of it is left when it is ended.
        std::thread::spawn(move || started.wait());
        browser
    }

    /// Signs in at the demo provider's page for other devices as this account, with the code that stands there.
    pub async fn sign_in_with_code(&self, account: &str) {
        let choose = "document.querySelector('select').value = arguments[0]; return true";
        until("the account can be chosen", async || self.driver.run(choose, &[json!(account)]).ok()).await;
        until("the form can be sent", async || self.driver.click("button[value=allow]").ok()).await;
        until("it is done", async || self.text().contains("Go back to your device").then_some(())).await;
    }

    /// Signs in at the demo provider as this account, and waits for the page that says one may go back.
    pub async fn sign_in(&self, account: &str) {
        let choice = format!("input[name=account][value={account}]");
        until("the account can be chosen", async || self.driver.click(&choice).ok()).await;
        until("the form can be sent", async || self.driver.click("button[value=allow]").ok()).await;
        until("the browser came back", async || {
            let address = self.driver.run("return location.pathname", &[]).ok()?;
            (address == json!("/callback/done")).then_some(())
        })
        .await;
    }

    /// Signs in at the Auth0 simulator. Its page loads a library from the internet to send the form; the same form is
    /// sent here by the page itself.
    pub async fn sign_in_at_simulator(&self, email: &str, password: &str) {
        let script = "
            const asked = new URLSearchParams(location.search);
            const fields = new URLSearchParams({
                username: arguments[0], password: arguments[1], nonce: asked.get('nonce'), state: asked.get('state'),
                redirect_uri: asked.get('redirect_uri'), client_id: asked.get('client'), scope: asked.get('scope'),
                response_type: 'code', connection: 'Username-Password-Authentication', tenant: 'localhost',
            });
            const page = new XMLHttpRequest();
            page.open('POST', '/usernamepassword/login', false);
            page.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
            page.send(fields.toString());
            document.body.innerHTML = page.responseText;
            document.forms[0].submit();
            return true;";
        until("the sign-in page can be filled in", async || {
            let at = self.driver.run("return location.pathname", &[]).ok()?;
            if at != json!("/login") {
                return None;
            }
            self.driver.run(script, &[json!(email), json!(password)]).ok()
        })
        .await;
    }

    /// All words on the page now.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.driver.run("return document.body.innerText", &[]).unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(process) = self.process {
            let _ = Command::new("kill").arg(process.to_string()).status();
        }
    }
}
