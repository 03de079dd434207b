use chrono::{Local, TimeZone as _};

use super::Notice;
use crate::ports::Timestamp;
use crate::problem::{Cause, Code, Problem, Remedy, Severity};

impl Notice {
    /// The notice for a problem: what happened, what is kept, what to do next.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        let row = problem.code.row();
        let text = match problem.detail.as_str() {
            "" => problem.hint().to_owned(),
            detail => format!("{} {}", sentence(detail), problem.hint()),
        };
        // Not a column of the table: only a window has the button for a sign-in without a key store, and the detail is
        // replaced as well, because the system's own words for a missing key store help nobody.
        let text = if problem.code == Code::KeyStoreMissing { NO_KEY_STORE.to_owned() } else { text };
        let notice = Self {
            code: problem.code,
            severity: row.severity,
            title: format!("{}.", row.title),
            text,
            remedies: row.remedies.to_vec(),
        };
        notice.about_secret(problem)
    }

    /// The same notice, where the client ID or secret is the cause, with the text of a window and the button to correct it.
    fn about_secret(mut self, problem: &Problem) -> Self {
        let Some(cause) = problem.cause else { return self };
        let (first, next) = match cause {
            Cause::ClientSecretMissing => (Remedy::ClientSecret, SECRET_MISSING),
            Cause::ClientSecretWrong => (Remedy::ClientSecret, SECRET_WRONG),
            Cause::ClientUnknown => (Remedy::EditConnection, CLIENT_UNKNOWN),
            _ => return self,
        };
        self.remedies.retain(|remedy| !matches!(remedy, Remedy::EditConnection | Remedy::ClientSecret));
        self.remedies.insert(0, first);
        if problem.code == Code::BadSetting {
            return Self { title: SECRET_NOT_KEPT.to_owned(), text: next.to_owned(), ..self };
        }
        let said =
            if problem.detail.is_empty() { String::new() } else { format!("It said: {} ", sentence(&problem.detail)) };
        Self { title: format!("{}.", cause.row().title), text: said + next, ..self }
    }

    /// The provider can't be used at the moment, while somebody stays signed in; `None` for a problem of another kind.
    #[must_use]
    pub fn offline(problem: &Problem, host: &str, as_of: Timestamp, next_try: Option<i64>) -> Option<Self> {
        let title = problem.code.row().while_signed_in?.replace("HOST", host);
        let next = next_try.map_or_else(String::new, |seconds| format!(" Next try in {}.", in_words(seconds)));
        Some(Self {
            text: format!("You stay signed in; this is how things stood at {}.{next}", clock_time(as_of)),
            title,
            ..Self::of(problem)
        })
    }

    /// The provider ended the session.
    #[must_use]
    pub fn ended(host: &str, at: Timestamp, words: &str) -> Self {
        let said = if words.is_empty() {
            String::new()
        } else {
            format!("Its words: “{}.” ", words.trim_end_matches('.'))
        };
        let row = Code::SessionEnded.row();
        Self {
            code: Code::SessionEnded,
            severity: Severity::Error,
            title: format!("{host} ended this session at {}.", clock_time(at)),
            text: format!("{said}{}", row.hint),
            remedies: vec![Remedy::SignIn],
        }
    }

    /// `offline_access` was asked for and no refresh token came. Asking for consent again is offered only where that was
    /// not done at this sign-in.
    #[must_use]
    pub fn refresh_token_withheld(asked_consent: bool) -> Self {
        let notice = Self::of(&Problem::new(Code::RefreshTokenWithheld, ""));
        if !asked_consent {
            return notice;
        }
        Self { text: WITHHELD_AFTER_CONSENT.into(), remedies: vec![Remedy::Dismiss], ..notice }
    }

    /// The key store did not take the newest tokens.
    #[must_use]
    pub fn unsaved() -> Self {
        Self {
            code: Code::KeyStoreFailing,
            severity: Severity::Warning,
            title: "The newest tokens could not be stored.".into(),
            text: "They are safe in memory. Keep Rolecall open; it goes on trying.".into(),
            remedies: vec![Remedy::Unlock],
        }
    }
}

/// The text where no refresh token came although consent was asked for.
pub const WITHHELD_AFTER_CONSENT: &str = "You are signed in until the access token ends. Consent was asked for at this \
    sign-in, so asking again brings nothing: the application at the provider must be allowed to refresh tokens.";

/// The text where the system has no key store.
const NO_KEY_STORE: &str = "Rolecall stores sessions there and nowhere else. Start one, such as GNOME Keyring or \
    KWallet, or sign in for as long as Rolecall is open.";

/// What a window says next where the client ID or secret is the cause; the command line names a command instead.
const SECRET_MISSING: &str = "Enter it here; it goes into the key store. Or have the application registered as a native \
    (public) client, which needs none.";
const SECRET_WRONG: &str = "Enter the right one: the ID of a secret is not the secret, and secrets run out.";
const SECRET_NOT_KEPT: &str = "This profile is to send a client secret, and none is kept.";
const CLIENT_UNKNOWN: &str = "Check the client ID, and that it belongs to this issuer. If the application is not a native \
    (public) one, enter its client secret there, too.";

/// Begins with a capital and ends with a full stop. A value at the beginning, such as an address or the name of a claim,
/// stays as it is written.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let word = text.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', '.', ';']);
    let is_word = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    let first = characters.next().map(|c| if is_word { c.to_uppercase().to_string() } else { c.to_string() });
    let whole = first.unwrap_or_default() + characters.as_str();
    if whole.ends_with(['.', '!', '?', '…']) { whole } else { whole + "." }
}

/// Hour and minute where this computer is.
pub(crate) fn clock_time(at: Timestamp) -> String {
    Local.timestamp_opt(at.0, 0).single().map_or_else(String::new, |time| time.format("%H:%M").to_string())
}

fn in_words(seconds: i64) -> String {
    if seconds < 90 { format!("{} s", seconds.max(1)) } else { format!("{} min", (seconds + 30) / 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_happened_what_is_kept_and_what_next() {
        let notice = Notice::of(&Problem::new(Code::Declined, "the person said no"));
        assert_eq!(notice.title, "Sign-in was declined.");
        assert!(notice.text.starts_with("The person said no. Sign in again and allow it"), "{}", notice.text);
        assert_eq!(notice.remedies.first(), Some(&Remedy::SignIn));
    }

    #[test]
    fn a_value_that_begins_a_sentence_stays_as_it_is_written() {
        for (text, whole) in [
            ("http://id.example/a answers", "http://id.example/a answers."),
            ("offline_access was refused", "offline_access was refused."),
            ("client-secret missing", "Client-secret missing."),
            ("there is no file", "There is no file."),
            ("id.example, which", "id.example, which."),
            ("", "."),
        ] {
            assert_eq!(sentence(text), whole);
        }
    }

    #[test]
    fn a_window_offers_the_field_of_the_secret_and_names_no_command() {
        for (code, cause) in [
            (Code::WrongClient, Cause::ClientSecretMissing),
            (Code::WrongClient, Cause::ClientSecretWrong),
            (Code::BadSetting, Cause::ClientSecretMissing),
            (Code::RefreshRefused, Cause::ClientSecretMissing),
        ] {
            let notice = Notice::of(&Problem::new(code, "client_secret is missing").because(Some(cause)));
            assert_eq!(notice.remedies.first(), Some(&Remedy::ClientSecret), "{code:?} {cause:?}");
            assert!(!notice.text.contains("rolecall "), "{}", notice.text);
        }
        let unknown = Notice::of(&Problem::new(Code::WrongClient, "").because(Some(Cause::ClientUnknown)));
        assert_eq!(unknown.remedies.first(), Some(&Remedy::EditConnection));
        assert!(!unknown.text.contains("rolecall "), "{}", unknown.text);
    }

    #[test]
    fn being_offline_is_informational_and_says_that_the_session_stays() {
        let notice =
            Notice::offline(&Problem::new(Code::Unreachable, ""), "idp.example", Timestamp(0), Some(40)).unwrap();
        assert_eq!(notice.severity, Severity::Info);
        assert!(notice.text.contains("You stay signed in") && notice.text.ends_with("Next try in 40 s."));
    }
}
