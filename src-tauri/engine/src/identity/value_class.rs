use serde::{Deserialize, Serialize};

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
    /// A switch that is on, such as `"admin": true`; the value is the claim's name.
    Flag,
}

impl ValueClass {
    /// What a value looks like. `client` is the Keycloak client a role holds for.
    pub(super) fn of(value: &str, client: Option<&str>) -> Option<Self> {
        if is_default(value, client) {
            Some(Self::Default)
        } else if is_guid(value) {
            Some(Self::Guid)
        } else if value.starts_with("arn:") && value.split(':').count() >= 6 {
            Some(Self::Arn)
        } else {
            None
        }
    }
}

/// Keycloak's default roles, Okta's and Supabase's catch-all (providers' notes, diagnosis D12).
fn is_default(value: &str, client: Option<&str>) -> bool {
    if client == Some("account") {
        return matches!(value, "manage-account" | "manage-account-links" | "view-profile");
    }
    matches!(value, "uma_authorization" | "offline_access" | "Everyone" | "authenticated")
        || value.starts_with("default-roles-")
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562 section 4).
fn is_guid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_identifiers_are_recognized() {
        for (value, client, mark) in [
            ("default-roles-acme", None, Some(ValueClass::Default)),
            ("Everyone", None, Some(ValueClass::Default)),
            ("manage-account", Some("account"), Some(ValueClass::Default)),
            ("manage-account", None, None),
            ("manage-users", Some("account"), None),
            ("8f0e2c1a-0000-4abc-8def-0123456789ab", None, Some(ValueClass::Guid)),
            ("8f0e2c1a-0000-4abc-8def-0123456789ag", None, None),
            ("arn:aws:iam::1:role/x", None, Some(ValueClass::Arn)),
            ("arn:x", None, None),
            ("editor", None, None),
        ] {
            assert_eq!(ValueClass::of(value, client), mark, "{value}");
        }
    }
}
