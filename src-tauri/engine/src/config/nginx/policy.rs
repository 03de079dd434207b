//! `Policy` objects of NGINX's ingress controller, and Helm values of the same form: an `oidc:` mapping in YAML or JSON.
//! Only its simple members are read; this is no reader of YAML.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::Scopes;
use super::super::issuer_candidates::issuers_of;
use super::placeholder::{is_sample_client, is_template};
use super::settings::{NginxSettings, is_secret};
use crate::text::clean_line;

/// The most members that are read of one mapping.
const MAX_MEMBERS: usize = 100;

/// The members of one `oidc:` mapping, their names in small letters without what divides words.
struct Mapping {
    /// The name of the object around it, if it has one.
    name: String,
    members: Vec<(String, String)>,
}

/// Keys that are not imported, with the reason.
const LEFT: [(&str, &str); 5] = [
    ("clientsecret", "a desktop program keeps no client secret, so this needs a public client"),
    ("tokenendpoint", "read from discovery instead"),
    ("jwksuri", "read from discovery instead"),
    ("endsessionendpoint", "read from discovery instead"),
    ("redirecturi", "it is your site's; register Rolecall's own at the provider"),
];

/// What each mapping sets up; of one that can't be used its values and the reason.
pub(super) fn policies(text: &str, any_client: bool) -> Vec<Result<NginxSettings, String>> {
    let mut found = match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let mut found = Vec::new();
            in_json(&value, "", &mut found);
            found
        }
        Err(_) => in_yaml(text),
    };
    found.retain(|mapping| mapping.has("clientid") && (mapping.has("authendpoint") || mapping.has("issuer")));
    found.iter().map(|mapping| settings(mapping, any_client)).collect()
}

fn settings(mapping: &Mapping, any_client: bool) -> Result<NginxSettings, String> {
    let (client_id, scope) = (mapping.get("clientid"), mapping.get("scope"));
    let (endpoint, issuer) = (mapping.get("authendpoint"), mapping.get("issuer"));
    let address = if issuer.is_empty() { endpoint } else { issuer };
    let unusable = |why: &str| {
        let values = clean_line(&format!("clientID {client_id}, {address}"));
        Err(format!("oidc policy {}: left out {values}: {why}", mapping.name))
    };
    if is_template(address) || is_template(client_id) {
        return unusable("it was not filled in");
    }
    if !any_client && is_sample_client(client_id) {
        return unusable("the client ID is the sample's own and was not filled in");
    }
    let (authorization, arguments) = endpoint.split_once('?').unwrap_or((endpoint, ""));
    let issuers = if issuer.is_empty() {
        issuers_of(authorization, mapping.get("jwksuri"))
    } else {
        vec![issuer.trim_end_matches("/.well-known/openid-configuration").to_owned()]
    };
    if issuers.is_empty() || !(address.starts_with("https://") || address.starts_with("http://")) {
        return unusable("that is not an address");
    }
    let mut settings = NginxSettings {
        host: None,
        hosts: vec!["default".into(), mapping.name.clone()],
        issuers,
        authorization: authorization.to_owned(),
        client_id: client_id.to_owned(),
        scopes: Scopes::parse(if scope.is_empty() { "openid" } else { scope }),
        params: BTreeMap::new(),
        taken: vec![format!("clientID: {client_id}"), format!("address: {address}")],
        not_taken: Vec::new(),
    };
    settings.taken.push(format!("scope: {}", settings.scopes));
    settings.take_params(arguments, "authEndpoint");
    settings.take_params(mapping.get("authextraargs"), "authExtraArgs");
    for (name, value) in &mapping.members {
        if ["clientid", "scope", "authendpoint", "issuer", "authextraargs"].contains(&name.as_str()) {
            continue;
        }
        let reason = LEFT.iter().find(|(known, _)| known == name).map_or("it is about NGINX itself", |(_, why)| *why);
        let value = if is_secret(name) { String::new() } else { format!(" {}", clean_line(value)) };
        settings.not_taken.push(format!("{name}{value}: {reason}"));
    }
    Ok(settings)
}

impl Mapping {
    fn get(&self, name: &str) -> &str {
        self.members.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }
}

/// A key without punctuation and in lower case, as it is spelled in several ways.
fn plain(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        "scopes" => "scope".into(),
        "authorizationendpoint" | "authzendpoint" => "authendpoint".into(),
        "issuerurl" | "discoveryurl" | "oidcissuerurl" => "issuer".into(),
        _ => plain,
    }
}

fn in_json(value: &Value, name: &str, found: &mut Vec<Mapping>) {
    match value {
        Value::Object(members) => {
            let own = value["metadata"]["name"].as_str().unwrap_or(name);
            for (key, value) in members {
                if let ("oidc", Value::Object(inner)) = (key.as_str(), value) {
                    let texts = inner.iter().take(MAX_MEMBERS).map(|(key, value)| (plain(key), as_text(value)));
                    found.push(Mapping { name: own.to_owned(), members: texts.collect() });
                } else {
                    in_json(value, own, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| in_json(item, name, found)),
        _ => {}
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(as_text).collect::<Vec<_>>().join("&"),
        other => other.to_string(),
    }
}

fn in_yaml(text: &str) -> Vec<Mapping> {
    let mut found: Vec<Mapping> = Vec::new();
    let mut name = String::new();
    // Of the mapping that is being read: how far it is indented.
    let mut within: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if within.is_some_and(|own| indent <= own && !(content.starts_with("- ") && indent == own)) {
            within = None;
        }
        let (key, value) = content.split_once(':').map_or((content, ""), |(key, value)| (key, scalar(value)));
        match (within, found.last_mut()) {
            (Some(_), Some(mapping)) if mapping.members.len() < MAX_MEMBERS => take_line(mapping, content, key, value),
            (None, _) if key == "oidc" && value.is_empty() => {
                within = Some(indent);
                found.push(Mapping { name: name.clone(), members: Vec::new() });
            }
            (None, _) if key == "name" => value.clone_into(&mut name),
            _ => {}
        }
    }
    found
}

fn take_line(mapping: &mut Mapping, content: &str, key: &str, value: &str) {
    if let Some(item) = content.strip_prefix("- ") {
        if let Some((_, list)) = mapping.members.last_mut() {
            let divider = if list.is_empty() { "" } else { "&" };
            *list = format!("{list}{divider}{}", scalar(item));
        }
        return;
    }
    let inline = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
    let value =
        inline.map_or_else(|| value.to_owned(), |items| items.split(',').map(scalar).collect::<Vec<_>>().join("&"));
    mapping.members.push((plain(key), value));
}

/// A value without its quotes, or without the comment behind it.
fn scalar(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some((inner, _)) = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inner;
        }
    }
    text.split(" #").next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
apiVersion: k8s.nginx.org/v1
kind: Policy
metadata:
  name: staff # the people
spec:
  oidc:
    clientID: portal
    clientSecret: oidc-secret
    authEndpoint: "https://id.example.com/realms/staff/protocol/openid-connect/auth?kc_idp_hint=corp"
    tokenEndpoint: https://id.example.com/realms/staff/protocol/openid-connect/token
    jwksURI: https://id.example.com/realms/staff/protocol/openid-connect/certs
    scope: openid+profile+roles
    authExtraArgs: [ "audience=api", prompt=login ]
    accessTokenEnable: true
other:
  clientID: nobody
"#;

    #[test]
    fn a_policy_is_read_with_its_arguments_and_without_its_secret() {
        let found = policies(POLICY, false);
        let [Ok(settings)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(settings.issuers[0], "https://id.example.com/realms/staff");
        assert_eq!(
            (settings.client_id.as_str(), settings.scopes.to_string().as_str()),
            ("portal", "openid profile roles")
        );
        assert_eq!((settings.params["kc_idp_hint"].as_str(), settings.params["audience"].as_str()), ("corp", "api"));
        assert!(settings.hosts.contains(&"staff".to_owned()), "{:?}", settings.hosts);
        let left = settings.not_taken.join("\n");
        assert!(!left.contains("oidc-secret") && left.contains("clientsecret"), "{left}");
        assert!(!left.contains("nobody"));
    }

    #[test]
    fn the_same_is_read_from_json_lists_and_values_of_a_chart() {
        let json = r#"{"items":[{"metadata":{"name":"a"},"spec":{"oidc":{"clientID":"one","authEndpoint":"https://id.example.com/oauth2/auth","authExtraArgs":["x=1","y=2"]}}}]}"#;
        let chart = "oidc:\n  issuerUrl: 'https://id.example.com'\n  clientId: two\n  scopes:\n  - openid\n";
        let found = [policies(json, false), policies(chart, false)].concat();
        let clients: Vec<_> = found.iter().map(|one| one.as_ref().unwrap().client_id.as_str()).collect();
        assert_eq!(clients, ["one", "two"]);
        assert_eq!(found[0].as_ref().unwrap().params.len(), 2);
        assert_eq!(found[1].as_ref().unwrap().issuers, ["https://id.example.com"]);
    }

    #[test]
    fn what_was_not_filled_in_is_told_and_what_is_something_else_is_passed_over() {
        let template = "oidc:\n  clientID: {{ .Values.client }}\n  authEndpoint: https://id.example.com/auth\n";
        assert!(matches!(policies(template, false).as_slice(), [Err(why)] if why.contains("not filled in")));
        assert!(policies("oidc:\n  enabled: true\nclientID: x\n", false).is_empty());
        assert!(policies("oidc:\n- a\n  - b\n:", false).is_empty());
    }
}
