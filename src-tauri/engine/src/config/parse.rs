use std::collections::HashMap;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike};

use super::keys::Keys;
use super::target_keys;
use super::{AccentColor, ClientAuth, Config, Expect, InvalidProfile, Issuer, Product, Profile, ProfileName, Settings};
use crate::problem::{Code, Problem};

/// The keys of a profile.
const PROFILE_KEYS: [&str; 20] = [
    "issuer",
    "client_id",
    "scopes",
    "audience",
    "params",
    "ca_file",
    "redirect_host",
    "redirect_ports",
    "redirect_path",
    "provider",
    "allow_hosts",
    "trusted_audiences",
    "ask_consent",
    "lanyard",
    "expect",
    "claims",
    "client_auth",
    "client_secret",
    "never_signed_in",
    "targets",
];

/// Reads a document. What can't be used is left out, with a warning; relative paths stand for ones in `folder`.
pub(super) fn config_from(document: &DocumentMut, folder: &Path) -> Config {
    let mut config = Config::default();
    let root = Keys { table: document.as_table(), at: String::new() };
    root.warn_of_unknown(&["active", "settings", "profiles"], &mut config.warnings);
    config.active = root.lenient("active", Keys::text, &mut config.warnings).flatten().and_then(|name| {
        let parsed: Result<ProfileName, Problem> = name.parse();
        if let Err(problem) = &parsed {
            config.warnings.push(format!("active: {}", problem.detail));
        }
        parsed.ok()
    });
    config.settings = Settings::read(&root, &mut config.warnings);
    // By folded name, for thousands of profiles must not be compared with each other.
    let mut known: HashMap<String, ProfileName> = HashMap::new();
    for (name, item) in document.get("profiles").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
        match profile_from(name, item, folder, &known, &mut config.warnings) {
            Ok(profile) => {
                known.insert(profile.name.folded(), profile.name.clone());
                config.profiles.push(profile);
            }
            Err(why) => {
                config.warnings.push(format!("the profile '{name}' is left out: {}", why.detail));
                config.invalid_profiles.push(InvalidProfile { name: name.to_owned(), why });
            }
        }
    }
    config
}

fn profile_from(
    name: &str,
    item: &Item,
    folder: &Path,
    known: &HashMap<String, ProfileName>,
    warnings: &mut Vec<String>,
) -> Result<Profile, Problem> {
    let bad = |why: String| Problem::new(Code::BadSetting, why);
    let name: ProfileName = name.parse()?;
    if let Some(other) = known.get(&name.folded()) {
        return Err(bad(format!("there is '{other}' already, and names that differ only in case are the same")));
    }
    let table = item.as_table_like().ok_or_else(|| bad("it is not a table".into()))?;
    let keys = Keys { table, at: format!("profiles.{name}.") };
    keys.warn_of_unknown(&PROFILE_KEYS, warnings);
    if keys.table.contains_key("client_secret") {
        warnings.push(format!("{}client_secret is never read from here; take it out of the file", keys.at));
    }

    let issuer = keys.text("issuer")?.ok_or_else(|| bad("the issuer is missing".into()))?;
    let client_id = keys.text("client_id")?.ok_or_else(|| bad("the client_id is missing".into()))?;
    let provider = keys.choice("provider", Product::of_word, warnings);
    let mut profile = Profile::at(name, Issuer::parse(&issuer)?, client_id, provider);
    if let Some(scopes) = keys.scopes()? {
        profile.scopes = scopes;
    }
    profile.audience = keys.text("audience")?.filter(|audience| !audience.is_empty());
    if let Some(params) = keys.params()? {
        profile.params = params;
    }
    profile.ca_file = keys.text("ca_file")?.filter(|path| !path.is_empty()).map(|path| folder.join(path));
    profile.redirect = keys.redirect(profile.redirect)?;
    profile.extra_hosts = keys.list("allow_hosts")?.unwrap_or_default();
    profile.trusted_audiences = keys.list("trusted_audiences")?.unwrap_or_default();
    profile.ask_consent = keys.flag("ask_consent")?.unwrap_or(profile.ask_consent);
    profile.client_auth = keys.choice("client_auth", ClientAuth::of_word, warnings).unwrap_or_default();
    profile.accent_color = keys.choice("lanyard", AccentColor::of_word, warnings).unwrap_or_default();
    if let Some(expect) = keys.table("expect")? {
        expect.warn_of_unknown(&["roles", "groups"], warnings);
        profile.expect = Expect {
            roles: expect.list("roles")?.unwrap_or_default(),
            groups: expect.list("groups")?.unwrap_or_default(),
        };
    }
    profile.claims = keys.claims()?;
    profile.targets = target_keys::read(&keys, warnings)?;
    profile.never_signed_in = keys.lenient("never_signed_in", Keys::flag, warnings).flatten().unwrap_or_default();
    profile.check()?;
    Ok(profile)
}
