//! Answers of the provider that are not what they should be, in the real window.

use rolecall_desktop_tests::{Sandbox, until};
use rolecall_provider::Fault;
use serde_json::{Map, Value, json};

use super::{provider, signed_in, window_of_session};

#[tokio::test(flavor = "multi_thread")]
async fn tk_4_the_window_marks_what_stands_in_an_access_token_that_nobody_signed() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    provider.fault(Fault::UnsignedAccessToken);
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.wait_for_text("Editor").await;
    let marked = "return document.documentElement.textContent.includes('not verified')";
    until("it is marked", async || (window.run(marked, &[]) == json!(true)).then_some(())).await;
    window.click("#tab-tokens").await;
    window.click("#document-access_token").await;
    window.wait_for_text("Not verified.").await;
    window.save_screenshot("not-verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn id_3_a_refreshed_id_token_of_the_wrong_type_is_refused_by_the_window_and_the_session_lives_on() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.set_roles("ed", &["Editor", "Forged"]);
    for fault in [Fault::TokenMember("id_token", "12"), Fault::Claim("auth_time", "\"soon\""), Fault::WrongKey] {
        provider.forget_requests();
        provider.fault(fault.clone());
        window.invoke("refresh", &json!({})).expect("it begins");
        window.wait_for_text("can't be trusted").await;
        until("it is over", async || {
            let view = window.invoke("snapshot", &json!({})).ok()?;
            (!view.to_string().contains("\"refreshing\":true")).then_some(())
        })
        .await;
        assert!(!window.text().contains("Forged"), "{fault:?}: {}", window.text());
        provider.clear_faults();
        window.invoke("dismiss", &json!({})).expect("it is put away");
    }
    // The refresh token that came with what was refused is the one that lives: it is kept, for nothing of the answer was
    // used, and the next refresh shows what is right.
    window.invoke("refresh", &json!({})).expect("it begins");
    window.wait_for_text("Forged").await;
    assert_eq!(provider.live_sessions(), 1);
    window.invoke("sign_out", &json!({ "profile": null })).expect("signing out");
    window.wait_for_screen("signed_out").await;
    assert_eq!(provider.live_sessions(), 0, "signing out ends it");
}

/// The most memory a process ever held, in kB.
fn peak(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a line for it");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn doc_1_av_1_a_megabyte_of_claims_is_within_a_bound_of_the_windows_memory_and_it_goes_on_answering() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = window_of_session(&sandbox, &provider).await;
    provider.set_roles("ed", &["Editor", "Publisher"]);
    window.invoke("refresh", &json!({})).expect("it begins");
    window.wait_for_text("Publisher").await;
    let before = peak(window.pid());
    let long = format!("https://x/{}/groups", "n".repeat(400_000));
    let clients: Map<String, Value> =
        (0..12_000).map(|number| (format!("c{number}"), json!({"roles": ["reader", "editor"]}))).collect();
    for (name, value) in [
        (long, json!((0..60_000).map(|number| format!("{number:x}")).collect::<Vec<_>>())),
        ("resource_access".to_owned(), json!(clients)),
    ] {
        provider.clear_faults();
        provider.fault(Fault::UserinfoClaim(name.leak(), value.to_string().leak()));
        provider.forget_requests();
        window.invoke("refresh", &json!({})).expect("it begins");
        until("it was read", async || {
            let view = window.invoke("snapshot", &json!({})).ok()?;
            let read =
                provider.requests().iter().any(|request| request.path == "/userinfo" && request.status == Some(200));
            (read && !view.to_string().contains("\"refreshing\":true")).then_some(())
        })
        .await;
        let more = peak(window.pid()) - before;
        println!("{more} kB more than {before} kB");
        assert!(more < 200_000, "{more} kB more than {before} kB");
    }
    assert!(window.invoke("snapshot", &json!({})).is_ok());
}
