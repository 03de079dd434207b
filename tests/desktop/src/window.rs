use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::display::Display;
use crate::input::{Input, keys};
use crate::sandbox::{self, Sandbox};
use crate::wait::until;
use crate::webdriver::WebDriver;

/// How long the program may take to end.
const END: Duration = Duration::from_secs(25);

/// The program with its real window, steered by `WebKitWebDriver`. Both end with this value.
pub struct Window {
    driver: Option<WebDriver>,
}

impl Window {
    /// Starts the program and waits for its page to be drawn.
    pub async fn open(sandbox: &Sandbox) -> Self {
        Self::open_with(sandbox, &[]).await
    }

    /// Starts it with further variables.
    pub async fn open_with(sandbox: &Sandbox, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new("WebKitWebDriver");
        sandbox.prepare(&mut command);
        command.envs(variables.iter().copied());
        Self::open_by(command).await
    }

    /// Starts it ignoring SIGXFSZ, so that a limit on the size of its files stands for a full disk.
    pub async fn open_where_the_disk_may_fill(sandbox: &Sandbox) -> Self {
        let mut command = Command::new("sh");
        sandbox.prepare(&mut command);
        command.args(["-c", "trap '' XFSZ; exec WebKitWebDriver \"$@\"", "sh"]);
        Self::open_by(command).await
    }

    /// Starts it by this command for the driver, whose environment it inherits.
    pub async fn open_by(mut command: Command) -> Self {
        // What tauri-driver does: it lets the program allow the webview to be steered.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let binary = sandbox::program();
        let capabilities = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
        let window = Self { driver: Some(WebDriver::start(command, &capabilities).await) };
        window.wait_for("#app > *").await;
        window
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("only dropping takes it away")
    }

    /// Waits until an element is on the page.
    pub async fn wait_for(&self, css: &str) {
        until(&format!("{css} is on the page:\n{}", self.text()), async || self.has(css).then_some(())).await;
    }

    /// Waits until the screen of that kind is shown.
    pub async fn wait_for_screen(&self, kind: &str) {
        self.wait_for(&format!("#app[data-screen='{kind}']")).await;
    }

    /// Waits until these words are on the page.
    pub async fn wait_for_text(&self, words: &str) {
        until(&format!("'{words}' is on the page"), async || self.text().contains(words).then_some(())).await;
    }

    /// Whether an element is on the page now.
    #[must_use]
    pub fn has(&self, css: &str) -> bool {
        self.run("return document.querySelector(arguments[0]) !== null", &[json!(css)]) == json!(true)
    }

    /// All words on the page now.
    #[must_use]
    pub fn text(&self) -> String {
        self.run("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits for an element and clicks it.
    pub async fn click(&self, css: &str) {
        until(&format!("{css} can be clicked"), async || self.driver().click(css).ok()).await;
    }

    /// Moves the real pointer over the middle of an element.
    pub async fn point_at(&self, css: &str) {
        self.point_at_found("document.querySelector(arguments[0])", css).await;
    }

    /// Moves the real pointer over the middle of what an expression finds with these words.
    async fn point_at_found(&self, expression: &str, words: &str) {
        let (display, input) = (Display::open(), Input::open());
        let (left, top) = display.position(display.window().await);
        let script = format!(
            "const found = {expression};
            found?.scrollIntoView({{ block: 'nearest' }});
            const box = found?.getBoundingClientRect();
            return box && [box.x + box.width / 2, box.y + box.height / 2].map((at) => Math.round(at * devicePixelRatio));"
        );
        let middle = async || {
            let at = self.run(&script, &[json!(words)]);
            let pixels = |number: usize| i16::try_from(at[number].as_i64()?).ok();
            Some((pixels(0)?, pixels(1)?))
        };
        let (x, y) = until(&format!("{words} can be pointed at:\n{}", self.text()), middle).await;
        input.move_to(left + x, top + y);
    }

    /// Clicks the button with these words on it with the real pointer.
    pub async fn click_words(&self, words: &str) {
        let find = "[...document.querySelectorAll('button:not([aria-disabled=true]), summary')]
            .find((one) => one.checkVisibility() && one.textContent.includes(arguments[0]))";
        self.point_at_found(find, words).await;
        Input::open().click();
    }

    /// Clicks into a field with the real pointer, and replaces its text, key by key.
    pub async fn retype(&self, field: &str, text: &str) {
        let input = Input::open();
        self.click_by_pointer(field).await;
        let focused = "return document.activeElement === document.querySelector(arguments[0])";
        until("the field has the focus", async || (self.run(focused, &[json!(field)]) == json!(true)).then_some(()))
            .await;
        input.press(&[keys::CONTROL], u32::from('a'));
        input.type_text(text);
        self.wait_for_value(field, text).await;
    }

    /// Waits until a field holds this text.
    pub async fn wait_for_value(&self, field: &str, text: &str) {
        let value = || self.run("return document.querySelector(arguments[0])?.value ?? null", &[json!(field)]);
        until(&format!("{field} holds {text}"), async || (value() == json!(text)).then_some(())).await;
    }

    /// Waits until the window has the keyboard.
    pub async fn has_keyboard(&self) {
        let display = Display::open();
        let shown = display.window().await;
        until("the window has the keyboard", async || (display.active() == Some(shown)).then_some(())).await;
    }

    /// Clicks an element with the real pointer.
    pub async fn click_by_pointer(&self, css: &str) {
        self.point_at(css).await;
        Input::open().click();
    }

    /// Waits for a field and types into it.
    pub async fn type_into(&self, css: &str, text: &str) {
        until(&format!("{css} can be typed into"), async || self.driver().type_into(css, text).ok()).await;
    }

    /// Presses a key together with Control, wherever the focus is.
    ///
    /// # Panics
    /// When the page takes no keys.
    pub fn press_ctrl(&self, key: &str) {
        self.driver().press(&["\u{e009}"], key).expect("the page takes keys");
    }

    /// Waits for a button with these words on it and presses it.
    pub async fn press_button(&self, words: &str) {
        let script = "
            const all = [...document.querySelectorAll('button:not([aria-disabled=true])')];
            const button = all.find((button) => button.textContent.includes(arguments[0]));
            button?.click();
            return button !== undefined;";
        let pressed = async || (self.run(script, &[json!(words)]) == json!(true)).then_some(());
        until(&format!("'{words}' can be pressed"), pressed).await;
    }

    /// Runs a function body in the page; null where that failed.
    #[must_use]
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver().run(script, arguments).unwrap_or(Value::Null)
    }

    /// Invokes a command of the shell as the page would: its answer, or what it was refused with.
    ///
    /// # Errors
    /// The refusal.
    ///
    /// # Panics
    /// When the page can't be reached.
    pub fn invoke(&self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let script = "const [command, given, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, given)
                .then((yes) => done({ yes: yes ?? null }), (no) => done({ no: no ?? 'refused' }));";
        let answer =
            self.driver().run_until_called(script, &[json!(command), arguments.clone()]).expect("the page answers");
        match answer.get("no") {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(answer["yes"].clone()),
        }
    }

    /// The process identifier of the program.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process().expect("the program runs")
    }

    fn process(&self) -> Option<u32> {
        let driver = self.driver().process();
        let children = fs::read_to_string(format!("/proc/{driver}/task/{driver}/children")).ok()?;
        children.split_whitespace().find_map(|pid| pid.parse().ok())
    }

    /// Keeps a picture of the screen, light and dark, in `shots/`.
    ///
    /// # Panics
    /// When a picture can't be taken or kept.
    pub fn save_screenshot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shots");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        for theme in ["light", "dark"] {
            // A picture is taken at the next painting, and a page at rest paints nothing: a speck nobody sees keeps it going.
            let script = "const [theme, done] = arguments;
                document.documentElement.style.colorScheme = theme;
                const speck = document.getElementById('speck') ?? document.body.appendChild(document.createElement('i'));
                Object.assign(speck, { id: 'speck', style: 'position: fixed; inset: 0 auto auto 0; width: 1px; height: 1px' });
                let on = false;
                clearInterval(window.speck);
                window.speck = setInterval(() => { on = !on; speck.style.background = on ? '#00000002' : '#00000003'; }, 50);
                requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));";
            self.driver().run_until_called(script, &[json!(theme)]).expect("the page takes a theme");
            let picture = STANDARD.decode(self.driver().picture().expect("a picture")).expect("base64");
            fs::write(folder.join(format!("{name}-{theme}.png")), picture).expect("a picture can be kept");
        }
        let end = "document.documentElement.style.colorScheme = ''; clearInterval(window.speck); document.getElementById('speck')?.remove()";
        let _ = self.run(end, &[]);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The end of the session only closes the window, and with a tray the program would stay.
        let process = self.process();
        drop(self.driver.take());
        if let Some(process) = process {
            let _ = Command::new("kill").arg(process.to_string()).stderr(Stdio::null()).status();
            let (exe, begun) = (PathBuf::from(format!("/proc/{process}/exe")), Instant::now());
            while exe.exists() && begun.elapsed() < END {
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status();
            assert!(std::thread::panicking() || begun.elapsed() < END, "the program did not end when it was told to");
        }
    }
}
