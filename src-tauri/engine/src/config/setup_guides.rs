use serde::Serialize;

use super::{Product, RedirectRule};

/// What the set-up screen asks for one product, and what to register there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupGuide {
    /// The product.
    pub provider: Product,
    /// Its name.
    pub label: &'static str,
    /// One or two letters for the tile.
    pub monogram: &'static str,
    /// What it will ask, a few words.
    pub tile: &'static str,
    /// The field that leads to the issuer, in the provider's words.
    pub issuer_field: GuideField,
    /// Where the client ID is found.
    pub client_id_where: &'static str,
    /// The audience field, for providers that have audiences.
    pub audience_field: Option<GuideField>,
    /// The addresses to register at the provider, exactly.
    pub redirects: Vec<String>,
    /// Where they go, in the provider's words.
    pub redirects_where: &'static str,
}

/// One field of the set-up screen.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GuideField {
    /// Its label.
    pub label: &'static str,
    /// An example.
    pub placeholder: &'static str,
    /// A sentence below.
    pub hint: &'static str,
}

/// The guides, in the order of the tiles.
#[must_use]
pub fn setup_guides() -> Vec<SetupGuide> {
    Product::TILES.into_iter().map(guide).collect()
}

fn guide(provider: Product) -> SetupGuide {
    let words = words(provider);
    SetupGuide {
        provider,
        label: provider.label(),
        monogram: words.monogram,
        tile: words.tile,
        issuer_field: words.issuer,
        client_id_where: words.client_id_where,
        audience_field: (provider == Product::Auth0).then_some(GuideField {
            label: "API audience",
            placeholder: "https://api.example.com",
            hint: "Without one, Auth0’s access token can’t be read, so no permissions will show.",
        }),
        redirects: addresses(provider),
        redirects_where: words.redirects_where,
    }
}

/// The addresses of the product's redirect rule, as they are registered: without a port where any port is let through.
fn addresses(provider: Product) -> Vec<String> {
    let RedirectRule { host, ports, path } = provider.redirect_rule();
    if provider == Product::Google {
        return Vec::new();
    }
    if ports.is_empty() {
        return vec![format!("http://{host}{path}")];
    }
    ports.iter().map(|port| format!("http://{host}:{port}{path}")).collect()
}

struct Words {
    monogram: &'static str,
    tile: &'static str,
    issuer: GuideField,
    client_id_where: &'static str,
    redirects_where: &'static str,
}

const fn words(provider: Product) -> Words {
    const fn field(label: &'static str, placeholder: &'static str, hint: &'static str) -> GuideField {
        GuideField { label, placeholder, hint }
    }
    match provider {
        Product::Auth0 => Words {
            monogram: "A",
            tile: "Tenant domain",
            issuer: field(
                "Tenant domain",
                "acme.eu.auth0.com",
                "Applications › your app › Settings › Domain. A custom domain works too.",
            ),
            client_id_where: "Applications › your app › Settings › Client ID. It has 32 characters; the client secret is not needed.",
            redirects_where: "Applications › your app › Settings › Allowed Callback URLs. The app’s type is Native. Every character counts.",
        },
        Product::Keycloak => Words {
            monogram: "K",
            tile: "Server and realm",
            issuer: field(
                "Server and realm",
                "https://id.example.org/realms/acme",
                "A link to the realm or to its admin console will do.",
            ),
            client_id_where: "Clients › your client › Client ID. Client authentication is off, Standard flow is on.",
            redirects_where: "Clients › your client › Settings › Valid redirect URIs. Written without a port, it lets any port through.",
        },
        Product::Entra => Words {
            monogram: "E",
            tile: "Tenant and client ID",
            issuer: field(
                "Tenant",
                "contoso.onmicrosoft.com",
                "App registrations › your app › Overview › Directory (tenant) ID, or a domain of the tenant.",
            ),
            client_id_where: "App registrations › your app › Overview › Application (client) ID.",
            redirects_where: "App registrations › your app › Authentication › Add a platform › Mobile and desktop applications. Entra ID lets any port through.",
        },
        Product::Okta => Words {
            monogram: "O",
            tile: "Org domain",
            issuer: field(
                "Org domain",
                "acme.okta.com",
                "For a custom authorization server: Security › API › your server › Issuer URI.",
            ),
            client_id_where: "Applications › your app › General › Client ID.",
            redirects_where: "Applications › your app › General › Sign-in redirect URIs. The app’s type is Native; tick Refresh Token under Grant type.",
        },
        Product::Google => Words {
            monogram: "G",
            tile: "Sends no roles",
            issuer: field("Issuer", "https://accounts.google.com", "It is the same for everybody."),
            client_id_where: "Google Cloud › APIs & Services › Credentials › your OAuth client. Its type is Desktop app.",
            redirects_where: "Nothing to register: a client of the type Desktop app accepts this computer by itself.",
        },
        Product::Gitlab => Words {
            monogram: "GL",
            tile: "gitlab.com or your own",
            issuer: field("GitLab address", "https://gitlab.com", "Or the address of your own GitLab."),
            client_id_where: "Preferences › Applications › your application › Application ID. Tick openid, profile and email; leave Confidential unticked.",
            redirects_where: "Preferences › Applications › your application › Redirect URI, one on each line.",
        },
        Product::Zitadel => Words {
            monogram: "Z",
            tile: "Instance domain",
            issuer: field("Instance domain", "acme-ab12cd.zitadel.cloud", "Or the domain of your own ZITADEL."),
            client_id_where: "Projects › your project › your application › Client ID. The application’s type is Native.",
            redirects_where: "Projects › your project › your application › Redirect Settings. ZITADEL lets any port of this computer through.",
        },
        Product::Authentik => Words {
            monogram: "a",
            tile: "Server and application",
            issuer: field(
                "Server and application",
                "https://auth.example.org/application/o/desk/",
                "Applications › Providers › your provider › OpenID Configuration Issuer. The slash at the end belongs to it.",
            ),
            client_id_where: "Applications › Providers › your provider › Client ID. The client type is Public.",
            redirects_where: "Applications › Providers › your provider › Redirect URIs, each as Strict. Choose a signing key there too.",
        },
        Product::Cognito => Words {
            monogram: "C",
            tile: "Region and user pool",
            issuer: field(
                "User pool ID",
                "eu-west-1_Ab12Cd34E",
                "User pools › your pool › Overview › User pool ID. It begins with the region.",
            ),
            client_id_where: "User pools › your pool › App clients › Client ID. The client has no secret.",
            redirects_where: "App clients › your client › Login pages › Allowed callback URLs. Cognito accepts plain http for localhost only.",
        },
        _ => Words {
            monogram: "…",
            tile: "Any OpenID issuer",
            issuer: field("Issuer", "https://id.example.org", "Or its discovery link. A slash at the end counts."),
            client_id_where: "Your administrator knows it. The client is public (native), with authorization code and PKCE.",
            redirects_where: "Among the redirect URIs of the client. Every character counts.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_to_register_are_the_ones_the_listener_will_use() {
        let of = |kind| addresses(kind).join(" ");
        let fixed = "http://127.0.0.1:47825/callback http://127.0.0.1:47826/callback";
        for kind in [Product::Auth0, Product::Okta, Product::Gitlab, Product::Authentik] {
            assert_eq!(of(kind), fixed, "{kind:?}");
        }
        assert_eq!(of(Product::Keycloak), "http://127.0.0.1/callback");
        assert_eq!(of(Product::Zitadel), "http://127.0.0.1/callback");
        assert_eq!(of(Product::Entra), "http://localhost/callback");
        assert_eq!(of(Product::Cognito), "http://localhost:47825/callback http://localhost:47826/callback");
        assert_eq!(of(Product::Google), "");
    }

    #[test]
    fn what_a_guide_gives_as_an_example_is_accepted_as_input() {
        for guide in setup_guides() {
            let example = guide.issuer_field.placeholder;
            let issuer = super::super::issuer_from(example, guide.provider).unwrap();
            let told = Product::of_issuer(&issuer);
            assert_eq!(told, guide.provider, "{example}");
        }
    }
}
