//! Typed access to the keys of a table in `rolecall.toml`.

use std::collections::BTreeMap;

use toml_edit::{Item, TableLike};

use super::{RedirectPath, RedirectRule, Scopes};
use crate::identity::{ClaimPath, Kind};
use crate::problem::{Code, Problem};

/// One table of the file, and its path in the file for messages: empty, or ending in a dot.
pub(super) struct Keys<'a> {
    pub(super) table: &'a dyn TableLike,
    pub(super) at: String,
}

impl<'a> Keys<'a> {
    pub(super) fn warn_of_unknown(&self, known: &[&str], warnings: &mut Vec<String>) {
        let unknown = self.table.iter().map(|(key, _)| key).filter(|key| !known.contains(key));
        warnings.extend(
            unknown.map(|key| format!("{}{key} is not a setting Rolecall knows; it is left as it is", self.at)),
        );
    }

    /// Reads a value with `read`; one of the wrong kind is skipped with a warning.
    pub(super) fn lenient<T>(
        &self,
        key: &str,
        read: impl Fn(&Self, &str) -> Result<T, Problem>,
        warnings: &mut Vec<String>,
    ) -> Option<T> {
        read(self, key).map_err(|problem| warnings.push(problem.detail)).ok()
    }

    /// A word from a fixed choice; any other is warned of and passed over.
    pub(super) fn choice<T>(
        &self,
        key: &str,
        of_word: impl Fn(&str) -> Option<T>,
        warnings: &mut Vec<String>,
    ) -> Option<T> {
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

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Problem> {
        self.read(key, "text in quotes", |item| item.as_str().map(str::to_owned))
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, Problem> {
        self.read(key, "true or false", Item::as_bool)
    }

    pub(super) fn seconds(&self, key: &str) -> Result<Option<u32>, Problem> {
        self.read(key, "a number of seconds", |item| item.as_integer().and_then(|number| number.try_into().ok()))
    }

    pub(super) fn list(&self, key: &str) -> Result<Option<Vec<String>>, Problem> {
        self.read(key, "a list of texts", |item| {
            item.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
        })
    }

    pub(super) fn table(&self, key: &str) -> Result<Option<Self>, Problem> {
        let at = format!("{}{key}.", self.at);
        self.read(key, "a table", |item| Some(Keys { table: item.as_table_like()?, at: at.clone() }))
    }

    pub(super) fn scopes(&self) -> Result<Option<Scopes>, Problem> {
        self.read("scopes", "text or a list of texts", |item| match item.as_array() {
            Some(list) => {
                let scopes: Option<Vec<&str>> = list.iter().map(toml_edit::Value::as_str).collect();
                Some(Scopes::parse(&scopes?.join(" ")))
            }
            None => item.as_str().map(Scopes::parse),
        })
    }

    pub(super) fn params(&self) -> Result<Option<BTreeMap<String, String>>, Problem> {
        let Some(params) = self.table("params")? else { return Ok(None) };
        let pairs = params.table.iter().map(|(key, _)| Ok((key.to_owned(), params.text(key)?.unwrap_or_default())));
        pairs.collect::<Result<_, Problem>>().map(Some)
    }

    /// `claims = [{ path = ["https://example.com/x", "team"], means = "group" }]`.
    pub(super) fn claims(&self) -> Result<Vec<ClaimPath>, Problem> {
        let wanted = "a list like [{ path = [\"a\", \"b\"], means = \"role\" }], meaning role, group or permission";
        let claims = self.read("claims", wanted, |item| match item.as_array_of_tables() {
            Some(tables) => tables.iter().map(|table| claim_path(table)).collect(),
            None => {
                item.as_array()?.iter().map(|value| claim_path(value.as_inline_table()?)).collect::<Option<Vec<_>>>()
            }
        })?;
        Ok(claims.unwrap_or_default())
    }

    pub(super) fn redirect(&self, usual: RedirectRule) -> Result<RedirectRule, Problem> {
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
