//! What the packages are known for.

use std::fs;
use std::path::Path;

use semver::Version;
use toml_edit::DocumentMut;

fn read(path: &str) -> DocumentMut {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Every package of a lock file that is older than the first version without a known weakness.
fn weak(lock: &DocumentMut) -> Vec<String> {
    let advisories = read("advisories.toml");
    let text = |table: &toml_edit::Table, key: &str| table[key].as_str().unwrap().to_owned();
    let mut weak = Vec::new();
    for package in lock["package"].as_array_of_tables().unwrap() {
        let (name, version) = (text(package, "name"), text(package, "version"));
        for advisory in advisories["advisory"].as_array_of_tables().unwrap() {
            let fixed = text(advisory, "fixed");
            if text(advisory, "package") == name && version.parse::<Version>().unwrap() < fixed.parse().unwrap() {
                weak.push(format!("{name} {version}: {}, since {fixed} no more", advisory["ids"]));
            }
        }
    }
    weak
}

#[test]
fn sc_1_no_package_has_a_weakness_that_rustsec_lacks() {
    assert_eq!(weak(&read("../../Cargo.lock")), Vec::<String>::new());
}

#[test]
fn sc_1_an_old_package_is_found() {
    let old = "[[package]]\nname = \"jsonwebtoken\"\nversion = \"10.2.9\"\n[[package]]\nname = \"tauri\"\nversion = \"2.11.1\"\n";
    let weak = weak(&old.parse().unwrap());
    assert!(weak.len() == 1 && weak[0].contains("CVE-2026-25537"), "{weak:?}");
}
