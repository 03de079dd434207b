//! The question this program began with, against the Auth0 simulator: a rule copies roles and groups of the old
//! extension into a claim named by a URL.

use rolecall_desktop_tests::{Browser, OpenedLink, Sandbox, Simulator, Window};

async fn signed_in(sandbox: &Sandbox, simulator: &Simulator) -> Window {
    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"rolecall-desktop\"\nprovider = \"auth0\"\nca_file = \"{}\"\n",
        simulator.issuer,
        simulator.ca_file.display()
    ));
    let flags = "--ignore-certificate-errors";
    let variables = [("ROLECALL_TEST_CHROMIUM", "1"), ("ROLECALL_TEST_CHROMIUM_FLAGS", flags)];
    let window = Window::open_with(sandbox, &variables).await;
    window.wait_for_screen("signed_out").await;
    window.click("#sign-in").await;
    let opened = OpenedLink::nth(sandbox, 1).await;
    Browser::at(&opened).await.sign_in_at_simulator("jane@example.com", "correct horse").await;
    window.wait_for_screen("signed_in").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_a_legacy_rule_copies_are_shown_with_the_action_that_takes_its_place() {
    let sandbox = Sandbox::new().await;
    let simulator = Simulator::start(&sandbox, true);
    let window = signed_in(&sandbox, &simulator).await;
    for words in ["Jane Doe", "Editor", "Samples"] {
        window.wait_for_text(words).await;
    }
    window.save_screenshot("auth0");
    window.click("#refresh").await;
    window.wait_for("#why").await;
    window.click("#why").await;
    window.wait_for_text("old Authorization Extension").await;
    window.wait_for_text("onExecutePostLogin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rule_the_action_that_would_add_the_claim_is_offered() {
    let sandbox = Sandbox::new().await;
    let simulator = Simulator::start(&sandbox, false);
    let window = signed_in(&sandbox, &simulator).await;
    window.wait_for_text("Jane Doe").await;
    window.click("#why").await;
    window.wait_for_text("No roles, groups or permissions came").await;
    window.wait_for_text("onExecutePostLogin").await;
    window.save_screenshot("auth0-none");
}
