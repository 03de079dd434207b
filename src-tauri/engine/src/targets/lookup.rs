use url::Url;

use crate::config::{Config, Place, Profile, ProfileName, Target, host_text, is_loopback_name};
use crate::problem::{Code, Problem, Result};

/// A target, with the profile that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The profile.
    pub profile: Profile,
    /// Its target.
    pub target: Target,
}

/// The target of this name, in `profile` or the active one.
///
/// # Errors
/// [`Code::UnknownTarget`], and those of [`Config::profile`].
pub fn named(config: &Config, profile: Option<&ProfileName>, name: &str) -> Result<Found> {
    let profile = config.profile(profile)?;
    let found = profile.targets.iter().find(|target| target.name.as_str() == name);
    let target = found.ok_or_else(|| {
        let all: Vec<&str> = profile.targets.iter().map(|target| target.name.as_str()).collect();
        let there = if all.is_empty() { "it has none yet".to_owned() } else { format!("it has {}", all.join(", ")) };
        Problem::new(Code::UnknownTarget, format!("'{name}' in the profile {}; {there}", profile.name))
    })?;
    Ok(Found { profile: profile.clone(), target: target.clone() })
}

/// The target that is this cluster (`spec.cluster.server`).
#[must_use]
pub fn at_cluster(config: &Config, profile: Option<&ProfileName>, server: &str) -> Option<Found> {
    let server = Url::parse(server).ok()?;
    find(
        config,
        profile,
        |place| matches!(place, Place::Kubernetes { cluster, .. } if is_same_address(cluster, &server)),
    )
}

/// The target that is the MCP server at this address. Targets of the kind `api` are not looked at: their tokens are not for
/// the tools of a model.
#[must_use]
pub fn at_address(config: &Config, profile: Option<&ProfileName>, address: &str) -> Option<Found> {
    let wanted = Url::parse(address).ok()?;
    find(config, profile, |place| matches!(place, Place::Mcp { address } if is_same_address(address, &wanted)))
}

/// The target that is this git host, reached by this protocol. A token goes over https alone, except on this computer.
#[must_use]
pub fn at_git_host(config: &Config, profile: Option<&ProfileName>, protocol: &str, host: &str) -> Option<Found> {
    let host = if protocol == "https" { host_text(host) } else { host.trim().to_ascii_lowercase() };
    let name = Url::parse(&format!("https://{host}/")).ok()?.host_str()?.to_owned();
    let local = is_loopback_name(&name) || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if protocol != "https" && !(protocol == "http" && local) {
        return None;
    }
    find(config, profile, |place| matches!(place, Place::Git { host: known } if *known == host))
}

/// The target that is this registry. Docker names some by an address, as `https://registry.example.com/v2/`.
#[must_use]
pub fn at_registry(config: &Config, profile: Option<&ProfileName>, server: &str) -> Option<Found> {
    let server = server.trim();
    let bare = server.strip_prefix("https://").unwrap_or(server);
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    if !matches!(path.trim_end_matches('/'), "" | "v1" | "v2") {
        return None;
    }
    let host = host_text(host);
    find(config, profile, |place| matches!(place, Place::Docker { registry } if *registry == host))
}

/// The active profile comes first where several name the place.
fn find(config: &Config, profile: Option<&ProfileName>, is_it: impl Fn(&Place) -> bool) -> Option<Found> {
    let mut profiles: Vec<&Profile> = match profile {
        Some(name) => config.profile(Some(name)).ok().into_iter().collect(),
        None => config.profiles.iter().collect(),
    };
    let active = config.profile(None).ok().map(|active| active.name.clone());
    profiles.sort_by_key(|profile| Some(&profile.name) != active.as_ref());
    profiles.into_iter().find_map(|profile| {
        let target = profile.targets.iter().find(|target| is_it(&target.place))?;
        Some(Found { profile: profile.clone(), target: target.clone() })
    })
}

/// Whether two addresses are the same place: scheme, host, port, path and query, a slash at the end of the path aside. One
/// that is `asked` with a user name, a password or a fragment never is.
pub(crate) fn is_same_address(known: &Url, asked: &Url) -> bool {
    let plain = |url: &Url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    known.origin() == asked.origin()
        && known.path().trim_end_matches('/') == asked.path().trim_end_matches('/')
        && known.query() == asked.query()
        && plain(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = r#"
active = "acme"
[profiles.other]
issuer = "https://id.example.org"
client_id = "desktop"
[profiles.other.targets.git]
kind = "git"
host = "git.example.com"
[profiles.acme]
issuer = "https://id.example.org"
client_id = "desktop"
[profiles.acme.targets]
git = { kind = "git", host = "git.example.com" }
here = { kind = "git", host = "127.0.0.1:8080" }
dev = { kind = "kubernetes", cluster = "https://api.dev.example:6443" }
images = { kind = "docker", registry = "registry.example.com:5000" }
tools = { kind = "mcp", address = "https://mcp.example.com/mcp" }
orders = { kind = "api", address = "https://orders.example.com/" }
"#;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rolecall.toml"), text).unwrap();
        let folders = crate::ports::Folders { config: folder.path().into(), state: folder.path().join("state") };
        let config = Config::load(&folders).unwrap();
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
        config
    }

    fn name(found: Option<Found>) -> String {
        found.map(|found| format!("{}/{}", found.profile.name, found.target.name)).unwrap_or_default()
    }

    #[test]
    fn tg_1_a_place_is_found_in_whatever_form_and_its_lookalikes_are_not() {
        let config = config();
        let git = |protocol, host| name(at_git_host(&config, None, protocol, host));
        assert_eq!(
            (git("https", "Git.Example.com").as_str(), git("https", "git.example.com:443").as_str()),
            ("acme/git", "acme/git")
        );
        assert_eq!(git("http", "127.0.0.1:8080"), "acme/here");
        for (protocol, host) in [
            ("http", "git.example.com"),
            ("ssh", "git.example.com"),
            ("https", "git.example.com.evil.example"),
            ("https", "evil.example"),
            ("https", "git.example.com:8443"),
            ("https", "git.example.com@evil.example"),
            ("https", "git.example.com/../evil"),
            ("https", ""),
            ("", "git.example.com"),
        ] {
            assert_eq!(git(protocol, host), "", "{protocol} {host}");
        }
        let cluster = |server| name(at_cluster(&config, None, server));
        assert_eq!(cluster("https://API.dev.example:6443/"), "acme/dev");
        for server in [
            "https://api.dev.example",
            "http://api.dev.example:6443",
            "https://api.dev.example:6443/evil",
            "https://user@api.dev.example:6443",
            "https://api.dev.example:6443?x=1",
            "https://api.dev.example.evil:6443",
            "",
        ] {
            assert_eq!(cluster(server), "", "{server}");
        }
        let registry = |server| name(at_registry(&config, None, server));
        for server in
            ["registry.example.com:5000", "https://registry.example.com:5000", "https://registry.example.com:5000/v2/"]
        {
            assert_eq!(registry(server), "acme/images", "{server}");
        }
        for server in
            ["registry.example.com", "http://registry.example.com:5000", "registry.example.com:5000/evil", "x"]
        {
            assert_eq!(registry(server), "", "{server}");
        }
        let mcp = |address| name(at_address(&config, None, address));
        assert_eq!(mcp("https://mcp.example.com/mcp/"), "acme/tools");
        for address in
            ["https://mcp.example.com/", "https://orders.example.com/", "https://mcp.example.com/mcp?to=evil", "x"]
        {
            assert_eq!(mcp(address), "", "{address}");
        }
        let other: ProfileName = "other".parse().unwrap();
        assert_eq!(name(at_git_host(&config, Some(&other), "https", "git.example.com")), "other/git");
        assert_eq!(name(at_cluster(&config, Some(&other), "https://api.dev.example:6443")), "");
    }

    #[test]
    fn a_target_that_is_not_there_is_told_with_those_that_are() {
        let problem = named(&config(), None, "prod").unwrap_err();
        assert!(problem.code == Code::UnknownTarget && problem.detail.contains("it has git, here, dev"), "{problem}");
    }
}
