//! The facts about a provider product, as data.

use serde_json::{Map, Value};
use url::Url;

use crate::identity::Kind;

/// How a refresh says which API the access token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokensBy {
    /// By `resource` (RFC 8707 section 2), which the sign-in named too.
    Resource,
    /// By `audience`, as a policy of the application allows.
    Audience,
    /// By scopes that begin with the API's identifier; a `resource` beside them is refused.
    ScopeOfResource,
    /// By nothing but narrower scopes.
    Scope,
}

/// Facts about one product, and its names for things. Every text is written for the person or their administrator; where
/// a product has none, [`Knowledge::GENERIC`] has one that fits every product.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a product")]
pub struct Knowledge {
    /// Its identifier in `rolecall.toml`, on the command line and in stored state. Never changes.
    pub word: &'static str,
    /// The display name.
    pub name: &'static str,

    /// Hosts of the vendor's own service: `accounts.google.com` is that host, `.okta.com` any host below it (and the
    /// domain itself), `*` one label. A match makes the product certain.
    pub hosts: &'static [&'static str],
    /// Whether an issuer has the form this product gives it. A match makes the product likely until discovery was read.
    pub issuer_shape: fn(&Url) -> bool,
    /// Marks of its discovery document; all must match, and there are at least two.
    pub marks: &'static [Mark],
    /// Marks in the claims of its tokens, for pasted documents. One list that matches whole is enough.
    pub claim_marks: &'static [&'static [ClaimMark]],
    /// Further hosts its endpoints may have (requirement OP-3), where the issuer's host is one of `hosts`.
    pub endpoint_hosts: &'static [&'static str],

    /// The loopback host it accepts in a redirect address.
    pub redirect_host: &'static str,
    /// Whether it accepts any port of a loopback redirect address (RFC 8252 section 7.3).
    pub any_port: bool,
    /// The scopes to request by default.
    pub scopes: &'static str,
    /// Further parameters of the authorization request.
    pub params: &'static [(&'static str, &'static str)],
    /// Whether each sign-in has to ask for consent, because a refresh token is issued only then.
    pub ask_consent: bool,
    /// How a refresh of one session asks for an access token of another API.
    pub tokens_by: TokensBy,
    /// Reads a text that identifies an issuer without being an address, such as a tenant.
    pub issuer_from_word: fn(&str) -> Option<String>,
    /// The issuer, from any address of this product; or what is missing from that address.
    pub issuer_form: fn(&str, &Url) -> Result<String, &'static str>,
    /// Other issuers to try when this one does not answer.
    pub near_issuers: fn(&Url) -> Vec<String>,
    /// A name for a profile, from the issuer.
    pub profile_name: fn(&Url) -> Option<String>,
    /// Prefixes of its client secrets, and what a text with that prefix is.
    pub secret_mark: Option<(&'static str, &'static str)>,
    /// A text of at least this many characters is not a client ID of this product.
    pub secret_length: usize,
    /// Recognises this product's client secret by its form, and says what it is.
    pub secret_shape: fn(&str) -> Option<&'static str>,
    /// The questions of the set-up screen; `None` for the general form.
    pub guide: Option<Guide>,

    /// Whether a text under a plural name is a list divided by blanks. Names may contain blanks, so only
    /// products that are known to write lists this way are read this way.
    pub splits_at_blanks: bool,
    /// Whether everybody has this value, so that it says nothing. The second argument is the client or tenant. `None`
    /// where no such value is known.
    pub is_default: Option<fn(&str, Option<&str>) -> bool>,
    /// The scopes that add roles or groups.
    pub scopes_for: &'static [ScopeFor],
    /// Scopes that apply although the token response does not list them.
    pub silent_scopes: &'static [&'static str],
    /// Whether roles or groups are in userinfo only, by default.
    pub userinfo_only: bool,
    /// Whether userinfo never has roles or groups, so that a failed userinfo request explains nothing.
    pub never_in_userinfo: bool,
    /// The explanation where the product never sends roles or groups.
    pub never: Option<&'static str>,
    /// The number of groups at which it stops sending more.
    pub group_limit: Option<usize>,
    /// When a changed assignment shows in the claims.
    pub changes_come: ChangesCome,
    /// Whether `email_verified: false` is meaningless at this product.
    pub email_verified_means_nothing: bool,
    /// Whether roles are sent in claims named by a URL, regardless of scopes.
    pub claims_named_by_url: bool,
    /// Whether roles may belong to an organization and are sent only when signing in to it.
    pub organizations: bool,

    /// What to change so that roles and groups are sent at all. It names no scope: the metadata decides whether one helps.
    pub send: &'static str,
    /// The same as text to paste, for the API audience that was requested.
    pub send_snippet: fn(Option<&str>) -> Option<(&'static str, String)>,
    /// How to have them in the ID token, where they are elsewhere.
    pub into_id_token: &'static str,
    /// How to assign a role or group to the person.
    pub assign: &'static str,
    /// How to allow a scope.
    pub allow_scope: &'static str,
    /// What to do about a scope for which it refused the sign-in.
    pub refused_scope: &'static str,
    /// Where refresh tokens are allowed.
    pub allow_refresh: &'static str,
    /// How to get an access token that can be read, where that takes an audience.
    pub readable_access_token: Option<&'static str>,
    /// How to have names sent instead of identifiers.
    pub names_for_ids: &'static str,
    /// How to have all values sent in a claim that has only one; `None` where one text is normal.
    pub several_values: Option<&'static str>,
    /// Whether a single text is reported even where nothing is missing.
    pub one_value_is_odd: bool,
    /// How to have the email address verified.
    pub verify_email: &'static str,
    /// What the administrator should check when the sign-in was refused.
    pub admit: &'static str,
    /// How to make the client a public one, which needs no secret.
    pub public_client: &'static str,
    /// How to write the issuer, where this product has several or a template.
    pub issuer_hint: &'static str,
    /// What its directory does not tell a person, and what to do instead; where [`crate::engine`] can ask the directory,
    /// this is not shown.
    pub directory: &'static str,
}

/// A mark in a discovery document.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    /// An endpoint whose path ends so.
    Ends(&'static str, &'static str),
    /// A member that is present.
    Member(&'static str),
    /// A member whose text, or one of whose texts, contains this.
    Contains(&'static str, &'static str),
    /// A member that is absent, to distinguish this product from another that has it.
    Absent(&'static str),
}

/// A mark in the claims of a token.
#[derive(Clone, Copy, Debug)]
pub enum ClaimMark {
    /// A claim of this name.
    Has(&'static str),
    /// A claim whose name begins so.
    Begins(&'static str),
    /// A claim of this name whose text begins so.
    Text(&'static str, &'static str),
}

/// A scope that adds roles, groups or permissions.
#[derive(Clone, Copy, Debug)]
pub struct ScopeFor {
    /// What it adds.
    pub kind: Kind,
    /// The scope.
    pub scope: &'static str,
    /// Whether it works although `scopes_supported` does not list it.
    pub unlisted: bool,
}

/// When a changed assignment shows in the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesCome {
    /// With the next refresh.
    WithRefresh,
    /// Not known: with a refresh or the next sign-in.
    Unknown,
    /// With the next sign-in only.
    WithSignIn,
}

/// The texts of the set-up screen for a product, in the product's own terms.
pub struct Guide {
    /// One or two letters for the tile.
    pub monogram: &'static str,
    /// What will be asked, in a few words.
    pub tile: &'static str,
    /// The field that leads to the issuer: label, example, a sentence below.
    pub issuer: [&'static str; 3],
    /// Where the client ID is found.
    pub client_id_where: &'static str,
    /// The audience field, for products that have audiences.
    pub audience: Option<[&'static str; 3]>,
    /// Where the redirect addresses go.
    pub redirects_where: &'static str,
    /// Whether there is an address to register at all.
    pub registers_redirects: bool,
}

impl Knowledge {
    /// The facts for a provider of no known product.
    pub const GENERIC: Self = Self {
        word: "other",
        name: "Other",
        hosts: &[],
        issuer_shape: |_| false,
        marks: &[],
        claim_marks: &[],
        endpoint_hosts: &[],
        redirect_host: "127.0.0.1",
        any_port: false,
        scopes: "openid profile email offline_access",
        params: &[],
        ask_consent: false,
        tokens_by: TokensBy::Resource,
        issuer_from_word: |_| None,
        issuer_form: |address, _| Ok(address.to_owned()),
        near_issuers: |_| Vec::new(),
        profile_name: |_| None,
        secret_mark: None,
        secret_length: usize::MAX,
        secret_shape: |_| None,
        guide: None,
        splits_at_blanks: false,
        is_default: None,
        scopes_for: &[],
        silent_scopes: &[],
        userinfo_only: false,
        never_in_userinfo: false,
        never: None,
        group_limit: None,
        changes_come: ChangesCome::Unknown,
        email_verified_means_nothing: false,
        claims_named_by_url: false,
        organizations: false,
        send: "Ask the provider’s administrator to add roles or groups to the ID token or to userinfo for this client.",
        send_snippet: |_| None,
        into_id_token: "An application that reads the ID token alone does not see it; ask the administrator to add the claim there.",
        assign: "Have the administrator give the person a role or group.",
        allow_scope: "Have the administrator allow the scope for this client.",
        refused_scope: "Allow the scope for this client at the provider, or take it out of the profile’s scopes, then sign in again.",
        allow_refresh: "At the provider, the client must be allowed the refresh token grant and the scope offline_access.",
        readable_access_token: None,
        names_for_ids: "Ask the administrator whether the provider can send names in their place.",
        several_values: None,
        one_value_is_odd: false,
        verify_email: "Have the address verified at the provider, then refresh: a rule that gives roles only to verified people passes this person over.",
        admit: "Ask the administrator whether the person is assigned to this application and whether an access policy keeps them out.",
        public_client: "Make the client a native (public) one at the provider.",
        directory: "Rolecall knows no way to ask this provider what is assigned to you. Ask its administrator; what it sends is read anew with each refresh.",
        issuer_hint: "Write the issuer in the profile exactly as the provider does, slash at the end included.",
    };

    /// Whether this host belongs to the product's own service.
    pub(super) fn owns_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| host_matches(pattern, host))
    }

    /// Whether an endpoint of a provider whose issuer is at `issuer` may be at `host` (requirement OP-3).
    #[must_use]
    pub fn may_have_endpoint_at(&self, issuer: &str, host: &str) -> bool {
        self.owns_host(issuer) && self.endpoint_hosts.iter().any(|pattern| host_matches(pattern, host))
    }

    /// Whether the discovery document shows every mark of this product.
    pub(super) fn is_shown_by(&self, discovery: &Map<String, Value>) -> bool {
        self.marks.len() >= 2 && self.marks.iter().all(|mark| mark.stands_in(discovery))
    }

    /// The first list of claim marks that all match these claims.
    pub(super) fn claims_that_show(&self, claims: &Map<String, Value>) -> Option<&'static [ClaimMark]> {
        self.claim_marks.iter().find(|marks| marks.iter().all(|mark| mark.stands_in(claims))).copied()
    }

    /// What makes a change visible at this product: "refresh" or a new sign-in.
    #[must_use]
    pub const fn then(&self) -> &'static str {
        match self.changes_come {
            ChangesCome::WithSignIn => "then sign in again",
            ChangesCome::WithRefresh | ChangesCome::Unknown => "then refresh",
        }
    }
}

impl Mark {
    fn stands_in(self, discovery: &Map<String, Value>) -> bool {
        match self {
            Self::Ends(member, end) => {
                let path = |text: &str| text.split(['?', '#']).next().unwrap_or_default().to_owned();
                discovery.get(member).and_then(Value::as_str).is_some_and(|text| path(text).ends_with(end))
            }
            Self::Member(member) => discovery.get(member).is_some_and(|value| !value.is_null()),
            Self::Absent(member) => !Self::Member(member).stands_in(discovery),
            Self::Contains(member, part) => match discovery.get(member) {
                Some(Value::String(text)) => text.contains(part),
                Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).any(|text| text.contains(part)),
                _ => false,
            },
        }
    }
}

impl ClaimMark {
    fn stands_in(self, claims: &Map<String, Value>) -> bool {
        match self {
            Self::Has(name) => claims.contains_key(name),
            Self::Begins(start) => claims.keys().any(|name| name.starts_with(start)),
            Self::Text(name, start) => {
                claims.get(name).and_then(Value::as_str).is_some_and(|text| text.starts_with(start))
            }
        }
    }

    /// The name of the claim, or its beginning.
    pub(super) const fn claim(self) -> &'static str {
        match self {
            Self::Has(name) | Self::Begins(name) | Self::Text(name, _) => name,
        }
    }
}

fn host_matches(pattern: &str, host: &str) -> bool {
    if let Some(domain) = pattern.strip_prefix('.') {
        return host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    }
    let (mut wanted, mut labels) = (pattern.split('.'), host.split('.'));
    loop {
        match (wanted.next(), labels.next()) {
            (None, None) => return true,
            (Some(want), Some(label)) if want == "*" && !label.is_empty() || want == label => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_belongs_to_a_service_only_as_a_whole() {
        for (pattern, host, belongs) in [
            (".auth0.com", "acme.eu.auth0.com", true),
            (".auth0.com", "auth0.com", true),
            (".auth0.com", "notauth0.com", false),
            (".auth0.com", "auth0.com.evil.example", false),
            ("gitlab.com", "gitlab.com", true),
            ("gitlab.com", "x.gitlab.com", false),
            ("cognito-idp.*.amazonaws.com", "cognito-idp.eu-west-1.amazonaws.com", true),
            ("cognito-idp.*.amazonaws.com", "cognito-idp.eu.west.amazonaws.com", false),
            ("cognito-idp.*.amazonaws.com", "cognito-idp.amazonaws.com", false),
        ] {
            assert_eq!(host_matches(pattern, host), belongs, "{pattern} {host}");
        }
    }
}
