use serde::{Deserialize, Serialize};

use super::files::Files;
use crate::config::Profile;
use crate::ports::{Folders, Timestamp};
use crate::problem::Result;
use crate::tokens::short_digest;

/// Which caller was handed which token, so that one the other side refused is not handed out again. Tokens are named by
/// their fingerprints.
#[derive(Clone, Debug)]
pub struct HandedOut {
    files: Files,
}

pub(super) const FILE: &str = "handed.json";
/// The most notes of each kind; the oldest make room.
const MOST: usize = 32;
/// A caller that asks again within so many seconds is taken to have been refused with the token it was handed.
const AGAIN: i64 = 60;
/// After a refused token was replaced, no other is made for the same target for so many seconds: a target that refuses the
/// new one too refuses it for another reason.
const ONCE: i64 = 300;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Notes {
    handed: Vec<Handed>,
    refused: Vec<Refused>,
}

#[derive(Serialize, Deserialize)]
struct Handed {
    target: String,
    caller: u32,
    token: String,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct Refused {
    target: String,
    token: String,
    at: i64,
    replaced: bool,
}

impl HandedOut {
    /// The notes of this profile. Touches nothing yet.
    #[must_use]
    pub fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { files: Files::new(folders, profile) }
    }

    /// Notes that `caller`, a process, is handed a token.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn note_handed(&self, target: &str, caller: u32, token: &str, now: Timestamp) -> Result<()> {
        let mut notes = self.read(now);
        notes.handed.retain(|known| known.target != name(target) || known.caller != caller);
        notes.handed.push(Handed { target: name(target), caller, token: token.to_owned(), at: now.0 });
        self.write(notes)
    }

    /// Whether `caller` was handed this very token a moment ago, so that asking again says that it was refused.
    #[must_use]
    pub fn was_handed(&self, target: &str, caller: u32, token: &str, now: Timestamp) -> bool {
        let is_it = |known: &Handed| known.target == name(target) && known.caller == caller && known.token == token;
        self.read(now).handed.iter().any(is_it)
    }

    /// Notes that the target refused a token. Nothing is noted where a refused one was replaced in the last minutes.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn note_refused(&self, target: &str, token: &str, now: Timestamp) -> Result<()> {
        let mut notes = self.read(now);
        if notes.refused.iter().any(|known| known.target == name(target) && known.replaced) {
            return Ok(());
        }
        notes.refused.retain(|known| known.target != name(target));
        let refused = Refused { target: name(target), token: token.to_owned(), at: now.0, replaced: false };
        notes.refused.push(refused);
        self.write(notes)
    }

    /// Whether this token was refused and is to be replaced. It is noted as replaced, so that the next caller gets `false`.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn take_refused(&self, target: &str, token: &str, now: Timestamp) -> Result<bool> {
        let mut notes = self.read(now);
        let is_it = |known: &&mut Refused| known.target == name(target) && known.token == token && !known.replaced;
        let Some(refused) = notes.refused.iter_mut().find(is_it) else { return Ok(false) };
        refused.replaced = true;
        refused.at = now.0;
        self.write(notes)?;
        Ok(true)
    }

    fn read(&self, now: Timestamp) -> Notes {
        let mut notes: Notes = self.files.read_json(FILE).unwrap_or_default();
        let recent = |at: i64, seconds: i64| (0..=seconds).contains(&now.0.saturating_sub(at));
        notes.handed.retain(|known| recent(known.at, AGAIN));
        notes.refused.retain(|known| recent(known.at, ONCE));
        notes
    }

    fn write(&self, mut notes: Notes) -> Result<()> {
        let more = notes.handed.len().saturating_sub(MOST);
        notes.handed.drain(..more);
        let more = notes.refused.len().saturating_sub(MOST);
        notes.refused.drain(..more);
        self.files.write_json(FILE, &notes)
    }
}

/// What names a target in the notes: a digest, so that the state folder does not tell which targets a person has.
fn name(target: &str) -> String {
    short_digest(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    #[test]
    fn a_refused_token_is_replaced_once_in_a_while_and_only_for_whoever_was_refused() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::new("t".parse().unwrap(), Issuer::parse("https://idp.example/").unwrap(), "c".into());
        let folders = Folders { config: folder.path().to_owned(), state: folder.path().join("state") };
        let notes = HandedOut::new(&folders, &profile);
        let at = Timestamp;
        assert!(!notes.was_handed("dev", 7, "a", at(100)));
        notes.note_handed("dev", 7, "a", at(100)).unwrap();
        assert!(notes.was_handed("dev", 7, "a", at(130)));
        for (target, caller, token, now) in
            [("dev", 8, "a", 130), ("dev", 7, "b", 130), ("x", 7, "a", 130), ("dev", 7, "a", 161)]
        {
            assert!(!notes.was_handed(target, caller, token, at(now)), "{target} {caller} {token} {now}");
        }
        notes.note_refused("dev", "a", at(130)).unwrap();
        assert!(!notes.take_refused("dev", "b", at(131)).unwrap() && !notes.take_refused("x", "a", at(131)).unwrap());
        assert!(notes.take_refused("dev", "a", at(131)).unwrap());
        assert!(!notes.take_refused("dev", "a", at(132)).unwrap(), "once");
        notes.note_refused("dev", "b", at(140)).unwrap();
        assert!(!notes.take_refused("dev", "b", at(141)).unwrap(), "the new one was refused too: for another reason");
        notes.note_refused("dev", "b", at(500)).unwrap();
        assert!(notes.take_refused("dev", "b", at(501)).unwrap(), "a while later");
        let text = std::fs::read_to_string(notes.files.path(FILE)).unwrap();
        assert!(!text.contains("dev"), "{text}");
    }
}
