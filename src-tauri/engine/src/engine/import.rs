use super::{Engine, check_issuer};
use crate::config::{Issuer, NginxSettings, Profile, ProfileName, read_nginx};
use crate::oidc::{Http, published_issuer};
use crate::problem::{Code, Problem, Result};

/// One profile read from a file of another program; not saved yet.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The host it stood for in the file; `None` for the default.
    pub host: Option<String>,
    /// The profile, its issuer confirmed by discovery.
    pub profile: Profile,
    /// What was taken over; one line each.
    pub taken: Vec<String>,
    /// What was not, with why.
    pub not_taken: Vec<String>,
}

impl Engine {
    /// Reads an NGINX Plus `openid_connect_configuration.conf` and confirms each issuer by discovery. Saves nothing and
    /// takes over no client secret. `taken` are names that are in use.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the file holds nothing of the sort; the rows of discovery when no host's issuer can be
    /// confirmed.
    pub async fn import_nginx(&self, text: &str, host: Option<&str>, taken: &[ProfileName]) -> Result<Vec<Imported>> {
        let mut names = taken.to_vec();
        let mut imported = Vec::new();
        let mut failure = None;
        for settings in read_nginx(text)? {
            if host.is_some_and(|host| settings.host.as_deref().unwrap_or("default") != host) {
                continue;
            }
            match self.confirm(&settings, &names).await {
                Ok(one) => {
                    names.push(one.profile.name.clone());
                    imported.push(one);
                }
                Err(problem) => failure = failure.or(Some(problem)),
            }
        }
        match failure {
            Some(problem) if imported.is_empty() => Err(problem),
            None if imported.is_empty() => Err(Problem::new(Code::BadSetting, "the file has no such host")),
            _ => Ok(imported),
        }
    }

    async fn confirm(&self, settings: &NginxSettings, taken: &[ProfileName]) -> Result<Imported> {
        let (issuer, endpoint) = confirmed(settings).await?;
        let name = ProfileName::from_issuer(&issuer, taken);
        let mut profile = Profile::new(name, issuer, settings.client_id.clone());
        profile.scopes = settings.scopes.clone();
        let mut params = settings.params.clone();
        profile.audience = params.remove("audience");
        profile.params.extend(params);
        profile.check()?;
        let mut not_taken = settings.not_taken.clone();
        if !settings.authorization.is_empty() && endpoint != settings.authorization {
            not_taken.push(format!("the authorization endpoint in the file differs from discovery’s, {endpoint}"));
        }
        Ok(Imported { host: settings.host.clone(), profile, taken: settings.taken.clone(), not_taken })
    }
}

/// The first candidate that a discovery document confirms, with the authorization endpoint it names.
async fn confirmed(settings: &NginxSettings) -> Result<(Issuer, String)> {
    let mut failure = None;
    for candidate in &settings.issuers {
        match confirm_one(candidate).await {
            Ok(found) => return Ok(found),
            Err(problem) => failure = failure.or(Some(problem)),
        }
    }
    let why = failure.unwrap_or_else(|| Problem::new(Code::BadIssuer, "no address in the file leads to an issuer"));
    let tried = settings.issuers.first().map_or_else(String::new, |issuer| format!(" (tried {issuer} first)"));
    Err(Problem::new(why.code, format!("{}{tried}; nothing was saved", why.detail)))
}

async fn confirm_one(candidate: &str) -> Result<(Issuer, String)> {
    let candidate = Issuer::parse(candidate)?;
    let http = Http::for_issuer(&candidate)?;
    let issuer = Issuer::parse(&published_issuer(&http, &candidate).await?)?;
    let provider = check_issuer::discover(&issuer).await?;
    Ok((issuer, provider.authorization_endpoint().to_owned()))
}
