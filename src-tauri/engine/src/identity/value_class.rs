use serde::{Deserialize, Serialize};

use super::Conventions;

/// What is special about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ValueClass {
    /// The provider gives it to everybody, so it tells nothing about this person. Folded away, never dropped.
    #[serde(rename = "everybody_has")]
    Default,
    /// An identifier (GUID), not a name.
    Guid,
    /// An identifier of Amazon's (ARN), not a name.
    Arn,
    /// An identifier of another form: a SID of Windows, an object's ID at Okta or Auth0, a long number.
    Identifier,
    /// A switch that is on, such as `"admin": true`; the value is the claim's name.
    Flag,
}

impl ValueClass {
    /// What a value is. `context` is the client or tenant a role holds for.
    pub(crate) fn of(value: &str, context: Option<&str>, conventions: &Conventions) -> Option<Self> {
        if (conventions.is_default)(value, context) { Some(Self::Default) } else { Self::of_shape(value) }
    }

    /// What a value looks like by itself.
    pub(crate) fn of_shape(value: &str) -> Option<Self> {
        if is_guid(value) {
            Some(Self::Guid)
        } else if value.starts_with("arn:") && value.split(':').count() >= 6 {
            Some(Self::Arn)
        } else if is_identifier(value) {
            Some(Self::Identifier)
        } else {
            None
        }
    }
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562 section 4).
fn is_guid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `S-1-5-21-…` (Windows), `00g…` (Okta), `rol_…` and `org_…` (Auth0), 24 or 32 hexadecimal digits, 15 digits or more.
fn is_identifier(value: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = value.strip_prefix("S-1-") {
        return rest.split('-').count() >= 3 && rest.split('-').all(|part| !part.is_empty() && digits(part));
    }
    let alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let prefixed = ["rol_", "org_", "grp_"].iter().find_map(|prefix| value.strip_prefix(prefix));
    value.len() == 20 && value.starts_with("00g") && alphanumeric(value)
        || prefixed
            .is_some_and(|rest| rest.len() >= 12 && alphanumeric(rest) && rest.bytes().any(|b| b.is_ascii_digit()))
        || matches!(value.len(), 24 | 32)
            && value.bytes().all(|byte| byte.is_ascii_hexdigit())
            && value.bytes().any(|byte| byte.is_ascii_digit())
        || value.len() >= 15 && digits(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_from_names() {
        for (value, class) in [
            ("8f0e2c1a-0000-4abc-8def-0123456789ab", Some(ValueClass::Guid)),
            ("8f0e2c1a-0000-4abc-8def-0123456789ag", None),
            ("arn:aws:iam::1:role/x", Some(ValueClass::Arn)),
            ("arn:x", None),
            ("S-1-5-21-1004336348-1177238915-682003330-512", Some(ValueClass::Identifier)),
            ("S-1-editors", None),
            ("00gemxv3e8AbCdEfG0h7", Some(ValueClass::Identifier)),
            ("rol_4yGk0sQ1mZ7pXw2T", Some(ValueClass::Identifier)),
            ("rol_editors_of_the_wiki", None),
            ("5f1d7f0e2c1a0000abcdef01", Some(ValueClass::Identifier)),
            ("223281939119866113", Some(ValueClass::Identifier)),
            ("2026", None),
            ("editor", None),
            ("facadefacadefacadefacade", None),
        ] {
            assert_eq!(ValueClass::of_shape(value), class, "{value}");
        }
    }
}
