//! What the browser is shown. Nothing of a request is ever in a page (LB-7); only the closing page names who signed in,
//! escaped.

use crate::problem::Problem;
use crate::text::clean;

const STYLE: &str = "\
:root{color-scheme:light dark;--desk:light-dark(#e9ece6,#141816);--card:light-dark(#fff,#232a26);\
--ink:light-dark(#1a211d,#e9efe9);--soft:light-dark(#4a554e,#b4beb6);--strap:light-dark(#0a6a4b,#3da87b)}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:grid;place-items:start center;background:var(--desk);color:var(--ink);\
font:16px/1.5 system-ui,sans-serif}\
main{width:min(24rem,calc(100vw - 2rem));text-align:center}\
main::before{content:'';display:block;width:1.5rem;height:18vh;margin:0 auto;background:var(--strap)}\
section{background:var(--card);border-radius:16px;padding:2rem 1.5rem;box-shadow:0 8px 30px #0002}\
section::before{content:'';display:block;width:4rem;height:.5rem;margin:0 auto 1.5rem;border-radius:9px;background:var(--desk)}\
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0;color:var(--soft)}";

/// How a sign-in ended, for the closing page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landing {
    /// Somebody is signed in.
    SignedIn {
        /// Their name.
        name: String,
    },
    /// Nobody is.
    Failed {
        /// The reason, in a few words.
        title: &'static str,
    },
}

impl Landing {
    /// Nobody is signed in, because of this.
    #[must_use]
    pub fn failed(problem: &Problem) -> Self {
        Self::Failed { title: problem.code.row().title }
    }
}

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 80;

const CHECKING: (&str, &str) = (
    "Back to Rolecall",
    "Your browser has done its part. Rolecall is still checking the answer and shows how it ended; you can close this tab.",
);
const NOT_EXPECTED: (&str, &str) = (
    "This is not the answer Rolecall waits for",
    "Nothing was changed. If you were signing in, go back to Rolecall and open the link again.",
);
const USED_UP: (&str, &str) = (
    "This address was opened before",
    "It leads to the sign-in once. If that was not you, or the page is gone, go back to Rolecall and open the browser again.",
);
const NOTHING: (&str, &str) = ("Nothing is here", "Rolecall listens at this address only while somebody signs in.");

pub(super) fn landing(landing: &Landing) -> Vec<u8> {
    match landing {
        Landing::SignedIn { name } => {
            let title = format!("Signed in as {}", escape(&clean(name, MAX_NAME)));
            page("200 OK", (&title, "Rolecall has what it needs. You can close this tab."))
        }
        Landing::Failed { title } => {
            let text = format!("{}. Go back to Rolecall: it says what to do. You can close this tab.", escape(title));
            page("200 OK", ("Nobody was signed in", &text))
        }
    }
}

pub(super) fn checking() -> Vec<u8> {
    page("200 OK", CHECKING)
}

pub(super) fn not_expected() -> Vec<u8> {
    page("400 Bad Request", NOT_EXPECTED)
}

pub(super) fn used_up() -> Vec<u8> {
    page("410 Gone", USED_UP)
}

/// For a browser that fetches ahead: nothing is used up by it.
pub(super) fn not_now() -> Vec<u8> {
    page("503 Service Unavailable", NOTHING)
}

pub(super) fn malformed() -> Vec<u8> {
    page("400 Bad Request", NOTHING)
}

pub(super) fn misdirected() -> Vec<u8> {
    page("421 Misdirected Request", NOTHING)
}

pub(super) fn nothing() -> Vec<u8> {
    page("404 Not Found", NOTHING)
}

pub(super) fn only_get() -> Vec<u8> {
    page("405 Method Not Allowed", NOTHING)
}

pub(super) fn too_long() -> Vec<u8> {
    page("431 Request Header Fields Too Large", NOTHING)
}

/// Sends the browser on: to the closing page, whose address has neither code nor state, so that neither stays in its
/// history (LB-8), or to the provider. `address` is never taken from a request.
pub(super) fn see_other(address: &str) -> Vec<u8> {
    respond("303 See Other", &format!("Location: {address}\r\n"), "")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn page(status: &str, (title, text): (&str, &str)) -> Vec<u8> {
    let body = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Rolecall</title><style>{STYLE}</style><main><section><h1>{title}</h1><p>{text}</p></section></main></html>"
    );
    respond(status, "", &body)
}

fn respond(status: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n{more}\r\n{body}"
    )
    .into_bytes()
}
