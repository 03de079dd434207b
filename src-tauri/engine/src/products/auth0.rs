//! Auth0. No token has roles by default: an Action writes them into a claim named by a URL.

use url::{Host, Url};

use super::Definition;
use super::evidence::{Evidence, Rule, document_name, path_text};
use super::finding::Finding;
use super::knowledge::{ClaimMark, Guide, Knowledge, Mark, TokensBy};
use crate::identity::{DocumentKind, DocumentState, Kind};

/// Claim names without a namespace that Auth0 silently drops when an Action sets them.
const RESERVED: [&str; 4] = ["roles", "groups", "permissions", "entitlements"];
/// Domains of Auth0's own; claims named under them are dropped too.
const OWN_DOMAINS: [&str; 3] = ["auth0.com", "webtask.io", "webtask.run"];
/// The regions in which tenants live, most used first, for a domain typed without one.
const REGIONS: [&str; 5] = ["us", "eu", "au", "jp", "uk"];

const RULES: &[Rule] = &[reserved_name, legacy_pipeline_misses, permissions, meaningless_scope, legacy_pipeline];

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "auth0",
        name: "Auth0",
        tokens_by: TokensBy::Audience,
        claim_marks: &[&[ClaimMark::Text("sub", "auth0|")], &[ClaimMark::Text("sub", "google-oauth2|")], &[ClaimMark::Text("sub", "waad|")], &[ClaimMark::Text("sub", "samlp|")], &[ClaimMark::Has("gty"), ClaimMark::Has("azp")]],
        secret_length: 48,
        hosts: &[".auth0.com"],
        // A custom domain.
        marks: &[Mark::Member("mfa_challenge_endpoint"), Mark::Ends("authorization_endpoint", "/authorize")],
        issuer_form: |_, url| {
            if url.host_str() == Some("manage.auth0.com") {
                return Err(
                    "that is Auth0’s dashboard, not your tenant; the domain stands at Applications › your app › Settings › Domain",
                );
            }
            Ok(format!("{}/", url.origin().ascii_serialization()))
        },
        near_issuers: |url| {
            let tenant = url.host_str().and_then(|host| host.strip_suffix(".auth0.com"));
            let tenant = tenant.filter(|tenant| !tenant.contains('.'));
            let all = tenant.into_iter().flat_map(|tenant| REGIONS.map(|region| format!("https://{tenant}.{region}.auth0.com/")));
            all.collect()
        },
        secret_shape: |text| {
            (text.len() == 64).then_some("Auth0’s client secret, which has 64 characters; the client ID has 32")
        },
        // Actions run again when a session is refreshed.
        claims_named_by_url: true,
        organizations: true,
        send: "Auth0 puts roles into no token by itself: add this Action to the post-login flow (Actions › Triggers › post-login) and deploy it. \
               The claim needs a URL as its name, because a plain “roles” or “groups” is dropped without a word.",
        send_snippet: |audience| Some(("js", action(&namespace_for(audience)))),
        into_id_token: "In the Action call api.idToken.setCustomClaim as well as api.accessToken.setCustomClaim.",
        assign: "Give the person the role at User Management › Users › the person › Roles.",
        allow_scope: "A scope of an API is granted only with that API’s audience, and with RBAC only when the person has the permission; in Auth0 a scope “roles” or “groups” does nothing by itself.",
        allow_refresh: "In Auth0 tick Refresh Token at Applications › your app › Settings › Advanced › Grant Types; with an audience also turn on Allow Offline Access at Applications › APIs › your API › Settings.",
        readable_access_token: Some(
            "Put the identifier of your API (Applications › APIs) into the profile as its audience and sign in again: Auth0 then gives a JWT. \
             Permissions come with it when that API has RBAC and Add Permissions in the Access Token turned on.",
        ),
        verify_email: "Have the person follow the link in Auth0’s verification email (User Management › Users › the person › Send Verification Email), then refresh. \
                       A Rule or Action that checks user.email_verified adds no roles before that.",
        admit: "A Rule or Action of the tenant refused the sign-in, or the connection is not enabled for the application: see Monitoring › Logs.",
        public_client: "Choose the application type Native (Applications › your app › Settings).",
        guide: Some(Guide {
            monogram: "A",
            tile: "Tenant domain",
            issuer: [
                "Tenant domain",
                "acme.eu.auth0.com",
                "Applications › your app › Settings › Domain. A custom domain works too.",
            ],
            client_id_where: "Applications › your app › Settings › Client ID. It has 32 characters; the client secret is not needed.",
            audience: Some([
                "API audience",
                "https://api.example.com",
                "Without one, Auth0’s access token can’t be read, so no permissions will show.",
            ]),
            redirects_where: "Applications › your app › Settings › Allowed Callback URLs. The app’s type is Native. Every character counts.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: RULES,
};

/// The profile names a claim for the roles that Auth0 silently drops.
fn reserved_name(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.lacks_any() {
        return None;
    }
    let own = |name: &str| OWN_DOMAINS.into_iter().chain(["urn:auth0"]).any(|own| name.contains(own));
    let claim = evidence.request.claims.iter().find(|claim| {
        claim.path.first().is_some_and(|name| {
            !evidence.any_has(name) && (RESERVED.contains(&name.as_str()) || own(name))
        })
    })?;
    let finding = Finding::warning("reserved_claim_dropped", "Auth0 drops this claim name without a word")
        .seen(format!("The profile expects the claim {}", path_text(&claim.path)))
        .seen("No document has it")
        .fix(
            "Name the claim by a URL of your own: bare roles, groups, permissions and entitlements are reserved, and names under auth0.com are ignored. \
             The sign-in succeeds all the same, only the claim is missing.",
        );
    Some(finding.snippet("js", action(&namespace_for(evidence.request.audience))).proven())
}

/// One role is missing where an object with roles and groups comes: the shape of the old Authorization Extension.
fn legacy_pipeline_misses(evidence: &Evidence<'_>) -> Option<Finding> {
    let misses = evidence.misses(Kind::Role) || evidence.misses(Kind::Group);
    misses.then(|| legacy_pipeline(evidence)).flatten().map(Finding::proven)
}

/// `"https://…/auth": {"groups", "roles"}` is what the Authorization Extension's rule writes; Rules reached their end of
/// life on 2026-11-18.
fn legacy_pipeline(evidence: &Evidence<'_>) -> Option<Finding> {
    let sources = || evidence.identity.entitlements.iter().flat_map(|(_, found)| &found.sources);
    let has = |claim: &str, member: &str| {
        sources().any(|source| source.path.len() == 2 && source.path[0] == claim && source.path[1] == member)
    };
    // One pass over the claims, not over the values: there may be thousands.
    let mut looked: Vec<&str> = Vec::new();
    let source = sources().filter(|source| source.path.len() == 2 && source.path[0].contains("://")).find(|source| {
        let claim = source.path[0].as_str();
        let is_new = !looked.contains(&claim);
        looked.push(claim);
        looked.dedup();
        is_new && has(claim, "roles") && has(claim, "groups")
    })?;
    let finding = Finding::info("legacy_pipeline", "These roles come in the form of the old Authorization Extension")
        .seen(format!("{}: {} holds groups and roles", document_name(source.document), path_text(&source.path[..1])))
        .fix(
            "Auth0’s Rules reached their end of life on 2026-11-18, and roles given under User Management › Roles are kept apart from those of the extension. \
             This Action writes the same claim from both: add it under Actions › Triggers › post-login and deploy it.",
        );
    Some(finding.snippet("js", action(&source.path[0])).aside())
}

/// Permissions come in the access token alone, and only when the API has RBAC and adds them.
fn permissions(evidence: &Evidence<'_>) -> Option<Finding> {
    // Without a kind, a name such as read:invoices is assumed to be a permission.
    let asked = evidence.wanted?;
    if !(asked.kind == Some(Kind::Permission) || asked.value.contains(':')) || !evidence.misses(Kind::Permission) {
        return None;
    }
    match evidence.report(DocumentKind::AccessToken)?.state {
        DocumentState::Opaque if evidence.request.audience.is_none() => Some(
            Finding::warning("access_token_opaque", "Permissions stand in the access token, and without an audience that can’t be read")
                .seen("Access token: can’t be read, it is not a JWT")
                .seen("No API audience was asked for")
                .fix("Put the identifier of your API (Applications › APIs) into the profile as its audience and sign in again.")
                .proven(),
        ),
        DocumentState::Read if !evidence.facts(DocumentKind::AccessToken)?.has("permissions") => Some(
            Finding::warning("rbac_off", "The API does not put permissions into the access token")
                .seen("Access token: read, no claim permissions")
                .fix("Turn on Enable RBAC and Add Permissions in the Access Token at Applications › APIs › your API › Settings, then sign in again.")
                .proven(),
        ),
        _ => None,
    }
}

/// Auth0 ignores the scopes `roles` and `groups`.
fn meaningless_scope(evidence: &Evidence<'_>) -> Option<Finding> {
    let asked: Vec<&str> = evidence.request.scopes.iter().map(String::as_str).filter(|scope| RESERVED.contains(scope)).collect();
    if asked.is_empty()
        || !evidence.lacks_any()
        || evidence.all_facts().any(|(_, facts)| facts.namespaced().is_some())
    {
        return None;
    }
    let title = format!("The scope {} does nothing at Auth0: only an Action puts roles into a token", asked.join(", "));
    let finding = Finding::warning("scope_meaningless", title)
        .seen(evidence.asked_line())
        .seen("No document has a claim named by a URL")
        .fix(evidence.product.send);
    Some(finding.snippet("js", action(&namespace_for(evidence.request.audience))))
}

/// An Action that writes roles and groups into both tokens, those of the old extension among them.
fn action(claim: &str) -> String {
    // Encoded as JSON, so that it can't end the JavaScript string around it.
    let claim = serde_json::Value::from(claim);
    format!(
        r"exports.onExecutePostLogin = async (event, api) => {{
  const claim = {claim};
  const old = event.user.app_metadata?.authorization ?? {{}};
  const roles = [...new Set([...(event.authorization?.roles ?? []), ...(old.roles ?? [])])];
  const groups = event.user.app_metadata?.groups ?? old.groups ?? [];
  api.idToken.setCustomClaim(claim, {{ roles, groups }});
  api.accessToken.setCustomClaim(claim, {{ roles, groups }});
}};
"
    )
}

/// A claim name of the person's own: below the host of their API's audience, unless that is Auth0's, whose names are
/// dropped. Only a host name is inserted, so nothing in it can end the JavaScript string around it.
fn namespace_for(audience: Option<&str>) -> String {
    let audience = audience.and_then(|audience| Url::parse(audience).ok());
    let web = audience.as_ref().filter(|url| matches!(url.scheme(), "https" | "http"));
    let own = web.and_then(|url| match url.host() {
        Some(Host::Domain(host)) if !OWN_DOMAINS.iter().any(|own| is_under(host, own)) => Some(host),
        _ => None,
    });
    format!("https://{}/auth", own.unwrap_or("example.com"))
}

fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
