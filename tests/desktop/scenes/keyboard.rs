//! The keyboard alone: what has the focus is seen, and every key does what the list of keys says.

use rolecall_desktop_tests::{App, Display, Input, Panel, Sandbox, Window, keys, until};
use serde_json::{Value, json};

use super::{provider, signed_in};

/// The focused element: its ID, its class, and its focus ring.
fn focused(window: &Window) -> [String; 3] {
    let script = "const one = document.activeElement; const style = getComputedStyle(one);
        const outline = style.outlineStyle === 'none' ? '' : style.outlineWidth;
        return [one.id, one.className, style.boxShadow.includes('inset') || outline ? 'ring' : ''];";
    let found = window.run(script, &[]);
    [0, 1, 2].map(|number| found[number].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_row_in_focus_and_the_chosen_tab_are_marked() {
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.has_keyboard().await;
    input.press(&[], u32::from('/'));
    until("the filter has the focus", async || (focused(&window)[0] == "filter").then_some(())).await;
    input.type_text("edi");
    window.wait_for_value("#filter", "edi").await;
    input.press(&[], keys::DOWN);
    until("the row has the focus and a ring", async || {
        let [_, class, ring] = focused(&window);
        (class.contains("row") && ring == "ring").then_some(())
    })
    .await;
    input.press(&[], keys::ESCAPE);
    // By the keyboard from the top: sooner or later a tab is reached.
    for step in 0.. {
        assert!(step < 30, "no tab is reached by Tab");
        input.press(&[], keys::TAB);
        let [id, _, ring] = focused(&window);
        if id.starts_with("tab-") {
            assert_eq!(ring, "ring", "{id}");
            break;
        }
    }
}

/// Where the lower edge of what has the focus is, and where the footer begins; nothing where it is in the footer itself.
fn under_the_footer(window: &Window) -> Option<String> {
    let script = "
        const one = document.activeElement, foot = document.querySelector('.foot');
        if (!foot || foot.contains(one) || one === document.body || one.matches('main, .sheet, .scroll')) return null;
        const hidden = one.getBoundingClientRect().bottom - foot.getBoundingClientRect().top;
        return hidden > 1 ? `${one.tagName}#${one.id}.${one.className} by ${hidden} pixels` : null;";
    window.run(script, &[]).as_str().map(ToOwned::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_focus_hides_under_the_footer() {
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    let window = signed_in(&sandbox, &provider, "mo").await;
    let display = Display::open();
    let shown = display.window().await;
    display.place(shown, (100, 100), (440, 480));
    until("the window is low", async || (display.size(shown).1 == 480).then_some(())).await;
    window.has_keyboard().await;
    for screen in ["roles", "tokens", "settings", "connection"] {
        match screen {
            "tokens" => input.press(&[keys::CONTROL], u32::from('3')),
            "settings" => input.press(&[keys::CONTROL], u32::from(',')),
            "connection" => {
                input.press(&[keys::CONTROL], u32::from('p'));
                window.click_words("Edit connection…").await;
                window.wait_for("ul.checks").await;
            }
            _ => {}
        }
        let mut seen = Vec::new();
        for key in [keys::TAB; 40].into_iter().chain([keys::DOWN; 25]) {
            input.press(&[], key);
            let _ = window.run("return new Promise((done) => requestAnimationFrame(() => done()))", &[]);
            assert_eq!(under_the_footer(&window), None, "{screen}");
            seen.push(focused(&window));
        }
        seen.dedup();
        assert!(seen.len() > 5, "the focus moves in {screen}: {seen:?}");
        input.press(&[], keys::ESCAPE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_the_list_grow_the_page_and_show_the_list_and_the_size_is_remembered() {
    let width = |window: &Window| window.run("return innerWidth", &[]).as_f64().expect("a number");
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.has_keyboard().await;
    input.press(&[], u32::from('?'));
    window.wait_for_text("Close the window; the tray stays").await;
    input.press(&[], keys::ESCAPE);
    window.wait_for("#filter").await;
    let usual = width(&window);
    input.press(&[keys::CONTROL], u32::from('+'));
    until("it is larger", async || (width(&window) < usual * 0.95).then_some(())).await;
    let larger = width(&window);
    input.press(&[keys::CONTROL], u32::from('+'));
    until("and larger", async || (width(&window) < larger * 0.95).then_some(())).await;
    input.press(&[keys::CONTROL], u32::from('-'));
    until("one smaller", async || ((width(&window) - larger).abs() < 2.0).then_some(())).await;
    drop(window);

    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    until("it is remembered", async || ((width(&window) - larger).abs() < 2.0).then_some(())).await;
    window.has_keyboard().await;
    input.press(&[keys::CONTROL], u32::from('0'));
    until("it is as usual", async || ((width(&window) - usual).abs() < 2.0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_w_closes_into_the_tray_and_ctrl_q_ends_the_program() {
    let (sandbox, panel, display, input) = (Sandbox::new().await, Panel::open().await, Display::open(), Input::open());
    let mut app = App::start(&sandbox);
    panel.has_icon().await;
    press_until(&display, &input, 'w').await;
    assert!(app.is_running());
    panel.has_icons(2).await;
    panel.click_icon().await;
    press_until(&display, &input, 'q').await;
    assert_eq!(app.wait_for_exit().await, Some(0));
}

/// Presses Control with a key until the window is gone: its page may not listen yet.
async fn press_until(display: &Display, input: &Input, key: char) {
    let shown = display.window().await;
    until("the window has the keyboard", async || (display.active() == Some(shown)).then_some(())).await;
    until(&format!("Control {key} closes the window"), async || {
        if display.shown().is_some() {
            input.press(&[keys::CONTROL], u32::from(key));
        }
        display.shown().is_none().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_is_left_and_found_again_at_the_same_place() {
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    let window = signed_in(&sandbox, &provider, "mo").await;
    window.has_keyboard().await;
    let top = || window.run("return document.querySelector('.sheet .scroll')?.scrollTop ?? -1", &[]);
    window.point_at(".row").await;
    until("the wheel scrolls", async || {
        input.wheel(3);
        top().as_f64().filter(|top| *top > 100.0)
    })
    .await;
    // It may still be rolling.
    let mut before = Value::Null;
    until("it has come to rest", async || {
        let still = before == top();
        before = top();
        still.then_some(())
    })
    .await;
    input.press(&[keys::CONTROL], u32::from('3'));
    window.wait_for_text("Signature checked").await;
    input.press(&[keys::CONTROL], u32::from('1'));
    window.wait_for("#filter").await;
    until(&format!("it is at {before} again"), async || (top() == before).then_some(())).await;
    assert_ne!(before, json!(0));
}
