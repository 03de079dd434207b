//! Which test shows which security requirement. The list is written from the tests' own names, so it can't drift.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Every requirement, in short, with why no test shows it where none does.
const REQUIREMENTS: [(&str, &str, &str); 59] = [
    ("LB-1", "The listener is on the loopback interface alone", ""),
    ("LB-2", "The socket that is bound is the one that serves", ""),
    ("LB-3", "The redirect address is a literal; a squatter on the other family gets nothing", ""),
    ("LB-4", "State is checked before all else, and a wrong one changes nothing", ""),
    ("LB-5", "No path but the callback does anything", ""),
    ("LB-6", "Host must be the bound address; a foreign Origin is refused", ""),
    ("LB-7", "Callback pages are constants under strict headers", ""),
    ("LB-8", "The browser is moved to an address without the code", ""),
    ("LB-9", "Another user of the computer neither answers nor declines nor keeps an answer out", ""),
    ("LB-10", "The closing page is served before the program ends, and stands on this listener", ""),
    ("OP-1", "Discovery names only https addresses, plain http for a loopback issuer alone", ""),
    ("OP-2", "The opener gets one argument, never a shell's line", ""),
    ("OP-3", "Endpoints stand at the issuer's origin or an allowed host; redirects are not followed", ""),
    ("OP-4", "An answer of one provider is never redeemed at another", ""),
    ("OP-5", "What a profile was given for one issuer is not carried to another", ""),
    ("ID-1", "Algorithms come from a list of our own; none and HS* are refused", ""),
    ("ID-2", "The ID token's signature is always checked", ""),
    ("ID-3", "A claim of the wrong type is refused, never absent", ""),
    ("ID-4", "nonce, iss, aud, azp, exp and iat are checked", ""),
    ("ID-5", "A renewed ID token must be about the same person", ""),
    ("TK-1", "Tokens appear nowhere but where they are asked for", ""),
    ("TK-4", "What is called verified is verified for this issuer, time and kind", ""),
    ("TK-3", "A core of any program, made at any time, holds no refresh token", ""),
    ("TK-2", "A token that the provider repeats is neither stored nor shown", ""),
    ("DOC-1", "Claims cost no more than a bound, in memory, time and files, and what was cut is said", ""),
    ("UI-1", "No command of the page returns a token", ""),
    ("UI-2", "Commands are denied unless a capability allows them", ""),
    ("UI-3", "The page loads nothing from elsewhere", ""),
    ("UI-4", "The window goes nowhere and opens none", ""),
    ("UI-5", "The page is not steered from outside", ""),
    ("UI-6", "Groups that were too many are told as left out, never as none", ""),
    ("RF-1", "One token request however many threads and processes ask", ""),
    ("RF-2", "What has been sent is not cancelled", ""),
    ("RF-3", "Without the lock there is no refresh", ""),
    ("RF-4", "A refused token ends the session only if it is still the stored one", ""),
    ("RF-5", "A dead network never ends a session", ""),
    ("RF-6", "Answers that leave members out or give odd ones are taken as the standard says", ""),
    ("RF-7", "What could not be stored is held and tried again", ""),
    ("RF-10", "A refusal of the refresh token in any form leads to a new sign-in, and nothing else does", ""),
    ("RF-8", "Deadlines survive a suspended computer", ""),
    ("RF-9", "No exit drops what was sent; the wait is bounded", ""),
    ("KC-1", "A silent key store is told of in time and never blocks", ""),
    ("KC-2", "No plain file, ever; the store is tried before the browser opens", ""),
    ("KC-3", "Large sessions go in parts; half a write reads as the session before", ""),
    ("KC-4", "A store that comes up later is found", ""),
    ("KC-5", "No two profiles share an item", ""),
    ("KC-6", "Signing out revokes, deletes and says what failed", ""),
    ("KC-7", "What stands in the key store is named by a file, so that nothing is left that no command finds", ""),
    ("SI-1", "A second start shows the first and ends", ""),
    ("CB-1", "A copied token is marked as secret", ""),
    ("CB-2", "It is taken back, if it is still ours", ""),
    ("CB-3", "A copy from the command line says when it can't be", "the command line has no copy"),
    ("CLI-1", "Nothing from the network acts on a terminal", ""),
    ("CLI-2", "A token goes to standard output alone, and not to a screen unasked", ""),
    ("CLI-3", "Profiles can't be mixed up", ""),
    ("AV-1", "Reading grows linearly with what is read", ""),
    ("AV-2", "No lock is waited for without a bound, and none that another user can take", ""),
    ("SC-1", "Known weaknesses of dependencies are looked for", ""),
    ("CF-1", "Every conformance module is replayed", ""),
];

/// Writes `tests/it/README.md`; the difference is checked.
#[test]
fn every_requirement_has_a_test_that_names_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tests = tests_in(&root);
    let mut text = String::from(
        "# Security requirements and their tests\n\nWritten by the tests from their own names. Windows and macOS: not run here.\n\n| ID | requirement | shown by |\n|---|---|---|\n",
    );
    let mut bare = Vec::new();
    for (id, requirement, excuse) in REQUIREMENTS {
        let prefix = format!("{}_", id.to_lowercase().replace('-', "_"));
        let named: Vec<String> = tests
            .iter()
            .filter(|(name, _)| names(name, &prefix))
            .map(|(name, file)| format!("`{name}` ({file})"))
            .collect();
        if named.is_empty() && excuse.is_empty() {
            bare.push(id);
        }
        let shown = if named.is_empty() { excuse.to_owned() } else { named.join("<br>") };
        writeln!(text, "| {id} | {requirement} | {shown} |").unwrap();
    }
    fs::write(root.join("tests/it/README.md"), text).unwrap();
    assert_eq!(bare, Vec::<&str>::new(), "no test names these");
}

/// Whether a test's name begins with this ID, perhaps after others (`op_1_op_3_…`).
fn names(name: &str, prefix: &str) -> bool {
    let mut rest = name;
    loop {
        if rest.starts_with(prefix) {
            return true;
        }
        let mut words = rest.splitn(3, '_');
        let (Some(_), Some(number), Some(after)) = (words.next(), words.next(), words.next()) else { return false };
        if number.is_empty() || !number.chars().all(|digit| digit.is_ascii_digit()) {
            return false;
        }
        rest = after;
    }
}

/// Each test function by its name, with the file it stands in.
fn tests_in(root: &Path) -> BTreeMap<String, String> {
    let mut tests = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.join("src-tauri"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | "gen") {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&entry).unwrap_or_default();
                let shown = entry.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                for function in
                    source.lines().filter_map(|line| line.trim_start().trim_start_matches("async ").strip_prefix("fn "))
                {
                    let function = function.split('(').next().unwrap_or_default();
                    tests.insert(function.to_owned(), shown.clone());
                }
            }
        }
    }
    tests
}
