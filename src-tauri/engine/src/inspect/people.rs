use serde_json::Value;

use super::Found;
use crate::identity::DocumentState;

/// The documents that are about one person, by their places in the list; never empty.
pub(crate) type Person = Vec<usize>;

/// The person that a document is about.
#[derive(Default, PartialEq)]
struct Subject<'a> {
    issuer: Option<&'a str>,
    named: Option<&'a str>,
    /// Entra ID: `sub` differs from application to application, the account in its tenant does not.
    account: Option<(&'a str, &'a str)>,
    /// The session at the provider.
    session: Option<&'a str>,
}

/// Tells the documents apart by whom they are about, in the order in which they were found. Where that can't be told, a
/// document is somebody's of its own: nothing is merged on a guess.
pub(crate) fn people(found: &[Found]) -> Vec<Person> {
    let subjects: Vec<Subject<'_>> = found.iter().map(Subject::of).collect();
    let mut people: Vec<Person> = Vec::new();
    let mut later: Vec<usize> = Vec::new();
    for (at, subject) in subjects.iter().enumerate() {
        if subject.issuer.is_none() || subject.named.is_none() {
            later.push(at);
            continue;
        }
        let same = |person: &&mut Person| person.iter().any(|other| subject.is_the_same_as(&subjects[*other]));
        match people.iter_mut().find(same) {
            Some(person) => person.push(at),
            None => people.push(vec![at]),
        }
    }
    for at in later {
        match owner(at, &subjects, found, &people) {
            Some(person) => people[person].push(at),
            None => people.push(vec![at]),
        }
    }
    for person in &mut people {
        person.sort_unstable();
    }
    people.sort_by_key(|person| person.first().copied());
    people
}

/// Whose a document is that does not say both issuer and subject.
fn owner(at: usize, subjects: &[Subject<'_>], found: &[Found], people: &[Person]) -> Option<usize> {
    let (subject, this) = (&subjects[at], &found[at]);
    let fits = |person: &Person| {
        person.iter().any(|other| {
            let (known, other) = (&subjects[*other], &found[*other]);
            let same_answer = other.answer == this.answer;
            let no_other_issuer = subject.issuer.is_none() || known.issuer.is_none() || subject.issuer == known.issuer;
            if subject.named.is_some() {
                return no_other_issuer && subject.named == known.named;
            }
            let same_session = subject.session.is_some() && subject.session == known.session;
            no_other_issuer && (same_answer || same_session)
        })
    };
    let mut fitting = people.iter().enumerate().filter(|(_, person)| fits(person));
    let (first, more) = (fitting.next(), fitting.next());
    first.filter(|_| more.is_none()).map(|(person, _)| person)
}

impl<'a> Subject<'a> {
    fn of(found: &'a Found) -> Self {
        if found.state != DocumentState::Read {
            return Self::default();
        }
        let text = |name: &str| found.claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Self {
            issuer: text("iss"),
            named: text("sub"),
            account: text("tid").zip(text("oid")),
            session: text("sid").or_else(|| text("session_state")),
        }
    }

    fn is_the_same_as(&self, other: &Self) -> bool {
        if self.account.is_some() && other.account.is_some() {
            return self.account == other.account;
        }
        self.issuer == other.issuer && self.named == other.named
    }
}
