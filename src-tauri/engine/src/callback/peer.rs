//! Which user's process is at the other end of a loopback connection (LB-9).
//!
//! Linux tells the owner of a socket: for one by netlink, whatever their number, and for all in `/proc/net/tcp`. Elsewhere
//! nothing is checked: Windows and macOS tell another process's owner only to privileged programs, or by calls that neither
//! std nor the crates in use offer. The listener serves whoever connects there, and the state alone protects the sign-in.

#[cfg(target_os = "linux")]
mod proc_net;
#[cfg(target_os = "linux")]
mod sock_diag;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::{TcpListener, TcpStream};

/// The check for one listening socket.
pub(super) struct PeerCheck {
    /// The user this program runs as; `None` where connections can't be checked.
    user: Option<u32>,
    has_warned: AtomicBool,
}

impl PeerCheck {
    /// The check for connections to `socket`. The system is asked about the listening socket itself first: where it does not
    /// know that one, it would know no other either.
    pub(super) fn of(socket: &TcpListener) -> Self {
        let user = socket.local_addr().ok().and_then(|local| owner(local, None));
        if user.is_none() {
            tracing::warn!("it can't be told which user connects to the callback address; everybody is served");
        }
        Self { user, has_warned: AtomicBool::new(false) }
    }

    /// Whether a connection may be served: it is this user's, or root's, who can read this program's memory anyway and
    /// relays connections into virtual machines and containers.
    pub(super) fn allows(&self, stream: &TcpStream, peer: SocketAddr) -> bool {
        let Some(user) = self.user else { return true };
        let Ok(local) = stream.local_addr() else { return false };
        let owner = owner(peer, Some(local));
        let allowed = owner.is_some_and(|owner| owner == user || owner == 0);
        if !allowed && !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(?owner, "a connection of another user to the callback address was dropped");
        }
        allowed
    }
}

/// The user of the socket that is bound to `local` and connected to `remote`, or listens where there is none. A socket that
/// its process has closed is nobody's.
#[cfg(target_os = "linux")]
fn owner(local: SocketAddr, remote: Option<SocketAddr>) -> Option<u32> {
    let (local, remote) = (canonical(local), remote.map(canonical));
    sock_diag::owner(local, remote).unwrap_or_else(|_| proc_net::owner(local, remote))
}

/// A socket of IPv6 that connects to an IPv4 address has that address mapped.
#[cfg(target_os = "linux")]
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(not(target_os = "linux"))]
fn owner(_: SocketAddr, _: Option<SocketAddr>) -> Option<u32> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    type Lookup = fn(SocketAddr, Option<SocketAddr>) -> Option<u32>;

    #[test]
    fn lb_9_the_owner_of_an_open_connection_is_found_and_that_of_a_closed_one_is_not() {
        let ways: [Lookup; 2] = [
            |local, remote| sock_diag::owner(local, remote).expect("netlink answers"),
            |local, remote| proc_net::owner(local, remote),
        ];
        for owner in ways {
            for address in ["127.0.0.1:0", "[::1]:0"] {
                let listener = std::net::TcpListener::bind(address).unwrap();
                let local = listener.local_addr().unwrap();
                let user = rustix::process::geteuid().as_raw();
                assert_eq!(owner(local, None), Some(user), "{address}");
                let client = std::net::TcpStream::connect(local).unwrap();
                let peer = client.local_addr().unwrap();
                let (_accepted, _) = listener.accept().unwrap();
                assert_eq!(owner(peer, Some(local)), Some(user), "{address}");
                drop(client);
                assert_eq!(owner(peer, Some(local)), None, "{address}: closed, so nobody's");
            }
        }
    }
}
