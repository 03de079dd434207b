//! Amazon Cognito user pools. The endpoints are at another host than the issuer; plain http is for localhost alone.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Guide, Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "cognito",
        name: "Cognito",
        claim_marks: &[&[ClaimMark::Has("token_use"), ClaimMark::Begins("cognito:")], &[ClaimMark::Has("token_use"), ClaimMark::Has("origin_jti")]],
        secret_length: 40,
        hosts: &["cognito-idp.*.amazonaws.com"],
        marks: &[
            Mark::Contains("authorization_endpoint", ".amazoncognito.com/"),
            Mark::Contains("jwks_uri", "cognito-idp."),
        ],
        endpoint_hosts: &[".amazoncognito.com"],
        redirect_host: "localhost",
        // Cognito refuses any scope not enabled for the client. A new client has openid and email, and openid alone brings
        // all attributes into the ID token.
        scopes: "openid email",
        issuer_from_word: |text| {
            let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
            let (region, _) = text.split_once('_').filter(|_| plain)?;
            Some(format!("https://cognito-idp.{region}.amazonaws.com/{text}"))
        },
        issuer_form: |_, url| {
            if url.host_str().is_some_and(|host| host.ends_with(".amazoncognito.com")) {
                return Err("that is the domain of the sign-in pages, not the issuer; give the user pool ID");
            }
            match url.path_segments().into_iter().flatten().find(|segment| !segment.is_empty()) {
                Some(pool) => Ok(format!("{}/{pool}", url.origin().ascii_serialization())),
                None => Err("the user pool is missing; give its ID, such as eu-west-1_Ab12Cd34E"),
            }
        },
        profile_name: |_| Some("cognito".into()),
        never_in_userinfo: true,
        changes_come: ChangesCome::WithRefresh,
        send: "Cognito sends the user pool’s groups as cognito:groups, and leaves the claim out for somebody in no group. \
               Add the person to a group under User pools › your pool › Groups, then refresh.",
        assign: "Add the person to a group under User pools › your pool › Groups.",
        allow_scope: "Tick the scope at App clients › your client › Login pages › OpenID Connect scopes.",
        public_client: "A Cognito client keeps its secret for good: create an app client of the type Public client.",
        guide: Some(Guide {
            monogram: "C",
            tile: "Region and user pool",
            issuer: [
                "User pool ID",
                "eu-west-1_Ab12Cd34E",
                "User pools › your pool › Overview › User pool ID. It begins with the region.",
            ],
            client_id_where: "User pools › your pool › App clients › Client ID. The client has no secret.",
            audience: None,
            redirects_where: "App clients › your client › Login pages › Allowed callback URLs. Cognito accepts plain http for localhost only.",
            registers_redirects: true,
        }),
        directory: "Cognito always writes the groups into its tokens, so there is nothing better to ask: refresh. The administrator sees them at User pools › the pool › Users › the person.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
