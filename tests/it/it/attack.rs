//! The listener under attack while somebody signs in: whatever strangers on the same computer send, the sign-in goes on,
//! nothing they say comes back to them, and at the end the person is signed in.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_engine::ports::Browser;
use rolecall_it::{World, quick};
use rolecall_provider::HeadlessBrowser;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

/// Connections in all.
const CONNECTIONS: usize = 10_000;
/// How many of them at a time.
const AT_ONCE: usize = 200;
/// Strangers that send a byte now and then, for as long as the attack lasts: more than are served at once.
const SLOW: usize = 300;
/// A word that must come back in no answer.
const CANARY: &str = "canary-7f3a";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lb_4_lb_5_lb_6_lb_7_ten_thousand_hostile_connections_end_no_sign_in() {
    let world = World::new();
    let attacker = Arc::new(Attacker::default());
    let engine = world.engine_with(attacker.clone());
    let patient = rolecall_engine::engine::SignIn { timeout: Duration::from_secs(120), ..quick() };
    let summary = engine.sign_in(&world.profile(), &patient, |_| {}).await.expect("the sign-in goes on");
    assert_eq!(summary.identity.name, "Ed Itor");
    let attack = attacker.attack.lock().unwrap_or_else(PoisonError::into_inner).take();
    attack.expect("the attack began").await.expect("every answer was as it should be");
    assert_eq!(attacker.thrown.load(Ordering::Relaxed), CONNECTIONS);
    assert_eq!(world.provider.token_requests("authorization_code"), 1);
}

/// A browser that comes last.
#[derive(Default)]
struct Attacker {
    attack: Mutex<Option<JoinHandle<()>>>,
    thrown: Arc<AtomicUsize>,
}

impl Browser for Attacker {
    fn open(&self, url: &Url) -> io::Result<()> {
        let (url, thrown) = (url.clone(), self.thrown.clone());
        let attack = tokio::spawn(async move { attack_and_walk(&url, &thrown).await });
        *self.attack.lock().unwrap_or_else(PoisonError::into_inner) = Some(attack);
        Ok(())
    }
}

async fn attack_and_walk(url: &Url, thrown: &AtomicUsize) {
    let port = url.port().expect("a start page on the listener");
    let squatter = TcpListener::bind(("::1", port)).await.expect("the other family is free");
    let slow: Vec<_> = (0..SLOW).map(|_| tokio::spawn(drip(port))).collect();
    let mut running = JoinSet::new();
    for number in 0..CONNECTIONS {
        if running.len() >= AT_ONCE {
            running.join_next().await.expect("one runs").expect("an answer as it should be");
        }
        running.spawn(throw(port, number));
        thrown.fetch_add(1, Ordering::Relaxed);
    }
    while let Some(ended) = running.join_next().await {
        ended.expect("an answer as it should be");
    }
    let walk = HeadlessBrowser::new("ed").visit(url).await.expect("the browser gets through");
    assert_eq!(walk.status, 200);
    slow.iter().for_each(JoinHandle::abort);
    let heard = tokio::time::timeout(Duration::from_millis(50), squatter.accept()).await;
    assert!(heard.is_err(), "the squatter on the other family was reached");
}

/// One hostile connection; what it gets back is an error page without a word of its own, or nothing.
async fn throw(port: u16, number: usize) {
    let request = hostile(port, number);
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _ = stream.write_all(&request).await;
    if number.is_multiple_of(7) {
        // Gone before the answer.
        return;
    }
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{number}: {answer}");
    assert!(!answer.contains(CANARY) && !answer.contains("<script"), "{number} came back: {answer}");
}

/// A request as no browser that comes from the provider sends it.
fn hostile(port: u16, number: usize) -> Vec<u8> {
    let host = format!("127.0.0.1:{port}");
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes();
    let with = |target: &str, more: &str| format!("GET {target} HTTP/1.1\r\n{more}\r\n\r\n").into_bytes();
    let script = format!("%3Cscript%3E{CANARY}%3C/script%3E");
    match number % 24 {
        0 => get("/callback?code=EVIL&state=WRONG"),
        1 => get("/callback?code=EVIL"),
        2 => get("/callback?code=EVIL&state=&state="),
        3 => get(&format!("/callback?error=access_denied&error_description={script}")),
        4 => get(&format!("/callback?error={script}&state={CANARY}")),
        5 => get("/"),
        6 => get("/cancel"),
        7 => get("/shutdown?state=x"),
        8 => get(&format!("/{script}")),
        9 => get("/callback/../callback?code=EVIL"),
        10 => with("/callback?code=EVIL&state=x", "Host: evil.example"),
        11 => with("/callback?code=EVIL&state=x", &format!("Host: localhost:{port}")),
        12 => with("/callback?code=EVIL&state=x", &format!("Host: {host}\r\nHost: evil.example")),
        13 => with("/callback?code=EVIL&state=x", &format!("Host: {host}\r\nOrigin: https://evil.example")),
        14 => with("/callback?code=EVIL&state=x", "X-No-Host: 1"),
        15 => format!("POST /callback HTTP/1.1\r\nHost: {host}\r\nContent-Length: 15\r\n\r\ncode=1&state={CANARY}")
            .into_bytes(),
        16 => format!("GET http://{host}/callback?code=EVIL&state=x HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(),
        17 => with("/callback", &format!("Host: {host}\r\nX-Long: {}", "x".repeat(40_000))),
        18 => get(&format!("/callback?state={}", "s".repeat(40_000))),
        19 => with("/callback", &format!("Host: {host}\r\n{}", "A: b\r\n".repeat(2000))),
        20 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        21 => b"GET /callback?code=\x00\x1b[2J&state=\xff HTTP/1.1\r\nHost: \xfe\r\n\r\n".to_vec(),
        22 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        _ => b"\r\n\r\n\r\n".to_vec(),
    }
}

/// A request that never gets finished, a byte at a time, over and over.
async fn drip(port: u16) {
    loop {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return };
        for byte in b"GET /callback?code=EVIL&state=x HTTP/1.1".iter().cycle() {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}
