//! One request to the demo provider on this machine; enough HTTP for that and no more.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::Result;

/// Sends `body` as JSON to `url` (`http://host:port/path`) and gives the body of the answer.
pub(crate) fn post(url: &str, body: &str) -> Result<String> {
    let type_line = "Content-Type: application/json\r\n";
    exchange("POST", url, &format!("{type_line}Content-Length: {}\r\n", body.len()), body)
}

/// Fetches `url`.
pub(crate) fn get(url: &str) -> Result<String> {
    exchange("GET", url, "", "")
}

fn exchange(method: &str, url: &str, headers: &str, body: &str) -> Result<String> {
    let (authority, path) = split(url).ok_or_else(|| format!("{url} is no address"))?;
    let answer = (|| {
        let mut stream = TcpStream::connect(authority)?;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nAccept: application/json\r\n{headers}Connection: close\r\n\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    })()
    .map_err(|error: std::io::Error| format!("{method} {url}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("{method} {url}: no answer"))?;
    let status = head.split(' ').nth(1).unwrap_or("");
    if !status.starts_with(['2', '3']) {
        return Err(format!("{method} {url}: {status} {body}"));
    }
    Ok(body.to_owned())
}

fn split(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(slash);
    Some((authority, if path.is_empty() { "/" } else { path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_into_host_and_path() {
        assert_eq!(split("http://127.0.0.1:8400/accounts/ed"), Some(("127.0.0.1:8400", "/accounts/ed")));
        assert_eq!(split("http://127.0.0.1:8400"), Some(("127.0.0.1:8400", "/")));
        assert_eq!(split("https://example.com/"), None);
    }
}
