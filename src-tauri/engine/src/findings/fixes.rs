use url::{Host, Url};

use super::Snippet;
use crate::config::{Product, Profile};

/// What to change at the provider so that it sends roles and groups.
#[expect(clippy::too_many_lines, reason = "a table of sentences")]
pub(super) const fn to_send_roles(product: Product) -> &'static str {
    match product {
        Product::Auth0 => {
            "Auth0 puts roles into no token by itself: add this Action to the post-login flow (Actions › Triggers › post-login) and deploy it. \
             The claim needs a URL as its name, because a plain “roles” or “groups” is dropped without a word."
        }
        Product::Keycloak => {
            "Keycloak’s client scope “roles” writes them into the access token only: in its mappers “realm roles” and “client roles”, turn on Add to ID token and Add to userinfo. \
             For groups add a mapper of the type Group Membership."
        }
        Product::Entra => {
            "Define app roles on this app registration (App roles) and assign the person to one under Enterprise applications › Users and groups. \
             For groups choose Token configuration › Add groups claim."
        }
        Product::Okta => {
            "On the org’s own server set the app’s Sign On › Group claim (name “groups”, a filter that matches) and ask for the scope groups too. \
             On a custom authorization server add a claim “groups” under Security › API › your server › Claims, for the ID token, Always."
        }
        Product::Google => {
            "Google never puts roles or groups into its tokens. \
             Sign in through a broker such as Keycloak, Dex or Auth0 that reads Google’s groups and sends them on."
        }
        Product::Gitlab => {
            "GitLab sends the groups a person is a member of; membership of a project alone does not count. \
             Check that the application has the scope openid, and that the person is in a group."
        }
        Product::Zitadel => {
            "Turn on Assert Roles on Authentication in the project, and User Roles Inside ID Token in the application’s token settings. \
             The person also needs an authorization (role) in that project."
        }
        Product::Authentik => {
            "Groups come with the scope profile, roles with the scope entitlements: both must be among the provider’s selected scopes and asked for here. \
             To have them in the ID token too, turn on Include claims in id_token in the provider."
        }
        Product::Cognito => {
            "Cognito sends the user pool’s groups as cognito:groups, and leaves the claim out for somebody in no group. \
             Add the person to a group under User pools › your pool › Groups, then refresh."
        }
        Product::Authelia => {
            "Authelia sends groups with the scope groups, in userinfo. Add the scope to the client and to the profile; for the ID token add a claims policy with id_token: [groups]."
        }
        Product::Dex => {
            "Dex sends groups with the scope groups, where its connector reads them (LDAP group search, GitHub teams, …). Add the scope to the profile and check the connector’s settings."
        }
        Product::Kanidm => {
            "Kanidm sends groups with the scope groups, mapped for the client: kanidm system oauth2 update-scope-map. Roles of your own need update-claim-map."
        }
        Product::Rauthy => {
            "Rauthy always writes roles, and groups with the scope groups. Give the person a role under Users, then refresh."
        }
        Product::FusionAuth => {
            "FusionAuth writes roles into the access token of people registered for the application. Add the registration with its roles; for the ID token add a JWT populate lambda."
        }
        Product::Casdoor => {
            "Set the application’s token format to JWT, or add roles and groups to its token fields. With JWT-Empty or JWT-Standard none of them is sent."
        }
        Product::Logto => {
            "Ask for the scope roles, and urn:logto:scope:organization_roles for those in organizations. Assign the role under User management › the person › Roles."
        }
        Product::Clerk => {
            "Roles in an organization never reach an OAuth application. Write a role into the person’s public_metadata and ask for the scope public_metadata."
        }
        Product::WorkOs => {
            "WorkOS writes roles into session tokens of the chosen organization; an OAuth application of Connect gets none by itself. Add them to the JWT template."
        }
        Product::Supabase => {
            "Write application roles into app_metadata on the server, or add them by a custom access token hook. The claim role names the database’s role only."
        }
        Product::Firebase => {
            "Set custom claims with the Admin SDK (setCustomUserClaims). They come with the next ID token, so refresh after that."
        }
        Product::Ory => {
            "Have the consent application put them into the session: session.id_token for the ID token and userinfo, session.access_token for a JWT access token (under ext)."
        }
        Product::LemonLdap => {
            "Export the attribute groups to the relying party, with the scope groups. For the ID token turn on Force claims in ID token."
        }
        Product::Glewlwyd => {
            "Add roles or groups as an additional property or claim of the client’s plugin, as mandatory. Access itself goes by scope there."
        }
        Product::Canaille => {
            "Canaille sends groups with the scope groups, in userinfo. Add the scope to the client and to the profile."
        }
        Product::Adfs => {
            "Add an issuance rule for role or group claims to the web API, grant the scope allatclaims, and send the API’s identifier as the parameter resource."
        }
        Product::Ping => {
            "Map the group memberships to a claim: PingOne at the application’s attribute mappings, PingFederate in the OpenID Connect policy’s attribute contract."
        }
        Product::JumpCloud => {
            "Add a group attribute under the application’s attribute mapping; its name becomes the claim’s. If it is not groups or roles, name it in the profile’s claims."
        }
        Product::OneLogin => {
            "Add groups to the application’s parameters (Applications › the app › Parameters), and ask for the scope groups."
        }
        Product::Salesforce => {
            "Ask for the scope custom_permissions, or add custom attributes to the External Client App."
        }
        Product::Descope => "Give the person a role, in the project or in a tenant. Userinfo has the current ones.",
        Product::Stytch => "Give the member a role under RBAC; the session’s roles come with the next sign-in.",
        Product::Frontegg => {
            "Add roles and permissions to the JWT template (Token management › Claims), then sign in again."
        }
        Product::Other => {
            "Ask the provider’s administrator to add roles or groups to the ID token or to userinfo for this client. \
             Some providers want a scope for it, often groups or roles: then add it to the profile’s scopes."
        }
    }
}

/// Something to paste that does it, where there is such a thing.
pub(super) fn snippet_to_send_roles(product: Product, profile: &Profile) -> Option<Snippet> {
    (product == Product::Auth0).then(|| auth0_action(&namespace_of(profile)))
}

/// Identifiers where names were expected.
pub(super) const NAMES_NOT_IDS: &str = "Ask the administrator whether the provider can send names in their place.";

/// An Action that writes roles and groups into both tokens, those of the old extension among them.
pub(super) fn auth0_action(claim: &str) -> Snippet {
    // As a JSON text it can't end the string it stands in.
    let claim = serde_json::Value::from(claim);
    let text = format!(
        r"exports.onExecutePostLogin = async (event, api) => {{
  const claim = {claim};
  const old = event.user.app_metadata?.authorization ?? {{}};
  const roles = [...new Set([...(event.authorization?.roles ?? []), ...(old.roles ?? [])])];
  const groups = event.user.app_metadata?.groups ?? old.groups ?? [];
  api.idToken.setCustomClaim(claim, {{ roles, groups }});
  api.accessToken.setCustomClaim(claim, {{ roles, groups }});
}};
"
    );
    Snippet { language: "js".into(), text }
}

/// A claim name of the person's own: below the host of their API's audience, unless that is Auth0's, whose names are
/// dropped. Only a host name goes in, so nothing in it can end the text it stands in.
fn namespace_of(profile: &Profile) -> String {
    let audience = profile.audience.as_deref().and_then(|audience| Url::parse(audience).ok());
    let own =
        audience.as_ref().filter(|url| matches!(url.scheme(), "https" | "http")).and_then(|url| match url.host() {
            Some(Host::Domain(host))
                if !["auth0.com", "webtask.io", "webtask.run"].iter().any(|own| is_under(host, own)) =>
            {
                Some(host)
            }
            _ => None,
        });
    format!("https://{}/auth", own.unwrap_or("example.com"))
}

fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
