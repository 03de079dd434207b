//! A recording of a browser's requests: HTTP Archive 1.2, as every browser's developer tools save it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::Reading;
use super::token::Hint;
use crate::identity::DocumentKind;
use crate::json;

/// The most requests that are looked at.
const MAX_ENTRIES: usize = 5000;

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    #[serde(default)]
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default, rename = "postData")]
    post: Option<Content>,
}

#[derive(Default, Deserialize)]
struct Response {
    #[serde(default)]
    content: Content,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default, rename = "mimeType")]
    media_type: String,
}

impl Reading {
    /// Takes in a recording; `false` when it is none.
    pub(super) fn recording(&mut self, text: &str, from: &str) -> bool {
        // A quick test before the text is parsed: every recording has both names.
        if !text.contains("\"entries\"") || !text.contains("\"request\"") {
            return false;
        }
        let Ok(Archive { log }) = serde_json::from_str::<Archive>(text) else { return false };
        let before = self.found.len();
        for entry in log.entries.iter().take(MAX_ENTRIES) {
            self.entry(entry, from);
        }
        self.left_out += log.entries.len().saturating_sub(MAX_ENTRIES);
        if self.found.len() == before {
            let count = log.entries.len();
            self.note(format!(
                "{from}: a recording of {count} requests in which no token is. Some browsers leave them out unless told otherwise."
            ));
        }
        true
    }

    fn entry(&mut self, entry: &Entry, from: &str) {
        let url = Url::parse(&entry.request.url).ok();
        let at = url.as_ref().map_or_else(String::new, |url| {
            format!("{}{}", url.host_str().unwrap_or_default(), crate::text::clean(url.path(), 60))
        });
        let place = format!("{from}, {at}");
        for header in &entry.request.headers {
            if !header.name.eq_ignore_ascii_case("cookie") {
                self.tokens_in(&header.value, &place);
            }
        }
        // An implicit flow or a form post brings tokens in addresses and forms.
        self.tokens_in(&entry.request.url, &place);
        if let Some(Content { text: Some(text), .. }) = &entry.request.post {
            self.tokens_in(text, &place);
        }
        for header in &entry.response.headers {
            if header.name.eq_ignore_ascii_case("location") {
                self.tokens_in(&header.value, &place);
            }
        }
        self.response(&entry.response.content, url.as_ref(), &place);
    }

    fn response(&mut self, content: &Content, url: Option<&Url>, place: &str) {
        let kind = content.media_type.to_ascii_lowercase();
        let Some(text) = content.text.as_deref().filter(|_| kind.contains("json") || kind.contains("jwt")) else {
            return;
        };
        let plain;
        let text = if content.encoding.as_deref() == Some("base64") {
            let Ok(bytes) = BASE64_STANDARD.decode(text) else { return };
            plain = String::from_utf8_lossy(&bytes).into_owned();
            plain.as_str()
        } else {
            text
        };
        let path = url.map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
        if kind.contains("jwt") {
            self.token(text.trim(), Hint::Answer(answer_at(&path)), place);
            return;
        }
        let Some(members) = json::object(text.as_bytes()) else { return };
        let names = ["access_token", "id_token", "active"];
        if !members.contains_key("sub") || names.iter().any(|name| members.contains_key(*name)) {
            self.object(members, place, false, 1);
        } else if members.get("sub").is_some_and(Value::is_string) {
            self.claims(members, answer_at(&path), "userinfo", place);
        }
    }
}

fn answer_at(path: &str) -> DocumentKind {
    if path.contains("introspect") { DocumentKind::Introspection } else { DocumentKind::Userinfo }
}
