//! Adds the profile to commands that are suggested to the person.

/// Commands that take `--profile`.
const TAKE_PROFILE: [&str; 13] = [
    "login",
    "status",
    "roles",
    "token",
    "refresh",
    "why",
    "has-role",
    "changes",
    "logout",
    "client-secret",
    "exec",
    "mcp-headers",
    "setup",
];

/// The text with `--profile NAME` in every `rolecall COMMAND` that takes it and does not have it. `profile` is `None` for
/// the active one, which need not be named.
pub(crate) fn for_profile(text: &str, profile: Option<&str>) -> String {
    let Some(profile) = profile.map(quoted) else { return text.to_owned() };
    let mut pieces = text.split("rolecall ");
    let mut named = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        named.push_str("rolecall ");
        let end = piece.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(piece.len());
        let (command, rest) = piece.split_at(end);
        named.push_str(command);
        let line = rest.split(['\n', '\'', '"', '`']).next().unwrap_or_default();
        if TAKE_PROFILE.contains(&command) && !line.contains("--profile") {
            named.push_str(" --profile ");
            named.push_str(&profile);
        }
        named.push_str(rest);
    }
    named
}

/// A name, quoted so that a shell takes it as one word.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_the_profile_where_it_is_not_the_active_one() {
        let hint = "Run rolecall login --ask-consent, or 'rolecall client-secret'; rolecall profiles prune";
        assert_eq!(for_profile(hint, None), hint);
        assert_eq!(
            for_profile(hint, Some("my work")),
            "Run rolecall login --profile \"my work\" --ask-consent, or 'rolecall client-secret --profile \"my work\"'; \
             rolecall profiles prune"
        );
        let named = "rolecall login --profile x";
        assert_eq!(for_profile(named, Some("y")), named);
    }
}
