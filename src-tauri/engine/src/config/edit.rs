//! One setting in the document, everything else in it left as it is.

use toml_edit::{Array, DocumentMut, Item, Key, RawString, Table, TableLike, Value};

use super::set_value::set;
use super::settings::{Expectation, Setting};
use super::write::{set_active, table_of};
use super::{AccentColor, ProfileName};
use crate::identity::Kind;
use crate::problem::{Code, Problem, Result};
use crate::text::visible;

/// The longest name that can be expected, in characters; values from a provider are cut there too.
const MAX_NAME: usize = 1000;

/// Puts one setting into the document; those of a profile into `profile`.
pub(super) fn apply(document: &mut DocumentMut, profile: Option<&ProfileName>, setting: &Setting) -> Result<()> {
    if let Some((key, value)) = setting.entry() {
        let settings = document.entry("settings").or_insert_with(|| Item::Table(Table::new()));
        let settings = settings.as_table_like_mut().ok_or_else(|| bad("'settings' is not a table"))?;
        set(settings, key, Some(value));
        return Ok(());
    }
    match setting {
        Setting::AccentColor(accent_color) => {
            let table = in_profile(document, profile)?;
            let said = *accent_color != AccentColor::default() || table.contains_key("lanyard");
            set(table, "lanyard", said.then(|| accent_color.word().into()));
            Ok(())
        }
        Setting::Expect(expected) => expect(in_profile(document, profile)?, expected),
        Setting::StopExpecting(expected) => stop_expecting(in_profile(document, profile)?, expected),
        // The others have an entry of their own.
        _ => Ok(()),
    }
}

/// Renames a profile. All entries are taken out and put back, for that alone keeps their order.
pub(super) fn rename(document: &mut DocumentMut, from: &ProfileName, to: &ProfileName) {
    let Some(profiles) = document.get_mut("profiles") else { return };
    let renamed = |key: Key| {
        if !key.get().eq_ignore_ascii_case(from.as_str()) {
            return key;
        }
        Key::new(to.as_str()).with_leaf_decor(key.leaf_decor().clone()).with_dotted_decor(key.dotted_decor().clone())
    };
    match profiles {
        Item::Table(table) => {
            let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
            let all: Vec<(Key, Item)> = names.iter().filter_map(|name| table.remove_entry(name)).collect();
            for (key, item) in all {
                table.insert_formatted(&renamed(key), item);
            }
        }
        Item::Value(Value::InlineTable(table)) => {
            let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
            let all: Vec<(Key, Value)> = names.iter().filter_map(|name| table.remove_entry(name)).collect();
            for (key, value) in all {
                table.insert_formatted(&renamed(key), value);
            }
        }
        _ => return,
    }
    let is_active =
        document.get("active").and_then(Item::as_str).is_some_and(|name| name.eq_ignore_ascii_case(from.as_str()));
    if is_active {
        set_active(document, to);
    }
}

fn in_profile<'a>(document: &'a mut DocumentMut, profile: Option<&ProfileName>) -> Result<&'a mut dyn TableLike> {
    let profile = profile.ok_or_else(|| Problem::new(Code::NoProfile, ""))?;
    table_of(document, profile).ok_or_else(|| bad("'profiles' is not a table"))
}

fn expect(profile: &mut dyn TableLike, expected: &Expectation) -> Result<()> {
    let (key, value) = (key_of(expected)?, expected.value.trim());
    if value.is_empty() || value.chars().count() > MAX_NAME {
        return Err(bad("a name of 1 to 1000 characters is needed"));
    }
    let dotted = || {
        let mut table = Table::new();
        table.set_dotted(true);
        Item::Table(table)
    };
    let inner = profile.entry("expect").or_insert_with(dotted);
    let inner = inner.as_table_like_mut().ok_or_else(|| bad("'expect' is not a table"))?;
    match inner.get_mut(key).and_then(Item::as_array_mut) {
        Some(list) => add(list, value),
        None => set(inner, key, Some([value].into_iter().collect::<Array>().into())),
    }
    Ok(())
}

fn stop_expecting(profile: &mut dyn TableLike, expected: &Expectation) -> Result<()> {
    let key = key_of(expected)?;
    let Some(inner) = profile.get_mut("expect").and_then(Item::as_table_like_mut) else { return Ok(()) };
    if let Some(list) = inner.get_mut(key).and_then(Item::as_array_mut) {
        remove(list, &expected.value);
        if list.is_empty() {
            inner.remove(key);
        }
    }
    if inner.is_empty() {
        profile.remove("expect");
    }
    Ok(())
}

fn key_of(expected: &Expectation) -> Result<&'static str> {
    match expected.kind {
        Kind::Role => Ok("roles"),
        Kind::Group => Ok("groups"),
        Kind::Permission => Err(bad("roles and groups can be expected, permissions can't")),
    }
}

/// Puts a value behind the others, on a line of its own where they have one.
fn add(list: &mut Array, name: &str) {
    if list.iter().any(|value| value.as_str() == Some(name)) {
        return;
    }
    let indent = list.iter().last().map(|last| before(last).to_owned()).unwrap_or_default();
    let Some(at) = indent.rfind('\n') else { return list.push(name) };
    // Up to the end of the line, a comment there is about the value that was the last until now.
    let rest = list.trailing().as_str().unwrap_or_default().to_owned();
    let (comment, after) = rest.find('\n').map_or(("", rest.as_str()), |end| rest.split_at(end));
    let value = Value::from(name).decorated(format!("{comment}{}", &indent[at..]), "");
    list.push_formatted(value);
    list.set_trailing(after);
}

/// Takes a value out by the name under which it is shown, with the comment on its line.
fn remove(list: &mut Array, name: &str) {
    let is_it = |value: &Value| value.as_str().is_some_and(|text| text == name || visible(text, MAX_NAME) == name);
    loop {
        let at = list.iter().position(is_it);
        let Some(at) = at else { return };
        let removed = list.remove(at);
        let above = before(&removed);
        // The text before a value begins with the comment on the line above it.
        let joined = |below: &str| match (above.find('\n'), below.find('\n')) {
            (Some(end), Some(begin)) => format!("{}{}", &above[..end], &below[begin..]),
            _ if at == 0 && below == " " => above.to_owned(),
            _ => below.to_owned(),
        };
        if let Some(next) = list.get_mut(at) {
            let prefix = joined(before(next));
            next.decor_mut().set_prefix(prefix);
        } else {
            let trailing = joined(list.trailing().as_str().unwrap_or_default());
            list.set_trailing(trailing);
        }
    }
}

/// Blanks, line ends and comments before a value.
fn before(value: &Value) -> &str {
    value.decor().prefix().and_then(RawString::as_str).unwrap_or_default()
}

fn bad(why: &str) -> Problem {
    Problem::new(Code::BadSetting, why)
}
