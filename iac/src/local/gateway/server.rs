//! The HTTP server in front of a [`Gateway`].

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, header};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Gateway, GatewayError};

/// The page that uploads images and shows their results. It knows nothing of this program: any web server
/// can serve it, for any deployment of the stack.
const PAGE: &str = include_str!("../../../../web/index.html");

/// How the page is served.
const PAGE_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// A listening gateway.
#[derive(Debug)]
pub struct Server {
    /// Where it listens; always on loopback.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Takes a port before anything slow happens, so that a busy one is reported at once.
///
/// # Errors
/// The port is taken.
pub async fn listen(port: u16) -> Result<TcpListener, GatewayError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address)
        .await
        .map_err(|source| GatewayError::Listen { address, source })
}

impl Server {
    /// Serves on a listener of [`listen`], with the page at `/` where that is wanted: API Gateway has
    /// nothing there.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(
        listener: TcpListener,
        gateway: Arc<Gateway>,
        with_page: bool,
    ) -> Result<Self, GatewayError> {
        let address = listener
            .local_addr()
            .map_err(|source| GatewayError::Listen {
                address: (Ipv4Addr::LOCALHOST, 0).into(),
                source,
            })?;
        let (stop, stopped) = oneshot::channel();
        let mut router = Router::new();
        if with_page {
            router = router.route("/", get(async || (PAGE_HEADERS, PAGE)));
        }
        let router = router.fallback(move |request: Request| {
            let gateway = Arc::clone(&gateway);
            async move { gateway.handle(request).await }
        });
        let served = axum::serve(listener, router).with_graceful_shutdown(async move {
            // A dropped server stops as well.
            let _ = stopped.await;
        });
        Ok(Self {
            address,
            stop,
            task: tokio::spawn(async move { served.await }),
        })
    }

    /// Takes no more requests, and waits a moment for those that are being answered.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let mut task = self.task;
        if tokio::time::timeout(std::time::Duration::from_secs(2), &mut task)
            .await
            .is_err()
        {
            task.abort();
        }
    }
}
