//! Connections of other users of this computer (LB-9), and those that never send a request.

use super::*;

/// Connects as another user and sends `request`; gives what came back. Needs root, as tests in a container have it.
#[cfg(target_os = "linux")]
async fn as_nobody(port: u16, request: &str) -> Option<String> {
    use std::os::unix::process::CommandExt as _;
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{port}; printf '{request}' >&3; cat <&3");
    let mut command = std::process::Command::new("bash");
    command.arg("-c").arg(script).uid(65534).gid(65534);
    let output = tokio::task::spawn_blocking(move || command.output());
    Some(String::from_utf8_lossy(&output.await.unwrap().unwrap().stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn lb_9_another_user_is_neither_answered_nor_believed() {
    let waiting = waiting().await;
    let link = url::Url::parse("https://idp.example/authorize?state=STATE").unwrap();
    let start = waiting.start.address_of(&link);
    for target in ["/callback?code=EVIL&state=STATE", "/callback?error=access_denied&state=STATE", start.path(), "/"] {
        let request = format!("GET {target} HTTP/1.1\\r\\nHost: 127.0.0.1:{}\\r\\n\\r\\n", waiting.port);
        let Some(answer) = as_nobody(waiting.port, &request).await else { return };
        assert_eq!(answer, "", "{target}");
    }
    assert!(waiting.get(start.path()).await.starts_with("HTTP/1.1 303"), "nobody else used it up");
    waiting.succeeds().await;
}

#[tokio::test]
async fn lb_9_half_open_connections_keep_no_answer_out() {
    let waiting = waiting().await;
    let mut half_open = Vec::new();
    for _ in 0..600 {
        let mut stream = TcpStream::connect(waiting.address()).await.unwrap();
        let _ = stream.write_all(b"GET /callback").await;
        half_open.push(stream);
    }
    tokio::time::timeout(Duration::from_secs(3), waiting.succeeds()).await.expect("the answer is not kept waiting");
}
