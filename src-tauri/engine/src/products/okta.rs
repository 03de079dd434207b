//! Okta. The org's own server knows the scope groups; a custom authorization server sends what its claims say.

use super::Definition;
use super::evidence::{Evidence, Rule, document_name};
use super::finding::Finding;
use super::knowledge::{ChangesCome, ClaimMark, Guide, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

const RULES: &[Rule] = &[filtered];

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "okta",
        name: "Okta",
        claim_marks: &[&[ClaimMark::Has("cid"), ClaimMark::Has("uid")], &[ClaimMark::Text("jti", "ID."), ClaimMark::Has("idp")]],
        secret_length: 36,
        hosts: &[".okta.com", ".oktapreview.com", ".okta-emea.com"],
        // A custom domain.
        marks: &[
            Mark::Contains("authorization_endpoint", "/oauth2/"),
            Mark::Ends("authorization_endpoint", "/v1/authorize"),
            Mark::Ends("jwks_uri", "/v1/keys"),
        ],
        issuer_form: |_, url| {
            let segments: Vec<&str> =
                url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
            let host = url.host_str().unwrap_or_default();
            // The admin console's host belongs to the same org.
            let host = match host.split_once('.') {
                Some((org, domain)) if domain.starts_with("okta") => {
                    format!("{}.{domain}", org.strip_suffix("-admin").unwrap_or(org))
                }
                _ => host.to_owned(),
            };
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            let origin = format!("{}://{host}{port}", url.scheme());
            Ok(match segments.as_slice() {
                ["oauth2", server, ..] if *server != "v1" => format!("{origin}/oauth2/{server}"),
                _ => origin,
            })
        },
        is_default: Some(|value, _| value == "Everyone"),
        // The org's server lists it; a custom server that has none does not.
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        group_limit: Some(100),
        changes_come: ChangesCome::WithRefresh,
        send: "On the org’s own server set the app’s Sign On › Group claim (name “groups”, a filter that matches). \
               On a custom authorization server add a claim “groups” under Security › API › your server › Claims, for the ID token, Always.",
        into_id_token: "At the claim (Security › API › your server › Claims) choose ID token, Always.",
        assign: "Put the person into a group that the claim’s filter matches.",
        allow_scope: "Define the scope at Security › API › your server › Scopes, and allow it in the access policy.",
        refused_scope: "A custom authorization server has only the scopes defined at Security › API › your server › Scopes: define it there and allow it in the access policy, or take it out of the profile’s scopes and add a claim instead.",
        allow_refresh: "In Okta tick Refresh Token at Applications › your app › General › Grant type.",
        admit: "Assign the person to the application (Applications › your app › Assignments); on a custom authorization server an access policy has to let the client in (Security › API › your server › Access Policies).",
        public_client: "Choose Client authentication None at Applications › your app › General; the app’s type is Native.",
        issuer_hint: "A custom authorization server states either the org’s address or its custom domain (Security › API › your server › Issuer): write the issuer as it does.",
        guide: Some(Guide {
            monogram: "O",
            tile: "Org domain",
            issuer: [
                "Org domain",
                "acme.okta.com",
                "For a custom authorization server: Security › API › your server › Issuer URI.",
            ],
            client_id_where: "Applications › your app › General › Client ID.",
            audience: None,
            redirects_where: "Applications › your app › General › Sign-in redirect URIs. The app’s type is Native; tick Refresh Token under Grant type.",
            registers_redirects: true,
        }),
        directory: "Okta tells nobody their own groups through its API: /api/v1/users/me has none, and okta.users.read needs an administrator. Ask for the scope groups at the org’s own server and refresh: userinfo tells them.",
        ..Knowledge::GENERIC
    },
    rules: RULES,
};

/// Groups are sent, but the missing one is not among them: a filter covers only groups made in Okta; those from a
/// directory or an application need an expression.
fn filtered(evidence: &Evidence<'_>) -> Option<Finding> {
    let own: Vec<_> = evidence.identity.entitlements.beyond_defaults(Kind::Group).collect();
    let source = own.first().and_then(|group| group.sources.first())?;
    if !evidence.misses(Kind::Group) {
        return None;
    }
    let finding = Finding::warning("group_filtered", "Groups come, and the claim’s filter may leave this one out")
        .seen(format!("{}: {} groups, and not this one", document_name(source.document), own.len()))
        .fix(
            "A filter covers groups made in Okta. For groups from Active Directory, LDAP or an application set the claim to an expression, \
             such as Groups.startsWith(\"active_directory\", \"\", 100). If the group was made in Okta, check the filter, and that the person is in it.",
        );
    Some(finding)
}
