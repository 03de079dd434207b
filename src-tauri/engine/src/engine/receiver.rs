use std::path::Path;

use super::Engine;
use crate::config::Profile;
use crate::identity::{Answers, Identity};
use crate::oidc::read_sent_token;
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::receivers::kubernetes::{self, Answered, KUBECTL, Review};
use crate::receivers::{Clusters, Context, CouldNotAsk, Receiver, ReceiverAnswer, ReceiverKind, SeenAs};
use crate::redact::Redactor;
use crate::tokens::Secret;

impl Engine {
    /// The clusters that kubectl knows by the person's kubeconfig. No cluster is asked.
    ///
    /// # Errors
    /// Why kubectl can't tell: a receiver that can't be asked is one of its three answers, so this is no [`Problem`].
    pub async fn clusters(&self) -> Result<Clusters, CouldNotAsk> {
        kubernetes::clusters(Path::new(KUBECTL)).await
    }

    /// The cluster that would be asked, and as whom: the context of this name, or the current one.
    ///
    /// # Errors
    /// As [`Engine::clusters`].
    pub async fn cluster(&self, context: Option<&str>) -> Result<Context, CouldNotAsk> {
        kubernetes::choose(&self.clusters().await?, context)
    }

    /// Asks a cluster whom it takes kubectl for, as the person's kubectl does it, and compares that with the profile. None
    /// of our tokens is sent.
    ///
    /// # Errors
    /// [`Code::SignInNeeded`] when nobody is signed in with this profile, so that there is nothing to compare with; key
    /// store rows. That the cluster refuses, or can't be asked, is an answer.
    pub async fn ask_cluster(&self, profile: &Profile, target: Result<Context, CouldNotAsk>) -> Result<Receiver> {
        let nobody = || Problem::new(Code::SignInNeeded, format!("profile {}", profile.name));
        let stored = self.load(profile).await?.ok_or_else(nobody)?;
        let identity = self.summarize(profile, &stored).identity;
        let redactor = Redactor::of(&stored.tokens);
        let at = self.now();
        let not_asked = |target, why| Receiver {
            receiver: ReceiverKind::Kubernetes,
            target,
            at,
            answer: ReceiverAnswer::CouldNotAsk(why),
            token: None,
            carried: None,
        };
        let target = match target {
            Ok(target) => target,
            Err(why) => return Ok(not_asked(None, why)),
        };
        let kubectl = Path::new(KUBECTL);
        let answered = kubernetes::ask(kubectl, &target, &redactor).await;
        let answered = match answered {
            Ok(answered) => answered,
            Err(why) => return Ok(not_asked(Some(target), why)),
        };
        // Only now: what kubectl itself would not run is not run by us either.
        let token = kubernetes::token(kubectl, &target).await;
        let like = Answers {
            issuer: profile.issuer.as_str().to_owned(),
            paths: profile.claims.clone(),
            conventions: profile.known_product(None).conventions(),
            redactor: redactor.hiding(token.iter()),
            ..Answers::default()
        };
        Ok(compare(target, at, answered, token.as_ref(), &identity, &like))
    }
}

/// Holds the answer against the token that was sent; where that is not known, against what is known of the person.
fn compare(
    target: Context,
    at: Timestamp,
    answered: Answered,
    token: Option<&Secret>,
    person: &Identity,
    like: &Answers,
) -> Receiver {
    let (token, carried) = match token.map(|token| read_sent_token(token, person, like)) {
        Some((token, carried)) => (Some(token), carried.map(Box::new)),
        None => (None, None),
    };
    let answer = match answered {
        Answered::Refused => ReceiverAnswer::Refused,
        Answered::Review(Review { username, groups, left_out }) => {
            // The token that was sent is known only now.
            let name = |text: String| like.redactor.text(&text).into_owned();
            let (username, groups) = (name(username), groups.into_iter().map(name).collect());
            let known = carried.as_deref().unwrap_or(person);
            ReceiverAnswer::Accepted(SeenAs::of(username, groups, left_out, token.as_ref(), known))
        }
    };
    Receiver { receiver: ReceiverKind::Kubernetes, target: Some(target), at, answer, token, carried }
}
