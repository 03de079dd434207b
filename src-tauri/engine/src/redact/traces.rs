//! Traces of secrets in a text: a part of one, or one that is written in another way.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

use super::begins_like_token;
use crate::tokens::Secret;

/// A text and a secret may not have in common a run of letters and digits that is half of the secret, or this long. Shorter
/// ones are found by chance, or are words that a token has in it.
const LONGEST_RUN: usize = 24;
/// A secret with fewer letters and digits than this is looked for as a whole.
const SHORTEST_CUT: usize = 24;
/// One with fewer than this is not looked for.
const SHORTEST: usize = 16;
/// Runs are found by their blocks of this many: every run in a text has one in it that begins at a multiple of it.
const BLOCK: usize = 8;
/// The shortest run of which that is true.
const SHORTEST_RUN: usize = 2 * BLOCK - 1;
/// The size of the filter in [`Traces::glance`], in bits, as a power of two.
const BITS: u32 = 19;
/// The shortest word that is read as Base64; an identifier such as a UUID is shorter.
const SHORTEST_BASE64: usize = 40;

/// The letters and digits of secrets, and where to begin looking for them.
#[derive(Clone)]
pub(super) struct Traces {
    plain: Vec<Secret>,
    /// A filter by hash: a bit that is not set rules out that a block with this hash is in a secret.
    glance: Vec<u64>,
    /// Where each block is, sorted by its hash.
    places: Vec<Place>,
}

/// A block of a secret: its hash, the index of the secret and the offset in it.
type Place = (u32, usize, usize);

impl Traces {
    pub(super) fn of(secrets: &[Secret]) -> Self {
        let plain: Vec<Secret> = secrets
            .iter()
            .map(|secret| of_this_one_alone(secret.expose()).chars().filter(char::is_ascii_alphanumeric))
            .map(|letters| Secret::new(letters.map(|letter| letter.to_ascii_lowercase()).collect()))
            .filter(|plain| plain.expose().len() >= SHORTEST)
            .collect();
        let mut glance = vec![0; if plain.is_empty() { 0 } else { 1 << (BITS - 6) }];
        let mut places = Vec::new();
        for (which, plain) in plain.iter().enumerate().filter(|(_, plain)| plain.expose().len() >= SHORTEST_CUT) {
            for (at, block) in plain.expose().as_bytes().windows(BLOCK).enumerate() {
                let hash = hash(block);
                let (word, bit) = bit(hash);
                glance[word] |= bit;
                places.push((hash, which, at));
            }
        }
        places.sort_unstable();
        Self { plain, glance, places }
    }

    /// Whether a text holds a run of a secret: as it is, in other letters, with something in between, percent-encoded, or
    /// as Base64 or hexadecimal digits.
    pub(super) fn are_in(&self, text: &str) -> bool {
        if self.plain.is_empty() || text.len() < SHORTEST {
            return false;
        }
        self.are_among(text.as_bytes())
            || text.contains('%') && self.are_among(&percent_decoded(text))
            || text.len() >= SHORTEST_BASE64
                && text.split(|letter| !is_of_base64(letter)).any(|word| self.are_coded(word))
    }

    fn are_coded(&self, word: &str) -> bool {
        if word.len() < SHORTEST_BASE64 {
            return false;
        }
        if let Some(bytes) = hexadecimal(word)
            && self.are_among(&bytes)
        {
            return true;
        }
        let standard = word.replace('-', "+").replace('_', "/");
        // What was encoded may begin behind up to three other letters.
        (0..4).filter_map(|from| standard.get(from..)).any(|tail| {
            let whole = tail.len() - usize::from(tail.len() % 4 == 1);
            let decoded = BASE64_STANDARD_NO_PAD.decode(&tail[..whole]);
            let decoded = decoded.or_else(|_| BASE64_STANDARD_NO_PAD.decode(&tail[..tail.len() / 4 * 4]));
            decoded.is_ok_and(|bytes| self.are_among(&bytes))
        })
    }

    fn are_among(&self, bytes: &[u8]) -> bool {
        let letters = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
        let letters: Vec<u8> = letters.collect();
        let whole = |plain: &&Secret| plain.expose().len() < SHORTEST_CUT;
        self.plain.iter().filter(whole).any(|plain| has(&letters, plain.expose().as_bytes()))
            || letters
                .chunks_exact(BLOCK)
                .enumerate()
                .any(|(number, block)| self.is_run_around(&letters, number * BLOCK, hash(block)))
    }

    /// Whether a long enough run of letters around the block at `at` is also in a secret.
    fn is_run_around(&self, letters: &[u8], at: usize, hash: u32) -> bool {
        let (word, bit) = bit(hash);
        if self.glance[word] & bit == 0 {
            return false;
        }
        let first = self.places.partition_point(|place| place.0 < hash);
        self.places[first..].iter().take_while(|place| place.0 == hash).any(|(_, which, place)| {
            let plain = self.plain[*which].expose().as_bytes();
            let run = (plain.len() / 2).clamp(SHORTEST_RUN, LONGEST_RUN);
            let same = |(one, other): &(&u8, &u8)| one == other;
            let before =
                letters[..at].iter().rev().zip(plain[..*place].iter().rev()).take(run).take_while(same).count();
            let behind = letters[at..].iter().zip(&plain[*place..]).take(run).take_while(same).count();
            behind >= BLOCK && before + behind >= run
        })
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

/// The part of a secret that others do not share: a signed token without its header (RFC 7515 section 7.1).
fn of_this_one_alone(secret: &str) -> &str {
    let behind = secret.split_once('.').filter(|_| begins_like_token(secret)).map(|(_, behind)| behind);
    behind.unwrap_or(secret)
}

fn has(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

/// A multiplicative hash of a block.
fn hash(block: &[u8]) -> u32 {
    let number = block.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    u32::try_from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).unwrap_or(0)
}

/// Where the bit of a hash is.
const fn bit(hash: u32) -> (usize, u64) {
    let place = hash >> (32 - BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}

const fn is_of_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '-' | '_')
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes
            .get(at + 1..at + 3)
            .filter(|_| *byte == b'%')
            .and_then(|pair| hexadecimal(std::str::from_utf8(pair).ok()?));
        at += if pair.is_some() { 3 } else { 1 };
        decoded.push(pair.map_or(*byte, |pair| pair[0]));
    }
    decoded
}

fn hexadecimal(word: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        word.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    Some(digits?.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "rt_Zm9vYmFy+9a8b7c6d5e4f3g2h1/JkLmNoPqRsTuVwXyZ0123456789==";

    fn traces() -> Traces {
        Traces::of(&[Secret::new(TOKEN.into()), Secret::new("Short-Secret-0f1e2d".into())])
    }

    #[test]
    fn tk_2_a_token_is_found_in_parts_and_in_other_writing() {
        let encoded = BASE64_STANDARD_NO_PAD.encode(format!("role:{TOKEN}"));
        let percent = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let hex = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let spread: Vec<String> = TOKEN.chars().map(String::from).collect();
        for text in [
            TOKEN.to_owned(),
            TOKEN[..28].to_owned(),
            TOKEN[29..].to_owned(),
            TOKEN.to_uppercase(),
            TOKEN.to_lowercase(),
            format!("role {}", spread.join("-")),
            spread.join("\u{200b}"),
            TOKEN.replace('+', "%2B").replace('/', "%2f"),
            percent,
            encoded.clone(),
            format!("xyz{encoded}"),
            encoded.replace('+', "-").replace('/', "_"),
            format!("role={encoded}=="),
            hex.to_uppercase(),
            hex,
            "short-secret-0F1E2D".into(),
            "shortsecret0f1e2d!".into(),
        ] {
            assert!(traces().are_in(&text), "{text}");
        }
    }

    #[test]
    fn av_1_a_text_made_of_the_blocks_of_a_secret_is_searched_in_time_that_grows_with_its_length() {
        let numbers = (0..4000_u32).map(|number| format!("{:x}", number.wrapping_mul(2_654_435_761)));
        let letters = numbers.collect::<Vec<_>>().concat();
        let block = format!("{}{}", &letters[..8], "q".repeat(8));
        let secret = Secret::new(format!("{}{letters}", block.repeat(200)));
        let traces = Traces::of(&[secret]);
        let pieces = (0..60_000).map(|number| format!("{}{}", &letters[..8], number % 7 + 10));
        let text = pieces.collect::<Vec<_>>().concat();
        let begun = tokio::time::Instant::now();
        assert!(!traces.are_in(&text));
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    }

    #[test]
    fn words_and_identifiers_are_no_traces_whatever_the_secrets_are() {
        for text in [
            "editor",
            "9a8b7c6d5e4f",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "https://example.com/claims/roles/0123456789",
            "CN=Editors,OU=Groups,OU=Services,DC=corp,DC=example,DC=com",
            "100 % sure of it, and 5%2",
            "TGF1cmVtIGlwc3VtIGRvbG9yIHNpdCBhbWV0IGNvbnNlY3RldHVy",
            "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%",
            "ääääääääääääääääääääääääääääääääääääää%C3",
        ] {
            assert!(!traces().are_in(text), "{text}");
        }
        assert!(!Traces::of(&[]).are_in(TOKEN));
    }
}
