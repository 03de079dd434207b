use rolecall_desktop_tests::{App, Display, Sandbox, until};

#[tokio::test(flavor = "multi_thread")]
async fn si_1_without_a_session_bus_the_window_opens_and_closing_quits() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    for address in ["disabled:", "unix:path=/nonexistent/bus", "nonsense"] {
        let mut command = sandbox.program();
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
        let mut app = App::start_as(command);
        display.close(display.window().await);
        assert_eq!(app.wait_for_exit().await, Some(0), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn si_1_a_first_that_hangs_does_not_make_a_second_hang() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let before = instance_bus_names().await;
    let first = App::start(&sandbox);
    display.window().await;
    // Only a first that holds its place on the bus can be asked by a second.
    until("the first holds its place", async || {
        instance_bus_names().await.iter().any(|name| !before.contains(name)).then_some(())
    })
    .await;
    signal("-STOP", &first);
    let mut second = App::start(&sandbox);
    assert_eq!(second.wait_for_exit().await, Some(1));
    signal("-CONT", &first);
    assert!(sandbox.log().contains("does not answer"), "{}", sandbox.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_with_files_of_their_own_do_not_know_each_other() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let mut first = App::start(&sandbox);
    display.window().await;
    let mut elsewhere = sandbox.program();
    elsewhere.env("ROLECALL_CONFIG_DIR", sandbox.path().join("other"));
    let mut second = App::start_as(elsewhere);
    until("there are two windows", async || (display.all().len() == 2).then_some(())).await;
    for window in display.all() {
        display.close(window);
    }
    assert_eq!((first.wait_for_exit().await, second.wait_for_exit().await), (Some(0), Some(0)));
}

/// The names under which a first Rolecall can be asked, on the session bus.
pub(super) async fn instance_bus_names() -> Vec<String> {
    let bus = zbus::Connection::session().await.expect("a session bus");
    let names = zbus::fdo::DBusProxy::new(&bus).await.expect("the bus itself").list_names().await.expect("its names");
    names.iter().map(ToString::to_string).filter(|name| name.ends_with(".SingleInstance")).collect()
}

fn signal(name: &str, app: &App) {
    let status = std::process::Command::new("kill").args([name, &app.pid().to_string()]).status();
    assert!(status.expect("kill runs").success());
}
