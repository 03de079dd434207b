//! `cargo xtask`: the demo, the tests, the measurements and the pictures, each with what it needs around it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program people run in a terminal")]
#![expect(clippy::disallowed_methods, reason = "measures real time; no clock of the product is involved")]

mod bench;
mod cargo;
mod check_windows;
mod child;
mod demo;
mod demo_folders;
mod folder;
mod fuzz;
mod generate;
mod interop;
mod layout;
mod module_circles;
#[cfg(target_os = "linux")]
mod package;
mod prerequisites;
mod provider;
mod sandbox;
mod shots;
mod test;
mod test_counts;
mod tour;
mod walk;
mod window;

use std::process::ExitCode;

/// An error, as a sentence for the person at the terminal.
type Result<T> = std::result::Result<T, String>;

const USAGE: &str = "\
cargo xtask demo            opens Rolecall on a provider of its own, with an account to try; without a display, the
                            same by the command line. Touches no real settings and no real key-store entry
cargo xtask test [STEP]...  every check and every test, on a display, session bus and key store of its own; ends with
                            the count. Steps: format layout lints licences docs page build tests fuzz desktop
                            packages.
                            After '--', words: only tests with one of them in the name
cargo xtask test-released   builds both programs for release and looks for tokens in their logs, arguments, files, cores,
                            notifications and on the bus, and at their exits; some minutes
cargo xtask generate        writes what the tests compare: ui/view.d.ts and the tables of requirements, modules and fixtures
cargo xtask interop [NAME]  signs in, by window and shell, at providers that others wrote: keycloak, oidc-provider, auth0 (a
                            simulator); each is fetched and run on this machine. Without a name it writes the table of
                            the README; not with --no-write
cargo xtask bench           time to window, memory and time for a token, against a blank window, oidc-agent, kubelogin and
                            bare requests in the same run
cargo xtask fuzz [SECONDS]  random input against what reads foreign text, 60 seconds for each target
cargo xtask walk [SECONDS]  random steps through the real programs, key store and provider, 600 seconds; what fails is shrunk
cargo xtask package         builds for release and writes .deb, .rpm and an archive of the command line, with their sums, the
                            list of dependencies and their licences, to target/packages
cargo xtask check-windows   checks the workspace for Windows and runs the command line under Wine; Debian only
cargo xtask shots           takes the pictures of the README anew

What the system lacks is installed first on Debian and Ubuntu; elsewhere the line to run is printed.";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next();
    let rest: Vec<String> = words.collect();
    let outcome = child::listen_for_stop().and_then(|()| match command.as_deref() {
        Some("demo") => demo::run(&rest),
        Some("test") => test::run(&rest),
        Some("generate") => generate::run(&rest),
        Some("test-released") => test::run_released(),
        Some("walk") => walk::run(&rest),
        Some("interop") => interop::run(&rest),
        Some("bench") => bench::run(&rest),
        Some("fuzz") => fuzz::run(&rest),
        #[cfg(target_os = "linux")]
        Some("package") => package::run(&rest),
        Some("check-windows") => check_windows::run(&rest),
        Some("shots") => shots::run(&rest),
        None | Some("help" | "-h" | "--help") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("there is no '{other}' here\n\n{USAGE}")),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            if !message.is_empty() {
                eprintln!("\nxtask: {message}");
            }
            ExitCode::FAILURE
        }
    }
}
