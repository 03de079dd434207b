use std::error::Error;
use std::io;

use rustls::{CertificateError, Error as TlsError};
use url::Url;

use crate::problem::{Code, Problem};

/// Host, and port where it is not the usual one, for showing.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What a request that got no answer means to a person. The error's own text is never used: it names the whole
/// address, and it is written for programmers.
pub(super) fn transport_problem(host: &str, error: &reqwest::Error) -> Problem {
    let unreachable = |why: &str| Problem::new(Code::Unreachable, format!("{host} {why}"));
    let mut why = None;
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(tls) = cause.downcast_ref::<TlsError>() {
            return tls_problem(host, tls);
        }
        next = cause.source();
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            why = io_message(io.kind()).or(why);
            // An error inside an io::Error is skipped by its `source`.
            if let Some(inner) = io.get_ref() {
                next = Some(inner);
            }
            continue;
        }
        let text = cause.to_string();
        if text.starts_with("dns error") {
            return unreachable("is not known: its name can't be looked up");
        }
        if text.contains("proxy") || text.contains("tunnel") {
            why = Some("can't be reached through the proxy that is set");
        }
    }
    if error.is_timeout() {
        let limit = if error.is_connect() { "does not take a connection" } else { "did not answer in time" };
        return unreachable(limit);
    }
    let general = if error.is_connect() { "takes no connection" } else { "broke the connection off" };
    unreachable(why.unwrap_or(general))
}

fn io_message(kind: io::ErrorKind) -> Option<&'static str> {
    [
        (io::ErrorKind::ConnectionRefused, "refuses the connection: nothing listens there"),
        (io::ErrorKind::ConnectionReset, "broke the connection off"),
        (io::ErrorKind::ConnectionAborted, "broke the connection off"),
        (io::ErrorKind::UnexpectedEof, "broke the connection off"),
        (io::ErrorKind::HostUnreachable, "can't be reached from this network"),
        (io::ErrorKind::NetworkUnreachable, "can't be reached: there is no network"),
        (io::ErrorKind::NetworkDown, "can't be reached: there is no network"),
    ]
    .into_iter()
    .find_map(|(known, words)| (known == kind).then_some(words))
}

fn tls_problem(host: &str, error: &TlsError) -> Problem {
    let TlsError::InvalidCertificate(reason) = error else {
        return Problem::new(Code::Unreachable, format!("{host} does not set up a secure connection (TLS)"));
    };
    let why = if matches!(reason, CertificateError::UnknownIssuer) {
        "no authority that this computer trusts has signed it"
    } else if matches!(reason, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
        "it has run out, or this computer's clock is wrong"
    } else if matches!(reason, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) {
        "it is not valid yet, or this computer's clock is wrong"
    } else if matches!(reason, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) {
        "it is for another host"
    } else if matches!(reason, CertificateError::Revoked) {
        "it was revoked"
    } else {
        "this computer does not trust it"
    };
    Problem::new(Code::UntrustedCertificate, format!("the certificate of {host}: {why}"))
}
