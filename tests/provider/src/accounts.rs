use serde::Serialize;

/// An account that can sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Short name, also the end of the subject.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Groups.
    pub groups: Vec<String>,
    /// Permissions, given in access tokens.
    pub permissions: Vec<String>,
}

impl Account {
    /// The subject, in the form many providers use.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("demo|{}", self.id)
    }
}

/// The accounts of the demo.
pub(crate) fn demo_accounts() -> Vec<Account> {
    let many: Vec<String> = (1..=10_000).map(|number| format!("Team {number:05}")).collect();
    vec![
        person("ed", "Ed Itor", &["Editor"], list(&["Samples"]), &["read:invoices", "write:invoices"]),
        person("ada", "Ada Admin", &["Admin", "Editor"], list(&["Staff", "Operators"]), &["manage:users"]),
        person("nora", "Nora None", &[], Vec::new(), &[]),
        person("mo", "Mo Many", &["Member"], many, &[]),
    ]
}

/// The roles offered on the accounts page, besides those an account has already.
pub(crate) const ROLES: [&str; 5] = ["Editor", "Publisher", "Reviewer", "Admin", "Auditor"];
/// The groups offered on the accounts page, besides those an account has already.
pub(crate) const GROUPS: [&str; 5] = ["Samples", "Staff", "Operators", "Newsroom", "On call"];

fn person(id: &str, name: &str, roles: &[&str], groups: Vec<String>, permissions: &[&str]) -> Account {
    Account {
        id: id.into(),
        name: name.into(),
        email: format!("{id}@example.com"),
        roles: list(roles),
        groups,
        permissions: list(permissions),
    }
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
