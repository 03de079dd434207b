use super::{Engine, check_issuer};
use crate::config::{Issuer, NginxSettings, Profile, ProfileName, read_nginx};
use crate::oidc::{Http, published_issuer};
use crate::problem::{Code, Problem, Result};

/// Which part of a file to import.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions<'a> {
    /// Only this host of the file; `default` for its default.
    pub host: Option<&'a str>,
    /// Another client ID than the file's.
    pub client_id: Option<&'a str>,
    /// Names that no profile may get.
    pub taken: &'a [ProfileName],
}

/// The result for a file.
#[derive(Clone, Debug)]
pub struct Import {
    /// The profiles, not saved yet; one at least.
    pub profiles: Vec<Imported>,
    /// What no profile could be made of, with its value and the reason; one line each.
    pub left_out: Vec<String>,
}

/// One profile read from a file of another program; not saved yet.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The host it applies to in the file; `None` for the default.
    pub host: Option<String>,
    /// The profile, its issuer confirmed by discovery.
    pub profile: Profile,
    /// What was imported; one line each.
    pub taken: Vec<String>,
    /// What was not imported, with the reason.
    pub not_taken: Vec<String>,
}

impl Engine {
    /// Reads the OpenID Connect configuration of NGINX Plus and confirms each issuer by discovery. Saves nothing and takes
    /// over no client secret.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when nothing in the file can be used; the rows of discovery when no host's issuer can be
    /// confirmed.
    pub async fn import_nginx(&self, text: &str, options: ImportOptions<'_>) -> Result<Import> {
        let mut names = options.taken.to_vec();
        let file = read_nginx(text, options.client_id.is_some())?;
        let mut import = Import { profiles: Vec::new(), left_out: file.left_out };
        let mut failure = None;
        let wanted =
            |settings: &NginxSettings| options.host.is_none_or(|host| settings.hosts.iter().any(|one| one == host));
        for settings in file.settings.into_iter().filter(wanted) {
            match confirm(&settings, &options, &names).await {
                Ok(one) if import.profiles.iter().any(|known| is_same(known, &one)) => {}
                Ok(one) => {
                    names.push(one.profile.name.clone());
                    import.profiles.push(one);
                }
                Err(problem) => {
                    let at = settings.hosts.join(", ");
                    import.left_out.push(format!("{at}: left out client {}: {problem}", settings.client_id));
                    failure = failure.or(Some(problem));
                }
            }
        }
        match failure {
            _ if !import.profiles.is_empty() => Ok(import),
            Some(problem) => Err(Problem { detail: format!("{}; nothing was saved", problem.detail), ..problem }),
            None => Err(Problem::new(Code::BadSetting, "the file has no such host")),
        }
    }
}

/// Two hosts of a file may turn out to be the same once their issuer is known.
fn is_same(one: &Imported, other: &Imported) -> bool {
    Profile { name: other.profile.name.clone(), ..one.profile.clone() } == other.profile
}

async fn confirm(settings: &NginxSettings, options: &ImportOptions<'_>, taken: &[ProfileName]) -> Result<Imported> {
    let (issuer, endpoint) = confirmed(settings).await?;
    let name = ProfileName::from_issuer(&issuer, taken);
    let client_id = options.client_id.unwrap_or(&settings.client_id);
    let mut profile = Profile::new(name, issuer, client_id.to_owned());
    profile.scopes = settings.scopes.clone();
    let mut params = settings.params.clone();
    profile.audience = params.remove("audience");
    profile.params.extend(params);
    profile.check()?;
    let mut not_taken = settings.not_taken.clone();
    if !settings.authorization.is_empty() && endpoint.split('?').next() != Some(&settings.authorization) {
        let in_file = &settings.authorization;
        not_taken.push(format!("the authorization endpoint {in_file}: discovery names another, {endpoint}"));
    }
    Ok(Imported { host: settings.host.clone(), profile, taken: settings.taken.clone(), not_taken })
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
    Err(Problem::new(why.code, format!("{}{tried}", why.detail)))
}

async fn confirm_one(candidate: &str) -> Result<(Issuer, String)> {
    let candidate = Issuer::parse(candidate)?;
    let http = Http::for_issuer(&candidate)?;
    let issuer = Issuer::parse(&published_issuer(&http, &candidate).await?)?;
    let provider = check_issuer::discover(&issuer).await?;
    Ok((issuer, provider.authorization_endpoint().to_owned()))
}
