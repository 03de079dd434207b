use serde_json::Value;

use super::Redactor;
use crate::text::is_unsafe;

/// The longest value that is shown at all, in characters. Ten thousand groups stay below it.
const MAX_WHOLE: usize = 1_000_000;
/// Values up to this length, in characters, are shown at once.
const SHORT: usize = 240;
/// How much of a longer value is shown: its beginning, and its end where that is useful.
const HEAD: usize = 180;
const TAIL: usize = 24;

/// A value as text: unsafe characters are escaped, tokens are left out.
#[derive(Default)]
pub(super) struct Rendered {
    /// The text, as far as [`MAX_WHOLE`].
    pub(super) text: String,
    /// How long the whole is, in characters.
    pub(super) length: usize,
    /// Something was left out because it is a token.
    pub(super) hidden: bool,
    /// It is a list or an object.
    structure: bool,
}

impl Rendered {
    pub(super) fn of(name: &str, value: &Value, redactor: &Redactor) -> Self {
        let mut rendered = Self::default();
        match value {
            Value::String(text) if redactor.hides(name, text) => rendered.leave_out(text),
            Value::String(text) => rendered.plain(text),
            other => {
                rendered.structure = other.is_array() || other.is_object();
                rendered.value(name, other, redactor);
            }
        }
        rendered
    }

    /// The value, or its beginning and end where it is long; and whether that is all.
    pub(super) fn short(&self) -> (String, bool) {
        if self.length <= SHORT {
            return (self.text.clone(), true);
        }
        let head: String = self.text.chars().take(HEAD).collect();
        if self.structure || self.length > MAX_WHOLE {
            return (format!("{head} …"), false);
        }
        let tail: Vec<char> = self.text.chars().rev().take(TAIL).collect();
        (format!("{head} … {}", tail.into_iter().rev().collect::<String>()), false)
    }

    /// No deeper than what was parsed: 128 levels.
    fn value(&mut self, name: &str, value: &Value, redactor: &Redactor) {
        match value {
            Value::String(text) if redactor.hides(name, text) => self.leave_out(text),
            Value::String(text) => self.quoted(text),
            Value::Array(items) => {
                self.raw("[");
                for (at, item) in items.iter().enumerate() {
                    self.raw(if at == 0 { "" } else { ", " });
                    self.value(name, item, redactor);
                }
                self.raw("]");
            }
            Value::Object(members) if members.is_empty() => self.raw("{}"),
            Value::Object(members) => {
                self.raw("{ ");
                for (at, (member, item)) in members.iter().enumerate() {
                    self.raw(if at == 0 { "" } else { ", " });
                    if redactor.hides("", member) {
                        self.leave_out(member);
                    } else {
                        self.quoted(member);
                    }
                    self.raw(": ");
                    self.value(member, item, redactor);
                }
                self.raw(" }");
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.raw(&value.to_string()),
        }
    }

    fn leave_out(&mut self, text: &str) {
        self.hidden = true;
        self.raw(&format!("(a token or a secret of {} characters, not shown)", text.chars().count()));
    }

    fn quoted(&mut self, text: &str) {
        self.push('"');
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                self.push('\\');
            }
            self.safe(character);
        }
        self.push('"');
    }

    fn plain(&mut self, text: &str) {
        for character in text.chars() {
            self.safe(character);
        }
    }

    fn safe(&mut self, character: char) {
        if is_unsafe(character) {
            for escaped in character.escape_unicode() {
                self.push(escaped);
            }
        } else {
            self.push(character);
        }
    }

    fn raw(&mut self, text: &str) {
        for character in text.chars() {
            self.push(character);
        }
    }

    fn push(&mut self, character: char) {
        self.length += 1;
        if self.length <= MAX_WHOLE {
            self.text.push(character);
        }
    }
}
