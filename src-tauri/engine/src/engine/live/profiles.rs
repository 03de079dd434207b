use std::path::PathBuf;

use super::Live;
use super::model::{Model, active_profile, unusable_profile};
use crate::config::{Config, Product, Profile, ProfileName, Scopes, Setting, check_client_id, included, issuer_from};
use crate::documents::Documents;
use crate::engine::{Import, ImportOptions, Imported, lock};
use crate::findings::{Evidence, Names, Wanted, Why, why_with};
use crate::history::{Kind, Moment};
use crate::identity::DocumentKind;
use crate::problem::{Code, Problem, Result};
use crate::view::{Draft, IssuerCheck, NginxDraft};

impl Live {
    /// Makes a profile the active one.
    pub fn select(&self, profile: &str) {
        let Some(profile) = self.named(profile) else { return };
        self.change(|model| {
            model.active = Some(profile.name.clone());
            model.general = None;
        });
        self.load(profile.clone());
        let live = self.clone();
        self.spawn_operation(async move {
            let written = live.inner.engine.select_profile(&profile.name).await;
            if let Err(problem) = written {
                live.change(|model| model.general = Some(problem));
            }
        });
    }

    /// Takes a profile out of the configuration; its session is signed out first, and where that fails it stays.
    pub fn remove(&self, profile: &str) {
        let Some(profile) = self.named(profile) else { return };
        let live = self.clone();
        self.spawn_operation(async move {
            if live.run_sign_out(&profile).await {
                let removed = live.inner.engine.remove_profile(&profile).await;
                live.read_config(removed.err());
            }
        });
    }

    /// Reads an NGINX file into the fields of the set-up screen: its default host, else its first. Saves nothing.
    ///
    /// # Errors
    /// As [`crate::Engine::import_nginx`].
    pub async fn import_nginx(&self, text: &str) -> Result<NginxDraft> {
        let Import { mut profiles, left_out } = self.inner.engine.import_nginx(text, ImportOptions::default()).await?;
        let others: Vec<String> = profiles.iter().skip(1).filter_map(|one| one.host.clone()).collect();
        let Imported { profile, taken, mut not_taken, .. } = profiles.swap_remove(0);
        not_taken.extend(left_out);
        not_taken.extend(profile.params.keys().map(|name| format!("the parameter {name}: add it in rolecall.toml")));
        let files = included(text);
        if !files.is_empty() {
            let files = files.join(", ");
            not_taken.push(format!(
                "what it includes, {files}: in a shell, rolecall import nginx reads the files beside it"
            ));
        }
        if !others.is_empty() {
            not_taken.push(format!("further hosts: {}; rolecall import nginx takes them all", others.join(", ")));
        }
        let draft = Draft {
            name: String::new(),
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.clone(),
            audience: profile.audience.clone().unwrap_or_default(),
            scopes: profile.scopes.to_string(),
            provider: Some(profile.product()),
        };
        Ok(NginxDraft { draft, taken, not_taken })
    }

    /// Why something is not there, for the active profile; `None` while nobody is signed in. Without a value it is
    /// about everything.
    #[must_use]
    pub fn why(&self, value: Option<String>, kind: Option<Kind>) -> Option<Why> {
        self.why_with(value, kind, Names::Counted)
    }

    /// The same, with a report that names roles and groups where the person wants that.
    #[must_use]
    pub fn why_with(&self, value: Option<String>, kind: Option<Kind>, names: Names) -> Option<Why> {
        let profile = self.active()?;
        let (summary, receiver) = self.change_account(&profile, |account| {
            let summary = account.summary()?.clone();
            let asked = account.receiver.as_ref().filter(|asked| asked.subject == summary.identity.subject);
            Some((summary, asked.map(|asked| asked.receiver.clone())))
        })?;
        let wanted = value.filter(|value| !value.trim().is_empty()).map(|value| Wanted { value, kind });
        let directory = self.inner.engine.directory(&profile, &summary.identity.subject);
        let evidence = Evidence::of(&profile, &summary, self.inner.engine.now());
        let mut evidence = evidence.with_directory(directory.as_deref());
        evidence.receiver = receiver.as_ref();
        if let Some(wanted) = &wanted {
            evidence = evidence.about(wanted);
        }
        Some(why_with(&evidence, names))
    }

    /// What was added and removed in the active profile, newest first.
    #[must_use]
    pub fn history(&self) -> Vec<Moment> {
        let history = self.active().map(|profile| self.inner.engine.history(&profile)).unwrap_or_default();
        history.moments().cloned().collect()
    }

    /// What the provider's answers say, claim by claim, for the active profile.
    ///
    /// # Errors
    /// As [`crate::Engine::documents`].
    pub async fn documents(&self) -> Result<Documents> {
        let answer = self.inner.engine.documents(&self.active_profile()?).await;
        self.note_key_store_failure(&answer);
        answer
    }

    /// The whole value of one claim, for the active profile.
    ///
    /// # Errors
    /// As [`crate::Engine::claim`].
    pub async fn claim(&self, document: DocumentKind, name: &str) -> Result<Option<String>> {
        let answer = self.inner.engine.claim(&self.active_profile()?, document, name).await;
        self.note_key_store_failure(&answer);
        answer
    }

    /// Notes a key store that does not answer; that one does is no news, and needs no new view.
    pub(super) fn note_key_store_failure<T>(&self, answer: &Result<T>) {
        if answer.is_err() {
            self.change(|model| model.note_key_store(answer));
        }
    }

    pub(super) fn active_profile(&self) -> Result<Profile> {
        self.active().ok_or_else(|| Problem::new(Code::NoProfile, ""))
    }

    /// Live check of what is typed as an issuer, trusting the certificates in this file besides the system's.
    pub async fn check_issuer(&self, text: &str, provider: Option<Product>, ca_file: Option<PathBuf>) -> IssuerCheck {
        self.inner.engine.check_issuer_trusting(text, provider, ca_file).await
    }

    /// Saves the set-up screen as a profile and makes it the active one. Tells the name it got. What a profile of that
    /// name had with another issuer or client ID is ended first.
    ///
    /// # Errors
    /// Rows for bad settings; those of [`crate::Engine::save_profile`]. Nothing is changed then.
    pub async fn save_profile(&self, draft: &Draft) -> Result<String> {
        let folders = &self.inner.engine.ports().folders;
        let taken: Vec<ProfileName> =
            Config::load(folders).unwrap_or_default().profiles.into_iter().map(|profile| profile.name).collect();
        let profile = profile_of(draft, &taken)?;
        self.inner.engine.save_profile(&profile).await?;
        self.read_config(None);
        self.change(|model| model.active = Some(profile.name.clone()));
        Ok(profile.name.to_string())
    }

    /// Changes one setting; those of a profile in the active profile.
    ///
    /// # Errors
    /// As [`Config::set`]; the file and what is shown are as before then.
    pub async fn set(&self, setting: &Setting) -> Result<()> {
        let active = self.active();
        self.inner.engine.set(active.as_ref(), setting).await?;
        self.read_config(None);
        Ok(())
    }

    /// Gives the active profile another name; its session goes with it.
    ///
    /// # Errors
    /// As [`crate::Engine::rename_profile`].
    pub async fn rename_profile(&self, name: &str) -> Result<()> {
        let profile = self.active_profile()?;
        let renamed = self.inner.engine.rename_profile(&profile, &name.trim().parse()?).await;
        if let Ok(renamed) = &renamed {
            self.change(|model| {
                let account = model.accounts.remove(&profile.key()).unwrap_or_default();
                model.accounts.insert(renamed.key(), account);
            });
        }
        self.read_config(None);
        let renamed = renamed?;
        self.change(|model| model.active = Some(renamed.name.clone()));
        self.load(renamed);
        Ok(())
    }

    /// Writes, reads and deletes a throw-away item in the key store. The outcome shows in the view, too.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn check_key_store(&self) -> Result<()> {
        let answer = self.inner.engine.check_key_store().await;
        self.change(|model| model.note_key_store(&answer));
        answer
    }

    /// Reads the configuration again and takes over what changed.
    pub(super) fn read_config(&self, problem: Option<Problem>) {
        let engine = &self.inner.engine;
        let read = engine.config();
        let before: Vec<String> = lock(&self.inner.model).accounts.keys().cloned().collect();
        let fresh = self.change(|model| {
            model.general = problem;
            match read {
                Ok(config) => {
                    model.general = model.general.take().or_else(|| unusable_profile(&config));
                    replace_config(model, config)
                }
                Err(problem) => {
                    model.general = Some(problem);
                    Vec::new()
                }
            }
        });
        for profile in fresh {
            let last = engine.last_known(&profile);
            self.change_account(&profile, |account| account.last = last);
            self.load(profile);
        }
        for profile in engine.orphaned_sessions().iter().filter(|profile| before.contains(&profile.key())) {
            let (name, host) = (&profile.name, profile.issuer.host());
            let how = "No profile names it any more. In a terminal, 'rolecall profiles prune' ends it.";
            self.notify(format!("The session of {name} at {host} is left over"), how);
        }
    }
}

/// Puts a configuration in place; tells the profiles that were not known before.
fn replace_config(model: &mut Model, config: Config) -> Vec<Profile> {
    let gone = |name: &ProfileName| !config.profiles.iter().any(|profile| profile.name == *name);
    // Another program chose a profile: the window follows.
    let chosen = config.active.is_some() && config.active != model.config.active;
    if chosen || model.active.as_ref().is_none_or(gone) {
        model.active = active_profile(&config);
    }
    let keys: Vec<String> = config.profiles.iter().map(Profile::key).collect();
    model.accounts.retain(|key, _| keys.contains(key));
    let fresh =
        config.profiles.iter().filter(|profile| !model.accounts.contains_key(&profile.key())).cloned().collect();
    model.config = config;
    fresh
}

fn profile_of(draft: &Draft, taken: &[ProfileName]) -> Result<Profile> {
    let kind = draft.provider.unwrap_or(Product::OTHER);
    let issuer = issuer_from(&draft.issuer, kind)?;
    let kind = draft.provider.unwrap_or_else(|| Product::of_url(issuer.url()));
    let client_id = draft.client_id.trim();
    check_client_id(client_id, kind)?;
    let name = match draft.name.trim() {
        "" => ProfileName::from_issuer(&issuer, taken),
        name => name.parse()?,
    };
    let provider = draft.provider.filter(|kind| *kind != Product::OTHER);
    let mut profile = Profile::at(name, issuer, client_id.to_owned(), provider);
    if !draft.scopes.trim().is_empty() {
        profile.scopes = Scopes::parse(&draft.scopes);
    }
    profile.audience = Some(draft.audience.trim().to_owned()).filter(|audience| !audience.is_empty());
    profile.check()?;
    Ok(profile)
}
