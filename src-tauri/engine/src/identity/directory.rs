//! What a provider's own directory says is assigned to somebody: asked through its API, carried by no token.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{DocumentKind, Entitlement, Entitlements, Kind, Source, SourcePath, ValueClass, Verified};
use crate::ports::Timestamp;

/// What the directory answered about one person. Kept in memory alone, and only as long as the program runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Directory {
    /// When it was asked, POSIX seconds.
    pub asked_at: Timestamp,
    /// Who was asked: a host.
    pub host: String,
    /// As whom it was asked: the name of the person who is signed in.
    pub asked_as: String,
    /// What was asked, a line for each request: method and address. No token is in it.
    pub requests: Vec<String>,
    /// How far each kind could be asked: roles, groups, permissions.
    pub kinds: Vec<KindAnswer>,
    /// What restricts the answer, one sentence each.
    pub remarks: Vec<String>,
    /// What is assigned. Shown as sources of the entitlements.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub assigned: Vec<Assigned>,
    /// What the client is let have, where an administrator asked.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub client: Option<ClientReach>,
}

/// What a client is let have of what somebody has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientReach {
    /// The client.
    pub client: String,
    /// Whether it gets every role of the person's (Keycloak's *Full scope allowed*); `None` where that is not known.
    pub full_scope: Option<bool>,
    /// The roles that the client is not granted; `None` where that was not asked.
    pub not_granted: Option<Vec<String>>,
    /// The client scopes that it always gets.
    pub default_scopes: Vec<String>,
}

/// How far the directory could be asked for one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KindAnswer {
    /// The kind.
    pub kind: Kind,
    /// How far.
    pub state: Asked,
    /// Why it could not be asked, or not to the end, and what that would need, one sentence or two; `None` where it was
    /// asked with nothing left open.
    pub needs: Option<String>,
    /// It names them by ID alone: a name is neither found nor missed in it.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub by_id: bool,
}

/// How far something could be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// To the end: what is not in the answer is not assigned.
    Fully,
    /// Not to the end: what is not in the answer may be assigned all the same.
    Partly,
    /// Not at all.
    CouldNotBeAsked,
}

/// One role, group or permission that is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// What it is.
    pub kind: Kind,
    /// Its name, as a document would most likely write it.
    pub value: String,
    /// Other ways in which a document may write it: its ID, its whole path.
    pub also_written: Vec<String>,
    /// What it holds for: a client, a project, an organisation; `None` for everywhere.
    pub context: Option<String>,
    /// Where in the directory's answer it was.
    pub path: SourcePath,
    /// Through what the person has it; `None` where it is assigned to the person themself.
    pub through: Option<Through>,
    /// The person may activate it and has not: it holds for nothing yet.
    pub eligible: bool,
    /// What is special about it, where something is.
    pub class: Option<ValueClass>,
}

/// Through what somebody has something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Through {
    /// A group, or a role that contains it.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The person is in that group only through another.
    pub nested: bool,
}

/// What the directory says about one role, group or permission: three answers, never two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment<'d> {
    /// It is assigned.
    Assigned(&'d Assigned),
    /// The person may activate it and has not.
    Eligible(&'d Assigned),
    /// It is not assigned.
    NotAssigned,
    /// That could not be asked; what it would need.
    CouldNotBeAsked(Option<&'d str>),
}

impl Directory {
    /// How far a kind could be asked.
    #[must_use]
    pub fn state(&self, kind: Kind) -> Asked {
        let answer = self.kinds.iter().find(|answer| answer.kind == kind);
        answer.map_or(Asked::CouldNotBeAsked, |answer| answer.state)
    }

    /// Every name that it has for something of a kind, in every way it may be written.
    #[must_use]
    pub fn names(&self, kind: Kind) -> HashSet<&str> {
        let of_kind = self.assigned.iter().filter(|assigned| assigned.kind == kind && !assigned.eligible);
        of_kind.flat_map(Assigned::written).collect()
    }

    /// What it says of a value; of any kind where none is given.
    #[must_use]
    pub fn assignment(&self, kind: Option<Kind>, value: &str) -> Assignment<'_> {
        let of_kind = |assigned: &&Assigned| kind.is_none_or(|kind| kind == assigned.kind) && assigned.is(value);
        let found = || self.assigned.iter().filter(of_kind);
        if let Some(assigned) = found().find(|assigned| !assigned.eligible) {
            return Assignment::Assigned(assigned);
        }
        if let Some(eligible) = found().next() {
            return Assignment::Eligible(eligible);
        }
        let asked = |answer: &&KindAnswer| kind.map_or(answer.kind != Kind::Permission, |kind| kind == answer.kind);
        let is_name = ValueClass::of_shape(value).is_none();
        let open = |answer: &&KindAnswer| answer.state != Asked::Fully || answer.by_id && is_name;
        match self.kinds.iter().filter(asked).find(open) {
            Some(answer) => Assignment::CouldNotBeAsked(answer.needs.as_deref()),
            None => Assignment::NotAssigned,
        }
    }
}

impl Assigned {
    /// Whether a document that writes `value` means this one.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        self.written().any(|written| written == value)
    }

    /// Every way in which a document may write it.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.value).chain(&self.also_written).map(String::as_str)
    }

    /// A document need not say what a role or group holds for; where both say it, it is the same.
    fn holds_for(&self, context: Option<&str>) -> bool {
        match (self.context.as_deref(), context) {
            (Some(here), Some(there)) => here == there,
            (None, _) | (_, None) => true,
        }
    }

    fn source(&self) -> Source {
        Source {
            document: DocumentKind::Directory,
            path: self.path.clone(),
            verified: Verified::Tls,
            through: self.through.clone().map(Box::new),
        }
    }
}

impl Through {
    /// In words that follow "through": "the group Editors".
    #[must_use]
    pub fn words(&self) -> String {
        format!("the {} {}", self.kind.word(), crate::text::clean_line(&self.name))
    }
}

impl Entitlement {
    /// Whether a document that was issued carries it; if not, the directory alone has it.
    #[must_use]
    pub fn is_in_a_document(&self) -> bool {
        self.sources.iter().any(|source| source.document != DocumentKind::Directory)
    }
}

impl Entitlements {
    /// The same, with the directory as one more source, and what it alone has behind the others of its kind. What the
    /// person could only activate is not among them.
    #[must_use]
    pub fn with_directory(&self, directory: &Directory) -> Self {
        let mut all = self.clone();
        for kind in Kind::ALL {
            let list = all.of_mut(kind);
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, entitlement) in list.iter().enumerate() {
                places.entry(entitlement.value.clone()).or_default().push(index);
            }
            let active = directory.assigned.iter().filter(|assigned| assigned.kind == kind && !assigned.eligible);
            for assigned in active {
                add_source(list, &mut places, assigned);
            }
        }
        all
    }
}

/// Adds the directory to every entitlement that is meant; where none is, one that the directory alone has.
fn add_source(list: &mut Vec<Entitlement>, places: &mut HashMap<String, Vec<usize>>, assigned: &Assigned) {
    let mut known = false;
    for index in assigned.written().filter_map(|name| places.get(name)).flatten() {
        let entitlement = &mut list[*index];
        // What the directory alone has is told apart by what it holds for; a document need not say that.
        let same = entitlement.context == assigned.context;
        if same || entitlement.is_in_a_document() && assigned.holds_for(entitlement.context.as_deref()) {
            known = true;
            if !entitlement.sources.contains(&assigned.source()) {
                entitlement.sources.push(assigned.source());
            }
        }
    }
    if !known {
        places.entry(assigned.value.clone()).or_default().push(list.len());
        list.push(Entitlement {
            value: assigned.value.clone(),
            context: assigned.context.clone(),
            sources: vec![assigned.source()],
            class: assigned.class,
        });
    }
}
