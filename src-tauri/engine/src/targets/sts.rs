use serde_json::{Map, Value};
use url::Url;
use zeroize::Zeroizing;

use crate::config::{AwsRole, is_session_name};
use crate::ports::Timestamp;
use crate::problem::{Code, Problem};
use crate::text::clean_line;
use crate::tokens::Secret;

/// Credentials for a role, as a security token service gives them.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `AccessKeyId`; no secret.
    pub access_key_id: String,
    /// `SecretAccessKey`.
    pub secret_access_key: Secret,
    /// `SessionToken`.
    pub session_token: Secret,
    /// When they end.
    pub expires_at: Timestamp,
}

/// Why there are none.
#[derive(Debug)]
pub(crate) enum NoCredentials {
    /// The token has ended by the service's clock.
    TokenEnded,
    /// Any other reason.
    Because(Problem),
}

/// The service that gives credentials for this role: the one the profile names, else that of the region, else the general
/// one. The host follows the partition of the ARN.
pub(crate) fn endpoint(role: &AwsRole) -> Result<Url, Problem> {
    if let Some(endpoint) = &role.endpoint {
        return Ok(endpoint.clone());
    }
    let (domain, needs_region) = match role.partition() {
        "aws" => ("amazonaws.com", false),
        "aws-us-gov" => ("amazonaws.com", true),
        "aws-cn" => ("amazonaws.com.cn", true),
        other => {
            let why = format!("the partition '{other}' has no known STS; give the target an endpoint");
            return Err(Problem::new(Code::BadSetting, why));
        }
    };
    let address = match &role.region {
        Some(region) => format!("https://sts.{region}.{domain}/"),
        None if needs_region => return Err(Problem::new(Code::BadSetting, "the target needs a region")),
        None => format!("https://sts.{domain}/"),
    };
    Url::parse(&address).map_err(|_| Problem::new(Code::BadSetting, "the region is no part of an address"))
}

/// The name under which the audit log shows the person.
pub(crate) fn session_name(role: &AwsRole, claims: &Map<String, Value>) -> String {
    if let Some(name) = &role.session_name {
        return name.clone();
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let made = |text: &str| -> String {
        let allowed = |c: char| if c.is_ascii_alphanumeric() || "_=,.@-".contains(c) { c } else { '-' };
        text.chars().map(allowed).take(64).collect()
    };
    let names = ["email", "preferred_username", "sub"].map(|name| made(text(name)));
    names.into_iter().find(|name| is_session_name(name)).unwrap_or_else(|| "rolecall".into())
}

/// The form (`AssumeRoleWithWebIdentity`, version 2011-06-15). It is not signed: the token alone authenticates it.
pub(crate) fn form(role: &AwsRole, name: &str, token: &Secret) -> Vec<(&'static str, Zeroizing<String>)> {
    [
        ("Action", "AssumeRoleWithWebIdentity".to_owned()),
        ("Version", "2011-06-15".to_owned()),
        ("RoleArn", role.role.clone()),
        ("RoleSessionName", name.to_owned()),
        ("DurationSeconds", role.duration.to_string()),
        ("WebIdentityToken", token.expose().to_owned()),
    ]
    .map(|(name, value)| (name, Zeroizing::new(value)))
    .into()
}

/// Reads the answer. `claims` are those of the token that was sent, which the trust policy of the role is about.
pub(crate) fn read(
    (status, body): (u16, &[u8]),
    role: &AwsRole,
    claims: &Map<String, Value>,
    host: &str,
) -> Result<Credentials, NoCredentials> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    if (200..300).contains(&status) {
        let why = || format!("{host} answered without usable credentials");
        return credentials(text).ok_or_else(|| no_credentials(Code::TargetRefused, &why()));
    }
    let code = element(text, "Code").unwrap_or_default();
    if code == "ExpiredTokenException" {
        return Err(NoCredentials::TokenEnded);
    }
    let message = clean_line(element(text, "Message").unwrap_or_default());
    let said = match (code, message.as_str()) {
        ("", _) => format!("status {status} and nothing more"),
        (code, "") => clean_line(code),
        (code, message) => format!("{}: {message}", clean_line(code)),
    };
    if status >= 500 || matches!(code, "IDPCommunicationError" | "Throttling" | "ServiceUnavailable") {
        return Err(no_credentials(Code::TargetUnreachable, &format!("{host} gave none for {}; {said}", role.role)));
    }
    // The service's words come last: they are what may be cut.
    let why = format!("{host} gave no credentials for {}. {} It says {said}", role.role, advice(code, claims));
    Err(no_credentials(Code::TargetRefused, &why))
}

fn no_credentials(code: Code, why: &str) -> NoCredentials {
    NoCredentials::Because(Problem::new(code, why))
}

/// What the person can do about a refusal: for most, compare the claims of the token with the trust policy of the role.
fn advice(code: &str, claims: &Map<String, Value>) -> String {
    let claim = |name: &str| match claims.get(name) {
        Some(Value::String(text)) => clean_line(text),
        Some(value) => clean_line(&value.to_string()),
        None => "nothing".into(),
    };
    let provider = claim("iss");
    let provider = provider.trim_start_matches("https://").trim_end_matches('/');
    match code {
        "RegionDisabledException" => "Have the region's STS switched on, or give the target another region.".into(),
        "IDPRejectedClaim" => "The identity provider rejected the token; sign in again.".into(),
        _ => format!(
            "Its trust policy has to let in {provider}:aud {} and, where it names one, {provider}:sub {}.",
            claim("aud"),
            claim("sub"),
        ),
    }
}

fn credentials(text: &str) -> Option<Credentials> {
    let inside = element(text, "Credentials")?;
    let plain = |name: &str| {
        let text = element(inside, name)?.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "+/=_-.:%".contains(c);
        (!text.is_empty() && text.chars().all(allowed)).then_some(text)
    };
    let expires_at = chrono::DateTime::parse_from_rfc3339(plain("Expiration")?).ok()?.timestamp();
    Some(Credentials {
        access_key_id: plain("AccessKeyId")?.to_owned(),
        secret_access_key: Secret::new(plain("SecretAccessKey")?.to_owned()),
        session_token: Secret::new(plain("SessionToken")?.to_owned()),
        expires_at: Timestamp(expires_at),
    })
}

/// The text of the first element of this name. There is no parser for XML: the answers are small and of a fixed form, and
/// a credential is accepted only with the characters that a key can have.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(&format!("<{name}>"))? + name.len() + 2;
    let length = text[start..].find(&format!("</{name}>"))?;
    Some(&text[start..start + length])
}

impl Credentials {
    /// As text, to be kept with the session.
    pub(crate) fn to_secret(&self) -> Secret {
        let members = [&self.access_key_id, self.secret_access_key.expose(), self.session_token.expose()];
        Secret::new(members.join("\n"))
    }

    /// What [`Credentials::to_secret`] wrote.
    pub(crate) fn of_secret(secret: &Secret, expires_at: Option<Timestamp>) -> Option<Self> {
        let mut members = secret.expose().split('\n').map(str::to_owned);
        let (id, key, token) = (members.next()?, members.next()?, members.next()?);
        Some(Self {
            access_key_id: id,
            secret_access_key: Secret::new(key),
            session_token: Secret::new(token),
            expires_at: expires_at?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn role(role: &str, region: Option<&str>) -> AwsRole {
        let (role, region) = (role.to_owned(), region.map(str::to_owned));
        AwsRole { role, region, endpoint: None, duration: 3600, session_name: None }
    }

    #[test]
    fn the_service_follows_partition_and_region() {
        let at = |arn, region| endpoint(&role(arn, region)).map(|url| url.to_string()).unwrap_or_default();
        assert_eq!(at("arn:aws:iam::1:role/a", Some("eu-central-1")), "https://sts.eu-central-1.amazonaws.com/");
        assert_eq!(at("arn:aws:iam::1:role/a", None), "https://sts.amazonaws.com/");
        assert_eq!(at("arn:aws-cn:iam::1:role/a", Some("cn-north-1")), "https://sts.cn-north-1.amazonaws.com.cn/");
        assert_eq!(at("arn:aws-us-gov:iam::1:role/a", None), "");
        assert_eq!(at("arn:evil.example:iam::1:role/a", Some("x")), "");
    }

    #[test]
    fn the_audit_log_names_the_person() {
        let named = |claims: Value| session_name(&role("arn:aws:iam::1:role/a", None), claims.as_object().unwrap());
        assert_eq!(named(json!({"email": "jane@example.com", "sub": "1"})), "jane@example.com");
        assert_eq!(named(json!({"sub": "auth0|626d"})), "auth0-626d");
        assert_eq!(named(json!({"sub": "x"})), "rolecall");
        assert_eq!(named(json!({"email": "é".repeat(99)})).len(), 64);
    }

    #[test]
    fn answers_are_read_and_refusals_hold_the_trust_policy_against_the_token() {
        let role = role("arn:aws:iam::1:role/a", None);
        let claims = json!({"iss": "https://id.example/", "aud": "desktop", "sub": "jane"});
        let claims = claims.as_object().unwrap();
        let body = "<R><Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey>\
                    <SessionToken>t</SessionToken><Expiration>2026-11-27T22:00:00.123Z</Expiration></Credentials></R>";
        let given = read((200, body.as_bytes()), &role, claims, "sts.example").unwrap();
        assert_eq!((given.access_key_id.as_str(), given.expires_at.0), ("AK", 1_795_816_800));
        let kept = Credentials::of_secret(&given.to_secret(), Some(given.expires_at)).unwrap();
        assert!(kept.secret_access_key.matches("s/+=") && kept.session_token.matches("t"));
        for spoilt in ["", "<Credentials></Credentials>", &body.replace("s/+=", "<b>x</b>"), &body.replace("2026-", "")]
        {
            assert!(read((200, spoilt.as_bytes()), &role, claims, "sts.example").is_err(), "{spoilt}");
        }
        let refused = |status, code: &str| {
            let body = format!("<E><Error><Code>{code}</Code><Message>No\u{1b}</Message></Error></E>");
            match read((status, body.as_bytes()), &role, claims, "sts.example").unwrap_err() {
                NoCredentials::Because(problem) => (Some(problem.code), problem.detail),
                NoCredentials::TokenEnded => (None, String::new()),
            }
        };
        let (code, detail) = refused(403, "AccessDenied");
        assert_eq!(code, Some(Code::TargetRefused));
        assert!(
            detail.contains("id.example:aud desktop") && detail.contains("sub jane") && !detail.contains('\u{1b}'),
            "{detail}"
        );
        assert_eq!(refused(400, "ExpiredTokenException").0, None);
        assert_eq!(refused(400, "IDPCommunicationError").0, Some(Code::TargetUnreachable));
        assert_eq!(refused(503, "x").0, Some(Code::TargetUnreachable));
        assert!(refused(403, "RegionDisabledException").1.contains("region"));
    }
}
