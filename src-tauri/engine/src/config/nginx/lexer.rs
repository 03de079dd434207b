/// One piece of an NGINX configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, bare or in quotes.
    Word(String),
    /// `{`
    Open,
    /// `}`
    Close,
    /// `;`
    End,
}

/// Divides a configuration into tokens: words end at white space, braces and semicolons; quotes keep them together; a
/// backslash takes the next character as it is; `#` begins a comment where a word could begin.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' => tokens.push(Token::Open),
            '}' => tokens.push(Token::Close),
            ';' => tokens.push(Token::End),
            '#' => while characters.next_if(|next| *next != '\n').is_some() {},
            '"' | '\'' => {
                let mut word = String::new();
                while let Some(next) = characters.next() {
                    match next {
                        '\\' => word.extend(characters.next()),
                        next if next == character => break,
                        next => word.push(next),
                    }
                }
                tokens.push(Token::Word(word));
            }
            blank if blank.is_whitespace() => {}
            first => {
                let mut word = String::new();
                let mut next = Some(first);
                while let Some(character) = next {
                    match character {
                        // `${name}` is one word.
                        '$' if characters.peek() == Some(&'{') => {
                            word.push('$');
                            for inner in characters.by_ref() {
                                word.push(inner);
                                if inner == '}' {
                                    break;
                                }
                            }
                        }
                        '\\' => word.extend(characters.next()),
                        other => word.push(other),
                    }
                    next = characters.next_if(|next| !next.is_whitespace() && !"{};".contains(*next));
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_escapes_are_read_as_nginx_reads_them() {
        let word = |text: &str| Token::Word(text.into());
        assert_eq!(
            tokens("map $host $x { # note; }\n default 'a;b'; ~^\\w \"q\\\"#\"; }"),
            [
                word("map"),
                word("$host"),
                word("$x"),
                Token::Open,
                word("default"),
                word("a;b"),
                Token::End,
                word("~^w"),
                word("q\"#"),
                Token::End,
                Token::Close,
            ]
        );
        assert_eq!(tokens("${a}b 'open"), [word("${a}b"), word("open")]);
    }
}
