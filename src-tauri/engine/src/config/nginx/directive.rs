use super::lexer::{Token, tokens};

/// The deepest nesting that is followed; a configuration has five levels at most.
const MAX_DEPTH: usize = 64;

/// A directive: its words, and what is in its block.
///
/// The file may be part of another one, such as a Kubernetes object in YAML. The words of that are before those
/// of the first directive, so a directive is recognised by its last words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) words: Vec<String>,
    pub(super) block: Option<Vec<Directive>>,
}

impl Directive {
    /// The last `N` words, if the first of these is `name`.
    pub(super) fn ending<const N: usize>(&self, name: &str) -> Option<[&str; N]> {
        let start = self.words.len().checked_sub(N)?;
        let words: Vec<&str> = self.words[start..].iter().map(String::as_str).collect();
        let words: [&str; N] = words.try_into().ok()?;
        words.first().is_some_and(|first| *first == name).then_some(words)
    }

    /// The words behind the last one that is `name`.
    pub(super) fn after(&self, name: &str) -> Option<&[String]> {
        let at = self.words.iter().rposition(|word| word == name)?;
        self.words.get(at + 1..)
    }

    /// The directives in its block.
    pub(super) fn inner(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }
}

/// Reads a configuration. A file that is cut off is read as far as it goes.
pub(super) fn directives(text: &str) -> Vec<Directive> {
    let mut tokens = tokens(text).into_iter();
    let mut all = Vec::new();
    // A closing brace too many ends nothing.
    while tokens.len() > 0 {
        all.extend(block(&mut tokens, 0));
    }
    all
}

fn block(tokens: &mut impl Iterator<Item = Token>, depth: usize) -> Vec<Directive> {
    let mut all = Vec::new();
    let mut directive = Directive::default();
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) => directive.words.push(word),
            Token::End => all.push(std::mem::take(&mut directive)),
            Token::Open if depth < MAX_DEPTH => {
                directive.block = Some(block(tokens, depth + 1));
                all.push(std::mem::take(&mut directive));
            }
            Token::Open => {}
            Token::Close => break,
        }
    }
    if !directive.words.is_empty() {
        all.push(directive);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_found_inside_another_format_too() {
        let text = "kind: Secret\ndata:\n  x.conf: |\n    map $host $a { default 1; b 2; }\n    set $c d;";
        let all = directives(text);
        assert_eq!(all[0].ending::<3>("map"), Some(["map", "$host", "$a"]));
        assert_eq!(all[0].inner()[1].words, ["b", "2"]);
        assert_eq!(all[1].ending::<3>("set"), Some(["set", "$c", "d"]));
        assert_eq!(all[1].ending::<3>("map"), None);
    }

    #[test]
    fn braces_without_end_are_followed_so_far_and_no_further() {
        assert_eq!(directives("} } a {").len(), 1);
        assert!(!directives(&"a {".repeat(100_000)).is_empty());
        assert!(directives(&"}".repeat(100_000)).is_empty());
    }
}
