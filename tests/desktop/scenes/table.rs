//! What opens from the table, by the pointer: why a name is not there, a similar name, the history, other forms of a copy.

use std::fs;

use rolecall_desktop_tests::{Display, Sandbox, Window, clipboard_text, until};
use rolecall_provider::Provider;

use super::{provider, signed_in, walk};

/// A person whose profile expects the role Publisher, which is missing.
async fn expecting_publisher(sandbox: &Sandbox, provider: &Provider) -> Window {
    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"{}\"\nexpect.roles = [\"Editor\", \"Publisher\"]\n",
        provider.issuer(),
        provider.client_id()
    ));
    let window = Window::open(sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click_by_pointer("#sign-in").await;
    walk(sandbox, 1, "ed").await;
    window.wait_for_screen("signed_in").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn the_banner_asks_about_the_role_it_names() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = expecting_publisher(&sandbox, &provider).await;
    window.click_by_pointer("#why").await;
    window.wait_for_value("#wanted", "Publisher").await;
    window.wait_for_text("The role Publisher is not there").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_near_miss_suggests_and_a_role_one_lacks_can_be_asked_about_and_expected() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.retype("#filter", "Edtor").await;
    window.wait_for_text("Did you mean Editor?").await;
    window.click_words("Editor").await;
    window.wait_for_value("#filter", "Editor").await;
    window.wait_for(".table .row").await;

    window.retype("#filter", "Publisher").await;
    window.wait_for_text("Why isn’t “Publisher” here?").await;
    window.save_screenshot("no-match");
    window.click_by_pointer("#why-not").await;
    window.wait_for_value("#wanted", "Publisher").await;
    window.click_by_pointer("#back").await;
    window.click_by_pointer("#expect-it").await;
    window.wait_for(".row.missing").await;
    let file = sandbox.path().join("config/rolecall.toml");
    until("it is in the file", async || {
        fs::read_to_string(&file).is_ok_and(|text| text.contains("expect.roles = [\"Publisher\"]")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_today_stays_new_and_what_changed_leads_to_the_history() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.set_roles("ed", &["Publisher", "Reviewer"]);
    window.click_by_pointer("#refresh").await;
    window.wait_for_text("2 added, 1 removed").await;
    window.wait_for_text("new just now").await;
    window.click_by_pointer("#news").await;
    window.wait_for(".timeline").await;
    window.wait_for("#tab-history[aria-current='page']").await;
    window.click_by_pointer("#tab-roles").await;
    window.wait_for("#filter").await;
    window.click_by_pointer("#refresh").await;
    until("it is refreshed again", async || (provider.token_requests("refresh_token") == 2).then_some(())).await;
    until("the news of before are gone", async || (!window.has("#news")).then_some(())).await;
    assert!(window.text().contains("new "), "what came today is new still: {}", window.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_token_is_offered_as_header_and_as_curl() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    let file = sandbox.path().join("config/rolecall.toml");
    let longer = fs::read_to_string(&file).expect("it is there").replace("after = 3", "after = 120");
    fs::write(&file, longer).expect("it is written");
    window.click_by_pointer("#copy-access").await;
    let begins = async |words: &str| {
        until(&format!("the clipboard begins with {words}"), async || {
            clipboard_text().filter(|text| text.starts_with(words))
        })
        .await
    };
    let token = begins("eyJ").await;
    window.wait_for(".copied").await;
    window.save_screenshot("copied-formats");
    window.click_by_pointer("#copy-header").await;
    assert_eq!(begins("Authorization").await, format!("Authorization: Bearer {token}"));
    window.wait_for_text("copied as header").await;
    window.click_by_pointer("#copy-curl").await;
    assert!(begins("curl").await.contains(&token));
    window.wait_for_text("copied for curl").await;
    window.click_words("Clear now").await;
    until("the clipboard is empty", async || clipboard_text().is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_over_plain_http_is_not_said_to_be_protected_and_words_stand_as_they_are() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    let mut pages = window.text();
    window.click_by_pointer("#tab-tokens").await;
    for document in ["userinfo", "access_token", "id_token"] {
        window.click_by_pointer(&format!("#document-{document}")).await;
        window.wait_for(".claim").await;
        pages += &window.text();
    }
    assert!(pages.contains("http://127.0.0.1"), "the address stands there");
    for wrong in ["TLS", "Http://", "renew"] {
        assert!(!pages.contains(wrong), "{wrong}: {pages}");
    }
    // As it is drawn, not only as it is written: a style may capitalise.
    let script = "return [...document.querySelectorAll('#app *')].some((one) => {
        const is = getComputedStyle(one).textTransform; return is === 'capitalize' || is === 'uppercase'; })";
    assert_eq!(window.run(script, &[]), serde_json::json!(false));
    assert!(Display::open().shown().is_some());
}
