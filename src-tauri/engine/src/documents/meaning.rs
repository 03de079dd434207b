//! What claims mean: those of OpenID Connect Core (sections 2 and 5.1), RFC 7519, RFC 9068 and RFC 7662, and those that
//! single products are known for.

use serde_json::Value;

use super::DocumentContext;
use crate::identity::DocumentKind;
use crate::ports::Timestamp;

/// A known claim: its name, its rank in the list and its meaning. The meaning is empty where the place of the claim, or what
/// is read from it, already says it.
type Row = (&'static str, u8, &'static str);

/// The rank of unknown claims: after those about the person, before those that only programs need.
const UNKNOWN: u8 = 50;

/// Times above this are taken to be milliseconds: as seconds it is the year 5138.
const MILLISECONDS: f64 = 1e11;

#[rustfmt::skip]
const KNOWN: &[Row] = &[
    // Times (RFC 7519 section 4.1, OpenID Connect Core section 2).
    ("exp", 0, "After that it proves nothing."),
    ("iat", 1, "When it was made."),
    ("nbf", 2, "Before that it does not hold yet."),
    ("auth_time", 3, "When you last proved who you are, by password or otherwise."),
    // The person (OpenID Connect Core section 5.1).
    ("sub", 10, ""),
    ("name", 11, "Your name, as it is shown."),
    ("preferred_username", 12, "The name you sign in with. It may change, and somebody else may get it."),
    ("given_name", 13, "Your first name."),
    ("family_name", 13, "Your last name."),
    ("middle_name", 13, "Your middle name."),
    ("nickname", 13, "What you are called."),
    ("email", 14, "Your email address. It may change."),
    ("email_verified", 14, "Whether the provider made sure that the address is yours."),
    ("phone_number", 15, "Your telephone number."),
    ("phone_number_verified", 15, "Whether the provider made sure that the number is yours."),
    ("picture", 16, "Your picture."),
    ("profile", 16, "A page about you."),
    ("website", 16, "Your page."),
    ("gender", 17, "Your gender."),
    ("birthdate", 17, "Your date of birth."),
    ("address", 17, "Your postal address."),
    ("locale", 18, "Your language."),
    ("zoneinfo", 18, "Your time zone."),
    ("updated_at", 18, "When something about you was last changed."),
    // Issuer and audience.
    ("iss", 20, ""),
    ("aud", 21, ""),
    ("azp", 22, ""),
    ("client_id", 22, ""),
    // What it allows, and how one signed in (RFC 9068, RFC 8176).
    ("scope", 24, "What the application may do. A scope is never a role."),
    ("scp", 24, "What the application may do. A scope is never a role."),
    ("acr", 26, "How surely you were recognised, in the provider's own levels."),
    ("amr", 26, "How you proved who you are: pwd is a password, otp a code, mfa two things at once."),
    ("active", 27, "Whether the token holds."),
    ("act", 28, "Who acts for you."),
    ("may_act", 28, "Who may act for you."),
    ("token_type", 28, "How the token is presented."),
    // Organisations.
    ("org_id", 30, "The organisation you signed in to."),
    ("org_name", 30, "The organisation you signed in to, by name."),
    ("org_slug", 30, "The organisation you signed in to, by its short name."),
    ("organization", 30, "The organisations you belong to."),
    ("organizations", 30, "The organisations you belong to."),
    ("tenants", 30, "The tenants you belong to."),
    ("hd", 30, "The Google Workspace domain you belong to."),
    ("urn:zitadel:iam:user:resourceowner:id", 30, "The organisation your account belongs to."),
    ("urn:zitadel:iam:user:resourceowner:name", 30, "The organisation your account belongs to, by name."),
    ("urn:zitadel:iam:user:resourceowner:primary_domain", 30, "The domain of that organisation."),
    ("urn:zitadel:iam:org:id", 30, "The organisation you signed in to."),
    // Roles and groups, for when nothing is read from them.
    ("roles", 32, ""),
    ("groups", 32, ""),
    ("permissions", 32, ""),
    ("realm_access", 32, "Roles of the realm."),
    ("resource_access", 32, "Roles of single clients."),
    ("groups_direct", 32, "The groups you belong to directly."),
    ("wids", 32, "Your directory roles, by the identifiers of their templates."),
    ("cognito:groups", 32, "Your groups in the user pool."),
    ("cognito:roles", 32, "The roles of AWS that your groups give you."),
    ("cognito:preferred_role", 32, "The role of AWS that is taken first."),
    ("_claim_names", 33, "What did not fit into this and must be asked for elsewhere: groups, when there are very many."),
    ("_claim_sources", 33, "Where that can be asked for."),
    ("hasgroups", 33, "You have more groups than fit into this token."),
    ("user_metadata", 34, ""),
    ("unsafe_metadata", 34, ""),
    ("app_metadata", 34, "What the provider's administrators noted about you."),
    ("public_metadata", 34, "What the provider's administrators noted about you, for everybody to read."),
    // Accounts, as single products name them.
    ("oid", 36, "You, throughout this Microsoft tenant. Never changes."),
    ("tid", 36, "The Microsoft tenant."),
    ("upn", 36, "The name you sign in with. It may change."),
    ("unique_name", 36, "A name to show. It may change, and is not unique."),
    ("username", 36, "The name you sign in with."),
    ("user_id", 36, "You, as the provider knows you."),
    ("uid", 36, "You, as the provider knows you."),
    ("cid", 36, "The application it was made for."),
    ("cognito:username", 36, "The name you sign in with, in the user pool."),
    ("identities", 36, "The accounts elsewhere that you sign in with."),
    ("idp", 36, "Who recognised you, where that was not this provider itself."),
    ("firebase", 36, "How you signed in to Firebase, and your accounts elsewhere."),
    ("sub_legacy", 36, "You, as GitLab knew you before."),
    ("appid", 38, "The application it was made for."),
    ("appidacr", 38, "How the application proved who it is: 0 is not at all, as with a desktop program."),
    ("azpacr", 38, "How the application proved who it is: 0 is not at all, as with a desktop program."),
    ("idtyp", 38, "Whether it is about a person or an application."),
    ("token_use", 38, "Which kind of token it is."),
    ("typ", 38, "Which kind of token it is."),
    ("gty", 38, "How it was asked for."),
    ("ver", 38, "The version of its format."),
    ("version", 38, "The version of its format."),
    ("ipaddr", 38, "The network address you signed in from."),
    ("login_hint", 38, "Tells the provider at the next sign-in who you probably are."),
    ("allowed-origins", 38, "The pages of the web that may use it."),
    // What only programs need.
    ("nonce", 60, "Ties it to one sign-in. It was compared with what Rolecall had sent."),
    ("at_hash", 60, "Ties it to the access token that came along."),
    ("c_hash", 60, "Ties it to the code that came along."),
    ("s_hash", 60, "Ties it to the request."),
    ("cnf", 60, "The key that must be shown with it."),
    ("sid", 61, "This session at the provider."),
    ("session_state", 61, "This session at the provider."),
    ("jti", 62, "The number of this one token."),
    ("origin_jti", 62, "The number of the sign-in that it comes from."),
    ("event_id", 62, "The number of the sign-in that it comes from."),
    ("uti", 62, "The number of this one token."),
    ("aio", 63, "For Microsoft's own use."),
    ("rh", 63, "For Microsoft's own use."),
    ("xms_cc", 63, "For Microsoft's own use."),
    ("puid", 63, "For Microsoft's own use."),
];

/// Claims whose value is a time.
const TIMES: [&str; 6] = ["exp", "iat", "nbf", "auth_time", "updated_at", "pwd_exp"];
/// Claims whose value is read as a word or a name, not as an identifier.
const PROSE: [&str; 10] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "email",
    "iss",
    "locale",
    "org_name",
];

/// The rank of a claim from which nothing is read.
pub(super) fn rank(name: &str) -> (u8, usize) {
    row(name).map_or((UNKNOWN, 0), |(at, (_, rank, _))| (*rank, at))
}

/// Whether a value consists of words.
pub(super) fn is_prose(name: &str) -> bool {
    PROSE.contains(&name)
}

/// The time a claim names.
pub(super) fn time_of(name: &str, value: &Value) -> Option<Timestamp> {
    let number = value.as_f64().filter(|number| TIMES.contains(&name) && number.is_finite() && *number > 0.0)?;
    let seconds = if number > MILLISECONDS { number / 1000.0 } else { number };
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and a date that far is far enough")]
    (seconds < MILLISECONDS).then_some(Timestamp(seconds as i64))
}

fn row(name: &str) -> Option<(usize, &'static Row)> {
    KNOWN.iter().enumerate().find(|(_, (known, _, _))| *known == name)
}

/// The meaning of a claim at its place in the document.
pub(super) struct Reader<'a> {
    pub(super) about: &'a DocumentContext<'a>,
    pub(super) document: DocumentKind,
}

impl Reader<'_> {
    /// One or two sentences; `None` for a claim that is not known.
    pub(super) fn meaning(&self, name: &str, value: &Value) -> Option<String> {
        if self.about.pasted {
            return self.meaning_for_somebody(name);
        }
        let provider = self.about.provider;
        Some(match name {
            "sub" => format!("You, as {provider} knows you. Never changes."),
            "iss" if value.as_str() == Some(self.about.issuer) => {
                "Who made it: the issuer of this profile, to the last character.".into()
            }
            "iss" => "Who made it. It is not the issuer of this profile.".into(),
            "aud" => self.audience(value),
            "azp" | "client_id" | "cid" | "appid" if value.as_str() == Some(self.about.client_id) => {
                "The application it was made for: this one.".into()
            }
            "azp" | "client_id" => "The application it was made for.".into(),
            _ => {
                return row(name)
                    .map(|(_, (_, _, words))| (*words).to_owned())
                    .or_else(|| self.private(name))
                    .filter(|words| !words.is_empty());
            }
        })
    }

    /// The same of a document that is about somebody else.
    fn meaning_for_somebody(&self, name: &str) -> Option<String> {
        let provider = self.about.provider;
        Some(match name {
            "sub" => format!("The person, as {provider} knows them. Never changes."),
            "iss" => "Who made it, as it says itself.".into(),
            "aud" if self.document == DocumentKind::AccessToken => "Whom it is for: the API that may accept it.".into(),
            "aud" => "Whom it is for.".into(),
            "azp" | "client_id" | "cid" | "appid" => "The application it was made for.".into(),
            "nonce" => "Ties it to one sign-in.".into(),
            _ => {
                let words = row(name).map(|(_, (_, _, words))| (*words).to_owned()).or_else(|| self.private(name));
                in_third_person(&words.filter(|words| !words.is_empty())?)
            }
        })
    }

    fn audience(&self, value: &Value) -> String {
        let names = |wanted: &str| match value {
            Value::Array(items) => items.iter().any(|item| item == wanted),
            other => other == wanted,
        };
        let (this, several) = (names(self.about.client_id), value.as_array().is_some_and(|items| items.len() > 1));
        match (this, several, self.document) {
            (true, true, _) => "Whom it is for: this application, among others.".into(),
            (true, false, _) => "Whom it is for: this application.".into(),
            (false, _, DocumentKind::AccessToken) => "Whom it is for: the API that may accept it.".into(),
            (false, ..) => "Whom it is for.".into(),
        }
    }

    /// A name that is a URL is a private claim of the provider's administrators (RFC 7519 section 4.2).
    fn private(&self, name: &str) -> Option<String> {
        let lower = name.to_ascii_lowercase();
        if name.starts_with("urn:zitadel:iam:") && lower.ends_with(":roles") {
            return Some("Your roles in projects, with the organisations that gave them.".into());
        }
        if lower.starts_with("https://gitlab.org/claims/") {
            return Some("Groups in which you have this level of access.".into());
        }
        if lower.starts_with("custom:") {
            return Some("An attribute that was added to this user pool.".into());
        }
        let is_address = ["https://", "http://", "urn:"].iter().any(|scheme| lower.starts_with(scheme));
        is_address.then(|| format!("Added by your administrators at {}.", self.about.provider))
    }
}

/// The words about somebody else. The longer ones come first.
fn in_third_person(words: &str) -> String {
    const CHANGES: [(&str, &str); 14] = [
        ("You, ", "The person, "),
        ("about you", "about them"),
        ("for you", "for them"),
        ("give you", "give them"),
        ("recognised you", "recognised them"),
        ("knows you", "knows them"),
        ("knew you", "knew them"),
        ("is yours", "is theirs"),
        ("Your ", "Their "),
        ("your ", "their "),
        ("You ", "They "),
        ("you ", "they "),
        ("you:", "they:"),
        ("you.", "they."),
    ];
    CHANGES.iter().fold(words.to_owned(), |words, (from, to)| words.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_claim_is_explained_twice() {
        for (at, (name, rank, _)) in KNOWN.iter().enumerate() {
            assert_eq!(row(name).map(|(first, _)| first), Some(at), "{name}");
            assert!(*rank != UNKNOWN, "{name}");
        }
    }

    #[test]
    fn what_is_said_of_somebody_else_speaks_to_nobody() {
        for (name, _, words) in KNOWN {
            let words = in_third_person(words);
            let spoken: Vec<&str> = words.split(|c: char| !c.is_alphabetic()).collect();
            for word in ["you", "You", "your", "Your", "yours"] {
                assert!(!spoken.contains(&word), "{name}: {words}");
            }
        }
    }

    #[test]
    fn a_moment_is_one_in_seconds_or_milliseconds_and_nothing_else() {
        let time = |name: &str, value: Value| time_of(name, &value).map(|time| time.0);
        assert_eq!(time("exp", 1_795_462_920.into()), Some(1_795_462_920));
        assert_eq!(time("iat", 1.651_330_616E9.into()), Some(1_651_330_616));
        assert_eq!(time("updated_at", 1_651_330_616_000_i64.into()), Some(1_651_330_616));
        assert_eq!(time("exp", "1795462920".into()), None);
        assert_eq!(time("exp", (-5).into()), None);
        assert_eq!(time("exp", 1e300.into()), None);
        assert_eq!(time("ver", 1_795_462_920.into()), None);
    }
}
