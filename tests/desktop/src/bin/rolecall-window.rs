//! The real window under orders, for whoever can't link a client of `WebDriver`: one line of JSON tells that it is up, then
//! each line on standard input is an order, `{"do": NAME, "with": TEXT}`, and is answered by one line. The window ends when
//! standard input closes. What an order waits for and never comes ends the program with words on standard error.

use std::io::{self, Write as _};
use std::process::Command;

use rolecall_desktop_tests::Window;
use serde_json::{Value, json};

/// Every role, group and permission with its marks, one for each document in the order of the columns: `on` signed and
/// checked, `tls`, `half` not verified, `off` not there, `na` can't be read.
const ENTITLEMENTS: &str = "
    for (const fold of document.querySelectorAll(\".table .fold[aria-expanded='false']\")) fold.click();
    const kinds = { Roles: 'role', Groups: 'group', Permissions: 'permission' };
    return [...document.querySelectorAll('.table li')].map((line) => {
        const kind = kinds[line.closest('ul').getAttribute('aria-label')];
        const context = line.querySelector('.context')?.textContent;
        const marks = [...line.querySelectorAll('.marks .m')].map((mark) => mark.classList[1]);
        return `${kind} ${line.querySelector('.v b').textContent}${context ? ` at ${context}` : ''}: ${marks.join(' ')}`;
    });";

/// Notes when a screen of that kind is first drawn, in milliseconds since 1970.
const WATCH_SCREEN: &str = "
    const look = () => {
        if (document.querySelector(`#app[data-screen='${arguments[0]}']`) === null) return requestAnimationFrame(look);
        // The frame after the next begins when this one is on the screen.
        requestAnimationFrame(() => requestAnimationFrame(() => (window.rolecallDrawn = performance.timeOrigin + performance.now())));
    };
    window.rolecallDrawn = null;
    look();";

#[tokio::main]
async fn main() -> io::Result<()> {
    let window = Window::open_by(Command::new("WebKitWebDriver")).await;
    tell(&json!({ "up": true }))?;
    for line in io::stdin().lines() {
        let order: Value = serde_json::from_str(&line?).map_err(io::Error::other)?;
        let with = order["with"].as_str().unwrap_or_default();
        let answer = carry_out(&window, order["do"].as_str().unwrap_or_default(), with).await;
        tell(&answer.map_or_else(|error| json!({ "error": error }), |answer| json!({ "answer": answer })))?;
    }
    Ok(())
}

async fn carry_out(window: &Window, name: &str, with: &str) -> Result<Value, String> {
    match name {
        "screen" => window.wait_for_screen(with).await,
        "see" => window.wait_for(with).await,
        "read" => window.wait_for_text(with).await,
        "click" => window.click(with).await,
        "press" => window.press_button(with).await,
        "picture" => window.save_screenshot(with),
        "watch" => drop(window.run(WATCH_SCREEN, &[json!(with)])),
        "drawn" => return Ok(window.run("return window.rolecallDrawn", &[])),
        "entitlements" => return Ok(window.run(ENTITLEMENTS, &[])),
        "text" => return Ok(json!(window.text())),
        "words" => return Ok(window.run("return document.querySelector(arguments[0])?.textContent", &[json!(with)])),
        _ => return Err(format!("there is no order '{name}'")),
    }
    Ok(Value::Null)
}

fn tell(what: &Value) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{what}")?;
    out.flush()
}
