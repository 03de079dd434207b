//! The question this program began with, against the Auth0 simulator: a rule copies roles and groups of the old
//! extension into a claim named by a URL.

use rolecall_desktop_tests::{Browser, Opened, Place, Simulator, Window};

async fn signed_in(place: &Place, simulator: &Simulator) -> Window {
    place.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"rolecall-desktop\"\nprovider = \"auth0\"\nca_file = \"{}\"\n",
        simulator.issuer,
        simulator.ca_file.display()
    ));
    let flags = "--ignore-certificate-errors";
    let variables = [("ROLECALL_TEST_CHROMIUM", "1"), ("ROLECALL_TEST_CHROMIUM_FLAGS", flags)];
    let window = Window::open_with(place, &variables).await;
    window.see_screen("signed_out").await;
    window.click("#sign-in").await;
    let opened = Opened::nth(place, 1).await;
    Browser::at(&opened).await.sign_in_at_simulator("jane@example.com", "correct horse").await;
    window.see_screen("signed_in").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_a_legacy_rule_copies_are_shown_with_the_action_that_takes_its_place() {
    let place = Place::new().await;
    let simulator = Simulator::start(&place, true);
    let window = signed_in(&place, &simulator).await;
    for words in ["Jane Doe", "Editor", "Samples"] {
        window.read(words).await;
    }
    window.keep_picture("auth0");
    window.click("#refresh").await;
    window.see("#why").await;
    window.click("#why").await;
    window.read("old Authorization Extension").await;
    window.read("onExecutePostLogin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rule_the_action_that_would_add_the_claim_is_offered() {
    let place = Place::new().await;
    let simulator = Simulator::start(&place, false);
    let window = signed_in(&place, &simulator).await;
    window.read("Jane Doe").await;
    window.click("#why").await;
    window.read("No roles, groups or permissions came").await;
    window.read("onExecutePostLogin").await;
    window.keep_picture("auth0-none");
}
