use std::error::Error;
use std::fmt;
use std::io;

use hyper_util::client::proxy::matcher::Matcher;
use rustls::{CertificateError, Error as TlsError};
use url::Url;

use crate::problem::{Code, Problem};

/// Host, and port where it is not the usual one, for showing.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Why a request got no answer. It is the source of the problem instead of the error of the HTTP client, whose text
/// names the whole address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The host name has no address.
    UnknownName,
    /// The connection goes through a proxy, which failed.
    Proxy,
    /// Nothing listens on the port.
    Refused,
    /// The connection ended before the answer did.
    BrokenOff,
    /// There is no way to the host.
    HostUnreachable,
    /// There is no way to anywhere.
    NoNetwork,
    /// No connection was made, for an unknown reason.
    NotConnected,
    /// No connection was made within the limit.
    ConnectTimeout,
    /// The answer did not come within the limit.
    AnswerTimeout,
    /// TLS failed for another reason than the certificate.
    Tls,
    /// The certificate is not trusted.
    Certificate(BadCertificate),
}

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadCertificate {
    UnknownIssuer,
    Expired,
    NotValidYet,
    WrongName,
    Revoked,
    Other,
}

/// The problem for a request without an answer. `proxies` says whether the client may use a proxy at all.
pub(super) fn transport_problem(url: &Url, proxies: bool, error: &reqwest::Error) -> Problem {
    let host = host(url);
    let why = NoAnswer::of(error, proxies && is_proxied(url));
    match why {
        NoAnswer::Certificate(_) => {
            Problem::new(Code::UntrustedCertificate, format!("the certificate of {host}: {why}"))
        }
        _ => Problem::new(Code::Unreachable, format!("{host} {why}")),
    }
    .with_source(why)
}

/// Whether the environment or the system sets a proxy for this address. The HTTP client decides by the same matcher.
fn is_proxied(url: &Url) -> bool {
    url.as_str().parse().is_ok_and(|uri| Matcher::from_system().intercept(&uri).is_some())
}

impl NoAnswer {
    fn of(error: &reqwest::Error, proxied: bool) -> Self {
        let causes = || causes(error);
        if let Some(tls) = causes().find_map(|cause| cause.downcast_ref::<TlsError>()) {
            return Self::of_tls(tls);
        }
        // The error of a tunnel through a proxy is private to hyper-util, so that a proxy is set is asked of the matcher.
        // Behind one, this computer looks up and connects to nothing but the proxy.
        if proxied && error.is_connect() {
            return Self::Proxy;
        }
        if error.is_dns() {
            return Self::UnknownName;
        }
        let of_io =
            causes().filter_map(|cause| cause.downcast_ref::<io::Error>()).filter_map(|io| Self::of_io(io.kind()));
        match (of_io.last(), error.is_timeout(), error.is_connect()) {
            (_, true, true) => Self::ConnectTimeout,
            (_, true, false) => Self::AnswerTimeout,
            (Some(why), false, _) => why,
            (None, false, true) => Self::NotConnected,
            (None, false, false) => Self::BrokenOff,
        }
    }

    fn of_io(kind: io::ErrorKind) -> Option<Self> {
        match kind {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
                Some(Self::BrokenOff)
            }
            io::ErrorKind::HostUnreachable => Some(Self::HostUnreachable),
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => Some(Self::NoNetwork),
            _ => None,
        }
    }

    fn of_tls(error: &TlsError) -> Self {
        let TlsError::InvalidCertificate(reason) = error else { return Self::Tls };
        Self::Certificate(match reason {
            CertificateError::UnknownIssuer => BadCertificate::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => BadCertificate::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => BadCertificate::NotValidYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                BadCertificate::WrongName
            }
            CertificateError::Revoked => BadCertificate::Revoked,
            _ => BadCertificate::Other,
        })
    }
}

/// The chain of causes, outermost first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        // The `source` of an `io::Error` is the source of what it wraps, and would skip what it wraps.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| cause.source())
    })
}

impl fmt::Display for NoAnswer {
    /// A phrase that follows the name of the host; of a certificate, a sentence about it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownName => "is not known: its name can't be looked up",
            Self::Proxy => "can't be reached through the proxy that is set",
            Self::Refused => "refuses the connection: nothing listens there",
            Self::BrokenOff => "broke the connection off",
            Self::HostUnreachable => "can't be reached from this network",
            Self::NoNetwork => "can't be reached: there is no network",
            Self::NotConnected => "takes no connection",
            Self::ConnectTimeout => "does not take a connection",
            Self::AnswerTimeout => "did not answer in time",
            Self::Tls => "does not set up a secure connection (TLS)",
            Self::Certificate(BadCertificate::UnknownIssuer) => "no authority that this computer trusts has signed it",
            Self::Certificate(BadCertificate::Expired) => "it has expired, or this computer's clock is wrong",
            Self::Certificate(BadCertificate::NotValidYet) => "it is not valid yet, or this computer's clock is wrong",
            Self::Certificate(BadCertificate::WrongName) => "it is for another host",
            Self::Certificate(BadCertificate::Revoked) => "it was revoked",
            Self::Certificate(BadCertificate::Other) => "this computer does not trust it",
        })
    }
}

impl Error for NoAnswer {}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::config::Issuer;
    use crate::oidc::Http;

    /// A port of this computer on which nothing listens.
    async fn closed_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
    }

    /// Asks for `https://idp.example` through a proxy on `port` of this computer.
    async fn through_proxy(port: u16) -> NoAnswer {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let proxy = reqwest::Proxy::all(format!("http://127.0.0.1:{port}")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "a proxy is set here and not by the environment")]
        let client = reqwest::Client::builder().proxy(proxy).build().unwrap();
        NoAnswer::of(&client.get("https://idp.example").send().await.unwrap_err(), true)
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_or_is_not_there_is_told_from_the_provider() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let _ = client.read(&mut [0; 1024]).await;
            client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        });
        assert_eq!(through_proxy(port).await, NoAnswer::Proxy, "it refuses");
        assert_eq!(through_proxy(closed_port().await).await, NoAnswer::Proxy, "it is not there");
    }

    #[tokio::test]
    async fn why_there_is_no_answer_is_the_source_of_the_problem_and_names_no_address() {
        let closed = format!("http://127.0.0.1:{}", closed_port().await);
        for (issuer, why) in [(closed.as_str(), NoAnswer::Refused), ("https://nobody.invalid", NoAnswer::UnknownName)] {
            let issuer = Issuer::parse(issuer).unwrap();
            let http = Http::for_issuer(&issuer).unwrap();
            let url = issuer.url().join("/secret-path?code=c").unwrap();
            let problem = http.get("a test", &url, None).await.err().unwrap();
            let source = problem.source().and_then(|source| source.downcast_ref::<NoAnswer>());
            assert_eq!((problem.code, source), (Code::Unreachable, Some(&why)), "{problem}");
            assert!(!format!("{problem} {problem:?}").contains("secret-path"), "{problem:?}");
        }
    }
}
