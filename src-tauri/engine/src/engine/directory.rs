use std::sync::Arc;
use std::time::Duration;

use url::Origin;

use super::Engine;
use super::another_token::AnotherToken;
use super::token::Freshness;
use crate::config::{Product, Profile};
use crate::directory::{
    Answer, Api, Asking, Others, Question, Session, Somebody, TokenFor, answer_of_userinfo, api_of, others_of,
};
use crate::findings::{Evidence, Request, Wanted, why};
use crate::identity::{Answer as Document, Answers, ClientReach, Directory, Identity, Kind, Verified, identity_from};
use crate::oidc::Http;
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::session::SessionSummary;
use crate::text::clean_line;
use crate::tokens::{Secret, TokenKind, seconds};
use crate::view::AboutSomebody;

/// The longest a directory is asked, with all its pages.
const LONGEST: Duration = Duration::from_secs(60);
/// For how long the session's access token must hold when a conversation begins.
const HOLDS: Duration = Duration::from_secs(30);

/// A directory's answer for as long as the program runs. It is written nowhere.
pub(super) struct CachedDirectory {
    subject: String,
    answer: Arc<Directory>,
}

/// What asking a directory would do, to be shown before it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryOffer {
    /// What would be asked, of whom and as whom, in a sentence; `None` where nothing can be asked.
    pub would_ask: Option<String>,
    /// What can't be asked and what to do in its place.
    pub cannot: Option<String>,
    /// What may be asked about somebody else, what names them and which right allows it, where the documents show that;
    /// `None` where they do not.
    pub others: Option<String>,
}

/// The result of requesting a token.
enum Token {
    Had(Secret),
    Userinfo(Secret),
    /// There is none that could ask; what it would need.
    None(String),
}

impl Engine {
    /// What asking this session's directory would do. Sends nothing.
    #[must_use]
    pub fn directory_offer(&self, profile: &Profile, summary: &SessionSummary) -> DirectoryOffer {
        offer_of(profile, summary)
    }

    /// What asking about somebody else would do, in a sentence.
    ///
    /// # Errors
    /// [`Code::BadSetting`] where this provider can't be asked about others.
    pub fn somebody_offer(&self, profile: &Profile, summary: &SessionSummary) -> Result<String> {
        let others = others_at(profile, summary)?;
        Ok(format!(
            "Asks {}, at {}, as {}. Nothing of it is kept.",
            others.asks,
            profile.issuer.host(),
            summary.identity.name
        ))
    }

    /// Asks the provider's own directory what is assigned to the person who is signed in. Only ever on their act. The
    /// answer is kept in memory, with its time, as long as the program runs and the session lasts.
    ///
    /// What could not be asked, for want of a right, a scope or an API, is part of the answer.
    ///
    /// # Errors
    /// [`Code::SignInNeeded`]; the codes of a request that gets no answer; [`Code::ProviderFailing`] with `wait` where
    /// the provider asks not to be asked again so soon. The session is kept.
    pub async fn ask_directory(&self, profile: &Profile) -> Result<Arc<Directory>> {
        let summary = self.session_summary(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        self.inner.memory.may_ask_directory(profile, self.clocks().boot)?;
        let product = product_of(profile, &summary);
        let session = Session::of(profile, &summary);
        let asked = if let Some(api) = api_of(product) {
            within(LONGEST, self.ask_own(profile, product, api, &session)).await
        } else {
            Ok((nothing(Answer::new(Redactor::default(), product), product.directory), Vec::new()))
        };
        let (answer, requests) = asked.inspect_err(|problem| self.note_wait(profile, problem))?;
        let directory = Arc::new(self.directory_from(profile, &summary, answer, requests, None));
        let cached = CachedDirectory { subject: summary.identity.subject, answer: Arc::clone(&directory) };
        self.inner.memory.set_directory(profile, Some(cached));
        Ok(directory)
    }

    /// The directory's last answer in this process, about this person.
    #[must_use]
    pub fn directory(&self, profile: &Profile, subject: &str) -> Option<Arc<Directory>> {
        self.inner
            .memory
            .directory(profile)
            .filter(|cached| cached.subject == subject)
            .map(|cached| cached.answer.clone())
    }

    /// Asks, as an administrator, about somebody else at a client; without one, at the profile's own. Nothing is kept.
    ///
    /// # Errors
    /// [`Code::BadSetting`] where the provider can't be asked about others, knows nobody of that name or several, or has
    /// no such client; [`Code::Refused`] where the person may not ask; those of [`Engine::ask_directory`].
    pub async fn about_somebody(
        &self,
        profile: &Profile,
        who: &str,
        client: Option<&str>,
        wanted: Option<Wanted>,
    ) -> Result<AboutSomebody> {
        let summary = self.session_summary(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        let others = others_at(profile, &summary)?;
        if who.trim().is_empty() {
            return Err(Problem::new(Code::BadSetting, "--user: give a user name, an email address or an ID"));
        }
        self.inner.memory.may_ask_directory(profile, self.clocks().boot)?;
        let session = Session::of(profile, &summary);
        let question = Question {
            who: who.trim().to_owned(),
            client: client.unwrap_or(&profile.client_id).to_owned(),
            scopes: profile.scopes.to_string(),
            wanted,
        };
        let (somebody, requests) = within(LONGEST, self.ask_others(profile, others, &session, &question))
            .await
            .inspect_err(|problem| self.note_wait(profile, problem))?;
        Ok(self.tell_of_somebody(profile, &summary, &question, somebody, requests))
    }

    async fn ask_own(
        &self,
        profile: &Profile,
        product: Product,
        api: &Api,
        session: &Session,
    ) -> Result<(Answer, Vec<String>)> {
        let (http, redactor, token, origin) = self.directory_token(profile, (api.token)(session)).await?;
        match token {
            Token::Had(token) => {
                let mut asking = Asking::new(http, token, origin, redactor, session.clone());
                let answer = (api.ask)(&mut asking).await?;
                Ok((answer, asking.into_requests()))
            }
            Token::Userinfo(token) => {
                let (http, provider) = self.provider(profile).await?;
                let asked = vec![format!("GET userinfo of {}", profile.issuer.host())];
                match provider.userinfo(&http, profile, &token, &session.subject).await {
                    Ok(Some(userinfo)) => Ok((answer_of_userinfo(userinfo, product, &redactor), asked)),
                    Ok(None) => {
                        Ok((nothing(Answer::new(redactor, product), "This provider has no userinfo."), Vec::new()))
                    }
                    Err(problem) if matches!(problem.code, Code::Refused | Code::AnswerBroken) => Ok((
                        nothing(Answer::new(redactor, product), &format!("userinfo was asked: {}", problem.detail)),
                        asked,
                    )),
                    Err(problem) => Err(problem),
                }
            }
            Token::None(needs) => Ok((nothing(Answer::new(redactor, product), &needs), Vec::new())),
        }
    }

    async fn ask_others(
        &self,
        profile: &Profile,
        others: &Others,
        session: &Session,
        question: &Question,
    ) -> Result<(Somebody, Vec<String>)> {
        let (http, redactor, token, origin) = self.directory_token(profile, (others.token)(session)).await?;
        let token = match token {
            Token::Had(token) => token,
            Token::None(needs) => return Err(Problem::new(Code::Refused, needs)),
            Token::Userinfo(_) => return Err(Problem::new(Code::Refused, "userinfo tells of nobody else")),
        };
        let mut asking = Asking::new(http, token, origin, redactor, session.clone());
        let somebody = (others.ask)(&mut asking, question).await?;
        Ok((somebody, asking.into_requests()))
    }

    /// The token to ask with, and what hides it and the session's own. A token made for the directory is nowhere but
    /// in this conversation.
    async fn directory_token(&self, profile: &Profile, wanted: TokenFor) -> Result<(Http, Redactor, Token, Origin)> {
        let (http, _) = self.provider(profile).await?;
        let issuer = profile.issuer.url().origin();
        let own = |token| Token::Had(token);
        let (token, origin) = match wanted {
            TokenFor::None(needs) => (Token::None(needs), issuer),
            TokenFor::Session => (own(self.own_token(profile).await?), issuer),
            TokenFor::Userinfo => (Token::Userinfo(self.own_token(profile).await?), issuer),
            TokenFor::Made { wanted, origin, audience } => match self.another_token(profile, wanted, audience).await? {
                AnotherToken::Given(token) => (own(token), origin),
                AnotherToken::NotGiven(needs) => (Token::None(needs), origin),
            },
        };
        let stored = self.load(profile).await?;
        let redactor = stored.map(|stored| Redactor::of(&stored.tokens)).unwrap_or_default();
        let redactor = match &token {
            Token::Had(token) | Token::Userinfo(token) => redactor.hiding([token]),
            Token::None(_) => redactor,
        };
        Ok((http, redactor, token, origin))
    }

    async fn own_token(&self, profile: &Profile) -> Result<Secret> {
        Ok(self.token(profile, TokenKind::Access, Freshness::ValidFor(HOLDS)).await?.secret)
    }

    fn directory_from(
        &self,
        profile: &Profile,
        summary: &SessionSummary,
        answer: Answer,
        requests: Vec<String>,
        client: Option<ClientReach>,
    ) -> Directory {
        let (kinds, assigned, remarks) = answer.finish();
        Directory {
            asked_at: self.now(),
            host: profile.issuer.host(),
            asked_as: summary.identity.name.clone(),
            requests,
            kinds,
            remarks,
            assigned,
            client,
        }
    }

    fn tell_of_somebody(
        &self,
        profile: &Profile,
        summary: &SessionSummary,
        question: &Question,
        somebody: Somebody,
        requests: Vec<String>,
    ) -> AboutSomebody {
        let product = product_of(profile, summary);
        let Somebody { name, user, documents, client, answer } = somebody;
        let directory = self.directory_from(profile, summary, answer, requests, client);
        let identity = example_identity(profile, product, documents, &name, &user);
        let request =
            Request { client_id: &question.client, expected_roles: &[], expected_groups: &[], ..Request::of(profile) };
        let evidence = Evidence {
            request,
            product: product.knowledge(),
            refreshed_at: directory.asked_at,
            now: directory.asked_at,
            wanted: question.wanted.as_ref(),
            directory: Some(&directory),
            about_somebody_else: true,
            ..Evidence::of_identity(profile, &identity)
        };
        AboutSomebody {
            who: name,
            user,
            client: question.client.clone(),
            asked_as: summary.identity.name.clone(),
            asked_at: directory.asked_at,
            why: why(&evidence),
            entitlements: identity.entitlements.with_directory(&directory),
            documents: identity.documents,
        }
    }

    fn note_wait(&self, profile: &Profile, problem: &Problem) {
        if let Some(wait) = problem.wait {
            let until = self.clocks().boot + Duration::from_secs(u64::from(wait.min(3600)));
            self.inner.memory.ask_no_directory_until(profile, until);
        }
    }
}

/// What asking a session's directory would do.
pub(super) fn offer_of(profile: &Profile, summary: &SessionSummary) -> DirectoryOffer {
    let product = product_of(profile, summary);
    let session = Session::of(profile, summary);
    let api = api_of(product);
    let possible = api.map(|api| match (api.token)(&session) {
        TokenFor::None(needs) => Err(needs),
        TokenFor::Session | TokenFor::Userinfo | TokenFor::Made { .. } => {
            let (host, name) = (profile.issuer.host(), &summary.identity.name);
            Ok(format!("Asks {}, at {host}, as {}.", api.asks, clean_line(name)))
        }
    });
    let cannot = match (&possible, api) {
        (Some(Err(needs)), _) => Some(needs.clone()),
        (Some(Ok(_)), Some(api)) => api.cannot.map(str::to_owned),
        _ => Some(product.directory.to_owned()),
    };
    let others = others_of(product).and_then(|others| (others.may)(&session));
    DirectoryOffer { would_ask: possible.and_then(Result::ok), cannot, others }
}

/// How long to wait yet, where the provider asked for that.
pub(super) fn too_soon(until: Duration, now: Duration) -> Result<()> {
    let left = seconds(until.saturating_sub(now));
    if left == 0 {
        return Ok(());
    }
    let detail = format!("the directory asks not to be asked again for {left} more seconds");
    Err(Problem { wait: u32::try_from(left).ok(), ..Problem::new(Code::ProviderFailing, detail) })
}

fn product_of(profile: &Profile, summary: &SessionSummary) -> Product {
    profile.known_product(summary.product.as_ref())
}

fn others_at(profile: &Profile, summary: &SessionSummary) -> Result<&'static Others> {
    let product = product_of(profile, summary);
    others_of(product).ok_or_else(|| {
        let who = if product == Product::OTHER { "this provider" } else { product.label() };
        Problem::new(Code::BadSetting, format!("--user: Rolecall knows no way to ask {who} about somebody else"))
    })
}

/// Nothing could be asked.
fn nothing(mut answer: Answer, needs: &str) -> Answer {
    for kind in Kind::ALL {
        answer.not_asked(kind, needs);
    }
    answer
}

/// Who somebody would be to a client: read as any documents are, with nothing that vouches for it.
fn example_identity(
    profile: &Profile,
    product: Product,
    documents: Vec<(crate::identity::DocumentKind, serde_json::Map<String, serde_json::Value>)>,
    name: &str,
    user: &str,
) -> Identity {
    let answers =
        documents.into_iter().map(|(document, claims)| Document { document, claims, verified: Verified::None });
    let read = identity_from(&Answers {
        issuer: profile.issuer.as_str().to_owned(),
        answers: answers.collect(),
        paths: profile.claims.clone(),
        conventions: product.conventions(),
        ..Answers::default()
    });
    Identity { name: name.to_owned(), subject: user.to_owned(), ..read }
}

async fn within<T>(longest: Duration, asking: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| {
        Problem::new(Code::Unreachable, format!("the directory did not answer within {} seconds", longest.as_secs()))
    };
    tokio::time::timeout(longest, asking).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dr_4_a_directory_that_never_answers_is_given_up_and_one_that_asks_to_wait_is_let_alone() {
        let never = std::future::pending::<Result<()>>();
        let problem = within(Duration::from_millis(20), never).await.unwrap_err();
        assert_eq!((problem.code, problem.code.row().exit), (Code::Unreachable, 4));
        let at = Duration::from_secs;
        assert!(too_soon(at(100), at(100)).is_ok() && too_soon(at(0), at(100)).is_ok());
        assert_eq!(too_soon(at(130), at(100)).unwrap_err().wait, Some(30));
    }
}
