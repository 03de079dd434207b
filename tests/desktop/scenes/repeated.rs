//! A provider that repeats the tokens of a session: as roles, groups, names of claims, a person's name, the words of an
//! error. In the page and in the notifications none of them is seen (TK-2).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use rolecall_desktop_tests::{Notifications, Panel, Sandbox, Window, until};
use rolecall_provider::{Fault, Provider};
use serde_json::json;

use super::{log_in, provider, start_in_tray};

/// The tokens of the session, opaque and not.
fn tokens(sandbox: &Sandbox, provider: &Provider) -> Vec<String> {
    let asked = |words: &[&str]| {
        let output = sandbox.rolecall().args(words).stdout(std::process::Stdio::piped()).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let mut tokens = provider.honoured_refresh_tokens();
    tokens.extend([asked(&["token"]), asked(&["token", "--id"])]);
    tokens.retain(|token| token.len() > 20);
    assert!(tokens.len() >= 3, "{}", tokens.len());
    tokens
}

/// A token in other forms: encoded, in capitals, in halves.
fn forms(token: &str) -> Vec<String> {
    let (most, rest) = (token.len() / 2 + 4, token.len() / 2 - 4);
    let spread: Vec<String> = token.chars().map(String::from).collect();
    vec![
        STANDARD.encode(token),
        token.to_uppercase(),
        token[..most].to_owned(),
        token[rest..].to_owned(),
        spread.join("-"),
        token.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat(),
    ]
}

/// The provider repeats them in userinfo from now on.
fn repeat(provider: &Provider, tokens: &[String]) {
    let groups: Vec<String> = tokens.iter().flat_map(|token| [vec![token.clone()], forms(token)].concat()).collect();
    let prefixed: Vec<String> = tokens.iter().map(|token| format!("role {token}!")).collect();
    for (name, value) in
        [("groups", json!(groups)), ("roles", json!(prefixed)), ("name", json!(tokens[0])), ("email", json!(tokens[1]))]
    {
        provider.fault(Fault::UserinfoClaim(name, value.to_string().leak()));
    }
    for token in tokens {
        provider.fault(Fault::UserinfoClaim(token.clone().leak(), "[\"x\"]"));
    }
}

fn is_clean(place: &str, text: &str, tokens: &[String]) {
    for token in tokens {
        for form in [vec![token.clone()], forms(token)].concat() {
            let before: String = text.split(&form).next().unwrap_or_default().chars().rev().take(150).collect();
            let before: String = before.chars().rev().collect();
            assert!(!text.contains(&form), "{place} holds {form:.20}… of {token:.10}…, behind {before}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_2_no_notification_holds_a_token_that_the_provider_repeats() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let notifications = Notifications::serve().await;
    log_in(&sandbox, &provider).await;
    let mut tokens = tokens(&sandbox, &provider);
    let _app = start_in_tray(&sandbox);
    panel.has_icon().await;
    repeat(&provider, &tokens);
    panel.choose("Refresh now").await;
    until("what came is told", async || {
        notifications.all().into_iter().find(|one| format!("{one:?}").contains("not shown"))
    })
    .await;
    tokens.extend(provider.honoured_refresh_tokens());
    let words: &'static str = format!("the grant {} is over", tokens.join(" ")).leak();
    provider.fault(Fault::RefreshError("invalid_grant", words));
    panel.choose("Refresh now").await;
    notifications.titled("has ended").await;
    is_clean("a notification", &format!("{:?}", notifications.all()), &tokens);
    is_clean("the menu", &panel.words().await.join("\n"), &tokens);
    is_clean("the log", &sandbox.log(), &tokens);
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_2_the_page_shows_no_token_that_the_provider_repeats() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    provider.fault(Fault::OpaqueAccessToken);
    log_in(&sandbox, &provider).await;
    let mut tokens = tokens(&sandbox, &provider);
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    repeat(&provider, &tokens);
    window.wait_for("#refresh:not([aria-disabled=true])").await;
    window.click("#refresh").await;
    window.wait_for_text("a token, not shown").await;
    window.save_screenshot("repeated-tokens");
    tokens.extend(provider.honoured_refresh_tokens());
    let mut pages = window.text();
    for tab in ["#tab-tokens", "#document-userinfo", "#document-id_token"] {
        window.click(tab).await;
        window.wait_for(".claim").await;
        pages += &window.text();
    }
    pages += &window.invoke("snapshot", &json!({})).expect("the view").to_string();
    pages += &window.invoke("documents", &json!({})).expect("the documents").to_string();
    pages += &window.invoke("why", &json!({ "value": "Nobody", "kind": null })).expect("why").to_string();
    pages += &window.invoke("history", &json!({})).expect("the history").to_string();
    is_clean("the page", &pages, &tokens);

    let words: &'static str = format!("the grant {} was withdrawn", tokens.join(" ")).leak();
    provider.fault(Fault::RefreshError("invalid_scope", words));
    window.invoke("refresh", &json!({})).expect("it begins");
    window.wait_for_text("was withdrawn").await;
    let whole = window.run("return document.documentElement.outerHTML + document.title", &[]);
    is_clean("the page", whole.as_str().expect("the page"), &tokens);
}
