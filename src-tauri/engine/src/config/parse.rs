use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike};

use super::{
    AccentColor, ClientAuth, Config, Expect, InvalidProfile, Issuer, Product, Profile, ProfileName, RedirectPath,
    RedirectRule, Scopes, Settings, Theme,
};
use crate::identity::{ClaimPath, Kind};
use crate::problem::{Code, Problem};

/// The keys of a profile.
const PROFILE_KEYS: [&str; 19] = [
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
    config.settings = settings_from(&root, &mut config.warnings);
    // By name, for thousands of profiles must not be compared with each other.
    let mut known: BTreeMap<ProfileName, ProfileName> = BTreeMap::new();
    for (name, item) in document.get("profiles").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
        match profile_from(name, item, folder, &known, &mut config.warnings) {
            Ok(profile) => {
                known.insert(profile.name.clone(), profile.name.clone());
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

fn settings_from(root: &Keys<'_>, warnings: &mut Vec<String>) -> Settings {
    let usual = Settings::default();
    let Some(settings) = root.lenient("settings", Keys::table, warnings).flatten() else { return usual };
    settings.warn_of_unknown(&["clear_clipboard_after", "refresh_by_itself", "notify_changes", "look"], warnings);
    let mut flag = |key: &str, usual: bool| settings.lenient(key, Keys::flag, warnings).flatten().unwrap_or(usual);
    let auto_refresh = flag("refresh_by_itself", usual.auto_refresh);
    let notify_changes = flag("notify_changes", usual.notify_changes);
    let seconds = settings.lenient("clear_clipboard_after", Keys::seconds, warnings).flatten();
    Settings {
        clear_clipboard_after: seconds.unwrap_or(usual.clear_clipboard_after),
        auto_refresh,
        notify_changes,
        theme: settings.choice("look", Theme::of_word, warnings).unwrap_or_default(),
    }
}

fn profile_from(
    name: &str,
    item: &Item,
    folder: &Path,
    known: &BTreeMap<ProfileName, ProfileName>,
    warnings: &mut Vec<String>,
) -> Result<Profile, Problem> {
    let bad = |why: String| Problem::new(Code::BadSetting, why);
    let name: ProfileName = name.parse()?;
    if let Some(other) = known.get(&name) {
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
    profile.never_signed_in = keys.lenient("never_signed_in", Keys::flag, warnings).flatten().unwrap_or_default();
    profile.check()?;
    Ok(profile)
}

/// One table of the file, and where it stands.
struct Keys<'a> {
    table: &'a dyn TableLike,
    at: String,
}

impl<'a> Keys<'a> {
    fn warn_of_unknown(&self, known: &[&str], warnings: &mut Vec<String>) {
        let unknown = self.table.iter().map(|(key, _)| key).filter(|key| !known.contains(key));
        warnings.extend(
            unknown.map(|key| format!("{}{key} is not a setting Rolecall knows; it is left as it is", self.at)),
        );
    }

    /// What `read` reads there; a value of the wrong kind is warned of and passed over.
    fn lenient<T>(
        &self,
        key: &str,
        read: impl Fn(&Self, &str) -> Result<T, Problem>,
        warnings: &mut Vec<String>,
    ) -> Option<T> {
        read(self, key).map_err(|problem| warnings.push(problem.detail)).ok()
    }

    /// A word from a fixed choice; any other is warned of and passed over.
    fn choice<T>(&self, key: &str, of_word: impl Fn(&str) -> Option<T>, warnings: &mut Vec<String>) -> Option<T> {
        let word = self.lenient(key, Self::text, warnings).flatten()?;
        let choice = of_word(&word);
        if choice.is_none() {
            warnings.push(format!("{}{key}: '{word}' is not a choice; it is passed over", self.at));
        }
        choice
    }

    fn wrong(&self, key: &str, wanted: &str) -> Problem {
        Problem::new(Code::BadSetting, format!("{}{key} must be {wanted}", self.at))
    }

    fn read<T>(&self, key: &str, wanted: &str, read: impl Fn(&'a Item) -> Option<T>) -> Result<Option<T>, Problem> {
        self.table.get(key).map(|item| read(item).ok_or_else(|| self.wrong(key, wanted))).transpose()
    }

    fn text(&self, key: &str) -> Result<Option<String>, Problem> {
        self.read(key, "text in quotes", |item| item.as_str().map(str::to_owned))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, Problem> {
        self.read(key, "true or false", Item::as_bool)
    }

    fn seconds(&self, key: &str) -> Result<Option<u32>, Problem> {
        self.read(key, "a number of seconds", |item| item.as_integer().and_then(|number| number.try_into().ok()))
    }

    fn list(&self, key: &str) -> Result<Option<Vec<String>>, Problem> {
        self.read(key, "a list of texts", |item| {
            item.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
        })
    }

    fn table(&self, key: &str) -> Result<Option<Self>, Problem> {
        let at = format!("{}{key}.", self.at);
        self.read(key, "a table", |item| Some(Keys { table: item.as_table_like()?, at: at.clone() }))
    }

    fn scopes(&self) -> Result<Option<Scopes>, Problem> {
        self.read("scopes", "text or a list of texts", |item| match item.as_array() {
            Some(list) => {
                let scopes: Option<Vec<&str>> = list.iter().map(toml_edit::Value::as_str).collect();
                Some(Scopes::parse(&scopes?.join(" ")))
            }
            None => item.as_str().map(Scopes::parse),
        })
    }

    fn params(&self) -> Result<Option<BTreeMap<String, String>>, Problem> {
        let Some(params) = self.table("params")? else { return Ok(None) };
        let pairs = params.table.iter().map(|(key, _)| Ok((key.to_owned(), params.text(key)?.unwrap_or_default())));
        pairs.collect::<Result<_, Problem>>().map(Some)
    }

    /// `claims = [{ path = ["https://example.com/x", "team"], means = "group" }]`.
    fn claims(&self) -> Result<Vec<ClaimPath>, Problem> {
        let wanted = "a list like [{ path = [\"a\", \"b\"], means = \"role\" }], meaning role, group or permission";
        let claims = self.read("claims", wanted, |item| match item.as_array_of_tables() {
            Some(tables) => tables.iter().map(|table| claim_path(table)).collect(),
            None => {
                item.as_array()?.iter().map(|value| claim_path(value.as_inline_table()?)).collect::<Option<Vec<_>>>()
            }
        })?;
        Ok(claims.unwrap_or_default())
    }

    fn redirect(&self, usual: RedirectRule) -> Result<RedirectRule, Problem> {
        let ports = self.read("redirect_ports", "a list of numbers from 1 to 65535", |item| {
            let port = |value: &toml_edit::Value| value.as_integer().and_then(|number| u16::try_from(number).ok());
            item.as_array()?.iter().map(port).collect::<Option<Vec<u16>>>()
        })?;
        Ok(RedirectRule {
            host: self.text("redirect_host")?.unwrap_or(usual.host),
            ports: ports.unwrap_or(usual.ports),
            path: self
                .text("redirect_path")?
                .map_or_else(RedirectPath::of_old_profile, |word| RedirectPath::of_word(&word)),
        })
    }
}

fn claim_path(table: &dyn TableLike) -> Option<ClaimPath> {
    let path = match table.get("path")?.as_value()? {
        toml_edit::Value::String(name) => vec![name.value().clone()],
        value => value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?,
    };
    let word = table.get("means")?.as_str()?;
    let means = Kind::ALL.into_iter().find(|kind| word.strip_suffix('s').unwrap_or(word) == kind.word())?;
    (!path.is_empty()).then_some(ClaimPath { path, means })
}
