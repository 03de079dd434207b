//! Making text from the network safe to show.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The longest text from a provider that any front end shows, in characters.
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

/// So many seconds, for reading: `45 s`, `12 min`, `3 h`, `2 days`. Fewer than none count as none.
#[must_use]
pub fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds @ 90..5400 => format!("{} min", seconds / 60),
        seconds @ 5400..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
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

/// The first letters of the first and the last word.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// Whether a character acts on the reading order or on a terminal, or is not seen. Decided by Unicode's properties, so
/// that no list has to be kept: control and format characters, line and paragraph separators, and what is to be ignored
/// where it can't be displayed (`Default_Ignorable_Code_Point`: fillers, variation selectors, tags, joiners).
pub(crate) fn is_unsafe(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || BLANK.contains(&character)
}

/// Characters whose picture is empty by design, and which no property marks: the braille pattern without dots, a note
/// without a head, a filler.
const BLANK: [char; 3] = ['\u{2800}', '\u{1d159}', '\u{16fe4}'];

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

    #[test]
    fn cli_1_what_is_not_seen_is_told_by_its_properties() {
        let unseen = "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}\u{200b}\u{200d}\u{200e}\u{2028}\u{2029}\u{202e}\u{2060}\u{2063}\u{2065}\u{2066}\u{206a}\u{2800}\u{3164}\u{fe00}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{fff9}\u{110bd}\u{13430}\u{1bca0}\u{1d159}\u{1d173}\u{16fe4}\u{e0001}\u{e0041}\u{e0100}\u{e01ef}\u{85}\u{9b}\u{0}\u{7f}";
        for character in unseen.chars() {
            assert!(is_unsafe(character), "{character:?}");
            assert_ne!(visible(&format!("ad{character}min"), 300), "admin");
            assert_eq!(clean_line(&format!("ad{character}min")), "admin");
        }
        for character in "aZ0 -_/\u{e4}\u{df}\u{4e2d}\u{1f511}\u{5d0}\u{627}\u{301}\u{a0}\u{3000}".chars() {
            assert!(!is_unsafe(character), "{character:?}");
        }
    }

    #[test]
    fn initials_are_those_of_the_first_and_last_word() {
        assert_eq!(initials("Ed Itor"), "EI");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("Jan van der Berg"), "JB");
        assert_eq!(initials("  "), "");
    }
}
