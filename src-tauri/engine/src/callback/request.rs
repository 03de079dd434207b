use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::pages;

/// The head of a request; bodies are never read.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) host: Option<String>,
    pub(super) origin: Option<String>,
    /// Whether the browser only fetches ahead of a person who may never go there.
    pub(super) is_prefetch: bool,
}

/// The longest head, in bytes. Codes of several kilobytes exist.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// Reads a head; on failure, the page to answer.
pub(super) async fn read(stream: &mut TcpStream) -> Result<Request, Vec<u8>> {
    let mut head = Vec::with_capacity(1024);
    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return Err(pages::malformed()),
            Ok(count) => head.extend_from_slice(&piece[..count]),
        }
        if let Some(request) = parse(&head)? {
            return Ok(request);
        }
        if head.len() >= MAX_HEAD {
            return Err(pages::too_long());
        }
    }
}

/// A whole head, or `None` while it is not there yet.
pub(super) fn parse(head: &[u8]) -> Result<Option<Request>, Vec<u8>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(pages::malformed()),
    }
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let one = |name: &str| -> Result<Option<String>, Vec<u8>> {
        let mut values = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        let first = values.next().map(|header| String::from_utf8_lossy(header.value).into_owned());
        if values.next().is_some() { Err(pages::malformed()) } else { Ok(first) }
    };
    let is_prefetch = ["sec-purpose", "purpose"].iter().try_fold(false, |before, name| {
        one(name).map(|value| before || value.is_some_and(|value| value.to_ascii_lowercase().starts_with("prefetch")))
    })?;
    Ok(Some(Request {
        method: request.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        host: one("host")?,
        origin: one("origin")?,
        is_prefetch,
    }))
}
