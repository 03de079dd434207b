//! Files that a file includes, read in its place.

use std::path::{Path, PathBuf};

use super::MAX_FILE;
use crate::text::clean_line;

/// How deep files may include each other.
const MAX_DEPTH: usize = 8;
/// How many files are read at most.
const MAX_FILES: usize = 100;
/// How many folders above the including file a path may be relative to: it is relative to the folder of NGINX itself.
const MAX_ABOVE: usize = 3;

/// What NGINX brings along, and the server part of the reference implementation: nothing of a sign-in is set there.
const OF_NGINX: [&str; 5] = ["mime.types", "_params", "openid_connect.server_conf", "modules-enabled/*.conf", ".js"];

/// A file with those that it includes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WholeFile {
    /// The text, with the included ones in the place of the directives that name them.
    pub text: String,
    /// The included files that were not read, each with the reason.
    pub not_read: Vec<String>,
}

/// Puts the files that a configuration includes in the place of the directives that name them. A path is looked for beside
/// the including file and in the folders above it, as it is relative to NGINX's own folder, which nobody here knows.
#[must_use]
pub fn with_included(file: &Path, text: &str) -> WholeFile {
    let mut reader = Reader { files: 0, size: text.len(), not_read: Vec::new() };
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let text = reader.whole(text, &folder, &mut vec![file.to_owned()]);
    WholeFile { text, not_read: reader.not_read }
}

/// The paths that a configuration includes and that may set something of a sign-in.
#[must_use]
pub fn included(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| directive(line)?.path.map(clean_line)).collect()
}

struct Reader {
    files: usize,
    size: usize,
    not_read: Vec<String>,
}

impl Reader {
    fn whole(&mut self, text: &str, folder: &Path, within: &mut Vec<PathBuf>) -> String {
        let mut whole = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            match directive(line) {
                Some(Include { before, path: Some(path), after }) => {
                    whole.push_str(before);
                    whole.push('\n');
                    whole.push_str(&self.named(path, folder, within));
                    whole.push('\n');
                    whole.push_str(&self.whole(after, folder, within));
                }
                Some(_) | None => whole.push_str(line),
            }
        }
        whole
    }

    /// The files of this name, one behind the other.
    fn named(&mut self, path: &str, folder: &Path, within: &mut Vec<PathBuf>) -> String {
        let files = find(path, folder);
        if files.is_empty() {
            self.leave(path, "no such file beside the one that includes it");
        }
        let mut all = String::new();
        for file in files {
            if within.contains(&file) || within.len() > MAX_DEPTH {
                self.leave(path, "files include each other too deeply");
                continue;
            }
            let Ok(bytes) = std::fs::read(&file) else {
                self.leave(path, "it can't be read");
                continue;
            };
            self.files += 1;
            self.size += bytes.len();
            if self.files > MAX_FILES || self.size > MAX_FILE {
                self.leave(path, "the files are longer than 1 MiB together, or more than 100");
                continue;
            }
            let inner = file.parent().unwrap_or(Path::new("")).to_owned();
            within.push(file);
            all += &self.whole(&String::from_utf8_lossy(&bytes), &inner, within);
            all.push('\n');
            within.pop();
        }
        all
    }

    fn leave(&mut self, path: &str, why: &str) {
        let line = format!("include {}: {why}", clean_line(path));
        if !self.not_read.contains(&line) {
            self.not_read.push(line);
        }
    }
}

struct Include<'a> {
    before: &'a str,
    /// `None` for what NGINX itself brings along.
    path: Option<&'a str>,
    after: &'a str,
}

/// The `include path;` of a line. One that goes over several lines is not usual.
fn directive(line: &str) -> Option<Include<'_>> {
    let code = line.split('#').next().unwrap_or_default();
    let (at, _) = code.match_indices("include").find(|(at, word)| {
        let before = code[..*at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        before.is_none_or(|c| c.is_whitespace() || "{};".contains(c)) && after.is_some_and(char::is_whitespace)
    })?;
    let (path, _) = code[at + "include".len()..].split_once(';')?;
    let end = at + "include".len() + path.len() + 1;
    let path = path.trim().trim_matches(['"', '\'']);
    let is_plain = !path.is_empty() && !path.contains(['$', '{', ' ']);
    let own = OF_NGINX.iter().any(|own| path.ends_with(own));
    is_plain.then_some(Include { before: &line[..at], path: Some(path).filter(|_| !own), after: &line[end..] })
}

/// The files that a path means, by name; it may have `*` in its last part.
fn find(path: &str, folder: &Path) -> Vec<PathBuf> {
    let path = Path::new(path);
    let above = folder.ancestors().take(MAX_ABOVE + 1).map(|folder| folder.join(path));
    // One with the whole path of another computer: its name beside the including file.
    let by_name = path.file_name().filter(|_| path.is_absolute()).map(|name| folder.join(name));
    above.chain(by_name).map(|path| matching(&path)).find(|files| !files.is_empty()).unwrap_or_default()
}

fn matching(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.contains('*')) else {
        return if path.is_file() { vec![path.to_owned()] } else { Vec::new() };
    };
    let (start, end) = name.split_once('*').unwrap_or((name, ""));
    let all = path.parent().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let fits = |name: &str| name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end);
    let mut found: Vec<PathBuf> = all
        .filter(|entry| entry.file_name().to_str().is_some_and(fits))
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        folder
    }

    fn read(folder: &tempfile::TempDir, name: &str) -> WholeFile {
        let file = folder.path().join(name);
        with_included(&file, &std::fs::read_to_string(&file).unwrap())
    }

    #[test]
    fn included_files_stand_where_they_are_named_and_several_by_a_pattern() {
        let folder = folder(&[
            ("nginx.conf", "http { include conf.d/*.conf; # all\n include mime.types;\n}"),
            ("conf.d/a.conf", "set $a 1;"),
            ("conf.d/b.conf", "include conf.d/c.inc;"),
            ("conf.d/c.inc", "set $c 3;"),
            ("conf.d/d.txt", "set $d 4;"),
        ]);
        let whole = read(&folder, "nginx.conf");
        assert!(whole.not_read.is_empty(), "{:?}", whole.not_read);
        let (a, c) = (whole.text.find("$a 1").unwrap(), whole.text.find("$c 3").unwrap());
        assert!(a < c && !whole.text.contains("$d"), "{}", whole.text);
    }

    #[test]
    fn a_file_of_another_computer_is_found_by_its_name_beside_and_what_is_missing_is_told() {
        let folder = folder(&[
            ("site.conf", "include /etc/nginx/oidc/maps.conf;include gone.conf;\n# include comment.conf;\n"),
            ("maps.conf", "map $host $x { default 1; }"),
        ]);
        let whole = read(&folder, "site.conf");
        assert!(whole.text.contains("map $host $x"), "{}", whole.text);
        assert_eq!(whole.not_read, ["include gone.conf: no such file beside the one that includes it"]);
        assert_eq!(included("include a.conf;\n#include b.conf;\ninclude mime.types;"), ["a.conf"]);
    }

    #[test]
    fn files_that_include_each_other_end() {
        let folder = folder(&[("a.conf", "set $a 1; include b.conf;"), ("b.conf", "include a.conf;")]);
        let whole = read(&folder, "a.conf");
        assert_eq!(whole.text.matches("$a 1").count(), 1);
        assert!(whole.not_read[0].contains("too deeply"), "{:?}", whole.not_read);
    }
}
