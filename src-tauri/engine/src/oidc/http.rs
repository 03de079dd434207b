use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, redirect, retry};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::{clock_skew, failure};
use crate::config::{Issuer, Profile, is_loopback_name};
use crate::json;
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// How long establishing a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a request may take with its answer.
const TOTAL: Duration = Duration::from_secs(30);
/// How long a connection is kept for the next request; while it is open, its buffer holds the last answer.
const IDLE: Duration = Duration::from_secs(3);
/// The longest answer that is read, in bytes.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The one HTTP client for everything that is asked of a provider.
///
/// It follows no redirect (OP-3), bounds time and size, speaks https only unless the issuer is on this computer,
/// trusts what the system trusts and the profile's own certificates besides, and takes proxies from the environment
/// except for a provider on this computer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    requests: Client,
    /// The client's ID and secret, where posts carry them (RFC 6749 section 2.3.1).
    client: Option<ConfidentialClient>,
    /// Whether requests go through a proxy where one is set.
    proxies: bool,
}

/// A client with a secret.
#[derive(Clone, Debug)]
struct ConfidentialClient {
    id: String,
    secret: Secret,
}

/// Where a client's secret is in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretIn {
    /// In the header (`client_secret_basic`).
    Header,
    /// In the form (`client_secret_post`).
    Body,
}

impl Http {
    /// The client for this profile, with the certificates it names.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the file of certificates can't be used, [`Code::UntrustedCertificate`] when the
    /// system's own can't.
    pub fn for_profile(profile: &Profile) -> Result<Self> {
        let Some(path) = &profile.ca_file else { return Self::for_issuer(&profile.issuer) };
        let unusable = |why: &str| Problem::new(Code::BadSetting, format!("'{}' {why}", path.display()));
        let certificates = certificates(path).map_err(unusable)?;
        let proxies = uses_proxies(&profile.issuer);
        let client = builder(&profile.issuer).tls_certs_merge(certificates).build();
        Ok(Self {
            requests: client.map_err(|_| unusable("holds a certificate that can't be used"))?,
            client: None,
            proxies,
        })
    }

    /// The client for an issuer that has no profile yet.
    ///
    /// # Errors
    /// [`Code::UntrustedCertificate`] when the system's certificates can't be used.
    pub fn for_issuer(issuer: &Issuer) -> Result<Self> {
        let client = builder(issuer).build().map_err(|_| {
            Problem::new(Code::UntrustedCertificate, "the certificates this computer trusts can't be read")
        })?;
        Ok(Self { requests: client, client: None, proxies: uses_proxies(issuer) })
    }

    /// The client for a target that is not the provider: the profile's certificates are trusted for it too, the application's
    /// secret is not sent, and https alone is spoken unless the target is on this computer.
    ///
    /// # Errors
    /// Those of [`Http::for_profile`].
    pub(crate) fn for_target(profile: &Profile, target: &Url) -> Result<Self> {
        let issuer = Issuer::parse(target.as_str())?;
        Self::for_profile(&Profile { issuer, ..profile.clone() })
    }

    /// Posts a form to a target. Tells the status and the body.
    ///
    /// # Errors
    /// Those of a request that gets no answer.
    pub(crate) async fn post_to_target(
        &self,
        purpose: &'static str,
        url: &Url,
        form: &[(&'static str, Zeroizing<String>)],
    ) -> Result<(u16, Zeroizing<Vec<u8>>)> {
        let pairs = form.iter().map(|(name, value)| (*name, value.as_str()));
        let reply = self.post_body(purpose, url, self.form(pairs, SecretIn::Body), SecretIn::Body).await?;
        Ok((reply.status, reply.body))
    }

    /// The same, with posts that carry the application's secret.
    #[must_use]
    pub fn with_client_secret(self, client_id: &str, secret: Secret) -> Self {
        Self { client: Some(ConfidentialClient { id: client_id.to_owned(), secret }), ..self }
    }

    /// The secret that posts carry, where they carry one.
    pub(crate) fn client_secret(&self) -> Option<&Secret> {
        self.client.as_ref().map(|client| &client.secret)
    }

    /// Whether posts carry a client secret.
    pub(super) fn has_secret(&self) -> bool {
        self.client.is_some()
    }

    /// Fetches `url`. `purpose` names what for, in words that fit into "asked for …".
    pub(super) async fn get(&self, purpose: &'static str, url: &Url, bearer: Option<&Secret>) -> Result<Reply> {
        let mut request = self.requests.get(url.clone());
        if let Some(token) = bearer {
            request = request.header(AUTHORIZATION, bearer_header(token)?);
        }
        self.send(purpose, url, request).await
    }

    /// Posts JSON to `url` for the bearer of a token. The client's secret is not for it.
    pub(super) async fn post_json(
        &self,
        purpose: &'static str,
        url: &Url,
        body: &Value,
        bearer: &Secret,
    ) -> Result<Reply> {
        let json_type = HeaderValue::from_static("application/json");
        // The Connect protocol asks for its version; whoever does not speak it passes it over.
        let request = self.requests.post(url.clone()).header("connect-protocol-version", "1");
        let request = request.header(CONTENT_TYPE, json_type).body(body.to_string());
        self.send(purpose, url, request.header(AUTHORIZATION, bearer_header(bearer)?)).await
    }

    /// Posts a form to `url`, with the client's secret where there is one.
    pub(super) async fn post(
        &self,
        purpose: &'static str,
        url: &Url,
        form: &[(&str, &str)],
        secret_in: SecretIn,
    ) -> Result<Reply> {
        // An application that names itself in the header does not do so again in the body.
        let in_header = self.client.is_some() && secret_in == SecretIn::Header;
        let form = form.iter().filter(|(name, _)| !in_header || *name != "client_id").copied();
        self.post_body(purpose, url, self.form(form, secret_in), secret_in).await
    }

    /// Posts a whole authorization request. Its `client_id` stays in it, whoever the header names (RFC 9126 section 2.1).
    pub(super) async fn push_request(
        &self,
        purpose: &'static str,
        url: &Url,
        request: &[(String, String)],
        secret_in: SecretIn,
    ) -> Result<Reply> {
        let request = request.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.post_body(purpose, url, self.form(request, secret_in), secret_in).await
    }

    /// The body of a post, with the client's secret where it is sent there.
    fn form<'p>(&self, fields: impl Iterator<Item = (&'p str, &'p str)>, secret_in: SecretIn) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        if let (Some(client), SecretIn::Body) = (&self.client, secret_in) {
            body.append_pair("client_secret", client.secret.expose());
        }
        body.finish()
    }

    async fn post_body(&self, purpose: &'static str, url: &Url, body: String, secret_in: SecretIn) -> Result<Reply> {
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut request = self.requests.post(url.clone()).header(CONTENT_TYPE, form_type).body(body);
        if let (Some(client), SecretIn::Header) = (&self.client, secret_in) {
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(encoded(&client.id), Some(encoded(client.secret.expose())));
        }
        self.send(purpose, url, request).await
    }

    async fn send(&self, purpose: &'static str, url: &Url, request: RequestBuilder) -> Result<Reply> {
        let host = failure::host(url);
        let no_answer = |error: reqwest::Error| {
            let problem = failure::transport_problem(url, self.proxies, &error);
            tracing::debug!(%host, purpose, code = ?problem.code, "no answer");
            problem
        };
        let mut response = request.send().await.map_err(no_answer)?;
        let status = response.status().as_u16();
        tracing::debug!(%host, purpose, status, "answered");
        let header = |name: HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let date = clock_skew::date(&header(DATE));
        let retry_after = clock_skew::retry_after(&header(RETRY_AFTER), date);
        let (content_type, location, challenge) = (header(CONTENT_TYPE), header(LOCATION), header(WWW_AUTHENTICATE));
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                let detail =
                    format!("{host} was asked for {purpose}; the answer is longer than 2 MiB and was not read");
                return Err(Problem::new(Code::AnswerBroken, detail));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { purpose, host, status, content_type, location, challenge, date, retry_after, body })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the client that everything else is to use")]
fn builder(issuer: &Issuer) -> ClientBuilder {
    // A second call changes nothing: the provider of the process stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let builder = Client::builder()
        .user_agent(concat!("Rolecall/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .pool_idle_timeout(IDLE)
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .https_only(!issuer.is_loopback());
    if uses_proxies(issuer) { builder } else { builder.no_proxy().dns_resolver(Arc::new(LoopbackNames)) }
}

/// A provider on this computer is never asked through a proxy.
fn uses_proxies(issuer: &Issuer) -> bool {
    !issuer.is_loopback()
}

/// Leads every name below `localhost` to this computer, whatever a name server says (RFC 6761 section 6.3).
struct LoopbackNames;

impl Resolve for LoopbackNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if is_loopback_name(name.as_str()) {
                let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
                let addresses: Addrs = Box::new(loopback.map(|address| SocketAddr::new(address, 0)).into_iter());
                return Ok(addresses);
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect::<Vec<_>>();
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, &'static str> {
    let pem = std::fs::read(path).map_err(|_| "can't be read")?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|_| "is not a file of PEM certificates")?;
    if certificates.is_empty() { Err("holds no PEM certificate") } else { Ok(certificates) }
}

fn bearer_header(token: &Secret) -> Result<HeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Problem::new(Code::AnswerBroken, "the access token has characters that no token may have"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// An answer, read to its end.
pub(super) struct Reply {
    /// What was asked for.
    pub(super) purpose: &'static str,
    /// Who answered.
    pub(super) host: String,
    /// The status code.
    pub(super) status: u16,
    /// `Content-Type`, or nothing.
    pub(super) content_type: String,
    /// `Location`, or nothing.
    pub(super) location: String,
    /// `WWW-Authenticate`, or nothing.
    pub(super) challenge: String,
    /// `Date`: when it was made, by the provider's clock.
    pub(super) date: Option<Timestamp>,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u32>,
    /// The body; may hold tokens.
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Reply {
    /// Whether the status is one of success.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the provider is in trouble or asks to wait.
    pub(super) fn is_failing(&self) -> bool {
        self.status >= 500 || matches!(self.status, 408 | 425 | 429)
    }

    /// Whether the body says it is of this media type.
    pub(super) fn is_of_type(&self, media_type: &str) -> bool {
        self.content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
    }

    /// What the body is, where it is no JSON object, as a clause.
    pub(super) fn not_an_object(&self) -> &'static str {
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(Value::Array(_)) => "what came is a list where an object belongs",
            Ok(_) => "what came is a single value where an object belongs",
            Err(_) if self.body.trim_ascii().is_empty() => "nothing came",
            Err(_) if self.body.trim_ascii_start().starts_with(b"<") => "what came is a web page, not JSON",
            Err(_) => "what came is not JSON",
        }
    }

    /// The body, where it is a JSON object.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        json::object(&self.body)
    }

    /// A problem with this answer: who, asked for what, and `what` was wrong with it.
    pub(super) fn problem(&self, code: Code, what: &str) -> Problem {
        self.asks_to_wait(Problem::new(code, format!("{} was asked for {}; {what}", self.host, self.purpose)))
    }

    /// The same problem, with how long the provider asks to wait where it is in trouble.
    pub(super) fn asks_to_wait(&self, problem: Problem) -> Problem {
        Problem { wait: self.retry_after.filter(|_| self.is_failing()), ..problem }
    }

    /// The problem of an answer whose status is all there is to say.
    pub(super) fn status_problem(&self, code: Code) -> Problem {
        let code = if self.is_failing() { Code::ProviderFailing } else { code };
        self.problem(code, &format!("it answered with status {}", self.status))
    }
}
