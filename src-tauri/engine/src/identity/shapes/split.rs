/// Splits a text with several values.
///
/// Lists are written as text by SAML mappings, template engines and command lines: `[a, b]`, `['a', 'b']`, `(a; b)`. The
/// brackets and quotes are not part of a name. Values are split at semicolons, else at line ends, else at commas. Directory
/// names (RFC 4514) contain commas, so there only between two names. Names contain blanks, so those split only where
/// `blanks` says that this provider writes lists that way.
pub(super) fn split_values(text: &str, blanks: bool) -> Vec<&str> {
    let inner = unbracketed(text.trim());
    let parts: Vec<&str> = match inner.unwrap_or(text) {
        inner if inner.contains(';') => inner.split(';').collect(),
        inner if inner.trim().contains('\n') => inner.lines().collect(),
        inner if is_quoted_list(inner) => quoted_parts(inner),
        inner if is_directory_name(inner) => directory_names(inner),
        inner if inner.contains(',') => inner.split(',').collect(),
        inner if blanks => inner.split_whitespace().collect(),
        inner => vec![inner],
    };
    match (parts.as_slice(), inner) {
        // A single value stays as it is.
        ([whole], None) => vec![unquoted(whole)],
        (several, _) => {
            several.iter().map(|part| unquoted(part.trim())).filter(|part| !part.trim().is_empty()).collect()
        }
    }
}

/// Whether a text in a list is itself a list of several.
pub(super) fn is_list_in_text(text: &str) -> bool {
    unbracketed(text.trim()).is_some_and(|inner| inner.contains([',', ';', '"', '\'']))
}

fn unbracketed(text: &str) -> Option<&str> {
    [('[', ']'), ('(', ')'), ('{', '}')].into_iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        // `(a) and (b)` is no text in brackets.
        (!inner.contains([open, close])).then_some(inner.trim())
    })
}

fn unquoted(text: &str) -> &str {
    let inner = ['"', '\''].into_iter().find_map(|quote| text.trim().strip_prefix(quote)?.strip_suffix(quote));
    inner.filter(|inner| !inner.is_empty() && !inner.contains(['"', '\''])).unwrap_or(text)
}

/// `'a, b', 'c'`: each in quotes, which keep the commas inside.
fn is_quoted_list(text: &str) -> bool {
    let text = text.trim();
    ['"', '\''].into_iter().any(|quote| {
        text.starts_with(quote)
            && text.ends_with(quote)
            && text.matches(quote).count() >= 4
            && text.matches(quote).count() % 2 == 0
    })
}

fn quoted_parts(text: &str) -> Vec<&str> {
    let quote = text.trim().chars().next().unwrap_or('"');
    text.split(quote).skip(1).step_by(2).collect()
}

/// The attributes that names in directories are made of, as far as they begin or hold such a name.
const ATTRIBUTES: [&str; 10] = ["cn", "ou", "dc", "uid", "o", "l", "c", "st", "mail", "samaccountname"];

fn attribute(part: &str) -> Option<String> {
    let (attribute, _) = part.trim_start().split_once('=')?;
    let attribute = attribute.trim_end().to_ascii_lowercase();
    ATTRIBUTES.contains(&attribute.as_str()).then_some(attribute)
}

fn is_directory_name(text: &str) -> bool {
    attribute(text).is_some()
}

/// Splits after the domain or organization of one name, where another begins.
fn directory_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let (mut start, mut ended) = (0, false);
    let mut at = 0;
    for part in text.split(',') {
        let attribute = attribute(part);
        let is_end = matches!(attribute.as_deref(), Some("dc" | "o" | "c"));
        if ended && attribute.is_some() && !is_end {
            names.push(text[start..at].trim_end_matches([',', ' ']));
            start = at;
        }
        // A comma that is escaped belongs to the value before it.
        if attribute.is_some() {
            ended = is_end;
        }
        at += part.len() + 1;
    }
    names.push(&text[start..]);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_divided_by_the_strongest_separator_in_it() {
        for (text, blanks, parts) in [
            ("Midwest Sales, East Coast", true, vec!["Midwest Sales", "East Coast"]),
            ("staff; Midwest Sales", true, vec!["staff", "Midwest Sales"]),
            ("a,b; c", true, vec!["a,b", "c"]),
            ("editor reader", true, vec!["editor", "reader"]),
            ("Domain Admins", false, vec!["Domain Admins"]),
            ("editor", true, vec!["editor"]),
            ("a\nb c\n", false, vec!["a", "b c"]),
            ("a,,b,", false, vec!["a", "b"]),
            (",", true, vec![]),
        ] {
            assert_eq!(split_values(text, blanks), parts, "{text}");
        }
    }

    #[test]
    fn brackets_and_quotes_of_a_list_in_a_text_are_no_part_of_a_name() {
        for (text, parts) in [
            ("[platform-admins, platform users]", vec!["platform-admins", "platform users"]),
            ("['editor', 'read only']", vec!["editor", "read only"]),
            ("[\"a, b\", \"c\"]", vec!["a, b", "c"]),
            ("'editor', 'reader'", vec!["editor", "reader"]),
            ("'editor'", vec!["editor"]),
            ("[editor]", vec!["editor"]),
            ("[one name]", vec!["one name"]),
            ("(a; b)", vec!["a", "b"]),
            ("{a,b}", vec!["a", "b"]),
            ("[]", vec![]),
            ("[ ]", vec![]),
            ("(staff) and (guests)", vec!["(staff) and (guests)"]),
            ("Jane's team", vec!["Jane's team"]),
        ] {
            assert_eq!(split_values(text, false), parts, "{text}");
        }
    }

    #[test]
    fn names_of_directories_are_divided_where_one_ends() {
        for (text, parts) in [
            ("CN=Admins,OU=IT,DC=acme,DC=example", vec!["CN=Admins,OU=IT,DC=acme,DC=example"]),
            ("CN=Domain Users,CN=Users,DC=acme,DC=example", vec!["CN=Domain Users,CN=Users,DC=acme,DC=example"]),
            ("CN=A,DC=x;CN=B C,DC=x", vec!["CN=A,DC=x", "CN=B C,DC=x"]),
            ("[CN=A,OU=G,DC=x, CN=B C,OU=G,DC=x]", vec!["CN=A,OU=G,DC=x", "CN=B C,OU=G,DC=x"]),
            ("cn=a, ou=g, dc=x,cn=b, ou=g, dc=x", vec!["cn=a, ou=g, dc=x", "cn=b, ou=g, dc=x"]),
            ("CN=Doe\\, Jane,OU=G,DC=x", vec!["CN=Doe\\, Jane,OU=G,DC=x"]),
        ] {
            assert_eq!(split_values(text, true), parts, "{text}");
        }
    }
}
