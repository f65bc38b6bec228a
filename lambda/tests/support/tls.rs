//! TLS in front of the server of the tests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::Lambda;

/// A listener, and the certificate that it shows.
pub(crate) struct Endpoint {
    listener: TcpListener,
    config: Arc<ServerConfig>,
    /// The certificate, in a file.
    roots: NamedTempFile,
}

impl Endpoint {
    pub(crate) fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a key of the certificate");
        let mut roots = NamedTempFile::new().expect("a file");
        roots
            .write_all(made.cert.pem().as_bytes())
            .expect("written");
        Self {
            listener: TcpListener::bind("127.0.0.1:0").expect("a free port"),
            config: Arc::new(config),
            roots,
        }
    }

    pub(crate) fn url(&self) -> String {
        let port = self.listener.local_addr().expect("an address").port();
        format!("https://localhost:{port}")
    }

    pub(crate) fn roots(&self) -> &str {
        self.roots.path().to_str().expect("UTF-8")
    }

    /// Serves what the function's own server has.
    pub(crate) fn serve(&self, lambda: &Lambda) {
        let (listener, config, behind) = (
            self.listener.try_clone().expect("cloned"),
            Arc::clone(&self.config),
            lambda.address.clone(),
        );
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
                let behind = behind.clone();
                std::thread::spawn(move || pass(StreamOwned::new(session, connection), &behind));
            }
        });
    }
}

/// Passes one request on and its answer back. A client that does not believe the certificate sends none.
fn pass(mut client: StreamOwned<ServerConnection, TcpStream>, behind: &str) -> Option<()> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let mut piece = [0; 4096];
        let length = client.read(&mut piece).ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&piece[..length]);
    }
    let mut server = TcpStream::connect(behind).ok()?;
    server.write_all(&request).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()?;
    client.conn.send_close_notify();
    client.flush().ok()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
    request.len() >= head.len() + 4 + length
}
