/// Divides a text that holds several values: at semicolons, else at commas, else at spaces where the claim is named for
/// many. Names contain spaces, so they divide only when nothing else does; names of directories (RFC 4514) contain
/// commas, so those divide at semicolons alone.
pub(super) fn split_values(text: &str, plural: bool) -> Vec<&str> {
    let parts: Vec<&str> = if text.contains(';') {
        text.split(';').collect()
    } else if is_directory_name(text) {
        vec![text]
    } else if text.contains(',') {
        text.split(',').collect()
    } else if plural {
        text.split_whitespace().collect()
    } else {
        vec![text]
    };
    match parts.as_slice() {
        [whole] => vec![*whole],
        several => several.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect(),
    }
}

fn is_directory_name(text: &str) -> bool {
    let (attribute, _) = text.trim_start().split_once('=').unwrap_or_default();
    ["cn", "ou", "dc", "uid", "o"].into_iter().any(|known| attribute.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_divided_by_the_strongest_separator_in_it() {
        for (text, plural, parts) in [
            ("Midwest Sales, East Coast", true, vec!["Midwest Sales", "East Coast"]),
            ("staff; Midwest Sales", true, vec!["staff", "Midwest Sales"]),
            ("a,b; c", true, vec!["a,b", "c"]),
            ("editor reader", true, vec!["editor", "reader"]),
            ("Sales West", false, vec!["Sales West"]),
            ("editor", true, vec!["editor"]),
            ("CN=Admins,OU=IT,DC=acme,DC=example", true, vec!["CN=Admins,OU=IT,DC=acme,DC=example"]),
            ("CN=A,DC=x;CN=B C,DC=x", true, vec!["CN=A,DC=x", "CN=B C,DC=x"]),
            ("a,,b,", false, vec!["a", "b"]),
            (",", true, vec![]),
        ] {
            assert_eq!(split_values(text, plural), parts, "{text}");
        }
    }
}
