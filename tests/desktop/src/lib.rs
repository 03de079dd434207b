//! Around the real program: a window steered by `WebDriver`, a panel and a notification server on the session bus, a real
//! browser, the clipboard as another program sees it.
//!
//! Needs a display and a session bus with an unlocked key store in its environment; `cargo xtask test` makes both.

mod app;
mod browser;
mod clipboard;
mod display;
mod http;
mod notifications;
mod panel;
mod place;
mod prompt;
mod simulator;
mod wait;
mod webdriver;
mod window;

pub use app::App;
pub use browser::{Browser, Opened};
pub use clipboard::{copied, copied_kinds, copy};
pub use display::Display;
pub use notifications::{Note, Notifications};
pub use panel::{Line, Panel};
pub use place::Place;
pub use prompt::Prompt;
pub use simulator::Simulator;
pub use wait::until;
pub use window::Window;
