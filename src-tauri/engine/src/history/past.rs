use std::collections::HashMap;

use super::{Became, Change, History};
use crate::identity::{DocumentKind, Entitlement, Entitlements, Kind, Source, Verified};
use crate::ports::Timestamp;

impl History {
    /// When what is kept begins; `None` before anything was recorded.
    #[must_use]
    pub fn begins(&self) -> Option<Timestamp> {
        self.moments.first().map(|moment| moment.from)
    }

    /// What the person had at a moment: what they have now, with all changes since taken back. `None` where history does
    /// not reach so far. The place of something that was removed since is not kept.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Option<Entitlements> {
        if at < self.begins()? {
            return None;
        }
        let mut there = self.now();
        let later = self.moments().take_while(|moment| moment.at > at);
        for change in later.flat_map(|moment| moment.changes.iter().rev()) {
            let key = (change.kind, change.value.clone());
            match change.change {
                Became::Added | Became::ClaimAppeared => {
                    there.remove(&key);
                }
                Became::Removed | Became::ClaimVanished => {
                    there.entry(key).or_default();
                }
            }
        }
        let mut all: Vec<_> = there.into_iter().collect();
        all.sort_by(|((_, one), _), ((_, other), _)| one.cmp(other));
        let mut entitlements = Entitlements::default();
        for ((kind, value), sources) in all {
            let entitlement = Entitlement { value, context: None, sources, class: None };
            match kind {
                Kind::Role => entitlements.roles.push(entitlement),
                Kind::Group => entitlements.groups.push(entitlement),
                Kind::Permission => entitlements.permissions.push(entitlement),
            }
        }
        Some(entitlements)
    }

    /// What the newest snapshot holds, with the claims.
    pub(super) fn now(&self) -> HashMap<(Kind, String), Vec<Source>> {
        let mut there: HashMap<(Kind, String), Vec<Source>> = HashMap::new();
        let carried = self.snapshot.as_ref().map(super::snapshot::Snapshot::carried);
        for (document, claim, kind, values) in carried.into_iter().flatten() {
            let verified = match document {
                DocumentKind::IdToken => Verified::Signature,
                DocumentKind::AccessToken => Verified::None,
                _ => Verified::Tls,
            };
            let source = Source { document, path: vec![claim.to_owned()].into(), verified, through: None };
            for value in values {
                there.entry((kind, value.clone())).or_default().push(source.clone());
            }
        }
        there
    }

    /// The changes not older than a moment, newest first.
    #[must_use]
    pub fn changes_since(&self, since: Timestamp) -> Vec<Change> {
        self.changes().into_iter().filter(|change| change.at >= since).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::history::{Begins, Ends};
    use crate::identity::{Answer, Answers, Identity, identity_from};

    const DAY: i64 = 86_400;

    fn identity(claims: &Value) -> Identity {
        let claims = claims.as_object().unwrap().clone();
        let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::Signature };
        identity_from(&Answers { answers: vec![answer], ..Answers::default() })
    }

    /// Three looks: a role comes and goes, a claim vanishes and comes back.
    fn history() -> History {
        let mut history = History::default();
        for (day, claims) in [
            (100, json!({"sub": "1", "roles": ["Editor"], "groups": ["Staff"]})),
            (103, json!({"sub": "1", "roles": ["Editor", "Reviewer"], "groups": ["Staff"]})),
            (104, json!({"sub": "1", "roles": ["Editor"]})),
            (110, json!({"sub": "1", "roles": ["Editor"], "groups": ["Staff"]})),
        ] {
            history.record(&identity(&claims), Timestamp(day * DAY + 3600), day == 100);
        }
        history
    }

    fn had(history: &History, day: i64) -> Option<Vec<String>> {
        let all = history.at(Timestamp(day * DAY + 7200))?;
        Some(all.iter().map(|(_, found)| found.value.clone()).collect())
    }

    #[test]
    fn what_somebody_had_at_a_moment_is_what_they_have_now_with_the_changes_taken_back() {
        let history = history();
        assert_eq!(had(&history, 99), None);
        assert_eq!(had(&history, 100).unwrap(), ["Editor", "Staff"]);
        assert_eq!(had(&history, 103).unwrap(), ["Editor", "Reviewer", "Staff"]);
        assert_eq!(had(&history, 105).unwrap(), ["Editor"]);
        assert_eq!(had(&history, 120).unwrap(), ["Editor", "Staff"]);
        assert_eq!(history.changes_since(Timestamp(104 * DAY)).len(), 3);
    }

    #[test]
    fn the_picture_has_one_line_each_with_when_it_came_went_vanished_and_when_nobody_looked() {
        let picture = history().picture(Timestamp(112 * DAY));
        let line = |value: &str| picture.lines.iter().find(|line| line.value == value).unwrap();
        let spans = |value: &str| -> Vec<_> {
            line(value).spans.iter().map(|span| (span.from.0 / DAY, span.to.0 / DAY, span.begins, span.ends)).collect()
        };
        assert_eq!(spans("Editor"), [(100, 112, Begins::Before, Ends::Here)]);
        assert_eq!(spans("Reviewer"), [(103, 104, Begins::Added, Ends::Removed)]);
        assert_eq!(
            spans("Staff"),
            [(100, 104, Begins::Before, Ends::ClaimVanished), (110, 112, Begins::WithClaim, Ends::Here)]
        );
        assert_eq!(picture.lines.first().map(|line| line.value.as_str()), Some("Staff"), "the newest change is first");
        assert!(!line("Editor").changed && !line("Reviewer").here);
        let unseen: Vec<(i64, i64)> = picture.unseen.iter().map(|one| (one.from.0 / DAY, one.to.0 / DAY)).collect();
        assert_eq!(unseen, [(101, 103), (105, 110), (111, 112)]);
        let nothing = History::default().picture(Timestamp(5));
        assert!(nothing.lines.is_empty() && nothing.unseen.is_empty());
    }

    #[test]
    fn quiet_refreshes_that_were_folded_still_count_as_looks() {
        let mut history = History::default();
        for day in 100..140 {
            history.record(&identity(&json!({"sub": "1", "roles": ["x"]})), Timestamp(day * DAY), false);
        }
        assert_eq!(history.moments().count(), 1);
        assert!(history.picture(Timestamp(139 * DAY + 5)).unseen.is_empty());
        // What an earlier version wrote has no days.
        let old = r#"{"issuer":"i","subject":"1","snapshot":null,"moments":[{"from":0,"at":86400,"times":2,"signed_in":false,"changes":[],"unread":[]}]}"#;
        let old: History = serde_json::from_str(old).unwrap();
        assert_eq!(old.picture(Timestamp(86_400)).lines, []);
    }
}
