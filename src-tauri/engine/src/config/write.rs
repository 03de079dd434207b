use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::set_value::{implicit_table, set};
use super::target_keys;
use super::{AccentColor, Expect, Profile, ProfileName, RedirectPath};
use crate::identity::ClaimPath;

/// Sets the active profile.
pub(super) fn set_active(document: &mut DocumentMut, name: &ProfileName) {
    set(document.as_table_mut(), "active", Some(name.as_str().into()));
}

/// Writes a profile into its table, made where it is missing. Settings that are the usual ones for its provider are
/// not written unless they are there already; keys that are not Rolecall's stay.
pub(super) fn put(document: &mut DocumentMut, profile: &Profile) {
    let usual = Profile::at(profile.name.clone(), profile.issuer.clone(), String::new(), profile.provider);
    let Some(table) = table_of(document, &profile.name) else { return };
    let changed = |changed: bool, value: Value| changed.then_some(value);
    set(table, "issuer", Some(profile.issuer.as_str().into()));
    set(table, "client_id", Some(profile.client_id.as_str().into()));
    set(table, "provider", profile.provider.map(|kind| kind.word().into()));
    set(table, "scopes", changed(profile.scopes != usual.scopes, profile.scopes.to_string().into()));
    set(table, "audience", profile.audience.as_deref().map(Value::from));
    set(table, "ca_file", profile.ca_file.as_ref().map(|path| path.to_string_lossy().into_owned().into()));
    let (redirect, usual_redirect) = (&profile.redirect, &usual.redirect);
    set(table, "redirect_host", changed(redirect.host != usual_redirect.host, redirect.host.as_str().into()));
    let ports: Array = redirect.ports.iter().map(|port| i64::from(*port)).collect();
    set(table, "redirect_ports", changed(redirect.ports != usual_redirect.ports, ports.into()));
    // A profile that says nothing of its path is one of before there was a choice.
    let path_changed = redirect.path != RedirectPath::of_old_profile();
    set(table, "redirect_path", changed(path_changed, redirect.path.word().into()));
    set(table, "allow_hosts", list(&profile.extra_hosts));
    set(table, "trusted_audiences", list(&profile.trusted_audiences));
    set(table, "ask_consent", changed(profile.ask_consent != usual.ask_consent, profile.ask_consent.into()));
    let client_auth = profile.client_auth;
    set(table, "client_auth", changed(client_auth != usual.client_auth, client_auth.word().into()));
    set(table, "lanyard", changed(profile.accent_color != AccentColor::default(), profile.accent_color.word().into()));
    let params: InlineTable = profile.params.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    set(table, "params", changed(profile.params != usual.params, params.into()));
    set(table, "never_signed_in", profile.never_signed_in.then(|| true.into()));
    put_expect(table, &profile.expect);
    put_claims(table, &profile.claims);
    target_keys::put(table, &profile.targets);
}

/// Takes a profile out, whatever case its name is written in. A comment at the head of the file that is apart from
/// the profile by an empty line is kept.
pub(super) fn remove(document: &mut DocumentMut, name: &ProfileName) -> bool {
    let mut kept = String::new();
    let mut found = false;
    while let Some(key) = key_of(document, name) {
        let Some(profiles) = document.get_mut("profiles").and_then(Item::as_table_like_mut) else { break };
        let removed = profiles.remove(&key);
        found = true;
        let above = removed.as_ref().and_then(Item::as_table).and_then(|table| table.decor().prefix()?.as_str());
        if let Some((apart, _)) = above.and_then(|text| text.rsplit_once("\n\n")) {
            kept.push_str(apart);
        }
    }
    if !kept.trim().is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{trailing}\n{}\n", kept.trim_matches('\n')));
    }
    let active = document.get("active").and_then(Item::as_str);
    let is_active = active.is_some_and(|active| same(active, name));
    if found && (is_active || active.is_none()) {
        document.remove("active");
        // The one that is left is the active one.
        let left = document.get("profiles").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
        if let [only] = left.map(|(name, _)| name.to_owned()).collect::<Vec<_>>().as_slice() {
            set(document.as_table_mut(), "active", Some(only.as_str().into()));
        }
    }
    found
}

/// Takes away the mark of a first sign-in that failed.
pub(super) fn forget_never_signed_in(document: &mut DocumentMut, name: &ProfileName) {
    let Some(key) = key_of(document, name) else { return };
    let profile = document.get_mut("profiles").and_then(Item::as_table_like_mut).and_then(|all| all.get_mut(&key));
    if let Some(profile) = profile.and_then(Item::as_table_like_mut) {
        profile.remove("never_signed_in");
    }
}

fn put_expect(table: &mut dyn TableLike, expect: &Expect) {
    if !table.contains_key("expect") && *expect == Expect::default() {
        return;
    }
    let inner = table.entry("expect").or_insert_with(|| Item::Table(Table::new()));
    if let Some(inner) = inner.as_table_like_mut() {
        set(inner, "roles", list(&expect.roles));
        set(inner, "groups", list(&expect.groups));
    }
}

/// Written only where they differ, so that a table in the person's own form stays as it is.
fn put_claims(table: &mut dyn TableLike, claims: &[ClaimPath]) {
    let one = |claim: &ClaimPath| {
        let mut inline = InlineTable::new();
        inline.insert("path", claim.path.iter().map(String::as_str).collect::<Array>().into());
        inline.insert("means", claim.means.word().into());
        Value::InlineTable(inline)
    };
    if table.get("claims").is_some_and(Item::is_array_of_tables) && !claims.is_empty() {
        return;
    }
    let all: Array = claims.iter().map(one).collect();
    set(table, "claims", (!claims.is_empty()).then(|| all.into()));
}

/// The table of a profile, made where it is missing.
pub(super) fn table_of<'a>(document: &'a mut DocumentMut, name: &ProfileName) -> Option<&'a mut dyn TableLike> {
    let key = key_of(document, name).unwrap_or_else(|| name.to_string());
    let profiles = document.entry("profiles").or_insert_with(implicit_table).as_table_like_mut()?;
    let profile = profiles.entry(&key).or_insert_with(|| Item::Table(Table::new()));
    if !profile.is_table_like() {
        *profile = Item::Table(Table::new());
    }
    profile.as_table_like_mut()
}

fn key_of(document: &DocumentMut, name: &ProfileName) -> Option<String> {
    let profiles = document.get("profiles")?.as_table_like()?;
    profiles.iter().map(|(key, _)| key).find(|key| same(key, name)).map(str::to_owned)
}

fn same(key: &str, name: &ProfileName) -> bool {
    key.eq_ignore_ascii_case(name.as_str())
}

fn list(values: &[String]) -> Option<Value> {
    (!values.is_empty()).then(|| values.iter().map(String::as_str).collect::<Array>().into())
}
