//! Around the real program: a window steered by `WebDriver`, a panel and a notification server on the session bus, a real
//! browser, the clipboard as another program sees it.
//!
//! Needs a display and a session bus with an unlocked key store in its environment; `cargo xtask test` makes both.

mod app;
mod browser;
mod clipboard;
mod display;
mod input;
mod notifications;
mod panel;
mod prompt;
mod sandbox;
mod simulator;
mod wait;
mod wayland;
mod webdriver;
mod window;

pub use app::App;
pub use browser::{Browser, OpenedLink};
pub use clipboard::{clipboard_targets, clipboard_text, set_clipboard};
pub use display::{Display, PrivateDisplay};
pub use input::{Input, keys};
pub use notifications::{Notification, Notifications};
pub use panel::{MenuLine, Panel};
pub use prompt::Prompt;
pub use sandbox::Sandbox;
pub use simulator::Simulator;
pub use wait::until;
pub use wayland::Wayland;
pub use window::Window;
