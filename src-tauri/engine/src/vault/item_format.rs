use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use keyring_core::{CredentialStore, Entry, Error, Result};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::failpoint::failpoint;

/// The format in which a session is stored in the key store.
///
/// One header item; where the whole does not fit under the limit, numbered part items beside it. Everything is plain
/// ASCII, because some key stores hold text only. New parts are written under a new generation, the header last, the old
/// parts deleted after it: half a write reads as the old session, never as a truncated one (KC-3).
///
/// Header: `rolecall1 GENERATION PARTS SHA256 [PAYLOAD]`, the digest being of the payload as text.
pub(super) struct ItemFormat {
    pub(super) service: String,
    pub(super) user: String,
    pub(super) label: String,
    /// The largest item, in bytes.
    pub(super) limit: usize,
}

const MAGIC: &str = "rolecall1";
/// No session has so many parts; a header with a larger number is invalid.
const MOST_PARTS: usize = 4096;

/// Attempts of a probe: another process may delete the item of the same name in between.
const PROBES: usize = 3;

struct Header {
    generation: u64,
    parts: usize,
    digest: String,
    payload: Zeroizing<String>,
}

impl ItemFormat {
    /// The session's bytes; `None` when there is none, or none that is whole.
    pub(super) fn read(&self, store: &CredentialStore) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(header) = self.header(store)? else { return Ok(None) };
        let mut payload = header.payload;
        for number in 0..header.parts {
            match get(&self.part(store, header.generation, number)?)? {
                Some(part) => payload.push_str(&part),
                None => return Ok(None),
            }
        }
        if digest(&payload) != header.digest {
            return Ok(None);
        }
        Ok(BASE64.decode(payload.as_bytes()).ok().map(Zeroizing::new))
    }

    pub(super) fn write(&self, store: &CredentialStore, bytes: &[u8]) -> Result<()> {
        let before = self.header(store).ok().flatten();
        let generation = before.as_ref().map_or(0, |header| header.generation.wrapping_add(1));
        let payload = Zeroizing::new(BASE64.encode(bytes));
        let digest = digest(&payload);
        let alone = Zeroizing::new(format!("{MAGIC} {generation} 0 {digest} {}", *payload));
        if alone.len() <= self.limit {
            set_header(&self.entry(store, &self.user)?, alone.as_bytes())?;
        } else {
            let parts: Vec<&[u8]> = payload.as_bytes().chunks(self.limit).collect();
            for (number, part) in parts.iter().enumerate() {
                self.part(store, generation, number)?.set_secret(part)?;
            }
            failpoint("6-parts");
            let header = format!("{MAGIC} {generation} {} {digest} ", parts.len());
            set_header(&self.entry(store, &self.user)?, header.as_bytes())?;
        }
        failpoint("6-header");
        if let Some(before) = before {
            self.delete_parts(store, &before)?;
        }
        Ok(())
    }

    /// Deletes header and parts. The header goes first: from then on there is no session, whatever happens to the rest.
    pub(super) fn delete(&self, store: &CredentialStore) -> Result<bool> {
        let header = self.header(store)?;
        let was_there = delete_header(&self.entry(store, &self.user)?)?;
        if let Some(header) = &header {
            self.delete_parts(store, header)?;
            // A write cut off before its header left parts of the generation after.
            let next = Header { generation: header.generation.wrapping_add(1), parts: 1, ..Header::none() };
            self.delete_parts(store, &next)?;
        }
        Ok(was_there)
    }

    pub(super) fn exists(&self, store: &CredentialStore) -> Result<bool> {
        Ok(self.header(store)?.is_some())
    }

    pub(super) fn probe(&self, store: &CredentialStore) -> Result<()> {
        let entry = self.entry(store, &self.user)?;
        for _ in 0..PROBES {
            entry.set_secret(b"trial")?;
            let same = get(&entry)?.is_some_and(|read| *read == "trial");
            delete(&entry)?;
            if same {
                return Ok(());
            }
        }
        Err(Error::BadStoreFormat("a trial item does not read back the same".into()))
    }

    fn header(&self, store: &CredentialStore) -> Result<Option<Header>> {
        let texts = texts(&self.entry(store, &self.user)?)?;
        Ok(texts.iter().filter_map(|text| Header::parse(text)).max_by_key(|header| header.generation))
    }

    fn delete_parts(&self, store: &CredentialStore, header: &Header) -> Result<()> {
        let mut number = 0;
        // Beyond the counted ones too, as long as there are any.
        while delete(&self.part(store, header.generation, number)?)? || number < header.parts {
            number += 1;
        }
        Ok(())
    }

    fn part(&self, store: &CredentialStore, generation: u64, number: usize) -> Result<Entry> {
        self.entry(store, &format!("{}/{generation}/{number}", self.user))
    }

    fn entry(&self, store: &CredentialStore, user: &str) -> Result<Entry> {
        // Only the Secret Service shows a label to people. On Windows an item stays on this computer instead of roaming
        // with the person's account. Neither store knows the other's word.
        let (word, value) =
            if cfg!(target_os = "windows") { ("persistence", "Local") } else { ("label", self.label.as_str()) };
        let modifier = HashMap::from([(word, value)]);
        let modifiers = cfg!(any(target_os = "linux", target_os = "windows")).then_some(&modifier);
        match store.build(&self.service, user, modifiers) {
            Err(Error::NotSupportedByStore(_) | Error::Invalid(..)) => store.build(&self.service, user, None),
            entry => entry,
        }
    }
}

impl Header {
    fn none() -> Self {
        Self { generation: 0, parts: 0, digest: String::new(), payload: Zeroizing::default() }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut words = text.splitn(5, ' ');
        if words.next()? != MAGIC {
            return None;
        }
        let generation = words.next()?.parse().ok()?;
        let parts = words.next()?.parse().ok().filter(|parts| *parts <= MOST_PARTS)?;
        let digest = words.next()?.to_owned();
        Some(Self { generation, parts, digest, payload: Zeroizing::new(words.next()?.to_owned()) })
    }
}

/// The texts of all items the name finds. Usually one; another program may have put more beside it.
fn texts(entry: &Entry) -> Result<Vec<Zeroizing<String>>> {
    match entry.get_secret() {
        Ok(bytes) => Ok(String::from_utf8(bytes).into_iter().map(Zeroizing::new).collect()),
        Err(Error::NoEntry) => Ok(Vec::new()),
        Err(Error::Ambiguous(entries)) => Ok(entries
            .iter()
            .filter_map(|entry| String::from_utf8(entry.get_secret().ok()?).ok())
            .map(Zeroizing::new)
            .collect()),
        Err(error) => Err(error),
    }
}

/// The item's text; an item that is not text is not of this format.
fn get(entry: &Entry) -> Result<Option<Zeroizing<String>>> {
    Ok(texts(entry)?.into_iter().next())
}

/// The items with a header of this format. Items of other programs under the same name are not touched (KC-5).
fn ours(entries: Vec<Entry>) -> Vec<Entry> {
    let holds_header = |entry: &Entry| {
        let text = entry.get_secret().ok().and_then(|bytes| String::from_utf8(bytes).ok()).map(Zeroizing::new);
        text.is_some_and(|text| Header::parse(&text).is_some())
    };
    entries.into_iter().filter(holds_header).collect()
}

fn set_header(entry: &Entry, header: &[u8]) -> Result<()> {
    match entry.set_secret(header) {
        Err(Error::Ambiguous(entries)) => match ours(entries).as_slice() {
            [] => Err(Error::BadStoreFormat("items of another program stand under Rolecall's name".into())),
            [first, rest @ ..] => {
                first.set_secret(header)?;
                rest.iter().try_for_each(|copy| delete(copy).map(drop))
            }
        },
        done => done,
    }
}

fn delete_header(entry: &Entry) -> Result<bool> {
    match entry.delete_credential() {
        Err(Error::Ambiguous(entries)) => {
            let ours = ours(entries);
            ours.iter().try_for_each(|entry| delete(entry).map(drop))?;
            Ok(!ours.is_empty())
        }
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes an item, or all of that name: a part's name is nobody else's.
fn delete(entry: &Entry) -> Result<bool> {
    match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(Error::Ambiguous(entries)) => {
            entries.iter().try_for_each(|entry| delete(entry).map(drop))?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

fn digest(payload: &str) -> String {
    BASE64.encode(Sha256::digest(payload.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn store() -> Arc<CredentialStore> {
        keyring_core::mock::Store::new().unwrap()
    }

    fn format(limit: usize) -> ItemFormat {
        ItemFormat { service: "Test".into(), user: "acme@0".into(), label: "Test: acme".into(), limit }
    }

    fn session(size: usize) -> Vec<u8> {
        (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect()
    }

    #[test]
    fn kc_3_sessions_of_any_size_round_trip_under_the_smallest_limit() {
        for size in [0, 1, 1281, 1800, 2560, 2561, 8192, 65_536, 1 << 20] {
            for limit in [2560, 32 * 1024] {
                let (store, format) = (store(), format(limit));
                format.write(&*store, &session(size)).unwrap();
                assert_eq!(*format.read(&*store).unwrap().unwrap(), session(size), "{size} under {limit}");
            }
        }
    }

    #[test]
    fn kc_3_half_a_write_reads_as_the_session_before() {
        let (store, format) = (store(), format(2560));
        format.write(&*store, &session(6000)).unwrap();
        // Parts of the next generation without their header: the machine died in between.
        format.part(&*store, 1, 0).unwrap().set_secret(b"half").unwrap();
        assert_eq!(*format.read(&*store).unwrap().unwrap(), session(6000));
        format.write(&*store, &session(5000)).unwrap();
        assert_eq!(*format.read(&*store).unwrap().unwrap(), session(5000));
    }

    #[test]
    fn kc_3_a_missing_or_mixed_part_reads_as_absent_never_truncated() {
        let (store, format) = (store(), format(2560));
        format.write(&*store, &session(6000)).unwrap();
        let part = |number| format.part(&*store, 0, number).unwrap();
        let (first, second) = (part(0).get_secret().unwrap(), part(1).get_secret().unwrap());
        // One of our own form as well, which only the digest tells from the right one.
        for other in [&b"another"[..], &first, &second[..2556]] {
            part(1).set_secret(other).unwrap();
            assert!(format.read(&*store).unwrap().is_none());
        }
        part(1).set_secret(&second).unwrap();
        assert_eq!(*format.read(&*store).unwrap().unwrap(), session(6000));
        format.part(&*store, 0, 1).unwrap().delete_credential().unwrap();
        assert!(format.read(&*store).unwrap().is_none());
    }

    #[test]
    fn kc_6_nothing_is_left_after_deleting() {
        let (store, format) = (store(), format(2560));
        format.write(&*store, &session(9000)).unwrap();
        format.part(&*store, 1, 0).unwrap().set_secret(b"left over").unwrap();
        assert!(format.delete(&*store).unwrap());
        for generation in 0..2 {
            for number in 0..6 {
                assert!(get(&format.part(&*store, generation, number).unwrap()).unwrap().is_none());
            }
        }
        assert!(!format.exists(&*store).unwrap() && !format.delete(&*store).unwrap());
    }

    #[test]
    fn kc_2_a_trial_leaves_nothing_also_of_one_that_was_cut_off() {
        let (store, format) = (store(), format(2560));
        format.entry(&*store, &format.user).unwrap().set_secret(b"trial").unwrap();
        format.probe(&*store).unwrap();
        assert!(get(&format.entry(&*store, &format.user).unwrap()).unwrap().is_none());
    }

    #[test]
    fn old_parts_go_when_a_session_gets_small() {
        let (store, format) = (store(), format(2560));
        format.write(&*store, &session(9000)).unwrap();
        format.write(&*store, &session(10)).unwrap();
        assert!(get(&format.part(&*store, 0, 0).unwrap()).unwrap().is_none());
        assert_eq!(*format.read(&*store).unwrap().unwrap(), session(10));
    }
}
