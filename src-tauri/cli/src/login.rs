use std::time::Duration;

use rolecall_engine::config::{
    ClientAuth, Config, Issuer, Product, Profile, ProfileName, RedirectPath, Scopes, check_client_id, issuer_from,
};
use rolecall_engine::engine::{DeviceLogin, SignIn};
use rolecall_engine::problem::{Area, Result};
use rolecall_engine::view::{SessionReport, WITHHELD_AFTER_CONSENT};
use rolecall_engine::{Code, Engine, Problem};

use crate::args::Login;
use crate::terminal::Terminal;
use crate::{DONE, device, sign_in, tell_warnings, text};

pub(crate) async fn login(options: &Login, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let config = load_config(options, engine, terminal)?;
    let mut profile = profile_for(options, &config, terminal)?;
    profile.check()?;
    terminal.about(&profile.name, &config);
    let former = config.profiles.iter().find(|known| known.name == profile.name && known.key() != profile.key());
    if former.is_some_and(|former| former.client_auth != ClientAuth::None) {
        // The secret belongs to this client at this issuer only.
        profile.client_auth = ClientAuth::None;
        terminal.info("note: the client secret of this profile is for what it was before; it is not sent any more");
    }
    let changed = former.is_some();
    let timeout = options.timeout.map(Duration::from_secs);
    let how = SignIn {
        timeout: timeout.unwrap_or(SignIn::default().timeout),
        ask_consent: options.ask_consent,
        open_browser: !(options.no_browser || options.paste),
        paste: options.paste,
        ..SignIn::default()
    };
    let signed_in = if options.device {
        let how = DeviceLogin { timeout, memory_only: false };
        device::sign_in(engine, &profile, how, options.qr, terminal).await
    } else {
        sign_in::sign_in(engine, &profile, &how, terminal).await
    };
    let profile =
        Profile { ask_consent: profile.ask_consent || options.ask_consent, never_signed_in: false, ..profile };
    let summary = match signed_in {
        Ok(summary) => summary,
        Err(problem) => {
            keep_unfinished(&profile, &problem, engine, terminal).await;
            tell_near_issuer(&profile, &problem, engine, terminal).await;
            return Err(problem);
        }
    };
    if changed {
        end_former(&profile, engine, terminal).await;
    }
    if must_save(&profile, &config) {
        engine.save_profile(&profile).await?;
    }
    terminal.info(&text::signed_in(&SessionReport::of(&profile, &summary, engine.now())));
    tell_warnings(&summary.warnings, terminal);
    if summary.refresh_token_withheld {
        tell_withheld(profile.ask_consent, terminal);
    }
    if summary.unsaved {
        return Err(Problem::new(Code::KeyStoreFailing, "you signed in, but the session could not be stored"));
    }
    Ok(DONE)
}

/// No refresh token came. Where consent was asked for, asking again brings nothing; `why` says what the provider needs.
fn tell_withheld(asked_consent: bool, terminal: &mut Terminal) {
    let row = Code::RefreshTokenWithheld.row();
    let (hint, command) =
        if asked_consent { (WITHHELD_AFTER_CONSENT, "rolecall why") } else { (row.hint, row.command) };
    terminal.info(&format!("note: {}. {hint}", row.title));
    terminal.info(&format!("      {command}"));
}

/// Where nothing answers at the issuer but something does near it, that is told.
async fn tell_near_issuer(profile: &Profile, problem: &Problem, engine: &Engine, terminal: &mut Terminal) {
    if problem.code != Code::NotAnIssuer {
        return;
    }
    if let Some(near) = engine.near_issuer(&profile.issuer, problem).await {
        terminal.info(&format!("note: an issuer answers at {near}"));
        terminal.info(&format!("      rolecall login --issuer {near}"));
    }
}

/// A first sign-in often fails for something that another command mends, a client secret for example. What was given is
/// kept for that, and for the next try.
async fn keep_unfinished(profile: &Profile, problem: &Problem, engine: &Engine, terminal: &mut Terminal) {
    // The arguments are wrong, or this computer prevents it: there is nothing to keep for another try.
    if matches!(problem.code.row().area, Area::Setting | Area::Issuer | Area::Files | Area::KeyStore) {
        return;
    }
    match engine.keep_unfinished(profile).await {
        Ok(true) => {
            if let Ok(config) = engine.config() {
                terminal.about(&profile.name, &config);
            }
            let name = &profile.name;
            terminal
                .info(&format!("note: what you gave is kept as the profile {name}; rolecall login goes on with it"));
        }
        Ok(false) => {}
        Err(problem) => terminal.info(&format!("note: what you gave could not be kept: {problem}")),
    }
}

/// The configuration; one that can't be read was kept aside, and a sign-in with an issuer given starts a new one.
fn load_config(options: &Login, engine: &Engine, terminal: &mut Terminal) -> Result<Config> {
    match engine.config() {
        Err(problem) if problem.code == Code::ConfigBroken && options.issuer.is_some() => {
            terminal.info(&format!("note: {problem}"));
            Ok(Config::default())
        }
        config => config,
    }
}

/// Another issuer or client under the same name: the session and the secret of before would have no name any more, so
/// they are ended. The file still names the profile as it was.
async fn end_former(profile: &Profile, engine: &Engine, terminal: &mut Terminal) {
    match terminal.run_to_end(engine.end_former(profile)).await.0 {
        Ok(Some(former)) => {
            let host = former.profile.issuer.host();
            if former.signed_out.was_signed_in {
                terminal.info(&format!("The session this profile had at {host} was ended."));
            }
            if let Some(Err(problem)) = &former.signed_out.revoked {
                terminal.info(&format!(
                    "note: its token could not be revoked at {host} and stays valid until it ends: {problem}"
                ));
            }
            if former.had_secret {
                terminal.info("Its client secret was deleted. Store the new one: rolecall client-secret");
            }
        }
        Ok(None) => {}
        Err(problem) => {
            terminal.info(&format!("note: the session this profile had before could not be ended: {problem}"));
            terminal.info("      try again: rolecall profiles prune");
        }
    }
}

/// The profile as it stands, with what was given changed; or a new one.
fn profile_for(options: &Login, config: &Config, terminal: &mut Terminal) -> Result<Profile> {
    let name: Option<ProfileName> = options.profile.as_deref().map(str::parse).transpose()?;
    let kind = options.provider.as_deref().map(product).transpose()?;
    let issuer = options.issuer.as_deref().map(|text| issuer_from(text, kind.unwrap_or(Product::OTHER))).transpose()?;
    // Some products have one issuer for everybody; with a client ID, naming the product is naming the issuer. A profile
    // that is named, or whose first sign-in failed with this client, has an issuer that answered, and stays there.
    let unfinished = match (&name, &issuer, &options.client_id) {
        (None, None, Some(client_id)) => {
            config.profiles.iter().find(|known| known.never_signed_in && known.client_id == *client_id)
        }
        _ => None,
    };
    let is_new = unfinished.is_none()
        && options.client_id.is_some()
        && name.as_ref().is_none_or(|name| config.profile(Some(name)).is_err());
    let issuer = issuer.or_else(|| issuer_from("", kind.filter(|_| is_new)?).ok());
    let known = match (&name, &issuer) {
        (None, None) if unfinished.is_some() => unfinished.cloned(),
        (None, Some(issuer)) => meant(config, issuer, options).cloned(),
        (Some(name), Some(_)) => config.profile(Some(name)).ok().cloned(),
        (_, None) => Some(config.profile(name.as_ref())?.clone()),
    };
    let mut profile = match (known, issuer) {
        (Some(known), Some(issuer)) if known.issuer.is_same_but_for_a_slash(&issuer) => Profile { issuer, ..known },
        (Some(known), Some(issuer)) => moved(&known, issuer, kind, terminal),
        (Some(known), None) => known,
        (None, Some(issuer)) => {
            let taken: Vec<ProfileName> = config.profiles.iter().map(|profile| profile.name.clone()).collect();
            let name = name.unwrap_or_else(|| ProfileName::from_issuer(&issuer, &taken));
            Profile::at(name, issuer, String::new(), kind)
        }
        (None, None) => return Err(Problem::new(Code::NoProfile, "")),
    };
    apply(&mut profile, options, kind);
    check_client_id(&profile.client_id, profile.product())?;
    Ok(profile)
}

/// Without a name, the profile of the same issuer, and client where one was given, is meant; else one whose first sign-in
/// failed, as far as nothing else is given than what may have been wrong with it.
fn meant<'a>(config: &'a Config, issuer: &Issuer, options: &Login) -> Option<&'a Profile> {
    let same_client =
        |profile: &Profile| options.client_id.as_ref().is_none_or(|client_id| *client_id == profile.client_id);
    let mut all = config.profiles.iter();
    all.find(|profile| profile.issuer == *issuer && same_client(profile)).or_else(|| {
        let mut unfinished = config.profiles.iter().filter(|profile| profile.never_signed_in);
        unfinished.find(|profile| profile.issuer == *issuer || same_client(profile))
    })
}

/// The profile for another issuer. What was given for the former one alone is told (OP-5).
fn moved(known: &Profile, issuer: Issuer, kind: Option<Product>, terminal: &mut Terminal) -> Profile {
    let given = known.given_for_its_issuer();
    if !given.is_empty() {
        let former = known.issuer.host();
        terminal.info(&format!("note: what this profile had for {former} is not used any more: {}", given.join(", ")));
    }
    known.moved_to(issuer, kind)
}

fn apply(profile: &mut Profile, options: &Login, kind: Option<Product>) {
    if let Some(client_id) = &options.client_id {
        client_id.trim().clone_into(&mut profile.client_id);
    }
    if !options.scopes.is_empty() {
        profile.scopes = Scopes::parse(&options.scopes.join(" "));
    }
    if let Some(audience) = &options.audience {
        profile.audience = Some(audience.clone()).filter(|audience| !audience.is_empty());
    }
    for (name, value) in &options.params {
        if value.is_empty() {
            profile.params.remove(name);
        } else {
            profile.params.insert(name.clone(), value.clone());
        }
    }
    if let Some(ca_file) = &options.ca_file {
        profile.ca_file = Some(std::path::absolute(ca_file).unwrap_or_else(|_| ca_file.clone()));
    }
    if let Some(host) = &options.redirect_host {
        profile.redirect.host.clone_from(host);
    }
    if !options.redirect_ports.is_empty() {
        profile.redirect.ports.clone_from(&options.redirect_ports);
    }
    if let Some(path) = &options.redirect_path {
        profile.redirect.path = RedirectPath::of_word(path);
    }
    for host in &options.allow_hosts {
        if !profile.extra_hosts.contains(host) {
            profile.extra_hosts.push(host.clone());
        }
    }
    profile.provider = kind.or(profile.provider);
}

fn product(word: &str) -> Result<Product> {
    Product::of_word(word).ok_or_else(|| {
        let all: Vec<&str> = Product::all().map(Product::word).collect();
        Problem::new(Code::BadSetting, format!("'{word}' is not a provider product. Choose one: {}", all.join(", ")))
    })
}

/// Whether the file has to be written: something changed, or another profile is the active one.
fn must_save(profile: &Profile, config: &Config) -> bool {
    let same = config.profiles.iter().any(|known| known == profile);
    let active = config.profile(None).is_ok_and(|active| active.name == profile.name);
    !same || !active
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOGLE: &str = "https://accounts.google.com";
    const CLIENT: &str = "1234-abc.apps.googleusercontent.com";

    fn login(profile: Option<&str>, provider: &str, client_id: Option<&str>) -> Login {
        let (profile, client_id) = (profile.map(Into::into), client_id.map(Into::into));
        Login { profile, provider: Some(provider.into()), client_id, ..Login::default() }
    }

    fn profile(name: &str, issuer: &str, client_id: &str) -> Profile {
        Profile::new(name.parse().unwrap(), Issuer::parse(issuer).unwrap(), client_id.into())
    }

    /// Name, issuer and client ID of the profile that is signed in with; the first of `known` is the active one.
    fn chosen(options: &Login, known: &[Profile]) -> Result<(String, String, String)> {
        let mut terminal = Terminal::writing(Box::new(std::io::sink()), Box::new(std::io::sink()), false);
        let active = known.first().map(|profile| profile.name.clone());
        let config = Config { active, profiles: known.to_vec(), ..Config::default() };
        let profile = profile_for(options, &config, &mut terminal)?;
        Ok((profile.name.to_string(), profile.issuer.to_string(), profile.client_id))
    }

    fn is(name: &str, issuer: &str, client_id: &str) -> (String, String, String) {
        (name.into(), issuer.into(), client_id.into())
    }

    #[test]
    fn the_one_issuer_of_a_product_need_not_be_given() {
        let google = login(None, "google", Some(CLIENT));
        assert_eq!(chosen(&google, &[]).unwrap(), is("google", GOOGLE, CLIENT));
        let keycloak = chosen(&login(None, "keycloak", Some(CLIENT)), &[]);
        assert_eq!(keycloak.err().map(|problem| problem.code), Some(Code::NoProfile));
    }

    #[test]
    fn a_product_with_one_issuer_is_a_profile_of_its_own_beside_those_of_other_providers() {
        let google = login(None, "google", Some(CLIENT));
        let work = profile("work", "https://id.example.org", "desktop");
        let unfinished = Profile { never_signed_in: true, ..work.clone() };
        for other in [work, unfinished] {
            assert_eq!(chosen(&google, &[other]).unwrap(), is("google", GOOGLE, CLIENT));
        }
    }

    #[test]
    fn a_first_sign_in_that_failed_is_gone_on_with_under_a_corrected_client_id() {
        let wrong = Profile { never_signed_in: true, ..profile("mine", GOOGLE, "12-wrong.apps.googleusercontent.com") };
        let work = profile("work", "https://id.example.org", "desktop");
        let google = login(None, "google", Some(CLIENT));
        assert_eq!(chosen(&google, &[work, wrong]).unwrap(), is("mine", GOOGLE, CLIENT));
    }

    #[test]
    fn a_session_of_another_client_at_the_same_product_is_left_alone() {
        let other = "99-other.apps.googleusercontent.com";
        let signed_in = profile("google", GOOGLE, other);
        let (name, ..) = chosen(&login(None, "google", Some(CLIENT)), std::slice::from_ref(&signed_in)).unwrap();
        assert_ne!(name, "google");
        let same = chosen(&login(None, "google", Some(other)), &[signed_in]).unwrap();
        assert_eq!(same, is("google", GOOGLE, other));
    }

    #[test]
    fn a_profile_that_is_named_or_begun_with_this_client_stays_where_it_is_and_learns_its_product() {
        let work = profile("work", "https://git.example.org", "desktop");
        let stays = is("work", "https://git.example.org", "desktop");
        for product in ["google", "gitlab"] {
            let named = login(Some("work"), product, Some("desktop"));
            assert_eq!(chosen(&named, std::slice::from_ref(&work)).unwrap(), stays, "{product}");
            assert_eq!(chosen(&login(None, product, None), std::slice::from_ref(&work)).unwrap(), stays, "{product}");
        }
        let active = profile("home", "https://id.example.org", "desktop");
        let begun = Profile { never_signed_in: true, ..work };
        let again = chosen(&login(None, "gitlab", Some("desktop")), &[active, begun]).unwrap();
        assert_eq!(again, stays, "the one that was begun, not the active one");
    }
}
