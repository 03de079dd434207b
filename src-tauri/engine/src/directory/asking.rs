use std::time::Duration;

use serde_json::Value;
use url::{Origin, Url};

use super::{Answer, Session};
use crate::oidc::{ApiAnswer, ApiRequest, Http};
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::tokens::Secret;

/// The most requests of one conversation, pages among them.
const MAX_REQUESTS: usize = 25;
/// The most that is read in one conversation, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The longest pause that a provider asks for and is given within a conversation, in seconds.
const MAX_PAUSE: u32 = 5;

/// A series of requests to an API: one token, one origin, a limit for requests and bytes.
pub(crate) struct Asking {
    http: Http,
    token: Secret,
    origin: Origin,
    redactor: Redactor,
    session: Session,
    requests: Vec<String>,
    bytes: usize,
    paused: bool,
}

/// The result of a request.
#[derive(Debug)]
pub(crate) enum Reply {
    /// JSON, with a status of success.
    Json(Value),
    /// Any other status.
    Refused {
        /// The status.
        status: u16,
        /// The provider's words, safe to show; empty where it gave none.
        words: String,
    },
    /// An answer that is no use, or none because a bound was reached; as a clause.
    Unusable(String),
}

/// A list that was fetched in pages.
pub(crate) struct List {
    pub(crate) items: Vec<Value>,
    /// Why it is not the whole list, as a clause.
    pub(crate) cut: Option<String>,
}

impl Asking {
    pub(crate) fn new(http: Http, token: Secret, origin: Origin, redactor: Redactor, session: Session) -> Self {
        Self { http, token, origin, redactor, session, requests: Vec::new(), bytes: 0, paused: false }
    }

    /// Whoever asks.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// An answer to fill.
    pub(crate) fn answer(&self) -> Answer {
        Answer::new(self.redactor.clone(), self.session.product)
    }

    /// Hides the tokens of this session and the one used for the requests.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The requests so far, a line each: method and address.
    pub(crate) fn requests(&self) -> &[String] {
        &self.requests
    }

    /// [`Self::requests`], once nothing more is asked.
    pub(crate) fn into_requests(self) -> Vec<String> {
        self.requests
    }

    /// Fetches an address.
    ///
    /// # Errors
    /// The codes of a request that gets no answer; [`Code::ProviderFailing`] where the provider asks to wait for longer
    /// than a few seconds.
    pub(crate) async fn get(&mut self, purpose: &'static str, url: &Url) -> Result<Reply> {
        self.send(ApiRequest { purpose, url, body: None }).await
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn post(&mut self, purpose: &'static str, url: &Url, body: &Value) -> Result<Reply> {
        self.send(ApiRequest { purpose, url, body: Some(body) }).await
    }

    /// Fetches a list in pages: `items` names the member it is in (none where the page is the list), `next` tells the
    /// address of the page that follows. A next page has the address of the first one with another query.
    ///
    /// # Errors
    /// As [`Self::get`] for the first page; whatever keeps a later one away cuts the list.
    pub(crate) async fn list(
        &mut self,
        purpose: &'static str,
        first: Url,
        items: Option<&str>,
        next: impl Fn(&Value, &Url) -> Option<String>,
    ) -> Result<Result<List, (u16, String)>> {
        let mut list = List { items: Vec::new(), cut: None };
        let (mut url, mut seen) = (first.clone(), Vec::new());
        loop {
            let page = match self.get(purpose, &url).await {
                Ok(Reply::Json(page)) => page,
                Ok(Reply::Refused { status, words }) if seen.is_empty() => return Ok(Err((status, words))),
                Ok(Reply::Refused { status, .. }) => {
                    list.cut = Some(format!("a later page was refused with status {status}"));
                    break;
                }
                Ok(Reply::Unusable(why)) => {
                    list.cut = Some(why);
                    break;
                }
                Err(problem) if seen.is_empty() => return Err(problem),
                Err(problem) => {
                    list.cut = Some(problem.detail);
                    break;
                }
            };
            let following = next(&page, &url);
            let found = match items {
                Some(member) => page.get(member).and_then(Value::as_array),
                None => page.as_array(),
            };
            let Some(found) = found else {
                list.cut = Some("what came is no list".into());
                break;
            };
            list.items.extend(found.iter().cloned());
            let Some(following) = following else { break };
            seen.push(url.clone());
            match Url::parse(&following) {
                Ok(next) if next.origin() != first.origin() || next.path() != first.path() => {
                    list.cut = Some("the next page is said to be at another address, which is not asked".into());
                    break;
                }
                Ok(next) if seen.contains(&next) => {
                    list.cut = Some("the pages go round in a circle".into());
                    break;
                }
                Ok(next) => url = next,
                Err(_) => {
                    list.cut = Some("the address of the next page is none".into());
                    break;
                }
            }
        }
        Ok(Ok(list))
    }

    async fn send(&mut self, request: ApiRequest<'_>) -> Result<Reply> {
        if request.url.origin() != self.origin {
            return Ok(Reply::Unusable("the address is at another host, which is not asked".into()));
        }
        if self.requests.len() >= MAX_REQUESTS || self.bytes >= MAX_BYTES {
            let bound = format!("more than {MAX_REQUESTS} pages or {} MiB are not read", MAX_BYTES / 1024 / 1024);
            return Ok(Reply::Unusable(bound));
        }
        let method = if request.body.is_some() { "POST" } else { "GET" };
        let (host, path) = (request.url.authority(), request.url.path());
        self.requests.push(crate::text::clean_line(&self.redactor.text(&format!("{method} {host}{path}"))));
        let mut answer = self.http.api(&request, &self.token).await?;
        if answer.status == 429 && !self.paused && answer.wait.is_some_and(|wait| wait <= MAX_PAUSE) {
            self.paused = true;
            tokio::time::sleep(Duration::from_secs(u64::from(answer.wait.unwrap_or(1)))).await;
            answer = self.http.api(&request, &self.token).await?;
        }
        self.bytes += answer.length;
        self.read(request.purpose, answer)
    }

    fn read(&self, purpose: &str, answer: ApiAnswer) -> Result<Reply> {
        if answer.status == 429 {
            let host = self.origin.ascii_serialization();
            let detail = format!("{host} was asked for {purpose}; it asks not to be asked again so soon (status 429)");
            return Err(Problem { wait: answer.wait, ..Problem::new(Code::ProviderFailing, detail) });
        }
        if !(200..300).contains(&answer.status) {
            let words = self.redactor.text(&answer.words).into_owned();
            let words = if (300..400).contains(&answer.status) {
                "it sends on to another address, which is not followed".into()
            } else {
                words
            };
            return Ok(Reply::Refused { status: answer.status, words });
        }
        Ok(match answer.json {
            Some(_) if answer.left_out > 0 => Reply::Unusable("the answer is larger than is read".into()),
            Some(json) => Reply::Json(json),
            None => Reply::Unusable("what came is not JSON".into()),
        })
    }
}

/// Words for a refusal: its status, and what the provider said.
pub(crate) fn refused(status: u16, words: &str) -> String {
    if words.is_empty() {
        format!("it answered with status {status}")
    } else {
        format!("it answered {status}: {words}")
    }
}
