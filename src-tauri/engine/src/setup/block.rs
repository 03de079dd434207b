use std::path::PathBuf;

use super::{Plan, write};
use crate::problem::{Code, Problem, Result};

/// The change that puts lines between two comments of ours, replacing those that are there, or takes them out. `mark` tells
/// the comments of one block from those of another.
pub(super) fn plan(file: PathBuf, mark: &str, lines: &str, remove: bool) -> Result<Plan> {
    let before = write::read(&file)?.unwrap_or_default();
    let block = format!("{}{lines}{}", begin(mark), end(mark));
    let after = if remove { without(&before, mark)? } else { with(&before, mark, &block)? };
    Ok(Plan::text(file, block, &before, after))
}

fn begin(mark: &str) -> String {
    format!("# {mark}: begin\n")
}

fn end(mark: &str) -> String {
    format!("# {mark}: end\n")
}

/// The text without the block. What is around it is kept, blank lines and all.
///
/// # Errors
/// [`Code::BadSetting`] where the block does not end.
pub(super) fn without(text: &str, mark: &str) -> Result<String> {
    Ok(match found(text, mark)? {
        None => text.to_owned(),
        Some((start, stop)) => format!("{}{}", &text[..start], &text[stop..]),
    })
}

fn with(text: &str, mark: &str, block: &str) -> Result<String> {
    Ok(match found(text, mark)? {
        Some((start, stop)) => format!("{}{block}{}", &text[..start], &text[stop..]),
        None if text.is_empty() || text.ends_with('\n') => format!("{text}{block}"),
        None => format!("{text}\n{block}"),
    })
}

fn found(text: &str, mark: &str) -> Result<Option<(usize, usize)>> {
    let (begin, end) = (begin(mark), end(mark));
    let starts = text.match_indices(&begin).map(|(at, _)| at).find(|at| *at == 0 || text[..*at].ends_with('\n'));
    let Some(start) = starts else { return Ok(None) };
    let Some(length) = text[start..].find(&end) else {
        let why = format!("the lines after '{}' have no end '{}'; mend the file", begin.trim_end(), end.trim_end());
        return Err(Problem::new(Code::BadSetting, why));
    };
    Ok(Some((start, start + length + end.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_are_replaced_and_go_and_everything_around_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        std::fs::write(&file, "[user]\n\tname = Jane  # mine").unwrap();
        let put = |lines: &str, remove| plan(file.clone(), "rolecall x of y", lines, remove).unwrap();
        let read = || std::fs::read_to_string(&file).unwrap();
        let first = put("[a]\n", false);
        assert!(!first.done);
        let backup = first.carry_out().unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(&backup).unwrap(), "[user]\n\tname = Jane  # mine");
        assert_eq!(read(), "[user]\n\tname = Jane  # mine\n# rolecall x of y: begin\n[a]\n# rolecall x of y: end\n");
        assert!(put("[a]\n", false).done, "a second time changes nothing");
        std::fs::write(&file, format!("{}[after]\n", read())).unwrap();
        put("[b]\n", false).carry_out().unwrap();
        assert!(read().contains("[b]\n# rolecall x of y: end\n[after]") && !read().contains("[a]"));
        put("[b]\n", true).carry_out().unwrap();
        assert_eq!(read(), "[user]\n\tname = Jane  # mine\n[after]\n");
        assert!(put("[b]\n", true).done);
        std::fs::write(&file, "# rolecall x of y: begin\nhalf").unwrap();
        assert!(plan(file, "rolecall x of y", "[a]\n", false).is_err());
    }
}
