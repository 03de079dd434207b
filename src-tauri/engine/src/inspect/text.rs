use std::sync::LazyLock;

use regex::Regex;
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value};

use super::Reading;
use super::token::Hint;
use crate::json;
use crate::redact::begins_like_token;

/// How deep JSON within a text of JSON is followed.
const MAX_DEPTH: usize = 3;
/// The most values of JSON that are read one after the other.
const MAX_VALUES: usize = 5000;
/// How often JSON is tried to be read somewhere within a text.
const MAX_ATTEMPTS: usize = 500;
/// How far such an attempt reads, in bytes.
const WINDOW: usize = 1024 * 1024;
/// What all attempts that came to nothing may read together, in bytes.
const MAX_WASTED: usize = 32 * 1024 * 1024;
/// A token on several lines is joined up to this size, in bytes.
const MAX_WRAPPED: usize = 256 * 1024;

/// A token after the word that presents it (RFC 6750 section 2.1, RFC 9449 section 7.1).
static PRESENTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i-u)\b(?:bearer|dpop)\s+([A-Za-z0-9._~+/-]{16,}=*)").ok());

/// The text of a file: UTF-8, or UTF-16 as Windows PowerShell writes it, with a byte order mark. What is neither is read
/// as far as it goes.
#[must_use]
pub fn text_of_bytes(bytes: &[u8]) -> String {
    let utf16 = |rest: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

impl Reading {
    /// Finds what is in a text, whatever it is.
    pub(super) fn text(&mut self, text: &str, from: &str, depth: usize) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() || depth > MAX_DEPTH {
            return;
        }
        if text.starts_with('{') && self.recording(text, from) {
            return;
        }
        let rest = if text.starts_with(['{', '[', '"']) { self.values(text, from, depth) } else { text };
        if !rest.trim().is_empty() {
            self.scan(rest, from);
        }
    }

    /// Values of JSON, one after the other; gives back what follows them.
    fn values<'t>(&mut self, text: &'t str, from: &str, depth: usize) -> &'t str {
        let mut begin = 0;
        let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
        let mut read = 0;
        while read < MAX_VALUES && matches!(values.next(), Some(Ok(_))) {
            let end = values.byte_offset();
            if let Some(value) = json::value(text.get(begin..end).unwrap_or_default().as_bytes()) {
                // One of several may be a line of a log, so it has to say more to count as claims.
                self.value(value, from, begin == 0 && end == text.len(), depth);
            }
            begin = end;
            read += 1;
        }
        text.get(begin..).unwrap_or_default()
    }

    fn value(&mut self, value: Value, from: &str, whole: bool, depth: usize) {
        match value {
            Value::String(text) => self.text(&text, from, depth + 1),
            Value::Array(items) => {
                for (at, item) in items.into_iter().enumerate().take(MAX_VALUES) {
                    self.value(item, &format!("{from}, item {}", at + 1), false, depth + 1);
                }
            }
            Value::Object(members) if depth <= MAX_DEPTH => self.object(members, from, whole, depth),
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Tokens and objects of JSON anywhere in a text.
    pub(super) fn scan(&mut self, text: &str, from: &str) {
        if self.wrapped(text, from) {
            return;
        }
        // What is in an object was looked at with it: a token in a claim is no document of its own.
        let rest = self.objects_in(text, from);
        let lines = rest.lines().count();
        for (number, line) in rest.lines().enumerate() {
            let place = if lines > 1 { format!("{from}, line {}", number + 1) } else { from.to_owned() };
            self.tokens_in(line, &place);
        }
    }

    /// The words of a line that are tokens, and what is presented as one.
    pub(super) fn tokens_in(&mut self, line: &str, from: &str) {
        let presented: Vec<&str> = PRESENTED
            .as_ref()
            .map(|regex| regex.captures_iter(line).filter_map(|found| Some(found.get(1)?.as_str())).collect())
            .unwrap_or_default();
        for token in &presented {
            self.token(token, Hint::Presented, from);
        }
        let is_between = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
        for word in line.split(is_between).filter(|word| word.len() >= 16 && word.contains('.')) {
            let word = word.trim_matches('.');
            // A dot after a cut signature may belong to the sentence.
            if begins_like_token(word) && !presented.iter().any(|known| known.trim_end_matches(['=', '.']) == word) {
                self.token(word, named_before(line, word), from);
            }
        }
    }

    /// A token that a terminal or a mail has broken into lines.
    fn wrapped(&mut self, text: &str, from: &str) -> bool {
        if text.len() > MAX_WRAPPED || !text.contains(char::is_whitespace) {
            return false;
        }
        let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let is_token = joined.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && joined.matches('.').count() == 2
            && begins_like_token(&joined);
        // Each of several on a line of its own is no part of the others.
        let one_line_is_whole = text.lines().any(|line| line.trim().matches('.').count() == 2);
        if is_token && !one_line_is_whole {
            self.token(&joined, Hint::None, from);
        }
        is_token && !one_line_is_whole
    }

    /// Takes in the objects of JSON that are somewhere in a text, and gives back the rest of it, line by line as it was.
    fn objects_in(&mut self, text: &str, from: &str) -> String {
        let mut rest = String::new();
        let (mut at, mut kept, mut attempts, mut wasted) = (0, 0, 0, 0);
        while let Some(next) = text.get(at..).and_then(|rest| rest.find('{')) {
            let begin = at + next;
            attempts += 1;
            if attempts > MAX_ATTEMPTS || wasted > MAX_WASTED {
                self.note(format!("{from}: only its beginning was searched for JSON."));
                break;
            }
            let mut end = (begin + WINDOW).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let window = &text[begin..end];
            let mut values = Deserializer::from_str(window).into_iter::<IgnoredAny>();
            if matches!(values.next(), Some(Ok(_))) {
                let length = values.byte_offset();
                if let Some(Value::Object(members)) = json::value(&window.as_bytes()[..length]) {
                    let line = text[..begin].lines().count().max(1);
                    self.object(members, &format!("{from}, line {line}"), false, 1);
                }
                rest.push_str(&text[kept..begin]);
                rest.extend(window[..length].matches('\n'));
                at = begin + length;
                kept = at;
            } else {
                wasted += window.len();
                at = begin + 1;
            }
        }
        rest.push_str(&text[kept..]);
        rest
    }
}

/// What a name right before the token says it is, as in an address or a log: `id_token=…`.
fn named_before(line: &str, word: &str) -> Hint {
    let before = line.find(word).and_then(|at| line.get(..at)).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let name: String =
        before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    Hint::of_name(&name.chars().rev().collect::<String>())
}
