//! GitLab. All groups are in userinfo, direct ones in the ID token, access levels in claims named by a URL.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Guide, Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "gitlab",
        name: "GitLab",
        claim_marks: &[&[ClaimMark::Has("groups_direct")], &[ClaimMark::Has("sub_legacy")]],
        secret_mark: Some(("gloas-", "GitLab’s client secret, not the Application ID")),
        hosts: &["gitlab.com"],
        marks: &[
            Mark::Ends("jwks_uri", "/oauth/discovery/keys"),
            Mark::Ends("authorization_endpoint", "/oauth/authorize"),
        ],
        // GitLab does not know offline_access; it issues a refresh token without it.
        scopes: "openid profile email",
        issuer_from_word: |text| text.is_empty().then(|| "https://gitlab.com".into()),
        issuer_form: |address, url| match url.host_str() {
            Some("gitlab.com") => Ok(url.origin().ascii_serialization()),
            _ => Ok(address.to_owned()),
        },
        profile_name: |_| Some("gitlab".into()),
        userinfo_only: true,
        changes_come: ChangesCome::WithRefresh,
        send: "GitLab sends the groups a person is a member of; membership of a project alone does not count. \
               Check that the application has the scope openid, and that the person is in a group.",
        into_id_token: "GitLab puts groups into userinfo, and only the direct ones into the ID token (groups_direct). An application has to ask userinfo.",
        assign: "Add the person to a group (not only to a project), at Group › Manage › Members.",
        allow_scope: "Tick the scope at Preferences › Applications › your application.",
        refused_scope: "Tick the scope at the application’s settings, or take it out of the profile’s scopes.",
        public_client: "Untick Confidential at Preferences › Applications › your application.",
        guide: Some(Guide {
            monogram: "GL",
            tile: "gitlab.com or your own",
            issuer: ["GitLab address", "https://gitlab.com", "Or the address of your own GitLab."],
            client_id_where: "Preferences › Applications › your application › Application ID. Tick openid, profile and email; leave Confidential unticked.",
            audience: None,
            redirects_where: "Preferences › Applications › your application › Redirect URI, one on each line.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: &[],
};
