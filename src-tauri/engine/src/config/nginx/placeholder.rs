/// Names of clients in samples and guides, in small letters and without what divides words.
const CLIENTS: [&str; 12] = [
    "myclientid",
    "yourclientid",
    "theclientid",
    "clientid",
    "myclient",
    "yourclient",
    "myclientname",
    "oidcclient",
    "changeme",
    "replaceme",
    "todo",
    "none",
];

/// Whether a value is one that a template or a guide leaves to be filled in.
pub(super) fn is_template(value: &str) -> bool {
    let between = |open: &str, close: &str| {
        value.split_once(open).and_then(|(_, rest)| rest.split_once(close)).is_some_and(|(inner, _)| !inner.is_empty())
    };
    between("<", ">") || between("{{", "}}") || between("%%", "%%") || between("[[", "]]")
}

/// Whether a client ID is one that nobody was given by a provider.
pub(super) fn is_sample_client(client_id: &str) -> bool {
    let plain: String = client_id.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    CLIENTS.contains(&plain.as_str()) || plain.chars().all(|c| c == 'x') || is_template(client_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_filled_in_is_told_from_what_was() {
        for value in
            ["<client_id>", "{{Your-IDP-Client-ID}}", "my-client-id", "YOUR_CLIENT_ID", "xxxxxxxx-xxxx", "%%ID%%"]
        {
            assert!(is_sample_client(value), "{value}");
        }
        for value in ["nginx-plus", "portal", "0oa2zvfps3gsoYGHm4x7", "0f0f0f0f-1111-4222-8333-444455556666", "a<b"] {
            assert!(!is_sample_client(value), "{value}");
        }
    }
}
