//! Where a process listens, from `/proc`.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The first address that is not on loopback and on which the process accepts connections. On systems
/// without `/proc` this cannot be told, and the engine's own setting is trusted.
pub(super) fn outside_loopback(process: u32) -> Option<SocketAddr> {
    addresses_of(process)
        .into_iter()
        .find(|address| !address.ip().is_loopback())
}

/// The addresses on which a process accepts connections; none on systems without `/proc`.
pub fn addresses_of(process: u32) -> Vec<SocketAddr> {
    let sockets = sockets_of(process);
    ["tcp", "tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(format!("/proc/{process}/net/{table}")).ok())
        .flat_map(|table| listeners(&table, &sockets))
        .collect()
}

/// Inodes of the sockets that the process has open.
fn sockets_of(process: u32) -> BTreeSet<String> {
    let Ok(files) = std::fs::read_dir(format!("/proc/{process}/fd")) else {
        return BTreeSet::new();
    };
    files
        .flatten()
        .filter_map(|file| std::fs::read_link(file.path()).ok())
        .filter_map(|target| {
            Some(
                target
                    .to_str()?
                    .strip_prefix("socket:[")?
                    .strip_suffix(']')?
                    .to_owned(),
            )
        })
        .collect()
}

/// Reads a table of `/proc/net`: `sl local_address rem_address st ... inode`, where `0A` is listening.
///
/// Source: <https://docs.kernel.org/networking/proc_net_tcp.html>
fn listeners(table: &str, sockets: &BTreeSet<String>) -> Vec<SocketAddr> {
    let listener = |line: &str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        (fields.get(3) == Some(&"0A") && sockets.contains(*fields.get(9)?))
            .then(|| address(fields[1]))?
    };
    table.lines().skip(1).filter_map(listener).collect()
}

/// `0100007F:1F90`: 32-bit words in the machine's order.
fn address(text: &str) -> Option<SocketAddr> {
    let (host, port) = text.split_once(':')?;
    let mut bytes = Vec::new();
    for word in host.as_bytes().chunks(8) {
        let word = u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()?;
        bytes.extend(word.to_ne_bytes());
    }
    let ip = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(v4) => IpAddr::from(Ipv4Addr::from(v4)),
        Err(_) => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)).to_canonical(),
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{address, outside_loopback};

    #[test]
    fn reads_addresses() {
        if cfg!(target_endian = "little") {
            assert_eq!(
                address("0100007F:1F90").map(|a| a.to_string()).as_deref(),
                Some("127.0.0.1:8080")
            );
            let v6 = address("00000000000000000000000001000000:0050").map(|a| a.to_string());
            assert_eq!(v6.as_deref(), Some("[::1]:80"));
        }
        assert_eq!(address("zz:1"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn finds_a_socket_that_others_can_reach() {
        let loopback = TcpListener::bind("127.0.0.1:0").expect("a port");
        assert_eq!(outside_loopback(std::process::id()), None);
        let open = TcpListener::bind("0.0.0.0:0").expect("a port");
        assert_eq!(outside_loopback(std::process::id()), open.local_addr().ok());
        drop((loopback, open));
    }
}
