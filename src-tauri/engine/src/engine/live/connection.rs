//! Editing the connection of the active profile: issuer, client ID and what else a sign-in depends on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Live;
use crate::config::{
    ClientAuth, Product, Profile, RedirectPath, RedirectRule, Scopes, check_client_id, client_secret_from, issuer_from,
};
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;
use crate::view::{Connection, ConnectionEffect, Notice, SavedConnection};

impl Live {
    /// The connection of the active profile, as it is saved.
    ///
    /// # Errors
    /// [`Code::NoProfile`].
    pub fn connection(&self) -> Result<SavedConnection> {
        let profile = self.active_profile()?;
        let provider = profile.product();
        Ok(SavedConnection {
            profile: profile.name.to_string(),
            provider,
            provider_name: if provider == Product::OTHER { profile.issuer.host() } else { provider.label().to_owned() },
            client_secret: self.inner.engine.client_secret_state(&profile),
            connection: as_text(&profile),
        })
    }

    /// What saving this connection would do to the active profile. Changes nothing. `secret_changes` says whether a client
    /// secret was typed, or is to be removed; `names_itself` is what the check of the typed issuer found:
    /// [`crate::view::IssuerCheck::names_itself`].
    ///
    /// # Errors
    /// [`Code::NoProfile`].
    pub fn connection_effect(
        &self,
        typed: &Connection,
        secret_changes: bool,
        names_itself: Option<bool>,
    ) -> Result<ConnectionEffect> {
        let saved = self.active_profile()?;
        let signed_in = self.inner.engine.last_known(&saved).is_some_and(|last| last.end.is_none());
        let (edited, notice) = match edited(&saved, typed) {
            Ok(edited) => (edited, None),
            Err(problem) => (saved.clone(), Some(Notice::of(&problem))),
        };
        let changed = notice.is_none() && (edited != saved || secret_changes);
        let ends_session = signed_in && edited.key() != saved.key();
        Ok(ConnectionEffect {
            changed,
            ends_session,
            from_next_sign_in: signed_in && changed && !ends_session,
            redirects: self.inner.engine.redirect_addresses(&edited, names_itself),
            notice,
        })
    }

    /// Saves this connection in the active profile. A sign-in that waits for the browser is given up, for it was begun
    /// with the old values; the session kept under another issuer or client ID is ended first. `secret` is the client
    /// secret as typed, `None` where it stays as it is; an empty one takes it out of the key store.
    ///
    /// # Errors
    /// Rows for bad settings; key store rows; those of [`crate::Engine::save_profile`]. The profile is as before then.
    pub async fn save_connection(&self, typed: &Connection, secret: Option<&Secret>) -> Result<()> {
        let engine = &self.inner.engine;
        let saved = self.active_profile()?;
        let mut profile = edited(&saved, typed)?;
        match secret {
            None => {}
            Some(empty) if empty.expose().is_empty() => {
                engine.forget_client_secret(&saved).await?;
                profile.client_auth = ClientAuth::None;
            }
            Some(secret) => {
                engine.keep_client_secret(&profile, &client_secret_from(secret)?).await?;
                profile.client_auth = ClientAuth::SecretBasic;
            }
        }
        self.cancel_sign_in();
        engine.save_profile(&profile).await?;
        self.dismiss();
        self.read_config(None);
        let left = saved.given_for_its_issuer();
        if !saved.issuer.is_same_but_for_a_slash(&profile.issuer) && !left.is_empty() {
            let what = format!("What it had for {} is not used any more: {}.", saved.issuer.host(), left.join(", "));
            self.notify(format!("The profile {} is for {} now", profile.name, profile.issuer.host()), what);
        }
        Ok(())
    }
}

fn as_text(profile: &Profile) -> Connection {
    let RedirectRule { host, ports, path } = &profile.redirect;
    let lines: Vec<String> = profile.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    Connection {
        issuer: profile.issuer.as_str().to_owned(),
        client_id: profile.client_id.clone(),
        audience: profile.audience.clone().unwrap_or_default(),
        scopes: profile.scopes.to_string(),
        params: lines.join("\n"),
        redirect_host: host.clone(),
        redirect_ports: ports.join(", "),
        redirect_path: path.word().to_owned(),
        ca_file: profile.ca_file.as_ref().map(|file| file.display().to_string()).unwrap_or_default(),
    }
}

/// The saved profile with the typed connection instead of its own. Where the issuer is another one, only what was typed
/// again counts: what is still in the form was given for the former (OP-5).
fn edited(saved: &Profile, typed: &Connection) -> Result<Profile> {
    let issuer = issuer_from(&typed.issuer, saved.provider.unwrap_or(Product::OTHER))?;
    let product = saved.provider.unwrap_or_else(|| Product::of_url(issuer.url()));
    let client_id = typed.client_id.trim();
    check_client_id(client_id, product)?;
    let moved = !saved.issuer.is_same_but_for_a_slash(&issuer);
    let mut profile = if moved { saved.moved_to(issuer, saved.provider) } else { Profile { issuer, ..saved.clone() } };
    client_id.clone_into(&mut profile.client_id);
    let was = as_text(saved);
    let counts = |typed: &str, was: &str| !moved || typed.trim() != was.trim();
    if counts(&typed.scopes, &was.scopes) {
        profile.scopes = match typed.scopes.trim() {
            "" => Scopes::usual_at(product),
            scopes => Scopes::parse(scopes),
        };
    }
    if counts(&typed.audience, &was.audience) {
        profile.audience = filled(&typed.audience);
    }
    if counts(&typed.params, &was.params) {
        profile.params = params(&typed.params)?;
    }
    if counts(&typed.redirect_host, &was.redirect_host)
        || counts(&typed.redirect_ports, &was.redirect_ports)
        || counts(&typed.redirect_path, &was.redirect_path)
    {
        profile.redirect = RedirectRule {
            host: typed.redirect_host.trim().to_owned(),
            ports: ports(&typed.redirect_ports)?,
            path: match typed.redirect_path.trim() {
                "" => RedirectPath::ByIssuer,
                path => RedirectPath::of_word(path),
            },
        };
    }
    if counts(&typed.ca_file, &was.ca_file) {
        profile.ca_file = filled(&typed.ca_file).map(PathBuf::from);
    }
    if let Some(file) = profile.ca_file.as_ref().filter(|file| !file.is_file()) {
        return Err(Problem::new(Code::BadSetting, format!("there is no file {}", file.display())));
    }
    profile.check()?;
    Ok(profile)
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn params(text: &str) -> Result<BTreeMap<String, String>> {
    let one = |line: &str| match line.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(Problem::new(Code::BadSetting, format!("a parameter is written name=value, not '{line}'"))),
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(one).collect()
}

fn ports(text: &str) -> Result<Vec<u16>> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let one = |word: &str| {
        word.parse::<u16>()
            .map_err(|_| Problem::new(Code::BadSetting, format!("a port is a number from 1 to 65535, not '{word}'")))
    };
    words.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    fn profile() -> Profile {
        let issuer = Issuer::parse("https://acme.eu.auth0.com/").unwrap();
        Profile::new("acme".parse().unwrap(), issuer, "kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI".into())
    }

    #[test]
    fn what_is_saved_comes_back_unchanged() {
        let mut saved = profile();
        saved.params.insert("organization".into(), "org=1".into());
        saved.audience = Some("https://api.example.com".into());
        saved.redirect.ports = vec![47825, 47826];
        assert_eq!(edited(&saved, &as_text(&saved)).unwrap(), saved);
    }

    #[test]
    fn each_field_is_taken_and_another_client_id_makes_another_key() {
        let saved = profile();
        let typed = Connection {
            client_id: " Qm2cT7LwEu9sXh4RkPzN5dVb3yAo81Xz ".into(),
            scopes: String::new(),
            params: "prompt=login\n\n organization = acme ".into(),
            redirect_host: "localhost".into(),
            redirect_ports: "8400 8401,".into(),
            redirect_path: "/back".into(),
            ..as_text(&saved)
        };
        let edited = edited(&saved, &typed).unwrap();
        assert_ne!(edited.key(), saved.key());
        assert_eq!(edited.client_id, "Qm2cT7LwEu9sXh4RkPzN5dVb3yAo81Xz");
        assert_eq!(edited.scopes, Scopes::usual_at(Product::AUTH0));
        assert_eq!(edited.params["organization"], "acme");
        let addresses = edited.redirect_addresses(None, None).unwrap();
        assert_eq!(addresses, ["http://localhost:8400/back", "http://localhost:8401/back"]);
        assert_eq!(saved.redirect_addresses(None, None), None, "the provider was not asked yet");
    }

    #[test]
    fn op_5_another_issuer_takes_nothing_along_that_was_not_typed_for_it() {
        let mut saved = profile();
        saved.audience = Some("https://api.example.com".into());
        saved.params.insert("login_hint".into(), "jane@example.com".into());
        saved.scopes = Scopes::parse("openid secret-scope");
        saved.extra_hosts = vec!["keys.example".into()];
        saved.trusted_audiences = vec!["other".into()];
        saved.client_auth = crate::config::ClientAuth::SecretBasic;
        saved.ca_file = Some("/etc/hostname".into());
        let typed = Connection { issuer: "https://id.example.org/realms/x".into(), ..as_text(&saved) };
        let moved = edited(&saved, &typed).unwrap();
        assert_eq!(moved, saved.moved_to(Issuer::parse("https://id.example.org/realms/x").unwrap(), None));
        assert!(moved.audience.is_none() && moved.ca_file.is_none() && moved.extra_hosts.is_empty());
        assert!(!moved.params.contains_key("login_hint") && !moved.scopes.has("secret-scope"));
        // What is typed with it was meant for it.
        let typed = Connection { audience: "https://api.example.org".into(), ..typed };
        assert_eq!(edited(&saved, &typed).unwrap().audience.as_deref(), Some("https://api.example.org"));
        // A slash at the end is a slip of the pen.
        let typed = Connection { issuer: "https://acme.eu.auth0.com".into(), ..as_text(&saved) };
        assert_eq!(edited(&saved, &typed).unwrap().audience, saved.audience);
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_what_is_wrong() {
        let saved = profile();
        let with = |change: fn(&mut Connection)| {
            let mut typed = as_text(&saved);
            change(&mut typed);
            edited(&saved, &typed).unwrap_err()
        };
        assert_eq!(with(|typed| typed.redirect_ports = "70000".into()).code, Code::BadSetting);
        assert_eq!(with(|typed| typed.params = "state=mine".into()).code, Code::BadSetting);
        assert_eq!(with(|typed| typed.params = "organization".into()).code, Code::BadSetting);
        assert_eq!(with(|typed| typed.redirect_host = "evil.example".into()).code, Code::BadSetting);
        assert!(with(|typed| typed.ca_file = "/nowhere/ca.pem".into()).detail.contains("/nowhere/ca.pem"));
        let secret = "s".repeat(64);
        let typed = Connection { client_id: secret.clone(), ..as_text(&saved) };
        assert!(!edited(&saved, &typed).unwrap_err().detail.contains(&secret));
    }
}
