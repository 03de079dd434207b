use url::{Host, Url};

use super::Snippet;
use crate::config::{Profile, ProviderKind};

/// What to change at the provider so that it sends roles and groups.
pub(super) const fn to_send_roles(provider: ProviderKind) -> &'static str {
    match provider {
        ProviderKind::Auth0 => {
            "Auth0 puts roles into no token by itself: add this Action to the post-login flow (Actions › Triggers › post-login) and deploy it. \
             The claim needs a URL as its name, because a plain “roles” or “groups” is dropped without a word."
        }
        ProviderKind::Keycloak => {
            "Keycloak’s client scope “roles” writes them into the access token only: in its mappers “realm roles” and “client roles”, turn on Add to ID token and Add to userinfo. \
             For groups add a mapper of the type Group Membership."
        }
        ProviderKind::Entra => {
            "Define app roles on this app registration (App roles) and assign the person to one under Enterprise applications › Users and groups. \
             For groups choose Token configuration › Add groups claim."
        }
        ProviderKind::Okta => {
            "On the org’s own server set the app’s Sign On › Group claim (name “groups”, a filter that matches) and ask for the scope groups too. \
             On a custom authorization server add a claim “groups” under Security › API › your server › Claims, for the ID token, Always."
        }
        ProviderKind::Google => {
            "Google never puts roles or groups into its tokens. \
             Sign in through a broker such as Keycloak, Dex or Auth0 that reads Google’s groups and sends them on."
        }
        ProviderKind::Gitlab => {
            "GitLab sends the groups a person is a member of; membership of a project alone does not count. \
             Check that the application has the scope openid, and that the person is in a group."
        }
        ProviderKind::Zitadel => {
            "Turn on Assert Roles on Authentication in the project, and User Roles Inside ID Token in the application’s token settings. \
             The person also needs an authorization (role) in that project."
        }
        ProviderKind::Authentik => {
            "Groups come with the scope profile, roles with the scope entitlements: both must be among the provider’s selected scopes and asked for here. \
             To have them in the ID token too, turn on Include claims in id_token in the provider."
        }
        ProviderKind::Cognito => {
            "Cognito sends the user pool’s groups as cognito:groups, and leaves the claim out for somebody in no group. \
             Add the person to a group under User pools › your pool › Groups, then refresh."
        }
        ProviderKind::Other => {
            "Ask the provider’s administrator to add roles or groups to the ID token or to userinfo for this client. \
             Some providers want a scope for it, often groups or roles: then add it to the profile’s scopes."
        }
    }
}

/// Something to paste that does it, where there is such a thing.
pub(super) fn snippet_to_send_roles(provider: ProviderKind, profile: &Profile) -> Option<Snippet> {
    (provider == ProviderKind::Auth0)
        .then(|| Snippet { language: "js".into(), text: auth0_action(&namespace_of(profile)) })
}

fn auth0_action(namespace: &str) -> String {
    format!(
        r#"exports.onExecutePostLogin = async (event, api) => {{
  const claim = "{namespace}";
  const roles = event.authorization?.roles ?? [];
  const groups = event.user.app_metadata?.groups ?? [];
  api.idToken.setCustomClaim(claim, {{ roles, groups }});
  api.accessToken.setCustomClaim(claim, {{ roles, groups }});
}};
"#
    )
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
