//! TLS with a certificate authority made by the provider, for clients that require it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a provider needs to speak TLS.
#[derive(Clone)]
pub(crate) struct Tls {
    /// The authority's certificate, as PEM.
    pub(crate) authority: String,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// An authority, and a certificate of it for this computer.
    pub(crate) fn new() -> io::Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Rolecall's test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let authority = params.self_signed(&key).map_err(io::Error::other)?;
        let issuer = Issuer::new(params, key);

        let names = vec![Ipv4Addr::LOCALHOST.to_string(), "localhost".to_owned()];
        let own_key = KeyPair::generate().map_err(io::Error::other)?;
        let own = CertificateParams::new(names).and_then(|params| params.signed_by(&own_key, &issuer));
        let own = own.map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(
                vec![own.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own_key.serialize_der())),
            )
            .map_err(io::Error::other)?;
        Ok(Self { authority: authority.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Accepts the connections of a socket. Must be called within a runtime.
    pub(crate) fn listen(&self, socket: TcpListener) -> io::Result<Secured> {
        let address = socket.local_addr()?;
        let acceptor = self.acceptor.clone();
        let (tell, ready) = channel(16);
        tokio::spawn(async move {
            while let Ok((stream, from)) = socket.accept().await {
                let (acceptor, tell) = (acceptor.clone(), tell.clone());
                // Each handshake is a task, so that a slow one does not delay the others.
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let _ = tell.send((stream, from)).await;
                    }
                });
            }
        });
        Ok(Secured { ready, address })
    }
}

/// The connections whose handshake is done.
pub(crate) struct Secured {
    ready: Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
