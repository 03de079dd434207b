//! Keycloak's admin API: what a person has, how they have it, and what a client would be told, as Keycloak itself works it
//! out, in [`MOST`] requests. Two find the person and the client, which its API knows by IDs of its own; one makes an example
//! access token. The others depend on those answers: nothing is asked that is known by then, and no example document that
//! could not have more than those before it.

use futures_util::FutureExt as _;
use serde_json::{Map, Value};

use super::keycloak_find::{self as find, Client, NEEDS, Person};
use super::keycloak_roles::{Admin, Refusal, Roles, VIEW_USERS, admin_of, roles};
use super::somebody::{may_not, unusable};
use super::{Asking, Others, Question, Reply, Somebody, TokenFor};
use crate::identity::{DocumentKind, Kind};
use crate::problem::{Code, Problem, Result};
use crate::products::Wanted;

/// The most requests of one look.
const MOST: usize = 6;

pub(super) static OTHERS: Others = Others {
    asks: "Keycloak’s admin API for that person’s roles and groups, and for the tokens that client would get",
    may: |session| {
        session.has_right("realm-management", &VIEW_USERS).then(|| {
            "User name, email or ID of anybody in this realm; your role view-users of realm-management allows it"
                .to_owned()
        })
    },
    token: |_| TokenFor::Session,
    ask: |asking, question| ask(asking, question).boxed(),
};

/// The answer to one question, as far as it was asked.
struct Look<'a> {
    asking: &'a mut Asking,
    admin: Admin,
    person: Person,
    client: Client,
    question: &'a Question,
    roles: Roles,
    documents: Vec<(DocumentKind, Map<String, Value>)>,
    /// The examples that were asked for, also those that Keycloak did not make.
    examples: Vec<DocumentKind>,
}

async fn ask(asking: &mut Asking, question: &Question) -> Result<Somebody> {
    let admin = admin_of(asking.session())
        .ok_or_else(|| Problem::new(Code::BadIssuer, "the issuer names no realm of Keycloak"))?;
    let person = find::person(asking, &admin, &question.who).await?;
    let client = find::client(asking, &admin, &question.client).await?;
    let (roles, documents, examples) = (Roles::default(), Vec::new(), Vec::new());
    let mut look = Look { asking, admin, person, client, question, roles, documents, examples };
    look.example(DocumentKind::AccessToken).await?;
    if look.client.reach.full_scope == Some(true)
        && let Some((_, token)) = look.documents.first()
    {
        look.roles.take_effective(token);
    }
    match &question.wanted {
        Some(wanted) if wanted.kind == Some(Kind::Group) => look.for_a_group().await?,
        Some(wanted) if wanted.kind.is_none() && wanted.value.starts_with('/') => {
            look.for_a_path(&wanted.value).await?;
        }
        Some(wanted) if wanted.kind != Some(Kind::Permission) && !look.access_token_tells(&wanted.value) => {
            look.for_a_role(&wanted.value, wanted.kind.is_none()).await?;
        }
        _ => look.for_all().await?,
    }
    Ok(look.told())
}

impl Look<'_> {
    fn user(&self) -> Result<url::Url> {
        self.admin.user(&self.person.id).ok_or_else(|| unusable("the person’s ID is none"))
    }

    /// Whether the access token tells whether the person has a role: it carries that role, or it carries all of theirs.
    fn access_token_tells(&self, role: &str) -> bool {
        self.roles.knows_all() || self.carries(role)
    }

    /// Whether a document that was made carries this text as a value anywhere.
    fn carries(&self, value: &str) -> bool {
        self.documents.iter().any(|(_, claims)| claims.values().any(|claim| has(claim, value)))
    }

    /// Whether the client gets only some roles, all of which its access token carries: no other document could have more.
    fn is_cut(&self) -> bool {
        let Client { reach, whole_access_tokens, .. } = &self.client;
        reach.full_scope == Some(false)
            && *whole_access_tokens
            && reach.default_scopes.iter().any(|scope| scope == "roles")
            && self.documents.iter().any(|(document, _)| *document == DocumentKind::AccessToken)
    }

    /// The groups, and every document: a mapper of groups writes into any of them.
    async fn for_a_group(&mut self) -> Result<()> {
        self.groups().await?;
        self.other_examples().await
    }

    /// What is written as a group: asked for as one, and as a role where it is none of theirs.
    async fn for_a_path(&mut self, value: &str) -> Result<()> {
        self.groups().await?;
        if self.roles.is_in_group(value) || self.roles.knows_all() {
            return self.other_examples().await;
        }
        self.effective().await?;
        self.effective_at_clients().await
    }

    /// Every document, and with the one request left the groups where the access token tells all roles, else those.
    async fn for_all(&mut self) -> Result<()> {
        self.other_examples().await?;
        if self.roles.knows_all() { self.groups().await } else { self.effective().await }
    }

    /// A role that the access token does not have: whether it is assigned, and how; then what the client is not granted, or the
    /// other documents, where they could have it.
    async fn for_a_role(&mut self, role: &str, or_a_group: bool) -> Result<()> {
        self.effective().await?;
        if !self.roles.is_effective(role) {
            self.effective_at_clients().await?;
            if self.roles.is_effective_at_a_client(role) {
                return self.own().await;
            }
            return if or_a_group { self.groups().await } else { self.example(DocumentKind::IdToken).await };
        }
        if !self.is_cut() {
            return self.other_examples().await;
        }
        self.own().await?;
        if self.roles.realm.is_none() {
            let user = self.user()?;
            return self.roles.ask_own_of_realm(self.asking, &user).await;
        }
        if self.roles.is_own(role) { self.not_granted().await } else { self.groups().await }
    }

    /// Whether no further request may be made.
    fn is_spent(&self) -> bool {
        self.asking.requests().len() >= MOST
    }

    async fn own(&mut self) -> Result<()> {
        let user = self.user()?;
        self.roles.ask_own(self.asking, &user).await?.map_err(|refusal| refused(&refusal))
    }

    async fn groups(&mut self) -> Result<()> {
        if self.is_spent() {
            return Ok(());
        }
        let user = self.user()?;
        self.roles.ask_groups(self.asking, &user).await?.map_err(|refusal| refused(&refusal))
    }

    async fn effective(&mut self) -> Result<()> {
        let user = self.user()?;
        self.roles.ask_effective(self.asking, &user).await?.map_err(|refusal| refused(&refusal))
    }

    async fn effective_at_clients(&mut self) -> Result<()> {
        self.roles.ask_effective_at_clients(self.asking, &self.admin, &self.person.id).await
    }

    async fn other_examples(&mut self) -> Result<()> {
        self.example(DocumentKind::IdToken).await?;
        self.example(DocumentKind::Userinfo).await
    }

    /// A document as Keycloak makes it up for that person and client.
    async fn example(&mut self, document: DocumentKind) -> Result<()> {
        if self.is_spent() {
            return Ok(());
        }
        let (example, purpose) = match document {
            DocumentKind::IdToken => ("generate-example-id-token", "an example ID token"),
            DocumentKind::Userinfo => ("generate-example-userinfo", "example userinfo"),
            _ => ("generate-example-access-token", "an example access token"),
        };
        let steps = ["clients", &self.client.id, "evaluate-scopes", example];
        let query = [("scope", self.question.scopes.as_str()), ("userId", self.person.id.as_str())];
        self.examples.push(document);
        let made = find::example(self.asking, &self.admin, purpose, &steps, &query).await?;
        self.documents.extend(made.map(|claims| (document, claims)));
        Ok(())
    }

    /// The realm roles that the client is not granted.
    async fn not_granted(&mut self) -> Result<()> {
        let steps = ["clients", &self.client.id, "evaluate-scopes", "scope-mappings", &self.admin.realm, "not-granted"];
        let query = [("scope", self.question.scopes.as_str())];
        let url = self.admin.at(&steps, &query).ok_or_else(|| unusable("the address is none"))?;
        if let Reply::Json(Value::Array(list)) = self.asking.get("the roles the client is not granted", &url).await? {
            self.client.reach.not_granted = Some(roles(&list).into_iter().map(|role| role.name).collect());
        }
        Ok(())
    }

    fn told(mut self) -> Somebody {
        let mut answer = self.asking.answer();
        answer.not_asked(Kind::Permission, "Keycloak’s permissions (authorization services) were not asked.");
        self.roles.tell(&mut answer, self.asking.session());
        if let Some(remark) = self.not_made() {
            answer.remark(&remark);
        }
        let is_effective = |wanted: &Wanted| self.roles.is_effective(&wanted.value);
        let how = self.roles.knows_all() || self.roles.realm.is_some() || self.roles.groups.is_some();
        if !how && self.question.wanted.as_ref().is_some_and(is_effective) {
            answer
                .remark("Whether it is assigned to the person or comes through a group or another role was not asked.");
        }
        // Other answers have the documents in this order too.
        self.documents.sort_by_key(|(document, _)| *document);
        let Person { name, user_name, .. } = self.person;
        Somebody { name, user: user_name, documents: self.documents, client: Some(self.client.reach), answer }
    }

    /// Which examples were not asked for, and why.
    fn not_made(&self) -> Option<String> {
        let left: Vec<&str> = [(DocumentKind::IdToken, "ID token"), (DocumentKind::Userinfo, "userinfo")]
            .into_iter()
            .filter(|(document, _)| !self.examples.contains(document))
            .map(|(_, name)| name)
            .collect();
        let why = if self.is_cut() {
            "what the client is not granted no mapper of roles writes there either"
        } else {
            "no mapper of roles writes there what is not assigned"
        };
        (!left.is_empty()).then(|| format!("No example of {} was asked for: {why}.", left.join(" and ")))
    }
}

fn refused((status, words): &Refusal) -> Problem {
    may_not(NEEDS, *status, words)
}

/// Whether a text stands anywhere in a claim as a value.
fn has(claim: &Value, value: &str) -> bool {
    match claim {
        Value::String(text) => text == value,
        Value::Array(list) => list.iter().any(|one| has(one, value)),
        Value::Object(members) => members.values().any(|one| has(one, value)),
        _ => false,
    }
}
