//! A provider that wants a client secret, set up in the window alone by real clicks and keys. The secret goes into the key
//! store and nowhere else.

use std::path::Path;

use rolecall_desktop_tests::{Input, Sandbox, Window, keys, until};
use rolecall_provider::Fault;
use serde_json::json;

use super::{provider, walk};

const SECRET: &str = "s3cret-of-the-application-0123456789";

/// Every file below a folder that holds the secret.
fn files_with_secret(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with_secret(&path));
        } else if std::fs::read(&path).is_ok_and(|text| text.windows(SECRET.len()).any(|at| at == SECRET.as_bytes())) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Whether the page holds the secret anywhere, fields included.
fn is_on_page(window: &Window) -> bool {
    let script = "const fields = [...document.querySelectorAll('input, textarea')].map((one) => one.value);
        return [document.documentElement.outerHTML, ...fields].some((text) => text.includes(arguments[0]));";
    window.run(script, &[json!(SECRET)]) == json!(true)
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_1_a_provider_that_wants_a_client_secret_is_set_up_in_the_window_alone() {
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    provider.fault(Fault::WantsSecret(SECRET));
    let window = Window::open(&sandbox).await;
    window.wait_for(".tile").await;
    window.click_words("Other").await;
    window.wait_for("#issuer").await;
    window.retype("#issuer", &provider.issuer()).await;
    window.wait_for("ul.checks").await;
    window.retype("#client-id", provider.client_id()).await;
    input.press(&[], keys::RETURN);
    walk_refused(&sandbox, 1).await;

    window.wait_for_text("The provider wants a client secret").await;
    let text = window.text();
    assert!(!text.contains("rolecall client-secret"), "a window names its own button: {text}");
    window.save_screenshot("secret-wanted");
    window.click_words("Enter client secret…").await;
    let focused = "return document.activeElement?.id";
    until("its field has the focus", async || (window.run(focused, &[]) == json!("client-secret")).then_some(())).await;
    input.type_text(SECRET);
    window.wait_for_value("#client-secret", SECRET).await;
    window.wait_for("#save-connection.main").await;
    window.save_screenshot("secret-typed");
    input.press(&[], keys::RETURN);
    walk(&sandbox, 2, "ed").await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    assert!(!is_on_page(&window));
    assert_eq!(files_with_secret(sandbox.path()), [""; 0]);
    let refreshed = sandbox.rolecall().arg("refresh").status().expect("the command line is built");
    assert!(refreshed.success(), "the command line finds the secret in the key store");

    // It says that one is kept, and takes it out again.
    window.click_by_pointer("#profile-button").await;
    window.click_words("Edit connection…").await;
    window.wait_for_text("One is kept in").await;
    assert!(!is_on_page(&window));
    window.save_screenshot("secret-kept");
    window.click_by_pointer("#remove-secret").await;
    window.wait_for_text("Removed when you save.").await;
    window.wait_for("#save-connection.main").await;
    window.click_by_pointer("#save-connection").await;
    window.wait_for("#filter").await;
    window.click_by_pointer("#refresh").await;
    window.wait_for_text("wants a client secret").await;
    window.wait_for_text("Enter client secret…").await;
    window.save_screenshot("secret-removed");
    let left = sandbox.rolecall().args(["client-secret", "--forget"]).status().expect("the command line is built");
    assert!(left.success() && sandbox.log().contains("There was no client secret"), "{}", sandbox.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_client_id_takes_no_secret_along_and_asks_for_the_new_one() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), "the-wrong-client");
    let mut give = sandbox.rolecall();
    let mut give = give.arg("client-secret").stdin(std::process::Stdio::piped()).spawn().expect("it is built");
    std::io::Write::write_all(give.stdin.as_mut().expect("piped"), SECRET.as_bytes()).expect("it reads");
    assert!(give.wait().expect("it ends").success());
    provider.fault(Fault::WantsSecret("the-one-of-the-right-client"));
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click_by_pointer("#edit").await;
    window.wait_for_text("One is kept in").await;
    window.retype("#client-id", provider.client_id()).await;
    window.wait_for_text("belongs to the old client").await;
    window.retype("#client-secret", "the-one-of-the-right-client").await;
    window.wait_for("#save-connection.main").await;
    window.click_by_pointer("#save-connection").await;
    walk(&sandbox, 1, "ed").await;
    window.wait_for_screen("signed_in").await;
}

/// Goes through the pages behind the `count`th link, at the end of which the program refuses the answer.
async fn walk_refused(sandbox: &Sandbox, count: usize) {
    let opened = rolecall_desktop_tests::OpenedLink::nth(sandbox, count).await;
    let walk = rolecall_provider::HeadlessBrowser::new("ed").visit(&opened.link).await.expect("pages");
    assert!(walk.page.contains("Rolecall"), "{}", walk.page);
}
