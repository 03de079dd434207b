use std::collections::BTreeMap;

use serde_json::Value;

use super::super::Scopes;
use super::super::issuer_candidates::issuers_of;
use super::context::Context;
use super::placeholder::{is_sample_client, is_template};
use super::variables::{Unresolved, Variables};
use crate::text::clean_line;

/// The settings of a sign-in at one place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NginxSettings {
    /// The host it applies to; `None` for the default.
    pub host: Option<String>,
    /// All hosts for which it is the same; `default` for the default.
    pub hosts: Vec<String>,
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
    /// What was read and imported; one line each.
    pub taken: Vec<String>,
    /// What was read and not imported, with its value and the reason.
    pub not_taken: Vec<String>,
}

/// Names that versions of the reference implementation gave the same thing, the usual one first.
const ENDPOINT: &[&str] = &["oidc_authz_endpoint", "oidc_authorization_endpoint", "oidc_auth_endpoint"];
const CLIENT: &[&str] = &["oidc_client", "oidc_client_id"];
const SCOPES: &[&str] = &["oidc_scopes", "oidc_scope"];
const KEYS: &[&str] = &["oidc_jwt_keyfile", "oidc_jwks_uri", "oidc_jwks_endpoint"];
const ARGUMENTS: &[&str] = &["oidc_authz_extra_args"];
const QUERY: &[&str] = &["oidc_authz_query_params"];
const PATH: &[&str] = &["oidc_authz_path_params"];

/// Every variable that a profile is made of.
pub(super) const WANTED: [&str; 13] = [
    "oidc_authz_endpoint",
    "oidc_authorization_endpoint",
    "oidc_auth_endpoint",
    "oidc_client",
    "oidc_client_id",
    "oidc_scopes",
    "oidc_scope",
    "oidc_jwt_keyfile",
    "oidc_jwks_uri",
    "oidc_jwks_endpoint",
    "oidc_authz_extra_args",
    "oidc_authz_query_params",
    "oidc_authz_path_params",
];

/// Variables that are not imported, with the reason. Others that begin with `oidc_` are about NGINX itself.
const LEFT: [(&str, &str); 11] = [
    ("oidc_token_endpoint", "read from discovery instead"),
    ("oidc_jwt_keyfile", "read from discovery instead"),
    ("oidc_jwks_uri", "read from discovery instead"),
    ("oidc_userinfo_endpoint", "read from discovery instead"),
    ("oidc_end_session_endpoint", "read from discovery instead"),
    ("oidc_logout_endpoint", "read from discovery instead"),
    ("oidc_client_secret", "a desktop program keeps no client secret, so this needs a public client"),
    ("oidc_client_auth_method", "Rolecall names itself by its client ID alone"),
    ("oidc_logout_redirect", "it is a page of your site"),
    ("oidc_hmac_key", "Rolecall makes its own nonce"),
    ("oidc_pkce_enable", "Rolecall always uses PKCE"),
];

/// Why no settings come of a place.
pub(super) enum Incomplete {
    /// Nothing of OpenID Connect is set there, or one variable is missing.
    Missing(Option<&'static str>),
    /// What is set there can't be used: a line with its value and the reason.
    Unusable(String),
}

/// Whether the value of a variable is never shown.
pub(super) fn is_secret(variable: &str) -> bool {
    variable.contains("secret") || variable.contains("hmac") || variable.contains("password")
}

impl NginxSettings {
    /// What is set at one place for one kind of request.
    pub(super) fn of(context: &Context, variables: &Variables<'_>, any_client: bool) -> Result<Self, Incomplete> {
        let at = place(context, variables);
        let unresolved = |name: &str, why: &Unresolved| {
            let value = clean_line(&why.value);
            Incomplete::Unusable(format!("{at}: ${name} {value}: ${} stands nowhere in the file", why.variable))
        };
        let read = |names: &[&'static str]| -> Result<Option<(&'static str, String)>, Incomplete> {
            for name in names {
                if let Some(value) = variables.get(name).map_err(|why| unresolved(name, &why))? {
                    return Ok(Some((*name, value)));
                }
            }
            Ok(None)
        };
        let (endpoint, client) = match (read(ENDPOINT)?, read(CLIENT)?) {
            (Some(endpoint), Some(client)) => (endpoint, client),
            (Some(_), None) => return Err(Incomplete::Missing(Some(CLIENT[0]))),
            (None, Some(_)) => return Err(Incomplete::Missing(Some(ENDPOINT[0]))),
            (None, None) => return Err(Incomplete::Missing(None)),
        };
        let (client_id, client_arguments) = divided(&client.1);
        let mut settings = Self {
            host: host(context, variables),
            hosts: Vec::new(),
            issuers: Vec::new(),
            authorization: String::new(),
            client_id: client_id.to_owned(),
            scopes: Scopes::parse("openid"),
            params: BTreeMap::new(),
            taken: vec![format!("${}: {client_id}", client.0)],
            not_taken: Vec::new(),
        };
        settings.hosts.push(settings.host.clone().unwrap_or_else(|| "default".into()));
        let path = read(PATH)?.filter(|_| is_on(variables, PATH[0]));
        let address = path.map_or_else(|| endpoint.1.clone(), |(_, path)| with_path(&endpoint.1, &path));
        let unusable = |why: &str| {
            let values = format!("${} {address}, ${} {client_id}", endpoint.0, client.0);
            Incomplete::Unusable(format!("{at}: left out {}: {why}", clean_line(&values)))
        };
        if is_template(&address) {
            return Err(unusable("the address was not filled in"));
        }
        if !any_client && is_sample_client(client_id) {
            return Err(unusable("the client ID is the sample's own and was not filled in"));
        }
        let keys = read(KEYS)?.map(|(_, keys)| keys).unwrap_or_default();
        let (authorization, endpoint_arguments) = address.split_once('?').unwrap_or((&address, ""));
        settings.issuers = issuers_of(authorization, &keys);
        if settings.issuers.is_empty() {
            return Err(unusable("that is not an address"));
        }
        settings.taken.push(format!("${}: {authorization}", endpoint.0));
        authorization.clone_into(&mut settings.authorization);
        settings.take_params(endpoint_arguments, endpoint.0);
        settings.take_params(client_arguments, client.0);
        if let Some((name, value)) = read(SCOPES)? {
            settings.take_scopes(name, &value);
        }
        if let Some((name, value)) = read(ARGUMENTS)? {
            settings.take_params(&value, name);
        }
        settings.take_query(variables);
        settings.leave_others(variables);
        Ok(settings)
    }

    /// Whether a profile of the other would be the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.issuers == other.issuers
            && self.client_id == other.client_id
            && self.scopes == other.scopes
            && self.params == other.params
    }

    fn take_scopes(&mut self, name: &str, value: &str) {
        // NGINX puts the value into the link as it is, so an argument can follow the scopes.
        let (scopes, arguments) = divided(value);
        self.scopes = Scopes::parse(scopes);
        self.taken.push(format!("${name}: {}", self.scopes));
        if scopes.contains(' ') {
            self.not_taken
                .push(format!("${name} {scopes}: it has a blank in it, which NGINX sends as it is; write + there"));
        }
        self.take_params(arguments, name);
    }

    /// Parameters in the form of a query.
    pub(super) fn take_params(&mut self, text: &str, from: &str) {
        let from = if from.starts_with("oidc_") { format!("${from}") } else { from.to_owned() };
        for (name, value) in url::form_urlencoded::parse(text.trim_start_matches(['?', '&']).as_bytes()) {
            self.take_param(&from, &name, &value);
        }
    }

    fn take_param(&mut self, from: &str, name: &str, value: &str) {
        if !super::super::profile::is_reserved_parameter(name) {
            self.taken.push(format!("{from} {name}={value}"));
            self.params.insert(name.to_owned(), value.to_owned());
        } else if is_secret(name) {
            self.not_taken.push(format!("{from} {name}: Rolecall sets it itself"));
        } else {
            self.not_taken.push(format!("{from} {name}={value}: Rolecall sets it itself"));
        }
    }

    /// Parameters as a JSON object, which a later version of the reference implementation has.
    fn take_query(&mut self, variables: &Variables<'_>) {
        let name = QUERY[0];
        let Some(text) = raw(variables, name) else { return };
        let Ok(Value::Object(members)) = serde_json::from_str(&text) else {
            self.not_taken.push(format!("${name} {}: it is not a JSON object", clean_line(&text)));
            return;
        };
        if !is_on(variables, name) {
            self.not_taken.push(format!("${name} {}: ${name}_enable is not 1", clean_line(&text)));
            return;
        }
        for (member, value) in members {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match variables.fill(&value) {
                Ok(value) => self.take_param(&format!("${name}"), &member, &value),
                Err(_) if super::super::profile::is_reserved_parameter(&member) => {
                    self.not_taken.push(format!("${name} {member}={value}: Rolecall sets it itself"));
                }
                Err(why) => {
                    self.not_taken
                        .push(format!("${name} {member}={value}: ${} stands nowhere in the file", why.variable));
                }
            }
        }
    }

    fn leave_others(&mut self, variables: &Variables<'_>) {
        let names = variables.maps.keys().chain(variables.set.keys()).filter(|name| name.starts_with("oidc_"));
        let mut names: Vec<&String> = names.filter(|name| !name.ends_with("_params_enable")).collect();
        names.sort();
        names.dedup();
        for name in names {
            let reason = LEFT.iter().find(|(known, _)| known == name).map(|(_, reason)| *reason);
            let (Ok(Some(value)), false) = (variables.get(name), reason.is_none() && WANTED.contains(&name.as_str()))
            else {
                self.leave_alias(name, variables);
                continue;
            };
            match (name.as_str(), reason) {
                ("oidc_pkce_enable", _) if value != "0" => {}
                (_, Some(reason)) if is_secret(name) => self.not_taken.push(format!("${name}: {reason}")),
                (_, Some(reason)) => self.not_taken.push(format!("${name} {}: {reason}", clean_line(&value))),
                (_, None) if is_secret(name) => {}
                (_, None) => self.not_taken.push(format!("${name} {}: it is about NGINX itself", clean_line(&value))),
            }
        }
        let why = "the redirect address /_codexch is your site's; register Rolecall's own at the provider";
        self.not_taken.push(why.into());
    }

    /// A second name of something that was read under its first one, where it says something else.
    fn leave_alias(&mut self, name: &str, variables: &Variables<'_>) {
        for names in [ENDPOINT, CLIENT, SCOPES] {
            if let (true, Ok(Some(value))) = (names[1..].contains(&name), variables.get(name))
                && let Some((first, _)) = names
                    .iter()
                    .find_map(|first| Some((*first, variables.get(first).ok()??)))
                    .filter(|(first, counted)| *first != name && *counted != value)
            {
                self.not_taken.push(format!("${name} {}: ${first} says it differently and counts", clean_line(&value)));
            }
        }
    }
}

/// What is before the first `&`, and what follows it.
fn divided(value: &str) -> (&str, &str) {
    let (value, arguments) = value.split_once('&').unwrap_or((value, ""));
    (value.trim(), arguments)
}

/// Whether the switch beside a variable is on; it is where there is none.
fn is_on(variables: &Variables<'_>, name: &str) -> bool {
    variables.get(&format!("{name}_enable")).ok().flatten().is_none_or(|value| value == "1")
}

/// The value as written in the file: one in JSON is filled in member by member.
fn raw(variables: &Variables<'_>, name: &str) -> Option<String> {
    let map = || variables.maps.get(name).and_then(|map| map.value(variables.inputs.get(&map.source)));
    let value = variables.set.get(name).cloned().or_else(|| map().map(|(value, _)| value.to_owned()))?;
    Some(value).filter(|value| !value.trim().is_empty())
}

/// An address with `{name}` filled in from a JSON object.
fn with_path(address: &str, members: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(members) else { return address.to_owned() };
    members.iter().fold(address.to_owned(), |address, (name, value)| {
        value.as_str().map_or_else(|| address.clone(), |value| address.replace(&format!("{{{name}}}"), value))
    })
}

fn host(context: &Context, variables: &Variables<'_>) -> Option<String> {
    variables.inputs.get("$host").map(|key| key.text().to_owned()).or_else(|| context.hosts.first().cloned())
}

/// Where it is, for people.
fn place(context: &Context, variables: &Variables<'_>) -> String {
    let host = host(context, variables);
    let others = variables.inputs.iter().filter(|(source, _)| *source != "$host");
    let mut parts: Vec<String> = host.into_iter().collect();
    parts.extend(context.part.clone());
    parts.extend(others.map(|(source, key)| format!("{source} {}", key.text())));
    if parts.is_empty() { "default".into() } else { parts.join(", ") }
}
