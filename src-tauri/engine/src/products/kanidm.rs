//! Kanidm. One issuer per client; groups are sent as UUID and as SPN; a scope that is not allowed refuses the sign-in.

use super::Definition;
use super::knowledge::{ChangesCome, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "kanidm",
        name: "Kanidm",
        issuer_shape: |url| url.path().contains("/oauth2/openid/"),
        marks: &[
            Mark::Ends("authorization_endpoint", "/ui/oauth2"),
            Mark::Ends("token_endpoint", "/oauth2/token"),
        ],
        // A claim map joined by ssv is one text with blanks between the values; names in Kanidm have no blanks.
        splits_at_blanks: true,
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        changes_come: ChangesCome::WithRefresh,
        send: "Kanidm sends a person’s groups to clients for which the scope groups is mapped: kanidm system oauth2 update-scope-map. Roles of your own need update-claim-map.",
        assign: "Add the person to the group: kanidm group add-members GROUP PERSON.",
        allow_scope: "Map the scope to a group of the person’s: kanidm system oauth2 update-scope-map.",
        refused_scope: "Map the scope to a group of the person’s (kanidm system oauth2 update-scope-map), or take it out of the profile’s scopes: Kanidm refuses the whole sign-in for one scope.",
        names_for_ids: "Have the scope groups_name or groups_spn mapped for the client, and ask for that instead of groups.",
        admit: "Kanidm lets people in by the scope maps of the client: kanidm system oauth2 update-scope-map.",
        public_client: "Create the client with kanidm system oauth2 create-public.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
