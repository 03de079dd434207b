use std::net::TcpStream;

use rolecall_desktop_tests::{App, Display, OpenedLink, Sandbox, Window};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn ui_2_the_page_can_ask_for_nothing_it_has_no_button_for() {
    let sandbox = Sandbox::new().await;
    let window = Window::open(&sandbox).await;
    for command in [
        "plugin:event|emit",
        "plugin:event|emit_to",
        "plugin:window|close",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:webview|print",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:resources|close",
        "plugin:menu|new",
        "plugin:notification|notify",
        "token",
    ] {
        let refused = window.invoke(command, &json!({ "options": { "title": "x", "body": "x" } }));
        let why = refused.expect_err(command).to_string();
        assert!(why.contains("not allowed") || why.contains("not found"), "{command}: {why}");
    }
    assert!(window.invoke("snapshot", &json!({})).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_inherits_nothing_that_was_set_for_the_webview() {
    let (sandbox, provider) = (Sandbox::new().await, super::provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;

    window.click("#sign-in").await;
    let variables = OpenedLink::nth(&sandbox, 1).await.variables();
    assert!(variables.iter().any(|name| name == "ROLECALL_TEST_DIR"), "{variables:?}");
    assert!(!variables.iter().any(|name| name == "WEBKIT_DISABLE_COMPOSITING_MODE"), "{variables:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_3_the_page_reaches_no_other_origin_and_runs_no_foreign_script() {
    let sandbox = Sandbox::new().await;
    let window = Window::open(&sandbox).await;
    let provider = super::provider();
    let script = "const [address] = arguments; const image = new Image(); image.src = address + '/image';
        fetch(address + '/fetch').catch(() => {}); navigator.sendBeacon(address + '/beacon');
        const script = document.createElement('script'); script.src = address + '/script.js'; document.head.append(script);
        const line = document.createElement('script'); line.textContent = 'window.ran = true'; document.head.append(line);
        const frame = document.createElement('iframe'); frame.src = address + '/frame'; document.body.append(frame);";
    let _ = window.run(script, &[json!(provider.issuer())]);
    assert!(window.invoke("check_issuer", &json!({ "text": provider.issuer(), "provider": null })).is_ok());
    let paths: Vec<String> = provider.requests().into_iter().map(|request| request.path).collect();
    assert!(paths.iter().any(|path| path.contains("openid-configuration")), "the provider can be reached: {paths:?}");
    for path in ["/image", "/fetch", "/beacon", "/script.js", "/frame"] {
        assert!(!paths.contains(&path.to_owned()), "{path} was reached");
    }
    assert_eq!(window.run("return window.ran === undefined", &[]), json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_4_the_window_goes_nowhere_and_opens_nothing() {
    let sandbox = Sandbox::new().await;
    let window = Window::open(&sandbox).await;
    let provider = super::provider();
    let here = window.run("return location.href", &[]);
    for way in [
        "location.href = arguments[0]",
        "window.open(arguments[0])",
        "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = arguments[0]; a.target = '_blank'; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = arguments[0]; a.download = 'x'; document.body.append(a); a.click()",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'data:text/html,x'",
    ] {
        let _ = window.run(way, &[json!(provider.issuer())]);
        assert!(window.invoke("snapshot", &json!({})).is_ok(), "{way}: the page is still ours");
        assert_eq!(window.run("return location.href", &[]), here, "{way}");
    }
    assert!(provider.requests().is_empty(), "{:?}", provider.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_5_the_environment_can_not_open_the_webview_to_others() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let port = free_port();
    let mut command = sandbox.program();
    for name in ["WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"] {
        command.env(name, format!("127.0.0.1:{port}"));
    }
    let _app = App::start_as(command);
    display.window().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "nobody listens");
}

fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("an address").port()
}
