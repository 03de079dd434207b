//! authentik. One issuer per application; groups come with the scope profile, roles with entitlements.

use super::Definition;
use super::knowledge::{ClaimMark, Guide, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "authentik",
        name: "authentik",
        claim_marks: &[&[ClaimMark::Has("ak_proxy")]],
        secret_length: 80,
        issuer_shape: |url| url.path().contains("/application/o/"),
        marks: &[
            Mark::Ends("authorization_endpoint", "/application/o/authorize/"),
            Mark::Ends("token_endpoint", "/application/o/token/"),
        ],
        issuer_form: |_, url| {
            let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
            match segments.as_slice() {
                ["application", "o", application, ..] if !application.is_empty() => {
                    Ok(format!("{}/application/o/{application}/", url.origin().ascii_serialization()))
                }
                _ => Err("the application is missing; an authentik issuer looks like https://host/application/o/NAME/"),
            }
        },
        profile_name: |url| super::segment_after(url, "o"),
        userinfo_only: true,
        scopes_for: &[
            ScopeFor { kind: Kind::Group, scope: "profile", unlisted: false },
            ScopeFor { kind: Kind::Role, scope: "entitlements", unlisted: false },
        ],
        // authentik says "not verified" of everybody unless told otherwise.
        email_verified_means_nothing: true,
        send: "Select the scope mappings for profile (groups) and entitlements (roles) at Applications › Providers › your provider › Scopes. \
               To have them in the ID token too, turn on Include claims in id_token in the provider.",
        into_id_token: "Turn on Include claims in id_token in the provider’s advanced protocol settings.",
        assign: "Add the person to a group (Directory › Groups), or give them an entitlement of the application.",
        allow_scope: "Select the scope mapping at Applications › Providers › your provider › Scopes.",
        allow_refresh: "In authentik add offline_access to the provider’s selected scopes.",
        public_client: "Set Client type to Public at Applications › Providers › your provider.",
        guide: Some(Guide {
            monogram: "a",
            tile: "Server and application",
            issuer: [
                "Server and application",
                "https://auth.example.org/application/o/desk/",
                "Applications › Providers › your provider › OpenID Configuration Issuer. The slash at the end belongs to it.",
            ],
            client_id_where: "Applications › Providers › your provider › Client ID. The client type is Public.",
            audience: None,
            redirects_where: "Applications › Providers › your provider › Redirect URIs, each as Strict. Choose a signing key there too.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: &[],
};
