use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use url::Url;

/// A browser without a window: follows an authorization link as a person would, through the provider's page and back to
/// the address that waits.
#[derive(Clone, Debug)]
pub struct HeadlessBrowser {
    account: String,
    allow: bool,
}

/// The end of a visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Every address visited, in order.
    pub visited: Vec<Url>,
    /// The status of the last page.
    pub status: u16,
    /// The text of the last page.
    pub page: String,
    /// When the redirect back was followed, since 1970; `None` where there was none.
    pub returned_at: Option<Duration>,
}

impl Visit {
    /// The authorization link: the first address that is not a program's own page, which only redirects to it.
    ///
    /// # Panics
    /// When no address was visited.
    #[must_use]
    pub fn authorization_link(&self) -> &Url {
        let mut visited = self.visited.iter();
        visited.find(|url| !url.path().starts_with("/start/")).expect("an authorization link")
    }
}

impl HeadlessBrowser {
    /// Signs in as this account.
    #[must_use]
    pub fn new(account: &str) -> Self {
        Self { account: account.to_owned(), allow: true }
    }

    /// Declines instead.
    #[must_use]
    pub fn declining(self) -> Self {
        Self { allow: false, ..self }
    }

    /// Follows the link to the end.
    ///
    /// # Errors
    /// A sentence, when a page could not be fetched or is not what it should be.
    pub async fn visit(&self, link: &Url) -> Result<Visit, String> {
        let client = client()?;
        let (mut visited, mut page) = match self.decide(&client, link).await? {
            Decided::Answered { visited, answer } => (visited, answer),
            Decided::Stays(visit) => return Ok(visit),
        };
        let mut returned_at = None;
        while let Some(next) = next(&page) {
            visited.push(next.clone());
            returned_at.get_or_insert_with(since_1970);
            page = client.get(next).send().await.map_err(sentence)?;
        }
        let visit = end(visited, page).await?;
        Ok(Visit { returned_at, ..visit })
    }

    /// Follows the link up to the callback, and returns the callback's address without visiting it.
    ///
    /// # Errors
    /// The same, and when the provider sends nobody back.
    pub async fn callback_url(&self, link: &Url) -> Result<Url, String> {
        match self.decide(&client()?, link).await? {
            Decided::Answered { answer, .. } => next(&answer).ok_or_else(|| "the provider sends nobody back".into()),
            Decided::Stays(visit) => Err(format!("the provider's page stays: {}", visit.page)),
        }
    }

    /// Fills in the page behind the link.
    async fn decide(&self, client: &Client, link: &Url) -> Result<Decided, String> {
        let mut visited = vec![link.clone()];
        let mut page = client.get(link.clone()).send().await.map_err(sentence)?;
        // Some programs open a page of their own that redirects to the provider.
        while let Some(next) = next(&page) {
            visited.push(next.clone());
            page = client.get(next).send().await.map_err(sentence)?;
        }
        let link = page.url().clone();
        if !page.status().is_success() {
            return end(visited, page).await.map(Decided::Stays);
        }
        let text = page.text().await.map_err(sentence)?;
        let Some(carried) = hidden(&text, "asked") else {
            // A page without a form, such as the one after signing out, is the end.
            return Ok(Decided::Stays(Visit { visited, status: 200, page: text, returned_at: None }));
        };
        let decision = if self.allow { "allow" } else { "decline" };
        let form =
            [("account", self.account.as_str()), ("password", "demo"), ("asked", &carried), ("decision", decision)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let target = link.join("/authorize").map_err(|error| error.to_string())?;
        let request =
            client.post(target.clone()).header("content-type", "application/x-www-form-urlencoded").body(body);
        visited.push(target);
        let answer = request.send().await.map_err(sentence)?;
        Ok(Decided::Answered { visited, answer })
    }
}

/// The result of filling in the provider's page.
enum Decided {
    /// The provider's answer to it.
    Answered { visited: Vec<Url>, answer: Response },
    /// There was nothing to fill in.
    Stays(Visit),
}

#[expect(clippy::disallowed_methods, reason = "a browser has a clock of its own")]
fn since_1970() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a browser is a program of its own")]
fn client() -> Result<Client, String> {
    // The client can't be built without a TLS provider, even for plain http.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    // As if the person had told the browser to trust the provider; the browser is not under test.
    let client = client.tls_danger_accept_invalid_certs(true).timeout(Duration::from_secs(20));
    client.build().map_err(sentence)
}

/// Where a redirect leads, resolved against where it came from.
fn next(answer: &Response) -> Option<Url> {
    if !answer.status().is_redirection() {
        return None;
    }
    answer.url().join(answer.headers().get(LOCATION)?.to_str().ok()?).ok()
}

async fn end(visited: Vec<Url>, answer: Response) -> Result<Visit, String> {
    let status = answer.status().as_u16();
    Ok(Visit { visited, status, page: answer.text().await.map_err(sentence)?, returned_at: None })
}

/// The value of a hidden field, as a browser would send it.
fn hidden(page: &str, name: &str) -> Option<String> {
    let field = page.split("<input type=hidden ").find(|field| field.starts_with(&format!("name={name} ")))?;
    let value = field.split_once("value='")?.1.split_once('\'')?.0;
    Some(
        value
            .replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&gt;", ">")
            .replace("&lt;", "<")
            .replace("&amp;", "&"),
    )
}

#[expect(clippy::needless_pass_by_value, reason = "used as the argument of map_err")]
fn sentence(error: reqwest::Error) -> String {
    error.to_string()
}
