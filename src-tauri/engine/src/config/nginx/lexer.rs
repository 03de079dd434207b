use std::iter::Peekable;
use std::str::Chars;

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

/// Divides a configuration into tokens as NGINX does: words end at white space, braces and semicolons; quotes keep them
/// together; `#` begins a comment where a word could begin. What a template engine would fill in (`{{ … }}`) is part of
/// its word, so that a file that was not filled in can be told apart.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' if characters.peek() != Some(&'{') => tokens.push(Token::Open),
            '}' => tokens.push(Token::Close),
            ';' => tokens.push(Token::End),
            '#' => while characters.next_if(|next| *next != '\n').is_some() {},
            '"' | '\'' => tokens.push(Token::Word(quoted(character, &mut characters))),
            blank if blank.is_whitespace() => {}
            first => tokens.push(Token::Word(bare(first, &mut characters))),
        }
    }
    tokens
}

fn quoted(quote: char, characters: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::new();
    while let Some(next) = characters.next() {
        match next {
            '\\' => escaped(&mut word, characters),
            next if next == quote => break,
            next => word.push(next),
        }
    }
    word
}

fn bare(first: char, characters: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::new();
    let mut next = Some(first);
    while let Some(character) = next {
        word.push(character);
        match character {
            '\\' => {
                word.pop();
                escaped(&mut word, characters);
            }
            // `${name}` is one word, and so is `{{ name }}`.
            '$' if characters.peek() == Some(&'{') => through("}", &mut word, characters),
            '{' => through("}}", &mut word, characters),
            _ => {}
        }
        next = characters.next_if(|next| !next.is_whitespace() && !"};".contains(*next) && *next != '{');
        if next.is_none() && characters.peek() == Some(&'{') {
            let mut ahead = characters.clone();
            ahead.next();
            next = (ahead.peek() == Some(&'{')).then(|| characters.next()).flatten();
        }
    }
    word
}

/// Takes everything up to and with `end`, within the line.
fn through(end: &str, word: &mut String, characters: &mut Peekable<Chars<'_>>) {
    while let Some(inner) = characters.next_if(|next| *next != '\n') {
        word.push(inner);
        if word.ends_with(end) {
            break;
        }
    }
}

/// A backslash takes quotes and itself as they are and makes white space; before anything else it stays, as the regular
/// expressions in keys need it.
fn escaped(word: &mut String, characters: &mut Peekable<Chars<'_>>) {
    match characters.next() {
        Some(plain @ ('"' | '\'' | '\\')) => word.push(plain),
        Some('t') => word.push('\t'),
        Some('r') => word.push('\r'),
        Some('n') => word.push('\n'),
        Some(other) => word.extend(['\\', other]),
        None => word.push('\\'),
    }
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
                word(r"~^\w"),
                word("q\"#"),
                Token::End,
                Token::Close,
            ]
        );
        assert_eq!(tokens("${a}b 'open"), [word("${a}b"), word("open")]);
        assert_eq!(tokens("a{{ .x }}b;"), [word("a{{ .x }}b"), Token::End]);
        assert_eq!(tokens("{{host}} a{b"), [word("{{host}}"), word("a"), Token::Open, word("b")]);
    }
}
