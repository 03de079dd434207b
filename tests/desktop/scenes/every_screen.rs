//! Every screen with text of four sizes in windows of four widths, in the real webview: nothing is cut, nothing reaches over
//! the edge. Keeps pictures of each at two sizes of text, light and dark, in `shots/`.

use rolecall_desktop_tests::{Display, Prompt, Sandbox, Window, until};
use rolecall_it::Bus;
use serde_json::json;

use super::{provider, walk};

/// How much larger than usual text is drawn, and how wide the window is, in pixels.
const TEXT: [&str; 4] = ["1", "1.25", "1.5", "2"];
const WIDTHS: [u32; 4] = [320, 360, 440, 800];

/// What is cut, or reaches over the edge of the window and can't be scrolled to.
const FAULTS: &str = "
    const edge = document.documentElement.clientWidth + 1;
    const about = (one) => `${one.tagName}.${one.className}#${one.id}: ${one.textContent.trim().slice(0, 60)}`;
    const scrolls = (one) => {
        for (let at = one.parentElement; at; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== 'visible' && at.getBoundingClientRect().right <= edge) return true;
        return false;
    };
    const found = [];
    if (document.documentElement.scrollWidth > edge) found.push('the page scrolls sideways');
    for (const one of document.querySelectorAll('#app *')) {
        if (!one.checkVisibility() || one.closest('.visually-hidden')) continue;
        const box = one.getBoundingClientRect();
        if (box.width > 0 && (box.right > edge || box.left < -1) && !scrolls(one)) found.push('over the edge: ' + about(one));
        if (one.matches('button, h1, h2, h3, label, .tag, summary, a') && !one.matches('.cut') && !one.querySelector('.cut')) {
            if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline') found.push('cut: ' + about(one));
            if (one.matches('button') && one.scrollHeight > one.clientHeight + 2) found.push('cut below: ' + about(one));
        }
    }
    for (const name of document.querySelectorAll('.badge .name, .badge h1, .centered h1')) {
        const size = parseFloat(getComputedStyle(name).fontSize);
        if (name.textContent.trim().length > 3 && name.getBoundingClientRect().width < 3.5 * size) found.push('a letter a line: ' + about(name));
    }
    const main = document.querySelector('button.main');
    const foot = main?.getBoundingClientRect();
    if (main?.closest('.foot') && foot.bottom > innerHeight + 1) found.push('below the window: ' + about(main));
    return found.slice(0, 6);";

/// Looks at the screen that is shown, in every width.
struct Look {
    window: Window,
    text: &'static str,
    faults: Vec<String>,
}

impl Look {
    async fn at(&mut self, screen: &str) {
        let display = Display::open();
        let shown = display.window().await;
        for width in WIDTHS {
            display.place(shown, (20, 20), (width, 680));
            let inner = || self.window.run("return innerWidth * devicePixelRatio", &[]).as_f64();
            until(&format!("the page is {width} wide"), async || {
                inner().filter(|inner| (inner - f64::from(width)).abs() < 2.5)
            })
            .await;
            let found = self.window.run(FAULTS, &[]);
            if found != json!([]) {
                self.faults.push(format!("{screen}, text {}, {width} wide: {found}", self.text));
                self.window.save_screenshot(&format!("fault-{screen}-{}-{width}", self.text));
            }
            if width == 440 && ["1", "1.5"].contains(&self.text) {
                self.window.save_screenshot(&format!("{screen}-{}", self.text));
            }
        }
        display.place(shown, (20, 20), (660, 680));
    }

    /// Goes to a screen by a script that presses something, and looks at it once this is there.
    async fn go(&mut self, screen: &str, click: &str, there: &str) {
        self.window.click(click).await;
        self.window.wait_for(there).await;
        self.at(screen).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_is_cut_whatever_the_size_of_the_text_and_the_window() {
    let mut faults = Vec::new();
    for text in TEXT {
        faults.extend(every_screen(text).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

async fn every_screen(text: &'static str) -> Vec<String> {
    let (sandbox, provider, mut bus) = (Sandbox::new().await, provider(), Bus::with_prompts());
    let address = bus.address().to_owned();
    let open = async || {
        let variables = [("GDK_DPI_SCALE", text), ("DBUS_SESSION_BUS_ADDRESS", address.as_str())];
        Window::open_with(&sandbox, &variables).await
    };

    let mut look = Look { window: open().await, text, faults: Vec::new() };
    look.window.wait_for(".tile").await;
    look.at("set-up").await;
    look.window.press_button("Auth0").await;
    look.window.wait_for("#client-id").await;
    look.at("set-up-auth0").await;
    look.window.type_into("#issuer", "http://127.0.0.1:1/").await;
    let paste = "const field = document.querySelector('#client-id'); field.value = arguments[0];
        field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
    let _ = look.window.run(paste, &[json!("s".repeat(64))]);
    look.window.wait_for("#client-says").await;
    look.window.wait_for("#issuer-says b").await;
    look.at("set-up-wrong").await;
    let Look { window, faults, .. } = look;
    drop(window);

    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"{}\"\nexpect.roles = [\"Editor\", \"Publisher\"]\n",
        provider.issuer(),
        provider.client_id()
    ));
    let mut look = Look { window: open().await, text, faults };
    look.window.wait_for("#sign-in").await;
    look.at("signed-out").await;
    look.go("waiting", "#sign-in", "#app[data-screen='waiting'] #edit").await;
    walk(&sandbox, 1, "ed").await;
    look.window.wait_for_screen("signed_in").await;
    look.window.wait_for(".row.missing").await;
    look.at("signed-in").await;
    look.go("why", ".row.missing", "#copy-report").await;
    look.go("signed-in-again", "#back", "#filter").await;
    provider.set_roles("ed", &["Reviewer", "A role whose name is much longer than the names of others are"]);
    look.window.click("#refresh").await;
    look.window.wait_for("#news").await;
    look.at("changed").await;
    look.window.type_into("#filter", "Edtor").await;
    look.window.wait_for("#why-not").await;
    look.at("no-match").await;
    look.window.click(".clear").await;
    look.go("role-detail", ".table .row:not(.missing)", "#back").await;
    look.window.click("#back").await;
    look.go("history", "#tab-history", ".timeline").await;
    look.go("tokens", "#tab-tokens", ".claim").await;
    look.window.click("#tab-roles").await;
    look.go("copied", "#copy-access", ".copied").await;
    look.go("settings", "#settings-button", "#switch-notify").await;
    look.window.click("#back").await;
    look.go("profiles", "#profile-button", "#profiles").await;
    look.window.press_button("Edit connection…").await;
    look.window.wait_for("ul.checks").await;
    look.at("edit").await;
    look.window.press_button("Cancel").await;
    look.window.wait_for("#filter").await;
    let _ = look.window.run("document.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))", &[]);
    look.window.wait_for_text("Close the window; the tray stays").await;
    look.at("keys").await;
    look.window.click("#back").await;
    provider.revoke_all();
    look.window.click("#refresh").await;
    look.window.wait_for_screen("inactive").await;
    look.at("ended").await;
    look.window.press_button("Sign in again").await;
    walk(&sandbox, 2, "ed").await;
    look.window.wait_for_screen("signed_in").await;
    let Look { window, faults, .. } = look;
    drop(window);

    bus.restart_keyring(false);
    let mut look = Look { window: open().await, text, faults };
    Prompt::shown().await.dismiss().await;
    look.window.wait_for_screen("inactive").await;
    look.at("locked").await;
    bus.stop_keyring();
    look.window.press_button("Unlock…").await;
    look.window.wait_for_text("There is no key store").await;
    look.at("no-key-store").await;
    look.faults
}
