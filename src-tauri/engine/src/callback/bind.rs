use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;
use url::Url;

use super::Listener;
use crate::config::RedirectRule;
use crate::problem::{Code, Problem, Result};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// How many free ports are tried until one is free on both families.
const MAX_ATTEMPTS: usize = 16;
/// Connections the system queues while others are served.
const BACKLOG: i32 = 128;

pub(super) async fn bind(rule: &RedirectRule) -> Result<Listener> {
    let families = families(rule)?;
    let (sockets, port) = if rule.ports.is_empty() { any_port(families)? } else { one_of(families, &rule.ports)? };
    let redirect_uri = address(rule, port)?;
    // Registered with the runtime here, so that a caller's link is never out before somebody listens.
    tokio::task::yield_now().await;
    Ok(Listener { sockets, redirect_uri })
}

/// The address alone, with the first of the ports.
pub(super) fn without_socket(rule: &RedirectRule) -> Result<Listener> {
    families(rule)?;
    let port = rule.ports.first().ok_or_else(|| Problem::new(Code::BadSetting, "no callback port is named"))?;
    Ok(Listener { sockets: Vec::new(), redirect_uri: address(rule, *port)? })
}

fn families(rule: &RedirectRule) -> Result<&'static [IpAddr]> {
    match rule.host.as_str() {
        "127.0.0.1" => Ok(&[V4]),
        "[::1]" | "::1" => Ok(&[V6]),
        // A name may lead to either family, so both are taken: nobody else can be found under it (LB-3).
        "localhost" => Ok(&[V4, V6]),
        other => {
            let why = format!("{other} is not a loopback address; use 127.0.0.1, [::1] or localhost");
            Err(Problem::new(Code::BadSetting, why))
        }
    }
}

fn address(rule: &RedirectRule, port: u16) -> Result<Url> {
    let host = if rule.host == "::1" { "[::1]" } else { &rule.host };
    Url::parse(&format!("http://{host}:{port}/"))
        .map_err(|_| Problem::new(Code::BadSetting, format!("{host} can't be the host of an address")))
}

fn any_port(families: &[IpAddr]) -> Result<(Vec<TcpListener>, u16)> {
    let mut failure = None;
    for _ in 0..MAX_ATTEMPTS {
        match on(families, 0) {
            Ok(bound) => return Ok(bound),
            Err(error) => failure = Some(error),
        }
        // Without IPv4 on this computer the other family serves as well, for whoever lets any address through.
        if families == [V4]
            && failure.as_ref().is_some_and(|error| error.kind() == io::ErrorKind::AddrNotAvailable)
            && let Ok(bound) = on(&[V6], 0)
        {
            return Ok(bound);
        }
    }
    let why = failure.map_or_else(String::new, |error| error.to_string());
    Err(Problem::new(Code::CallbackPortTaken, format!("no port of this computer could be had ({why})")))
}

fn one_of(families: &[IpAddr], ports: &[u16]) -> Result<(Vec<TcpListener>, u16)> {
    ports.iter().find_map(|port| on(families, *port).ok()).ok_or_else(|| {
        let list: Vec<String> = ports.iter().map(ToString::to_string).collect();
        Problem::new(Code::CallbackPortTaken, format!("port {}", list.join(" and ")))
    })
}

/// All families on one port, or none.
fn on(families: &[IpAddr], port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut sockets = Vec::new();
    let mut port = port;
    for address in families {
        match listen(SocketAddr::new(*address, port)) {
            Ok(socket) => {
                port = socket.local_addr()?.port();
                sockets.push(socket);
            }
            // A computer without IPv6 has nobody to be found there either.
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable && !sockets.is_empty() => {}
            Err(error) => return Err(error),
        }
    }
    Ok((sockets, port))
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // A fixed port of the last sign-in stays reserved for a minute on Unix; with this option it can be bound again at once,
    // and still by one program only. On Windows the same option would let another program in, so it stays off there.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}
