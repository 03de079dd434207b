//! Making text from the network safe to show.

/// The longest text from a provider that any face shows, in characters.
pub const MAX_SHOWN: usize = 300;

/// Removes what could act on a terminal, a menu or the reading order (C0, C1, escape sequences' introducers, bidi and
/// other invisible format controls) and cuts at `max` characters, marking the cut.
///
/// Requirement CLI-1.
#[must_use]
pub fn clean(text: &str, max: usize) -> String {
    let mut shown = String::new();
    let mut count = 0;
    for character in text.chars() {
        let character = if character == '\n' || character == '\t' { ' ' } else { character };
        if is_unsafe(character) {
            continue;
        }
        if count == max {
            shown.push('…');
            break;
        }
        shown.push(character);
        count += 1;
    }
    shown
}

/// [`clean`] with the usual limit.
#[must_use]
pub fn clean_line(text: &str) -> String {
    clean(text, MAX_SHOWN)
}

/// Like [`clean`] for values that are compared: what is unsafe is written out as `\u{202e}` instead of taken away, so that
/// a value with something invisible in it never looks like the one without.
#[must_use]
pub fn visible(text: &str, max: usize) -> String {
    if text.len() <= max && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == max {
            shown.push('…');
            break;
        }
        if is_unsafe(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character acts on the reading order, on a terminal, or is not seen.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cli_1_escapes_bidi_controls_and_length_are_taken_away() {
        assert_eq!(clean_line("a\u{1b}[31mb\u{202e}c\u{9b}d\ne"), "a[31mbcd e");
        assert_eq!(clean("abcdef", 3), "abc…");
    }

    #[test]
    fn cli_1_a_value_with_something_invisible_in_it_shows_it() {
        assert_eq!(visible("ad\u{200b}min\n", 300), "ad\\u{200b}min\\u{a}");
        assert_eq!(visible("Midwest Sales", 300), "Midwest Sales");
        assert_eq!(visible("abcdef", 3), "abc…");
    }
}
