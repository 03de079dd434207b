//! The owner of one socket, asked of the kernel by netlink (`sock_diag(7)`).

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// How long the kernel may take.
const TIMEOUT: Duration = Duration::from_millis(200);
const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const ENOENT: i32 = 2;
/// Length of `nlmsghdr`.
const HEADER: usize = 16;
/// Length of `inet_diag_req_v2`.
const REQUEST: usize = 56;
/// Where `idiag_uid` and `idiag_inode` are in an answer, after `nlmsghdr`.
const UID: usize = HEADER + 64;
const INODE: usize = HEADER + 68;

/// The user of the socket bound to `local` and connected to `remote`, or of the one that listens there; `None` where there
/// is no such socket, or its process has closed it.
///
/// # Errors
/// When the kernel can't be asked, as in some sandboxes.
pub(super) fn owner(local: SocketAddr, remote: Option<SocketAddr>) -> io::Result<Option<u32>> {
    let socket = Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG)))?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    (&socket).write_all(&request(local, remote))?;
    let mut answer = [0; 1024];
    let length = (&socket).read(&mut answer)?;
    read(answer.get(..length).unwrap_or_default())
}

/// `nlmsghdr` and `inet_diag_req_v2`, in this computer's byte order but for addresses and ports.
fn request(local: SocketAddr, remote: Option<SocketAddr>) -> Vec<u8> {
    let mut message = Vec::with_capacity(HEADER + REQUEST);
    let length = u32::try_from(HEADER + REQUEST).unwrap_or_default();
    message.extend(length.to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([if local.is_ipv4() { AF_INET } else { AF_INET6 }, IPPROTO_TCP, 0, 0]);
    // Whatever state the socket is in.
    message.extend(u32::MAX.to_ne_bytes());
    message.extend(local.port().to_be_bytes());
    message.extend(remote.map_or(0, |remote| remote.port()).to_be_bytes());
    message.extend(padded(Some(local.ip())));
    message.extend(padded(remote.map(|remote| remote.ip())));
    // Any interface, and no cookie.
    message.extend(0_u32.to_ne_bytes());
    message.extend(u64::MAX.to_ne_bytes());
    message
}

/// An address in the sixteen bytes that hold either family; none is the unspecified address.
fn padded(address: Option<IpAddr>) -> [u8; 16] {
    match address {
        Some(IpAddr::V6(address)) => address.octets(),
        Some(IpAddr::V4(address)) => {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&address.octets());
            bytes
        }
        None => [0; 16],
    }
}

/// Reads an answer.
fn read(answer: &[u8]) -> io::Result<Option<u32>> {
    let bytes = |at: usize| answer.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    let word = |at: usize| bytes(at).map(u32::from_ne_bytes);
    // The type is in the first half of the second word, after the length.
    let kind = bytes(4).map(|bytes: [u8; 4]| u16::from_ne_bytes([bytes[0], bytes[1]]));
    match kind {
        Some(SOCK_DIAG_BY_FAMILY) => Ok(word(UID).filter(|_| word(INODE).is_some_and(|inode| inode != 0))),
        Some(NLMSG_ERROR) if word(HEADER).is_some_and(|error| error.cast_signed() == -ENOENT) => Ok(None),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}
