//! `PingOne` and `PingFederate`. Attributes are mapped per application or policy; memberOf has LDAP names.

use super::Definition;
use super::knowledge::{Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "ping",
        name: "Ping Identity",
        hosts: &[".pingone.com", ".pingone.eu", ".pingone.ca", ".pingone.asia", ".pingone.com.au"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/as/authorization.oauth2"),
            Mark::Ends("token_endpoint", "/as/token.oauth2"),
        ],
        send: "Map the group memberships to a claim: PingOne at the application’s attribute mappings, PingFederate in the OpenID Connect policy’s attribute contract.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
