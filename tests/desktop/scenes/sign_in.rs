use rolecall_desktop_tests::{Browser, Opened, Place, Window};

use super::{provider, signed_in, walk};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sets_up_signs_in_with_a_real_browser_and_sees_their_roles_and_groups() {
    let (place, provider) = (Place::new().await, provider());
    let window = Window::open_with(&place, &[("ROLECALL_TEST_CHROMIUM", "1")]).await;
    window.see_screen("set_up").await;
    window.see(".tile").await;
    window.keep_picture("set-up");

    window.type_into("#paste", &provider.issuer()).await;
    window.click("form.field button").await;
    window.type_into("#client-id", provider.client_id()).await;
    window.see("ul.checks").await;
    window.keep_picture("set-up-form");
    window.click("button.main[form=profile]").await;

    window.see_screen("waiting").await;
    let opened = Opened::nth(&place, 1).await;
    let browser = Browser::at(&opened).await;
    window.keep_picture("waiting");
    browser.sign_in("ed").await;

    window.see_screen("signed_in").await;
    for words in ["Ed Itor", "ed@example.com", "Editor", "Samples"] {
        window.read(words).await;
    }
    window.keep_picture("signed-in");
    assert!(browser.text().contains("close this"), "the page one comes back to: {}", browser.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_issuer_is_explained_where_it_stands() {
    let place = Place::new().await;
    let window = Window::open(&place).await;
    window.see_screen("set_up").await;
    window.type_into("#paste", "http://127.0.0.1:1/").await;
    window.click("form.field button").await;
    window.see("#issuer-says b").await;
    window.keep_picture("set-up-wrong");
    assert!(!place.path().join("config/rolecall.toml").exists(), "nothing was saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_the_way_back_in() {
    let (place, provider) = (Place::new().await, provider());
    let window = signed_in(&place, &provider, "ada").await;
    window.click("#profile-button").await;
    window.see("#profiles").await;
    window.keep_picture("profiles");
    assert!(window.invoke("sign_out", &serde_json::json!({ "profile": null })).is_ok());
    window.see_screen("signed_out").await;
    window.see("#sign-in").await;
    window.keep_picture("signed-out");
    assert_eq!(provider.live_sessions(), 0, "the refresh token was revoked");
    let _ = window.run("document.querySelector('.scrim')?.click()", &[]);
    window.click("#sign-in").await;
    walk(&place, 2, "ada").await;
    window.see_screen("signed_in").await;
    window.read("Ada Admin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_roles_sees_where_was_looked_and_one_with_thousands_can_filter() {
    let (place, provider) = (Place::new().await, provider());
    {
        let window = signed_in(&place, &provider, "nora").await;
        window.read("Nora None").await;
        window.keep_picture("signed-in-empty");
        assert!(window.invoke("sign_out", &serde_json::json!({ "profile": null })).is_ok());
        window.see_screen("signed_out").await;
    }
    let window = Window::open(&place).await;
    window.click("#sign-in").await;
    walk(&place, 2, "mo").await;
    window.see_screen("signed_in").await;
    window.type_into("#filter", "Team 09999").await;
    window.read("Team 09999").await;
    window.keep_picture("many");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_follows_the_dark_colours_of_the_desktop() {
    let place = Place::new().await;
    let window = Window::open_with(&place, &[("GTK_THEME", "Adwaita:dark")]).await;
    let dark = window.run("return matchMedia('(prefers-color-scheme: dark)').matches", &[]);
    assert_eq!(dark, serde_json::json!(true));
}
