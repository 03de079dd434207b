use std::fmt;
use std::sync::Arc;

use tokio::sync::mpsc::WeakSender;
use url::Url;

use super::query::{Outcome, evaluate, names};
use super::server::CallbackServer;
use crate::problem::Result;
use crate::tokens::Secret;

/// The longest pasted text that is read, in bytes. A browser's address bar holds less.
const LONGEST: usize = 64 * 1024;

/// Takes the address at which a browser on another computer ended, which leads to nothing there.
///
/// It counts as the callback itself does: the state of this sign-in, once, from the issuer that was asked.
#[derive(Clone)]
pub struct PastedAddress {
    pub(super) server: Arc<CallbackServer>,
    pub(super) sender: WeakSender<Result<Secret>>,
    pub(super) redirect_uri: Url,
}

/// Why a pasted text is not the callback of this sign-in. The sign-in goes on waiting, and another may be pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTheCallback {
    /// Nothing, or more than an address can hold.
    NotAnAddress,
    /// The text has the address more than once.
    Repeated,
    /// The link that begins the sign-in.
    Link,
    /// An address of something else.
    OtherAddress,
    /// The callback address, without an answer of the provider in it.
    NoAnswer,
    /// The answer to another sign-in, such as an earlier try.
    OtherSignIn,
    /// A parameter that counts appears twice.
    Ambiguous,
    /// The answer to this sign-in came already.
    AlreadyTaken,
}

impl fmt::Debug for PastedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedAddress").finish_non_exhaustive()
    }
}

impl PastedAddress {
    /// Takes a pasted text as the callback. Blanks and quotation marks around it do not count, nor do line ends within it:
    /// terminals and messages break long addresses.
    ///
    /// # Errors
    /// Why it is not the callback of this sign-in.
    pub fn give(&self, pasted: &Secret) -> Result<(), NotTheCallback> {
        let text = Secret::new(pasted.expose().split_whitespace().collect::<String>());
        let text = text.expose().trim_matches(|c| matches!(c, '"' | '\'' | '<' | '>' | '`'));
        if text.len() > LONGEST {
            return Err(NotTheCallback::NotAnAddress);
        }
        let query = self.query_of(text)?;
        let mut expected = self.server.expected();
        let Some(awaited) = expected.as_ref() else { return Err(NotTheCallback::AlreadyTaken) };
        match evaluate(&query, awaited) {
            Outcome::Ended(outcome) => {
                let Some(sender) = self.sender.upgrade() else { return Err(NotTheCallback::AlreadyTaken) };
                expected.take();
                // There is room, for one answer is taken in the life of a listener; it fails where nobody waits any more.
                sender.try_send(outcome).map_err(|_| NotTheCallback::AlreadyTaken)
            }
            Outcome::NotOurs => Err(why_not(&query)),
        }
    }

    /// The query of a pasted address, which is the callback address of this sign-in or its query alone.
    fn query_of(&self, text: &str) -> Result<String, NotTheCallback> {
        if text.matches("://").count() > 1 && text.matches(self.redirect_uri.as_str()).count() > 1 {
            return Err(NotTheCallback::Repeated);
        }
        let Ok(address) = Url::parse(text) else {
            let query = text.trim_start_matches('?');
            return if query.contains('=') { Ok(query.to_owned()) } else { Err(NotTheCallback::NotAnAddress) };
        };
        if address.origin() == self.redirect_uri.origin() && address.path() == self.redirect_uri.path() {
            return address.query().map(str::to_owned).ok_or(NotTheCallback::NoAnswer);
        }
        let is_link = names(address.query().unwrap_or_default(), &["redirect_uri", "request_uri", "code_challenge"]);
        Err(if is_link { NotTheCallback::Link } else { NotTheCallback::OtherAddress })
    }
}

fn why_not(query: &str) -> NotTheCallback {
    let count = |name: &str| url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).count();
    if ["state", "code", "iss", "error"].into_iter().any(|name| count(name) > 1) {
        return NotTheCallback::Ambiguous;
    }
    if count("state") == 0 || !names(query, &["code", "error"]) {
        return NotTheCallback::NoAnswer;
    }
    NotTheCallback::OtherSignIn
}

impl fmt::Display for NotTheCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnAddress => "That is not an address. Copy the whole line from the browser's address bar.",
            Self::Repeated => "The address stands there more than once. Paste it once.",
            Self::Link => "That is the link which begins the sign-in. Open it, sign in, and paste the address at which the browser ends.",
            Self::OtherAddress => "That is another address. The right one begins with the callback address shown above; sign in to the end first.",
            Self::NoAnswer => "There is no answer of the provider in that address. Copy it whole, with everything after the question mark.",
            Self::OtherSignIn => "That address is of another sign-in, such as an earlier try. Open the link above and paste where the browser ends then.",
            Self::Ambiguous => "A part of that address stands there twice, so it is not clear which counts. Copy it anew.",
            Self::AlreadyTaken => "The answer to this sign-in came already.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Callback, ExpectedResponse, Listener};
    use super::*;
    use crate::config::RedirectRule;

    async fn begun() -> (Callback, PastedAddress, String) {
        let listener = Listener::bind(&RedirectRule::default()).await.unwrap();
        let address = listener.redirect_uri().to_string();
        let callback = listener.serve(ExpectedResponse {
            state: Secret::new("S".into()),
            issuer: "https://idp.example".into(),
            issuer_required: false,
            scopes: String::new(),
        });
        let pasted = callback.pasted_address();
        (callback, pasted, address)
    }

    fn give(pasted: &PastedAddress, text: &str) -> Result<(), NotTheCallback> {
        pasted.give(&Secret::new(text.into()))
    }

    #[tokio::test]
    async fn lb_4_a_pasted_text_that_is_not_the_callback_is_told_apart_and_another_try_is_allowed() {
        let (mut callback, pasted, address) = begun().await;
        for (text, why) in [
            (String::new(), NotTheCallback::NotAnAddress),
            ("abc".into(), NotTheCallback::NotAnAddress),
            ("x".repeat(LONGEST + 1), NotTheCallback::NotAnAddress),
            (format!("{address}?state=S&code=C{address}?state=S&code=C"), NotTheCallback::Repeated),
            ("https://idp.example/authorize?redirect_uri=x&state=S&code=C".into(), NotTheCallback::Link),
            ("https://idp.example/login?state=S&code=C".into(), NotTheCallback::OtherAddress),
            (format!("{address}other?state=S&code=C"), NotTheCallback::OtherAddress),
            (address.clone(), NotTheCallback::NoAnswer),
            (format!("{address}?code=C"), NotTheCallback::NoAnswer),
            (format!("{address}?state=S"), NotTheCallback::NoAnswer),
            (format!("{address}?state=T&code=C"), NotTheCallback::OtherSignIn),
            (format!("{address}?state=T&error=access_denied"), NotTheCallback::OtherSignIn),
            (format!("{address}?state=S&code=C&code=D"), NotTheCallback::Ambiguous),
            (format!("{address}?state=S&state=S&code=C"), NotTheCallback::Ambiguous),
        ] {
            assert_eq!(give(&pasted, &text), Err(why), "{text}");
        }
        assert_eq!(give(&pasted, &format!("  \"{address}?state=S&\n code=C\"\n")), Ok(()));
        assert_eq!(callback.response().await.unwrap().expose(), "C");
        assert_eq!(give(&pasted, &format!("{address}?state=S&code=C")), Err(NotTheCallback::AlreadyTaken));
    }

    #[tokio::test]
    async fn lb_4_a_pasted_query_will_do_and_a_refusal_or_another_issuer_ends_the_sign_in() {
        use crate::problem::Code;
        for (query, code) in [
            ("?state=S&error=access_denied", Code::Declined),
            ("state=S&code=C&iss=https%3A%2F%2Fevil.example", Code::AnswerNotTrusted),
        ] {
            let (mut callback, pasted, _) = begun().await;
            assert_eq!(give(&pasted, query), Ok(()));
            assert_eq!(callback.response().await.unwrap_err().code, code);
        }
    }

    #[tokio::test]
    async fn lb_4_a_pasted_address_is_not_taken_once_nobody_waits() {
        let (callback, pasted, address) = begun().await;
        drop(callback);
        assert_eq!(give(&pasted, &format!("{address}?state=S&code=C")), Err(NotTheCallback::AlreadyTaken));
    }
}
