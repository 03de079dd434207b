use crate::config::Product;
use crate::identity::{Asked, Assigned, Conventions, Kind, KindAnswer, SourcePath, Through, ValueClass};
use crate::redact::Redactor;
use crate::text::{clean_line, visible};

/// The most that is taken from a directory about one person.
const MAX_ASSIGNED: usize = 20_000;
/// The most text kept of it, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The longest value, in characters, as in documents.
const MAX_VALUE: usize = 1000;
/// The longest name of a group, client, project or step of a path, in characters.
const MAX_NAME: usize = 200;

/// The result of asking, with everything made safe to show as it goes in.
#[derive(Debug)]
pub(crate) struct Answer {
    /// For each kind, in the order of [`Kind::ALL`].
    kinds: [KindAnswer; 3],
    assigned: Vec<Assigned>,
    remarks: Vec<String>,
    redactor: Redactor,
    conventions: Conventions,
    bytes: usize,
    left_out: usize,
}

/// Something that is assigned, as an API tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) kind: Kind,
    pub(crate) value: &'a str,
    /// Other ways in which a document may write it.
    pub(crate) also: &'a [&'a str],
    /// The client, project or organisation it applies to.
    pub(crate) context: Option<&'a str>,
    /// Where it was in the answer.
    pub(crate) path: &'a [&'a str],
    pub(crate) eligible: bool,
}

impl<'a> Grant<'a> {
    pub(crate) fn new(kind: Kind, value: &'a str, path: &'a [&'a str]) -> Self {
        Self { kind, value, also: &[], context: None, path, eligible: false }
    }
}

impl Answer {
    /// Nothing was asked yet. Nothing that `redactor` hides is taken in.
    pub(crate) fn new(redactor: Redactor, product: Product) -> Self {
        let none = |kind| KindAnswer { kind, state: Asked::CouldNotBeAsked, needs: None, by_id: false };
        let (kinds, assigned, remarks) = (Kind::ALL.map(none), Vec::new(), Vec::new());
        Self { kinds, assigned, remarks, redactor, conventions: product.conventions(), bytes: 0, left_out: 0 }
    }

    /// This kind was asked to the end.
    pub(crate) fn asked(&mut self, kind: Kind) {
        self.set(kind, Asked::Fully, None);
    }

    /// This kind was asked to the end, by ID alone; `names` says what names would need.
    pub(crate) fn asked_by_id(&mut self, kind: Kind, names: &str) {
        self.set(kind, Asked::Fully, Some(names));
        for answer in self.kinds.iter_mut().filter(|answer| answer.kind == kind) {
            answer.by_id = true;
        }
    }

    /// There is nothing of this kind at this product, so nothing of it is assigned.
    pub(crate) fn no_such(&mut self, kind: Kind, why: &str) {
        self.set(kind, Asked::Fully, Some(why));
    }

    /// This kind was not asked to the end, and why.
    pub(crate) fn partly(&mut self, kind: Kind, why: &str) {
        self.set(kind, Asked::Partly, Some(why));
    }

    /// This kind could not be asked, and what that would need.
    pub(crate) fn not_asked(&mut self, kind: Kind, needs: &str) {
        self.set(kind, Asked::CouldNotBeAsked, Some(needs));
    }

    fn set(&mut self, kind: Kind, state: Asked, needs: Option<&str>) {
        let needs = needs.map(|needs| self.sentence(needs));
        for answer in self.kinds.iter_mut().filter(|answer| answer.kind == kind) {
            *answer = KindAnswer { kind, state, needs: needs.clone(), by_id: false };
        }
    }

    /// Something that restricts the answer.
    pub(crate) fn remark(&mut self, remark: &str) {
        let remark = self.sentence(remark);
        self.remarks.push(remark);
    }

    /// Takes in something that is assigned; empty values are passed over.
    pub(crate) fn add(&mut self, grant: Grant<'_>, through: Option<Through>) {
        if grant.value.trim().is_empty() {
            return;
        }
        if self.assigned.len() >= MAX_ASSIGNED || self.bytes >= MAX_BYTES {
            self.left_out += 1;
            return;
        }
        let shown = |text: &str, max: usize| visible(&self.redactor.text(text), max);
        let path: Vec<String> = grant.path.iter().map(|name| shown(name, MAX_NAME)).collect();
        let assigned = Assigned {
            kind: grant.kind,
            value: shown(grant.value, MAX_VALUE),
            also_written: grant
                .also
                .iter()
                .filter(|also| !also.is_empty())
                .map(|also| shown(also, MAX_VALUE))
                .collect(),
            context: grant.context.map(|context| shown(context, MAX_NAME)),
            path: SourcePath::from(path),
            through: through.map(|through| Through { name: shown(&through.name, MAX_NAME), ..through }),
            eligible: grant.eligible,
            class: ValueClass::of(grant.value, grant.context, &self.conventions),
        };
        self.bytes += assigned.value.len() + assigned.also_written.iter().map(String::len).sum::<usize>();
        if !self.assigned.contains(&assigned) || self.assigned.len() > 1000 {
            self.assigned.push(assigned);
        }
    }

    fn sentence(&self, text: &str) -> String {
        clean_line(&self.redactor.text(text))
    }

    /// The kinds, what is assigned, what restricts it. What was left out for want of room makes a kind one that was asked
    /// in part.
    pub(crate) fn finish(mut self) -> (Vec<KindAnswer>, Vec<Assigned>, Vec<String>) {
        if self.left_out > 0 {
            let cut = format!("{} more than are read were left out", self.left_out);
            for kind in Kind::ALL {
                if self.assigned.iter().any(|assigned| assigned.kind == kind) {
                    self.partly(kind, &cut);
                }
            }
        }
        (self.kinds.into(), self.assigned, self.remarks)
    }
}
