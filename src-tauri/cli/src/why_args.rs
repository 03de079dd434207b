//! The options of `why`.

use clap::{Args, ValueEnum};

use rolecall_engine::history::Kind;

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent options")]
pub(crate) struct Why {
    /// Its name; everything that is missing when not given
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) kind: KindChoice,
    /// Ask the provider's own directory too whether it is assigned
    #[arg(long)]
    pub(crate) directory: bool,
    /// As an administrator, about somebody else: user name, email address or ID; nothing of the answer is kept
    #[arg(long, value_name = "WHO", conflicts_with = "directory")]
    pub(crate) user: Option<String>,
    /// At this client instead of the profile's own
    #[arg(long, value_name = "ID", requires = "user")]
    pub(crate) client: Option<String>,
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// For scripts: JSON
    #[arg(long, conflicts_with = "report")]
    pub(crate) json: bool,
    /// As a report for the administrator, in Markdown. It counts roles and groups and does not name them
    #[arg(long)]
    pub(crate) report: bool,
    /// Name all roles and groups in the report
    #[arg(long, requires = "report")]
    pub(crate) names: bool,
    /// Ask also what a receiver of the token makes of you
    #[arg(long, value_name = "RECEIVER", value_enum)]
    pub(crate) at: Option<At>,
    /// The context of the kubeconfig; the current one when not given
    #[arg(long, value_name = "CONTEXT", requires = "at")]
    pub(crate) context: Option<String>,
}

/// Receivers that can be asked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum At {
    /// A Kubernetes cluster, through kubectl
    Kubernetes,
}

/// What a name names.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(crate) struct KindChoice {
    /// It is a role
    #[arg(long)]
    pub(crate) role: bool,
    /// It is a group
    #[arg(long)]
    pub(crate) group: bool,
    /// It is a permission
    #[arg(long)]
    pub(crate) permission: bool,
}

impl KindChoice {
    /// What was said, if anything.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match (self.role, self.group, self.permission) {
            (true, ..) => Some(Kind::Role),
            (_, true, _) => Some(Kind::Group),
            (.., true) => Some(Kind::Permission),
            _ => None,
        }
    }
}
