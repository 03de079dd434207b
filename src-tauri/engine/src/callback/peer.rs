//! Which user's process is at the other end of a loopback connection (LB-9).
//!
//! Linux lists the owner of every socket in `/proc/net/tcp` and `/proc/net/tcp6`. Elsewhere nothing is checked: Windows and
//! macOS give another process's owner only to privileged programs or through calls that std and the crates in use do not
//! offer, so there the listener serves whoever connects, and the state alone protects the sign-in.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};

/// The check for one listening socket.
pub(super) struct PeerCheck {
    /// The user this program runs as; `None` where connections can't be checked.
    user: Option<u32>,
}

impl PeerCheck {
    /// The check for connections to `socket`. The system is asked about the listening socket itself first: where it does not
    /// know that one, it would know no other either.
    pub(super) fn of(socket: &TcpListener) -> Self {
        let user = socket.local_addr().ok().and_then(owner_of_listener);
        if user.is_none() {
            tracing::warn!("it can't be told which user connects to the callback address; everybody is served");
        }
        Self { user }
    }

    /// Whether a connection may be served: it is this user's, or root's, who can read this program's memory anyway and
    /// relays connections into virtual machines and containers.
    pub(super) fn allows(&self, stream: &TcpStream, peer: SocketAddr) -> bool {
        let Some(user) = self.user else { return true };
        let Ok(local) = stream.local_addr() else { return false };
        let owner = owner_of_connection(peer, local);
        let allowed = owner.is_some_and(|owner| owner == user || owner == 0);
        if !allowed {
            tracing::warn!(?owner, "a connection of another user to the callback address was dropped");
        }
        allowed
    }
}

#[cfg(target_os = "linux")]
use self::linux::{owner_of_connection, owner_of_listener};

#[cfg(not(target_os = "linux"))]
fn owner_of_listener(_: SocketAddr) -> Option<u32> {
    None
}

#[cfg(not(target_os = "linux"))]
fn owner_of_connection(_: SocketAddr, _: SocketAddr) -> Option<u32> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::{BufRead as _, BufReader};
    use std::net::{IpAddr, SocketAddr};

    const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
    /// How often a connection is looked for: a table that changes while it is read can lack a row.
    const READS: usize = 3;

    /// A row of the table.
    #[derive(Debug, PartialEq, Eq)]
    struct Row {
        local: SocketAddr,
        remote: SocketAddr,
        user: u32,
        inode: u64,
    }

    /// The user of a listening socket of this program.
    pub(super) fn owner_of_listener(local: SocketAddr) -> Option<u32> {
        find(|row| row.local == local && row.remote.port() == 0)
    }

    /// The user of the process that connected from `peer` to `local`.
    pub(super) fn owner_of_connection(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
        let (peer, local) = (canonical(peer), canonical(local));
        (0..READS).find_map(|_| find(|row| row.local == peer && row.remote == local))
    }

    /// A socket whose process has closed it has no inode any more, and the user 0 whoever it belonged to: it counts as
    /// nobody's.
    fn find(fits: impl Fn(&Row) -> bool) -> Option<u32> {
        TABLES.iter().find_map(|table| {
            let lines = BufReader::new(File::open(table).ok()?).lines().map_while(Result::ok);
            lines.filter_map(|line| parse(&line)).find(|row| row.inode != 0 && fits(row)).map(|row| row.user)
        })
    }

    /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …` (proc_pid_net(5)).
    fn parse(line: &str) -> Option<Row> {
        let columns: Vec<&str> = line.split_ascii_whitespace().take(10).collect();
        let [_, local, remote, _, _, _, _, user, _, inode] = *columns.as_slice() else { return None };
        Some(Row {
            local: address(local)?,
            remote: address(remote)?,
            user: user.parse().ok()?,
            inode: inode.parse().ok()?,
        })
    }

    /// An address is written as words of 32 bits in the order of this computer's bytes, the port as a number.
    fn address(text: &str) -> Option<SocketAddr> {
        let (address, port) = text.split_once(':')?;
        let word = |at: usize| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
        let ip = match address.len() {
            8 => IpAddr::from(word(0)?),
            32 => {
                let mut bytes = [0; 16];
                for (at, part) in bytes.chunks_exact_mut(4).enumerate() {
                    part.copy_from_slice(&word(at)?);
                }
                IpAddr::from(bytes)
            }
            _ => return None,
        };
        Some(canonical(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?)))
    }

    /// A socket of IPv6 that connects to an IPv4 address has that address mapped.
    fn canonical(address: SocketAddr) -> SocketAddr {
        SocketAddr::new(address.ip().to_canonical(), address.port())
    }

    #[cfg(test)]
    mod tests {
        use std::net::{Ipv4Addr, Ipv6Addr};

        use super::*;

        #[test]
        fn rows_of_both_tables_are_read() {
            let line = "   4: 0100007F:BAD1 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 20 4 30 10 -1";
            let row = parse(line).unwrap();
            let v4 = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
            assert_eq!(row, Row { local: v4(0xBAD1), remote: v4(0x1F90), user: 1000, inode: 4711 });
            let line = "   0: 00000000000000000000000001000000:0050 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0  33 0 7 1";
            let row = parse(line).unwrap();
            assert_eq!((row.local.ip(), row.remote), (IpAddr::V6(Ipv6Addr::LOCALHOST), v4(0x1F90)));
            for line in
                ["", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"]
            {
                assert_eq!(parse(line), None);
            }
        }

        #[test]
        fn the_owner_of_an_open_connection_is_found_and_that_of_a_closed_one_is_not() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let local = listener.local_addr().unwrap();
            let user = rustix::process::geteuid().as_raw();
            assert_eq!(owner_of_listener(local), Some(user));
            let client = std::net::TcpStream::connect(local).unwrap();
            let peer = client.local_addr().unwrap();
            let (_accepted, _) = listener.accept().unwrap();
            assert_eq!(owner_of_connection(peer, local), Some(user));
            drop(client);
            assert_eq!(owner_of_connection(peer, local), None);
        }
    }
}
