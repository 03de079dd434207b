use std::error::Error as _;
use std::sync::Once;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, Client, RequestBuilder, StatusCode};
use url::Url;

use crate::config::{Issuer, Profile};
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The way to one provider: no redirects, bounded times and sizes, https unless the provider is on this computer, the
/// system's certificates and the profile's, the environment's proxies.
#[derive(Clone)]
pub struct Http {
    client: Client,
}

/// An answer, read whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// The largest answer that is read. A token with 10,000 groups is under 1 MiB.
const LARGEST: usize = 2 * 1024 * 1024;

impl Http {
    /// For the provider of a profile.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the certificate file can't be used.
    pub fn for_profile(profile: &Profile) -> Result<Self> {
        let certificates = match &profile.ca_file {
            Some(path) => {
                let named =
                    |why: String| Problem::new(Code::BadSetting, format!("certificate file {}: {why}", path.display()));
                let pem = std::fs::read(path).map_err(|error| named(error.to_string()))?;
                let found = Certificate::from_pem_bundle(&pem).map_err(|_| named("holds no PEM certificate".into()))?;
                if found.is_empty() {
                    return Err(named("holds no PEM certificate".into()));
                }
                found
            }
            None => Vec::new(),
        };
        Self::build(&profile.issuer, certificates)
    }

    /// For a provider of which nothing but the issuer is known.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when this computer's certificates can't be used.
    pub fn for_issuer(issuer: &Issuer) -> Result<Self> {
        Self::build(issuer, Vec::new())
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that builds a client")]
    fn build(issuer: &Issuer, certificates: Vec<Certificate>) -> Result<Self> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Fails only when one is installed already, which then serves.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .user_agent(concat!("Rolecall/", env!("CARGO_PKG_VERSION")))
            .https_only(!issuer.is_loopback())
            .tls_certs_merge(certificates);
        let builder = if issuer.is_loopback() { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|error| Problem::new(Code::BadSetting, in_plain_words(&error)))?;
        Ok(Self { client })
    }

    pub(super) async fn get(&self, url: &Url) -> Result<Answer> {
        send(self.client.get(url.clone()).header(ACCEPT, "application/json"), url).await
    }

    /// With the token in the header, never in the address (RFC 6750 section 2.1).
    pub(super) async fn get_with(&self, url: &Url, access: &Secret) -> Result<Answer> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", access.expose()))
            .map_err(|_| Problem::new(Code::AnswerBroken, "the access token holds characters that can't be sent"))?;
        header.set_sensitive(true);
        let request = self.client.get(url.clone()).header(ACCEPT, "application/json").header(AUTHORIZATION, header);
        send(request, url).await
    }

    pub(super) async fn post(&self, url: &Url, form: &[(&str, &str)]) -> Result<Answer> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .client
            .post(url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        send(request, url).await
    }
}

async fn send(request: RequestBuilder, url: &Url) -> Result<Answer> {
    let host = url.host_str().unwrap_or_default();
    let mut response = request.send().await.map_err(|error| failure(host, &error))?;
    let status = response.status();
    tracing::debug!(host, path = url.path(), status = status.as_u16(), "answered");
    let content_type =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(host, &error))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Problem::new(Code::AnswerBroken, format!("{host} sent more than {} MiB", LARGEST >> 20)));
        }
        body.extend_from_slice(&chunk);
    }
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Err(Problem::new(Code::ProviderFailing, format!("{host} answered {}", in_words(status))));
    }
    Ok(Answer { status, content_type, body })
}

/// A status with its name, for people.
pub(super) fn in_words(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

fn failure(host: &str, error: &reqwest::Error) -> Problem {
    let code = if concerns_certificate(error) { Code::UntrustedCertificate } else { Code::Unreachable };
    Problem::new(code, format!("{host}: {}", in_plain_words(error)))
}

fn concerns_certificate(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let tls = cause.downcast_ref::<rustls::Error>().or(inner);
        matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
    })
}

/// Why it failed, without addresses with queries, bodies or program words.
fn in_plain_words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".into();
    }
    if concerns_certificate(error) {
        let last = causes(error).last().map(ToString::to_string).unwrap_or_default();
        return last.trim_start_matches("invalid peer certificate: ").to_owned();
    }
    for cause in causes(error) {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return match io.kind() {
                std::io::ErrorKind::ConnectionRefused => "nothing answers there".into(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof => {
                    "the connection broke off".into()
                }
                _ if io.to_string().contains("lookup") || io.to_string().contains("resolve") => {
                    "that name is not known".into()
                }
                _ => io.to_string(),
            };
        }
        if cause.to_string().contains("dns error") {
            return "that name is not known".into();
        }
    }
    if error.is_builder() { "that address can't be asked".into() } else { "the connection broke off".into() }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    fn next<'a>(cause: &&'a (dyn std::error::Error + 'static)) -> Option<&'a (dyn std::error::Error + 'static)> {
        (*cause).source()
    }
    std::iter::successors(error.source(), next)
}
