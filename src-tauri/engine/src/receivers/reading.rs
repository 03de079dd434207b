//! Which claim a receiver made its names from, and what it wrote before them. It does not say; but a name that ends with a
//! value of the token tells.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{SeenAs, SentToken};
use crate::identity::{Entitlement, Entitlements, Identity, Kind, SourcePath};

/// Groups that Kubernetes adds by itself begin so.
const OWN: &str = "system:";
/// How many values of a claim are searched for a common prefix.
const TRIED_VALUES: usize = 50;
/// How many beginnings are tried on all values.
const TRIED_PREFIXES: usize = 20;
/// Claims that user names are made from, the usual ones first.
const USUAL: [&str; 5] = ["sub", "email", "preferred_username", "upn", "name"];

/// From which claim a name was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NameReading {
    /// The claim's name.
    pub claim: String,
    /// The prefix of its value; often empty.
    pub prefix: String,
}

/// What became of a claim that holds roles or groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClaimReading {
    /// Its path.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub path: SourcePath,
    /// What it holds.
    pub kind: Kind,
    /// What the receiver writes before its values; `None` where it does not read them.
    pub prefix: Option<String>,
    /// How many values it holds.
    pub carried: usize,
    /// How many of them the receiver knows.
    pub known: usize,
}

/// The claim that a user name ends with: the one with the least before it, of those the usual one.
pub(super) fn username(seen: &str, claims: &[(String, String)]) -> Option<NameReading> {
    let rank = |claim: &str| USUAL.iter().position(|usual| *usual == claim).unwrap_or(USUAL.len());
    let ends_with = claims.iter().filter(|(_, value)| !value.is_empty()).filter_map(|(claim, value)| {
        let prefix = seen.strip_suffix(value.as_str())?;
        is_prefix(prefix).then_some((claim, prefix))
    });
    let (claim, prefix) = ends_with.min_by_key(|(claim, prefix)| (prefix.len(), rank(claim)))?;
    Some(NameReading { claim: claim.clone(), prefix: prefix.to_owned() })
}

/// What became of each claim, those that are read first.
pub(super) fn claims(groups: &[String], carried: &Entitlements) -> Vec<ClaimReading> {
    let mut places: Vec<(&SourcePath, Kind, Vec<&str>)> = Vec::new();
    let mut at: HashMap<(&SourcePath, Kind), usize> = HashMap::new();
    for (kind, found) in carried.iter() {
        for source in &found.sources {
            let place = *at.entry((&source.path, kind)).or_insert_with(|| {
                places.push((&source.path, kind, Vec::new()));
                places.len() - 1
            });
            places[place].2.push(&found.value);
        }
    }
    let known: HashSet<&str> = groups.iter().map(String::as_str).collect();
    let read = |(path, kind, values): (&SourcePath, Kind, Vec<&str>)| {
        let (prefix, found) = prefix_of(&values, groups, &known);
        ClaimReading { path: path.clone(), kind, prefix, carried: values.len(), known: found }
    };
    let mut claims: Vec<ClaimReading> = places.into_iter().map(read).collect();
    claims.sort_by_key(|claim| claim.prefix.is_none());
    claims
}

/// The prefix that most of these values have among the groups, and how many have it.
fn prefix_of(values: &[&str], groups: &[String], known: &HashSet<&str>) -> (Option<String>, usize) {
    let mut counted: HashMap<&str, usize> = HashMap::new();
    for value in values.iter().take(TRIED_VALUES) {
        for group in groups {
            let before = group.strip_suffix(value);
            if let Some(prefix) = before.filter(|prefix| prefix.is_empty() || !group.starts_with(OWN)) {
                *counted.entry(prefix).or_default() += 1;
            }
        }
    }
    let mut tried: Vec<(&str, usize)> = counted.into_iter().collect();
    tried.sort_by(|(one, times), (other, often)| {
        often.cmp(times).then(one.len().cmp(&other.len())).then(one.cmp(other))
    });
    let mut best = (None, 0);
    for (prefix, _) in tried.into_iter().take(TRIED_PREFIXES) {
        let found = values.iter().filter(|value| known.contains(format!("{prefix}{value}").as_str())).count();
        // One value that another ends with by chance, as `admin` and `superadmin`, is no prefix.
        if found > best.1 && (is_prefix(prefix) || found > 1) {
            best = (Some(prefix.to_owned()), found);
        }
    }
    best
}

/// Nothing, or something that is set apart from what follows: `oidc:`, `https://issuer#`.
fn is_prefix(text: &str) -> bool {
    text.chars().next_back().is_none_or(|last| !last.is_alphanumeric())
}

impl SeenAs {
    /// What a receiver saw, read beside the token it was shown; where that could not be read, beside what is known of the
    /// person: their texts and what their documents hold.
    pub(crate) fn of(
        username: String,
        groups: Vec<String>,
        left_out: usize,
        token: Option<&SentToken>,
        known: &Identity,
    ) -> Self {
        let own = || {
            let email = known.email.clone().map(|email| ("email".to_owned(), email));
            std::iter::once(("sub".to_owned(), known.subject.clone())).chain(email).collect()
        };
        let texts = token.filter(|token| token.readable).map_or_else(own, |token| token.texts.clone());
        Self {
            username_from: self::username(&username, &texts),
            claims: claims(&groups, &known.entitlements),
            username,
            groups,
            left_out,
        }
    }

    /// How the receiver names a role or group that it reads; `None` where it does not know it.
    pub(crate) fn name_of(&self, found: &Entitlement) -> Option<String> {
        let paths = found.sources.iter().map(|source| &source.path);
        let mut prefixes = paths.filter_map(|path| self.reading(path)?.prefix.as_deref());
        prefixes.find_map(|prefix| {
            let name = format!("{prefix}{}", found.value);
            self.groups.contains(&name).then_some(name)
        })
    }

    /// What became of the claim at this path.
    pub(crate) fn reading(&self, path: &SourcePath) -> Option<&ClaimReading> {
        self.claims.iter().find(|claim| claim.path == *path)
    }

    /// The groups that the receiver did not add by itself.
    pub(crate) fn given_groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(String::as_str).filter(|group| !group.starts_with(OWN))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::{Answer, Answers, DocumentKind, Verified, identity_from};

    fn carried(claims: serde_json::Value) -> Entitlements {
        let serde_json::Value::Object(claims) = claims else { panic!("claims are an object") };
        let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::None };
        identity_from(&Answers { answers: vec![answer], ..Answers::default() }).entitlements
    }

    fn told(groups: &[&str], claims: serde_json::Value) -> Vec<(String, Option<String>, usize, usize)> {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        let read = super::claims(&groups, &carried(claims));
        read.into_iter().map(|claim| (claim.path.join("."), claim.prefix, claim.known, claim.carried)).collect()
    }

    #[test]
    fn a_user_name_is_told_from_the_claim_it_ends_with() {
        let claims: Vec<(String, String)> =
            [("aud", "kube"), ("email", "ed@x.example"), ("name", "ed"), ("sub", "ed"), ("none", "")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        let read = |seen| username(seen, &claims).map(|name| format!("{}<{}>", name.prefix, name.claim));
        assert_eq!(read("ed"), Some("<sub>".into()));
        assert_eq!(read("oidc:ed"), Some("oidc:<sub>".into()));
        assert_eq!(read("https://idp.example#ed"), Some("https://idp.example#<sub>".into()));
        assert_eq!(read("ed@x.example"), Some("<email>".into()));
        assert_eq!(read("Fred"), None, "it ends so by chance");
        assert_eq!(read("system:anonymous"), None);
    }

    #[test]
    fn each_claim_is_told_with_what_the_receiver_writes_before_its_values_or_that_it_does_not_read_it() {
        let claims =
            json!({"sub": "1", "groups": ["staff", "writers"], "realm_access": {"roles": ["editor", "admin"]}});
        assert_eq!(
            told(&["oidc:staff", "oidc:writers", "system:authenticated"], claims.clone()),
            [("groups".into(), Some("oidc:".into()), 2, 2), ("realm_access.roles".into(), None, 0, 2)]
        );
        assert_eq!(
            told(&["staff", "r:editor", "r:admin"], claims.clone()),
            [("realm_access.roles".into(), Some("r:".into()), 2, 2), ("groups".into(), Some(String::new()), 1, 2)]
        );
        assert_eq!(
            told(&["system:authenticated"], json!({"groups": ["authenticated"]})),
            [("groups".into(), None, 0, 1)]
        );
        assert_eq!(told(&["superadmin"], json!({"roles": ["admin"]})), [("roles".into(), None, 0, 1)]);
        assert_eq!(told(&[], claims).iter().filter(|claim| claim.1.is_some()).count(), 0);
    }

    #[test]
    fn ten_thousand_groups_are_read_with_their_prefix() {
        let names: Vec<String> = (0..10_000).map(|number| format!("group number {number:05}")).collect();
        let groups: Vec<String> = names.iter().map(|name| format!("oidc:{name}")).collect();
        let carried = carried(json!({"groups": names}));
        let read = super::claims(&groups, &carried);
        assert_eq!((read[0].known, read[0].prefix.as_deref()), (10_000, Some("oidc:")));
    }
}
