use rolecall_desktop_tests::{Browser, OpenedLink, Sandbox, Window};

use super::{provider, sign_in_as, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sets_up_signs_in_with_a_real_browser_and_sees_their_roles_and_groups() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = Window::open_with(&sandbox, &[("ROLECALL_TEST_CHROMIUM", "1")]).await;
    window.wait_for_screen("set_up").await;
    window.wait_for(".tile").await;
    window.save_screenshot("set-up");

    window.type_into("#paste", &provider.issuer()).await;
    window.click("form.field button").await;
    window.type_into("#client-id", provider.client_id()).await;
    window.wait_for("ul.checks").await;
    window.save_screenshot("set-up-form");
    window.click("button.main[form=profile]").await;

    window.wait_for_screen("waiting").await;
    let opened = OpenedLink::nth(&sandbox, 1).await;
    let browser = Browser::at(&opened).await;
    window.save_screenshot("waiting");
    browser.sign_in("ed").await;

    window.wait_for_screen("signed_in").await;
    for words in ["Ed Itor", "ed@example.com", "Editor", "Samples"] {
        window.wait_for_text(words).await;
    }
    window.save_screenshot("signed-in");
    assert!(browser.text().contains("close this"), "the page one comes back to: {}", browser.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_issuer_is_explained_where_it_stands() {
    let sandbox = Sandbox::new().await;
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("set_up").await;
    window.type_into("#paste", "http://127.0.0.1:1/").await;
    window.click("form.field button").await;
    window.wait_for("#issuer-says b").await;
    window.save_screenshot("set-up-wrong");
    assert!(!sandbox.path().join("config/rolecall.toml").exists(), "nothing was saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_the_way_back_in() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ada").await;
    window.click("#profile-button").await;
    window.wait_for("#profiles").await;
    window.save_screenshot("profiles");
    assert!(window.invoke("sign_out", &serde_json::json!({ "profile": null })).is_ok());
    window.wait_for_screen("signed_out").await;
    window.wait_for("#sign-in").await;
    window.save_screenshot("signed-out");
    assert_eq!(provider.live_sessions(), 0, "the refresh token was revoked");
    let _ = window.run("document.querySelector('.scrim')?.click()", &[]);
    sign_in_as(&sandbox, &window, 2, "ada").await;
    window.wait_for_text("Ada Admin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_roles_sees_where_was_looked_and_one_with_thousands_can_filter() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    {
        let window = signed_in(&sandbox, &provider, "nora").await;
        window.wait_for_text("Nora None").await;
        window.save_screenshot("signed-in-empty");
        assert!(window.invoke("sign_out", &serde_json::json!({ "profile": null })).is_ok());
        window.wait_for_screen("signed_out").await;
    }
    let window = Window::open(&sandbox).await;
    sign_in_as(&sandbox, &window, 2, "mo").await;
    window.type_into("#filter", "Team 09999").await;
    window.wait_for_text("Team 09999").await;
    window.save_screenshot("many");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_follows_the_dark_colours_of_the_desktop() {
    let sandbox = Sandbox::new().await;
    let window = Window::open_with(&sandbox, &[("GTK_THEME", "Adwaita:dark")]).await;
    let dark = window.run("return matchMedia('(prefers-color-scheme: dark)').matches", &[]);
    assert_eq!(dark, serde_json::json!(true));
}
