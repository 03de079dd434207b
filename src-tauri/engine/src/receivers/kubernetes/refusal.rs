//! What kubectl says when there is no answer. Only its text on standard error says why. Recognised are the beginnings of
//! messages of client-go and kubectl that have not changed since their first versions.

use super::{Answered, Context, Credential};
use crate::receivers::{CouldNotAsk, Reason};
use crate::redact::{Redactor, without_tokens};
use crate::text::clean_line;

/// Why `kubectl config view` failed.
pub(super) fn of_kubeconfig(talk: &[u8]) -> CouldNotAsk {
    CouldNotAsk::new(
        Reason::KubeconfigBroken,
        format!("kubectl can’t read its kubeconfig: {}", words(talk, &Redactor::default())),
        "Mend the file, or name another one by KUBECONFIG.",
    )
}

/// Why the cluster gave no review; that it does not take the credential is an answer.
pub(super) fn of_cluster(talk: &[u8], context: &Context, redactor: &Redactor) -> Result<Answered, CouldNotAsk> {
    let text = String::from_utf8_lossy(talk);
    // A plug-in and client-go's log write lines of their own before it.
    let begins = |beginning: &str| text.lines().any(|line| line.starts_with(beginning));
    if begins("error: You must be logged in to the server") || begins("Error from server (Unauthorized)") {
        return Ok(Answered::Refused);
    }
    let said = words(talk, redactor);
    let server = context.server.as_deref().unwrap_or("the cluster");
    // The second are the words of versions before 1.22, for a plug-in they do not know how to speak with.
    Err(if text.contains("getting credentials: ") || text.contains("exec plugin: ") {
        let program = match &context.credential {
            Some(Credential::Plugin { program }) => program.as_str(),
            _ => "the plug-in",
        };
        CouldNotAsk::new(
            Reason::PluginFailed,
            format!("{program} gave kubectl no credential: {said}"),
            format!(
                "Nothing was sent to the cluster. Make {program} work first: kubectl version shows the same error."
            ),
        )
    } else if begins("Error from server (Forbidden)") {
        CouldNotAsk::new(
            Reason::Forbidden,
            format!("the cluster knows the user but does not let it ask: {said}"),
            "The administrator took away system:basic-user, the role that lets everybody ask who they are.",
        )
    } else if begins("Error from server (NotFound)") || begins("Error from server (MethodNotAllowed)") {
        CouldNotAsk::new(
            Reason::NotOffered,
            "the cluster does not know the question who somebody is",
            "It is there since Kubernetes 1.28. An older cluster, or a proxy in front of it, can’t be asked.",
        )
    } else {
        CouldNotAsk::new(
            Reason::Unreachable,
            format!("kubectl got no answer from {server}: {said}"),
            "Check the network, a VPN it may need, and the address of the cluster, and ask again.",
        )
    })
}

/// The line that tells it, safe to show.
fn words(talk: &[u8], redactor: &Redactor) -> String {
    let text = String::from_utf8_lossy(talk);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    // client-go logs what it met on the way, each line beginning with a letter for its weight and the date (klog).
    let is_log = |line: &&str| line.starts_with(['E', 'I', 'W']) && line[1..].starts_with(|c: char| c.is_ascii_digit());
    let line = lines().find(|line| !is_log(line)).or_else(|| lines().next()).unwrap_or("nothing was said");
    let line = line.strip_prefix("error: ").unwrap_or(line);
    clean_line(&redactor.text(&without_tokens(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context::for_tests("dev", Credential::Plugin { program: "kubelogin".into() })
    }

    fn reason(talk: &str) -> Option<Reason> {
        of_cluster(talk.as_bytes(), &context(), &Redactor::default()).err().map(|why| why.reason)
    }

    #[test]
    fn a_401_is_an_answer_and_what_else_kubectl_says_is_told_apart() {
        assert_eq!(reason("error: You must be logged in to the server (Unauthorized)\n"), None);
        assert_eq!(reason("plug-in: hello\nerror: You must be logged in to the server (Unauthorized)\n"), None);
        for (talk, expected) in [
            ("Error from server (Forbidden): selfsubjectreviews is forbidden", Reason::Forbidden),
            ("Error from server (NotFound): the server could not find the requested resource", Reason::NotOffered),
            ("Unable to connect to the server: getting credentials: exec: executable x failed", Reason::PluginFailed),
            (
                "The connection to the server api:6443 was refused - did you specify the right host?",
                Reason::Unreachable,
            ),
            ("Unable to connect to the server: x509: certificate signed by unknown authority", Reason::Unreachable),
            ("Error from server (Forbidden): say (Unauthorized) to me", Reason::Forbidden),
            ("", Reason::Unreachable),
        ] {
            assert_eq!(reason(talk), Some(expected), "{talk}");
        }
    }

    #[test]
    fn cli_1_what_the_cluster_makes_kubectl_say_is_safe_to_show() {
        let talk = "E1127 18:00:00.1 1 memcache.go:265] x\nerror: \u{1b}]0;owned\u{7} eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl \u{202e}";
        let Err(why) = of_cluster(talk.as_bytes(), &context(), &Redactor::default()) else { panic!("an answer") };
        assert!(why.detail.ends_with("]0;owned (a token, not shown) "), "{}", why.detail);
    }
}
