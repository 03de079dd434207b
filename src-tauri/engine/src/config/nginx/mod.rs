//! Reads an NGINX Plus `openid_connect_configuration.conf`, so that somebody who has that file need not type it again
//! (providers' notes, section 32). Takes over no client secret.

mod lexer;

use std::collections::{BTreeMap, BTreeSet};

use self::lexer::{Token, tokens};
use super::Scopes;
use super::issuer_candidates::issuers_of;
use crate::problem::{Code, Problem};

/// The longest file that is read, in bytes.
pub(super) const MAX_FILE: usize = 1 << 20;

/// What one host of the file is set up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NginxSettings {
    /// The host it stands for; `None` for the default.
    pub host: Option<String>,
    /// Addresses that may be the issuer, the likeliest first; not yet confirmed.
    pub issuers: Vec<String>,
    /// The authorization endpoint, to compare with what discovery says; empty where the file names the issuer itself.
    pub authorization: String,
    /// The client ID.
    pub client_id: String,
    /// The scopes.
    pub scopes: Scopes,
    /// Further parameters of the authorization request, decoded.
    pub params: BTreeMap<String, String>,
    /// What was read and taken over; one line each.
    pub taken: Vec<String>,
    /// What was read and not taken over, with why.
    pub not_taken: Vec<String>,
}

type Map = BTreeMap<String, String>;

/// Reads every host's settings, the default first.
///
/// # Errors
/// [`Code::BadSetting`] when there is nothing of OpenID Connect in the file, or it is too long.
pub fn read(text: &str) -> Result<Vec<NginxSettings>, Problem> {
    if text.len() > MAX_FILE {
        return Err(Problem::new(Code::BadSetting, "the file is longer than 1 MiB"));
    }
    let tokens = tokens(text);
    let maps = maps(&tokens);
    let mut found = Vec::new();
    let keys: BTreeSet<&String> = maps
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "oidc_authz_endpoint" | "oidc_client"))
        .flat_map(|(_, map)| map.keys())
        .collect();
    let mut hosts: Vec<&String> = keys.into_iter().collect();
    hosts.sort_by_key(|host| (host.as_str() != "default", host.as_str()));
    for host in hosts {
        found.extend(of_host(host, &maps));
    }
    found.extend(providers(&tokens));
    if found.is_empty() {
        let why = "no map to $oidc_authz_endpoint with a $oidc_client, and no oidc_provider block, is in the file";
        return Err(Problem::new(Code::BadSetting, why));
    }
    Ok(found)
}

/// Each `map source $name { key value; … }` by its name.
fn maps(tokens: &[Token]) -> BTreeMap<String, Map> {
    let mut maps: BTreeMap<String, Map> = BTreeMap::new();
    for (at, window) in tokens.windows(4).enumerate() {
        let [Token::Word(map), Token::Word(_), Token::Word(name), Token::Open] = window else { continue };
        if map != "map" {
            continue;
        }
        let Some(name) = name.strip_prefix('$') else { continue };
        let entries = maps.entry(name.to_owned()).or_default();
        for statement in statements(&tokens[at + 4..]) {
            if let [key, value] = statement.as_slice() {
                entries.insert(key.clone(), value.clone());
            }
        }
    }
    maps
}

/// The statements up to the end of the block that is open.
fn statements(tokens: &[Token]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut statement = Vec::new();
    for token in tokens {
        match token {
            Token::Word(word) => statement.push(word.clone()),
            Token::End => all.push(std::mem::take(&mut statement)),
            Token::Open | Token::Close => break,
        }
    }
    all
}

fn of_host(host: &str, maps: &BTreeMap<String, Map>) -> Option<NginxSettings> {
    let value = |name: &str| {
        let map = maps.get(name)?;
        map.get(host).or_else(|| map.get("default")).map(String::as_str).filter(|value| !value.trim().is_empty())
    };
    let authorization = value("oidc_authz_endpoint")?;
    let client_id = value("oidc_client")?;
    let jwks = value("oidc_jwt_keyfile").unwrap_or_default();
    let mut settings = NginxSettings {
        host: (host != "default").then(|| host.to_owned()),
        issuers: issuers_of(authorization, jwks),
        authorization: authorization.to_owned(),
        client_id: client_id.to_owned(),
        scopes: Scopes::parse(value("oidc_scopes").unwrap_or("openid")),
        params: BTreeMap::new(),
        taken: vec![format!("$oidc_client: {client_id}"), format!("$oidc_authz_endpoint: {authorization}")],
        not_taken: Vec::new(),
    };
    if let Some(scopes) = value("oidc_scopes") {
        settings.taken.push(format!("$oidc_scopes: {}", settings.scopes));
        if scopes.contains(' ') {
            settings.not_taken.push("$oidc_scopes has a blank in it, which NGINX sends as it is; write + there".into());
        }
    }
    settings.take_params(value("oidc_authz_extra_args").unwrap_or_default(), "$oidc_authz_extra_args");
    settings.leave(
        value("oidc_client_secret"),
        "$oidc_client_secret: a desktop program keeps no client secret, so this needs a public client",
    );
    settings
        .leave(value("oidc_pkce_enable").filter(|flag| *flag == "0"), "$oidc_pkce_enable 0: Rolecall always uses PKCE");
    settings.leave(value("oidc_logout_redirect"), "$oidc_logout_redirect: it is a page of your site");
    settings.leave(value("oidc_hmac_key"), "$oidc_hmac_key: Rolecall makes its own nonce");
    settings
        .leave(value("oidc_token_endpoint"), "$oidc_token_endpoint and other endpoints: read from discovery instead");
    settings
        .not_taken
        .push("the redirect address /_codexch is your site’s; register Rolecall’s own at the provider".into());
    Some(settings)
}

/// The newer `oidc_provider name { issuer …; client_id …; scope …; }`.
fn providers(tokens: &[Token]) -> Vec<NginxSettings> {
    let mut found = Vec::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [Token::Word(directive), Token::Word(_), Token::Open] = window else { continue };
        if directive != "oidc_provider" {
            continue;
        }
        let statements = statements(&tokens[at + 3..]);
        let words = |name: &str| {
            let found = statements.iter().find(|statement| statement.first().is_some_and(|first| first == name));
            found.map(|statement| statement[1..].join(" ")).filter(|text| !text.is_empty())
        };
        let (Some(issuer), Some(client_id)) = (words("issuer"), words("client_id")) else { continue };
        let mut settings = NginxSettings {
            host: None,
            taken: vec![format!("issuer: {issuer}"), format!("client_id: {client_id}")],
            issuers: vec![issuer],
            authorization: String::new(),
            client_id,
            scopes: Scopes::parse(&words("scope").unwrap_or_default()),
            params: BTreeMap::new(),
            not_taken: Vec::new(),
        };
        settings.taken.push(format!("scope: {}", settings.scopes));
        settings.take_params(&words("extra_auth_args").unwrap_or_default(), "extra_auth_args");
        settings.leave(
            words("client_secret").as_deref(),
            "client_secret: a desktop program keeps no client secret, so this needs a public client",
        );
        settings.leave(
            words("redirect_uri").as_deref(),
            "redirect_uri: it is your site’s; register Rolecall’s own at the provider",
        );
        found.push(settings);
    }
    found
}

impl NginxSettings {
    fn take_params(&mut self, text: &str, from: &str) {
        for (name, value) in url::form_urlencoded::parse(text.trim_start_matches(['?', '&']).as_bytes()) {
            if super::profile::is_reserved_param(&name) {
                self.not_taken.push(format!("{from} {name}: Rolecall sets it itself"));
            } else {
                self.taken.push(format!("{from} {name}"));
                self.params.insert(name.into_owned(), value.into_owned());
            }
        }
    }

    fn leave(&mut self, value: Option<&str>, why: &str) {
        if value.is_some() {
            self.not_taken.push(why.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = r#"
        # OpenID Connect
        map $host $oidc_authz_endpoint {
            hostnames;
            default "https://acme.eu.auth0.com/authorize"; # tenant
            staff.example.com https://id.example.org/auth/realms/staff/protocol/openid-connect/auth;
        }
        map $host $oidc_authz_extra_args { default "audience=https%3A%2F%2Fapi.example.com&state=x"; }
        map $host $oidc_token_endpoint { default "https://acme.eu.auth0.com/oauth/token"; }
        map $host $oidc_client { default 'kx1V'; staff.example.com "nginx"; }
        map $host $oidc_client_secret { default "s3cr3t-never-shown"; }
        map $host $oidc_pkce_enable { default 0; }
        map $host $oidc_scopes { default "openid+profile+email+offline_access+openid roles"; }
        map $proto $oidc_cookie_flags { http "Path=/;"; https "Path=/; Secure"; }
    "#;

    #[test]
    fn every_host_is_read_and_no_secret_is_taken_over() {
        let found = read(FILE).unwrap();
        assert_eq!(found.len(), 2);
        let [auth0, staff] = found.as_slice() else { unreachable!() };
        assert_eq!((auth0.host.as_deref(), auth0.client_id.as_str()), (None, "kx1V"));
        assert_eq!(auth0.issuers[0], "https://acme.eu.auth0.com/");
        assert_eq!(auth0.scopes.to_string(), "openid profile email offline_access roles");
        assert_eq!(auth0.params, BTreeMap::from([("audience".into(), "https://api.example.com".into())]));
        assert!(auth0.not_taken.iter().any(|line| line.contains("$oidc_client_secret")));
        assert!(auth0.not_taken.iter().any(|line| line.contains("state")));
        assert!(auth0.not_taken.iter().any(|line| line.contains("blank")));
        assert!(!format!("{found:?}").contains("s3cr3t"));
        assert_eq!((staff.host.as_deref(), staff.client_id.as_str()), (Some("staff.example.com"), "nginx"));
        assert_eq!(staff.issuers[0], "https://id.example.org/auth/realms/staff");
    }

    #[test]
    fn the_newer_block_names_its_issuer() {
        let text = "http { oidc_provider my { issuer https://id.example.org/realms/a; client_id web; client_secret x; scope openid groups; extra_auth_args acr_values=2; } }";
        let found = read(text).unwrap();
        assert_eq!(
            (found[0].issuers[0].as_str(), found[0].client_id.as_str()),
            ("https://id.example.org/realms/a", "web")
        );
        assert_eq!(found[0].scopes.to_string(), "openid groups");
        assert_eq!(found[0].params["acr_values"], "2");
    }

    #[test]
    fn a_file_with_nothing_in_it_says_what_was_looked_for() {
        for text in [
            "",
            "map $host $oidc_client {",
            "server { listen 80; }",
            "\u{0}\u{1}",
            "map $host $oidc_client { default x; }",
        ] {
            assert_eq!(read(text).unwrap_err().code, Code::BadSetting, "{text:?}");
        }
        assert!(read(&" ".repeat(MAX_FILE + 1)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_trips_the_reader(text in "(map|\\$host|\\$oidc_client|\\$oidc_authz_endpoint|default|[{};'\"#\\\\ \n]|https://a\\.b/authorize|.){0,60}") {
            let _ = read(&text);
        }
    }
}
