use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::{Answer, Asking, Session, TokenFor};
use crate::identity::{ClientReach, DocumentKind};
use crate::problem::{Code, Problem, Result};
use crate::products::Wanted;

/// How an administrator asks about somebody else.
pub(crate) struct Others {
    /// What is asked, in words that follow "Asks".
    pub(crate) asks: &'static str,
    /// What names a person there and which right lets ask, where the session's documents show it; `None` where they do
    /// not.
    pub(crate) may: fn(&Session) -> Option<String>,
    /// With which token, and where.
    pub(crate) token: fn(&Session) -> TokenFor,
    /// Asks.
    pub(crate) ask: for<'a> fn(&'a mut Asking, &'a Question) -> BoxFuture<'a, Result<Somebody>>,
}

/// An administrator's question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The person: a user name, an email address, an ID.
    pub(crate) who: String,
    /// The client ID.
    pub(crate) client: String,
    /// The scopes that client is taken to ask for.
    pub(crate) scopes: String,
    /// The role, group or permission, if one is asked about.
    pub(crate) wanted: Option<Wanted>,
}

/// The result.
#[derive(Debug)]
pub(crate) struct Somebody {
    /// The person's name.
    pub(crate) name: String,
    /// What the provider calls them.
    pub(crate) user: String,
    /// The documents that client would get, as the provider makes them up; where it does.
    pub(crate) documents: Vec<(DocumentKind, Map<String, Value>)>,
    /// What the client is let have.
    pub(crate) client: Option<ClientReach>,
    /// What is assigned.
    pub(crate) answer: Answer,
}

/// No person, or more than one, matches.
pub(super) fn not_one(who: &str, found: &[String]) -> Problem {
    let who = crate::text::clean_line(who);
    Problem::new(
        Code::BadSetting,
        match found {
            [] => format!("--user: the provider knows nobody as '{who}'"),
            several => {
                let some: Vec<&str> = several.iter().take(5).map(String::as_str).collect();
                format!("--user: '{who}' may be {}; give the user name or the ID", some.join(", "))
            }
        },
    )
}

/// The provider does not let the person ask about others.
pub(super) fn may_not(what: &str, status: u16, words: &str) -> Problem {
    let said = super::asking::refused(status, words);
    Problem::new(Code::Refused, format!("{said}. Asking about others needs {what}"))
}

/// An answer that is no use.
pub(super) fn unusable(why: &str) -> Problem {
    Problem::new(Code::AnswerBroken, format!("the provider’s API was asked; {why}"))
}
