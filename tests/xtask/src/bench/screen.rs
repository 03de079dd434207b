//! What a display of our own shows, read from the file it keeps its picture in (an X window dump).

use std::collections::BTreeSet;
use std::path::Path;

/// A window with a page in it has text, and smooth text has many shades; an empty window has one or two colours.
const SHADES_OF_TEXT: usize = 12;

/// The number of the header's field that holds its own size, and of the one with the number of colours after it.
const HEADER_SIZE: usize = 0;
const COLOURS: usize = 19;

/// Whether a page with text is on the screen.
pub(super) fn shows_a_page(picture: &Path) -> bool {
    shades(picture, SHADES_OF_TEXT) >= SHADES_OF_TEXT
}

/// Whether nothing is on the screen.
pub(super) fn is_empty(picture: &Path) -> bool {
    shades(picture, 2) < 2
}

/// The number of different colours, as far as `enough`.
fn shades(picture: &Path, enough: usize) -> usize {
    let bytes = std::fs::read(picture).unwrap_or_default();
    let field = |number: usize| -> Option<usize> {
        let four = bytes.get(number * 4..number * 4 + 4)?;
        usize::try_from(u32::from_be_bytes(four.try_into().ok()?)).ok()
    };
    let Some(start) = field(HEADER_SIZE).zip(field(COLOURS)).map(|(header, colours)| header + colours * 12) else {
        return 0;
    };
    let (mut seen, mut last) = (BTreeSet::new(), None);
    for pixel in bytes.get(start..).unwrap_or_default().chunks_exact(4) {
        if last == Some(&pixel[..3]) {
            continue;
        }
        last = Some(&pixel[..3]);
        seen.insert(&pixel[..3]);
        if seen.len() >= enough {
            break;
        }
    }
    seen.len()
}
