use super::{Entitlement, Entitlements, Kind, ValueClass};

impl Entitlements {
    /// Those of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &[Entitlement] {
        match kind {
            Kind::Role => &self.roles,
            Kind::Group => &self.groups,
            Kind::Permission => &self.permissions,
        }
    }

    pub(super) fn of_mut(&mut self, kind: Kind) -> &mut Vec<Entitlement> {
        match kind {
            Kind::Role => &mut self.roles,
            Kind::Group => &mut self.groups,
            Kind::Permission => &mut self.permissions,
        }
    }

    /// All of them, roles first, then groups, then permissions.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &Entitlement)> {
        Kind::ALL.into_iter().flat_map(|kind| self.of(kind).iter().map(move |entitlement| (kind, entitlement)))
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.groups.is_empty() && self.permissions.is_empty()
    }

    /// Those that tell something: without the ones that everybody has.
    pub fn beyond_defaults(&self, kind: Kind) -> impl Iterator<Item = &Entitlement> {
        self.of(kind).iter().filter(|entitlement| entitlement.class != Some(ValueClass::Default))
    }

    /// Whether a value is among those of a kind, in whatever context.
    #[must_use]
    pub fn has(&self, kind: Kind, value: &str) -> bool {
        self.of(kind).iter().any(|entitlement| entitlement.value == value)
    }
}

impl Kind {
    /// All kinds, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Role, Self::Group, Self::Permission];

    /// The word for one of it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Group => "group",
            Self::Permission => "permission",
        }
    }
}
