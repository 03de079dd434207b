use std::collections::BTreeMap;

use super::super::Scopes;
use super::directive::Directive;
use super::placeholder::{is_sample_client, is_template};
use super::settings::{NginxSettings, is_secret};
use crate::text::clean_line;

/// Directives that are not imported, with the reason. All others are about NGINX itself.
const LEFT: [(&str, &str); 6] = [
    ("client_secret", "a desktop program keeps no client secret, so this needs a public client"),
    ("redirect_uri", "it is your site's; register Rolecall's own at the provider"),
    ("config_url", "read from the issuer instead"),
    ("ssl_trusted_certificate", "it is a file of that computer; --ca-file names one of yours"),
    ("pkce", "Rolecall always uses PKCE"),
    ("userinfo", "Rolecall reads userinfo where there is one"),
];

/// The blocks `oidc_provider name { issuer …; client_id …; scope …; }`; of one that can't be used its values and the
/// reason.
pub(super) fn providers(directives: &[Directive], any_client: bool) -> Vec<Result<NginxSettings, String>> {
    let mut found = Vec::new();
    for directive in directives {
        match directive.ending::<2>("oidc_provider") {
            Some([_, name]) if directive.block.is_some() => found.push(provider(name, directive.inner(), any_client)),
            _ => found.extend(providers(directive.inner(), any_client)),
        }
    }
    found
}

fn provider(name: &str, directives: &[Directive], any_client: bool) -> Result<NginxSettings, String> {
    let words = |wanted: &str| {
        let found = directives.iter().find(|directive| directive.words.first().is_some_and(|first| first == wanted));
        found.map(|directive| directive.words[1..].join(" ")).filter(|text| !text.is_empty())
    };
    let unusable = |why: &str| {
        let values = format!(
            "issuer {}, client_id {}",
            words("issuer").unwrap_or_default(),
            words("client_id").unwrap_or_default()
        );
        Err(format!("oidc_provider {name}: left out {}: {why}", clean_line(&values)))
    };
    let (Some(issuer), Some(client_id)) = (words("issuer"), words("client_id")) else {
        return unusable("issuer and client_id are both needed");
    };
    if is_template(&issuer) {
        return unusable("the address was not filled in");
    }
    if issuer.contains('$') || client_id.contains('$') {
        return unusable("a variable is known to NGINX alone");
    }
    if !any_client && is_sample_client(&client_id) {
        return unusable("the client ID is the sample's own and was not filled in");
    }
    if !issuer.starts_with("https://") && !issuer.starts_with("http://") {
        return unusable("that is not an address");
    }
    let mut settings = NginxSettings {
        host: None,
        hosts: vec!["default".into(), name.to_owned()],
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
    for directive in directives {
        let [name, value @ ..] = directive.words.as_slice() else { continue };
        if ["issuer", "client_id", "scope", "extra_auth_args"].contains(&name.as_str()) {
            continue;
        }
        let reason = LEFT.iter().find(|(known, _)| known == name).map_or("it is about NGINX itself", |(_, why)| *why);
        let value = if is_secret(name) { String::new() } else { format!(" {}", clean_line(&value.join(" "))) };
        if name != "pkce" || value.trim() == "off" {
            settings.not_taken.push(format!("{name}{value}: {reason}"));
        }
    }
    Ok(settings)
}
