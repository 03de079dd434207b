//! Lines of two columns: a name, and a text beside it.

use std::fmt::Write as _;

/// The widest a column of names becomes, in characters.
const WIDEST: usize = 32;

/// A column of names. A name wider than the column gets a line of its own above its text, so that all texts stay aligned.
pub(crate) struct Columns {
    width: usize,
}

impl Columns {
    /// As wide as the names of a table need.
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let widths = names.into_iter().map(|name| name.chars().count());
        Self { width: widths.filter(|width| *width <= WIDEST).max().unwrap_or(0) }
    }

    /// Writes a name and the text beside it: one line, or two for a name that is too wide.
    pub(crate) fn line(&self, out: &mut String, name: &str, beside: &str) {
        let width = self.width;
        let _ = if name.chars().count() > width {
            writeln!(out, "  {name}\n  {:width$}  {beside}", "")
        } else {
            writeln!(out, "  {name:<width$}  {beside}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_wider_than_its_column_stands_above_what_belongs_to_it() {
        for long in [26, 33, 41, 300] {
            let names = ["sub".to_owned(), "a".repeat(long), "groups".to_owned()];
            let columns = Columns::of(names.iter().map(String::as_str));
            let mut out = String::new();
            for name in &names {
                columns.line(&mut out, name, "|");
            }
            let places: Vec<usize> = out.lines().filter_map(|line| line.find('|')).collect();
            assert_eq!(places.len(), names.len());
            assert!(places.iter().all(|place| *place == places[0] && *place <= WIDEST + 4), "{long}:\n{out}");
        }
    }
}
