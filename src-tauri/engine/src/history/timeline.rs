use serde::{Deserialize, Serialize};

use super::snapshot::Snapshot;
use super::{Change, MAX_BYTES, MAX_CHANGES, MAX_MOMENTS};
use crate::identity::{DocumentKind, DocumentState, Identity};
use crate::ports::Timestamp;

/// The seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// How long a moment is kept, in seconds: 90 days.
pub(super) const KEPT_FOR: i64 = 90 * DAY;

/// The changes of one person's roles and groups in one profile. Bounded in size; contains no token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct History {
    issuer: String,
    subject: String,
    pub(super) snapshot: Option<Snapshot>,
    pub(super) moments: Vec<Moment>,
    /// The days on which somebody looked, counted from 1 January 1970, in order.
    #[serde(default)]
    pub(super) days: Vec<i64>,
}

/// One refresh, or several in which nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Moment {
    /// The first of them, POSIX seconds.
    pub from: Timestamp,
    /// The last of them, POSIX seconds.
    pub at: Timestamp,
    /// How many refreshes this summarises.
    pub times: u32,
    /// Whether somebody signed in, rather than a session being refreshed.
    pub signed_in: bool,
    /// What was added and removed.
    pub changes: Vec<Change>,
    /// Documents that could be read before and not now: their values are unknown, not removed.
    pub unread: Vec<DocumentKind>,
}

impl History {
    /// Records what was just read and returns what changed: nothing the first time, and nothing for another person.
    /// `signed_in` says that it was a sign-in.
    pub fn record(&mut self, identity: &Identity, at: Timestamp, signed_in: bool) -> Vec<Change> {
        if (self.issuer.as_str(), self.subject.as_str()) != (&identity.issuer, &identity.subject) {
            *self = Self { issuer: identity.issuer.clone(), subject: identity.subject.clone(), ..Self::default() };
        }
        let mut now = Snapshot::of(identity);
        let unread: Vec<DocumentKind> = identity
            .documents
            .iter()
            .filter(|report| report.state == DocumentState::Failed)
            .map(|report| report.document)
            .collect();
        let changes = match self.snapshot.take() {
            Some(before) => {
                now.carry_on(&before);
                now.changes_since(&before, at)
            }
            None => Vec::new(),
        };
        self.snapshot = Some(now);
        self.note_day(at);
        self.add(Moment { from: at, at, times: 1, signed_in, changes: changes.clone(), unread });
        changes
    }

    /// Begins with what was remembered before there was a history.
    pub fn begin_with(&mut self, identity: &Identity) {
        if self.snapshot.is_none() {
            self.issuer.clone_from(&identity.issuer);
            self.subject.clone_from(&identity.subject);
            self.snapshot = Some(Snapshot::of(identity));
        }
    }

    fn note_day(&mut self, at: Timestamp) {
        let today = at.0.div_euclid(DAY);
        if self.days.last().is_none_or(|last| *last < today) {
            self.days.push(today);
        }
        self.days.retain(|day| today - day <= KEPT_FOR / DAY);
    }

    /// The moments, newest first.
    pub fn moments(&self) -> impl Iterator<Item = &Moment> {
        self.moments.iter().rev()
    }

    /// All changes, newest first.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        self.moments().flat_map(|moment| moment.changes.iter().cloned()).collect()
    }

    fn add(&mut self, moment: Moment) {
        let quiet = |moment: &Moment| moment.changes.is_empty() && moment.unread.is_empty() && !moment.signed_in;
        match self.moments.last_mut() {
            Some(last) if quiet(last) && quiet(&moment) => {
                last.at = moment.at;
                last.times = last.times.saturating_add(1);
            }
            _ => self.moments.push(moment),
        }
        self.forget();
    }

    /// Drops what is older than 90 days or over the limits; the newest moment always stays.
    fn forget(&mut self) {
        let Some(newest) = self.moments.last().map(|moment| moment.at) else { return };
        let (mut moments, mut changes, mut bytes) = (0, 0, 0);
        let first_kept = self.moments.iter().rposition(|moment| {
            moments += 1;
            changes += moment.changes.len();
            bytes += moment.changes.iter().map(|change| change.value.len()).sum::<usize>();
            let too_much = moments > MAX_MOMENTS || changes > MAX_CHANGES || bytes > MAX_BYTES;
            moments > 1 && (too_much || newest.0 - moment.at.0 > KEPT_FOR)
        });
        if let Some(last_dropped) = first_kept {
            self.moments.drain(..=last_dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::history::{Became, Kind};
    use crate::identity::{Answer, Answers, Verified, identity_from};

    fn identity(id: &Value, userinfo: Option<&Value>) -> Identity {
        let answer = |document, claims: &Value| Answer {
            document,
            claims: claims.as_object().unwrap().clone(),
            verified: Verified::Signature,
        };
        let mut answers = vec![answer(DocumentKind::IdToken, id)];
        answers.extend(userinfo.map(|claims| answer(DocumentKind::Userinfo, claims)));
        let unread =
            if userinfo.is_none() { vec![(DocumentKind::Userinfo, DocumentState::Failed)] } else { Vec::new() };
        identity_from(&Answers { answers, unread, ..Answers::default() })
    }

    fn told(changes: &[Change]) -> Vec<(&str, Became)> {
        changes.iter().map(|change| (change.value.as_str(), change.change)).collect()
    }

    #[test]
    fn a_role_taken_away_a_claim_gone_and_a_document_not_read_are_three_things() {
        let mut history = History::default();
        let nothing = json!({});
        let full = json!({"sub": "1", "roles": ["Editor", "Reader"], "groups": ["Staff"]});
        let userinfo = json!({"permissions": ["read"]});
        assert_eq!(history.record(&identity(&full, Some(&userinfo)), Timestamp(1), true), []);

        let less = json!({"sub": "1", "roles": ["Reader"], "groups": []});
        let changes = history.record(&identity(&less, Some(&userinfo)), Timestamp(2), false);
        assert_eq!(told(&changes), [("Editor", Became::Removed), ("Staff", Became::Removed)]);

        assert_eq!(history.record(&identity(&less, None), Timestamp(3), false), []);
        assert_eq!(history.moments().next().unwrap().unread, [DocumentKind::Userinfo]);

        let changes =
            history.record(&identity(&json!({"sub": "1", "groups": []}), Some(&nothing)), Timestamp(4), false);
        assert_eq!(told(&changes), [("Reader", Became::ClaimVanished), ("read", Became::ClaimVanished)]);

        let changes = history.record(&identity(&less, Some(&userinfo)), Timestamp(5), false);
        assert_eq!(told(&changes), [("Reader", Became::ClaimAppeared), ("read", Became::ClaimAppeared)]);
        assert_eq!(history.changes().len(), 6);
        assert_eq!(history.changes()[0].at, Timestamp(5));
    }

    #[test]
    fn a_document_read_again_after_a_failure_brings_no_news() {
        let mut history = History::default();
        let (id, userinfo) = (json!({"sub": "1"}), json!({"groups": ["Staff"]}));
        history.record(&identity(&id, Some(&userinfo)), Timestamp(1), true);
        assert_eq!(history.record(&identity(&id, None), Timestamp(2), false), []);
        assert_eq!(history.record(&identity(&id, Some(&userinfo)), Timestamp(3), false), []);
    }

    #[test]
    fn quiet_refreshes_are_folded_and_another_person_starts_anew() {
        let mut history = History::default();
        let claims = json!({"sub": "1", "roles": ["Editor"]});
        for second in 0..5 {
            history.record(&identity(&claims, Some(&json!({}))), Timestamp(second), second == 0);
        }
        let moments: Vec<(i64, u32)> = history.moments().map(|moment| (moment.at.0, moment.times)).collect();
        assert_eq!(moments, [(4, 4), (0, 1)]);
        assert_eq!(history.record(&identity(&json!({"sub": "2"}), Some(&json!({}))), Timestamp(9), true), []);
        assert_eq!(history.moments().count(), 1);
    }

    #[test]
    fn doc_1_history_is_bounded_in_text() {
        let mut history = History::default();
        for second in 0..400 {
            let roles: Vec<String> = (0..4).map(|part| format!("{second}-{part}{}", "\u{200b}".repeat(990))).collect();
            history.record(&identity(&json!({"sub": "1", "roles": roles}), Some(&json!({}))), Timestamp(second), false);
        }
        let written = serde_json::to_string(&history).unwrap().len();
        assert!(written < 3 * MAX_BYTES, "{written}");
        assert!(history.changes()[0].value.starts_with("399-"));
    }

    #[test]
    fn history_is_bounded_in_number_and_age() {
        let mut history = History::default();
        for second in 0..3000 {
            let claims = json!({"sub": "1", "roles": [format!("r{second}")]});
            history.record(&identity(&claims, Some(&json!({}))), Timestamp(second), false);
        }
        assert!(history.moments().count() <= MAX_MOMENTS && history.changes().len() <= MAX_CHANGES);
        assert_eq!(history.changes()[0].value, "r2999");
        let claims = json!({"sub": "1", "roles": ["late"]});
        history.record(&identity(&claims, Some(&json!({}))), Timestamp(3000 + KEPT_FOR + 1), false);
        assert_eq!(history.moments().count(), 1);
        let many: Vec<String> = (0..10_000).map(|number| format!("g{number}")).collect();
        let claims = json!({"sub": "1", "roles": ["late"], "groups": many});
        history.record(&identity(&claims, Some(&json!({}))), Timestamp(3001 + KEPT_FOR), false);
        assert_eq!(history.changes()[0].kind, Kind::Group);
    }
}
