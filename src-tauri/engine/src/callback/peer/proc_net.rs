//! The tables of all sockets, for systems whose netlink does not answer.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, SocketAddr};

use super::canonical;

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

/// The user of the socket bound to `local` and connected to `remote`, or of the one that listens there.
pub(super) fn owner(local: SocketAddr, remote: Option<SocketAddr>) -> Option<u32> {
    (0..READS).find_map(|_| {
        find(|row| row.local == local && remote.map_or(row.remote.port() == 0, |remote| row.remote == remote))
    })
}

/// A socket whose process has closed it has no inode any more, and the user 0 whoever it belonged to: it counts as
/// nobody's.
fn find(fits: impl Fn(&Row) -> bool) -> Option<u32> {
    TABLES.iter().find_map(|table| {
        let lines = BufReader::new(File::open(table).ok()?).lines().map_while(Result::ok);
        lines.filter_map(|line| parse(&line)).find(|row| row.inode != 0 && fits(row)).map(|row| row.user)
    })
}

/// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …` (`proc_pid_net(5)`).
fn parse(line: &str) -> Option<Row> {
    let columns: Vec<&str> = line.split_ascii_whitespace().take(10).collect();
    let [_, local, remote, _, _, _, _, user, _, inode] = *columns.as_slice() else { return None };
    Some(Row { local: address(local)?, remote: address(remote)?, user: user.parse().ok()?, inode: inode.parse().ok()? })
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
        let line =
            "   0: 00000000000000000000000001000000:0050 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0  33 0 7 1";
        let row = parse(line).unwrap();
        assert_eq!((row.local.ip(), row.remote), (IpAddr::V6(Ipv6Addr::LOCALHOST), v4(0x1F90)));
        for line in
            ["", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"]
        {
            assert_eq!(parse(line), None);
        }
    }
}
