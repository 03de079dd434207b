use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use url::Url;

/// A browser without a window: follows an authorization link as a person would, through the provider's page and back to
/// the address that waits.
#[derive(Clone, Debug)]
pub struct Walker {
    account: String,
    allow: bool,
}

/// Where a walk ended.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Every address visited, in order.
    pub visited: Vec<Url>,
    /// The status of the last page.
    pub status: u16,
    /// The text of the last page.
    pub page: String,
}

impl Walker {
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

    /// Walks.
    ///
    /// # Errors
    /// A sentence, when a page could not be fetched or is not what it should be.
    pub async fn walk(&self, link: &Url) -> Result<Walk, String> {
        let client = client()?;
        let mut visited = vec![link.clone()];
        let mut page = client.get(link.clone()).send().await.map_err(told)?;
        // Some programs hand out a link to themselves, which leads on to the provider.
        while let Some(next) = next(&page) {
            visited.push(next.clone());
            page = client.get(next).send().await.map_err(told)?;
        }
        let link = page.url().clone();
        if !page.status().is_success() {
            return end(visited, page).await;
        }
        let text = page.text().await.map_err(told)?;
        let Some(carried) = hidden(&text, "asked") else {
            // A page that asks nothing, such as the one after signing out: a person would stay there.
            return Ok(Walk { visited, status: 200, page: text });
        };
        let decision = if self.allow { "allow" } else { "decline" };
        let form =
            [("account", self.account.as_str()), ("password", "demo"), ("asked", &carried), ("decision", decision)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let target = link.join("/authorize").map_err(|error| error.to_string())?;
        let request =
            client.post(target.clone()).header("content-type", "application/x-www-form-urlencoded").body(body);
        visited.push(target);
        let mut answer = request.send().await.map_err(told)?;
        while let Some(next) = next(&answer) {
            visited.push(next.clone());
            answer = client.get(next).send().await.map_err(told)?;
        }
        end(visited, answer).await
    }
}

#[expect(clippy::disallowed_methods, reason = "a browser is a program of its own")]
fn client() -> Result<Client, String> {
    // The client wants to know how it would do TLS even where it never does.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    // Like a person who has told the browser to trust the provider; what is tested is not the browser.
    let client = client.tls_danger_accept_invalid_certs(true).timeout(Duration::from_secs(20));
    client.build().map_err(told)
}

/// Where a redirect leads, resolved against where it came from.
fn next(answer: &Response) -> Option<Url> {
    if !answer.status().is_redirection() {
        return None;
    }
    answer.url().join(answer.headers().get(LOCATION)?.to_str().ok()?).ok()
}

async fn end(visited: Vec<Url>, answer: Response) -> Result<Walk, String> {
    let status = answer.status().as_u16();
    Ok(Walk { visited, status, page: answer.text().await.map_err(told)? })
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
fn told(error: reqwest::Error) -> String {
    error.to_string()
}
