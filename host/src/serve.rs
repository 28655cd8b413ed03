//! Listening, until told to stop.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::cors::CorsLayer;

use crate::api;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::fault::Fault;
use crate::journal::{say, warn};
use crate::limits::Peer;
use crate::patience::Patient;
use crate::problem::Problem;
use crate::session;
use crate::static_files;

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a whole request may take.
const REQUEST: Duration = Duration::from_secs(30);
/// How long what is sent may wait until its reader has taken it.
const READER: Duration = Duration::from_secs(30);
/// How long a file may take on its way.
const FILE: Duration = Duration::from_secs(300);
/// How long open requests may still take once the host was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);
/// How many connections are open at a time; more wait.
const MOST_CONNECTIONS: usize = 512;

/// Everything that is served.
pub fn router(app: &Arc<App>, site: Option<&Path>, origins: Vec<HeaderValue>) -> Router {
    Router::new()
        .merge(api::routes(app))
        .merge(static_files::routes(site))
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            session::only_by_own_name,
        ))
        .layer(cors(origins))
        .layer(api::set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(api::set(header::REFERRER_POLICY, "no-referrer"))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(logged))
        .with_state(Arc::clone(app))
}

/// Pages of these origins may ask; there are no cookies, so no credentials to allow.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .max_age(Duration::from_secs(600))
}

async fn in_time(request: Request, next: Next) -> Result<Response, Problem> {
    let is_file = request.method() == Method::PUT;
    let patience = if is_file { FILE } else { REQUEST };
    tokio::time::timeout(patience, next.run(request))
        .await
        .map_err(|_| Problem::too_slow())
}

/// One line a request: nothing of who asked, or what for.
async fn logged(request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(file)".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let took = watch.elapsed().as_millis();
    say(format_args!(
        "{method} {path} {} {took} ms",
        response.status().as_u16()
    ));
    response
}

/// Listens at an address.
///
/// # Errors
/// That something else does, and what to do.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|error| {
        let remedy = "choose another with --port";
        Fault::new(match error.kind() {
            io::ErrorKind::AddrInUse => format!("port {} on {} is in use; stop what listens there, or {remedy}", address.port(), address.ip()),
            io::ErrorKind::PermissionDenied => format!("port {} may not be used by this user; {remedy}", address.port()),
            _ => format!("{address} cannot be listened at ({error}); choose another with --address and --port"),
        })
    })
}

/// Serves until told to stop, then lets open requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut stop = std::pin::pin!(stop.told());
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer, permit)) => converse(stream, peer, permit, router.clone(), &graceful),
            // Too many open files, or a peer that went away: others may still be served.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown())
        .await
        .is_err()
    {
        warn("some requests did not end in time and were dropped");
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    Ok((stream, address.ip(), permit))
}

fn converse(
    stream: TcpStream,
    peer: IpAddr,
    permit: OwnedSemaphorePermit,
    router: Router,
    graceful: &GracefulShutdown,
) {
    let service = tower::service_fn(move |request: hyper::Request<Incoming>| {
        answer(router.clone(), peer, request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(
            TokioIo::new(Patient::of(stream, READER)),
            TowerToHyperService::new(service),
        );
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A connection that breaks is the peer's own business.
        let _ = connection.await;
        drop(permit);
    });
}

async fn answer(
    router: Router,
    peer: IpAddr,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    Ok(tower::ServiceExt::oneshot(router, request)
        .await
        .into_response())
}

/// Ctrl-C, or the signal by which services are stopped. Both are caught from the moment this is made.
#[cfg(unix)]
#[derive(Debug)]
pub struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stop {
    /// Catches them.
    ///
    /// # Errors
    /// That the system does not let signals be caught.
    pub fn caught() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn told(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(windows)]
#[derive(Debug)]
pub struct Stop(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Stop {
    /// Catches it from now on.
    ///
    /// # Errors
    /// That the system does not let it be caught.
    pub fn caught() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn told(mut self) {
        self.0.recv().await;
    }
}
