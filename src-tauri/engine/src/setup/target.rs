use url::Url;

use crate::config::{AwsRole, Place, Target, TargetKind, TargetName, host_text};
use crate::problem::{Code, Problem, Result};

/// A target that is to be added to a profile.
#[derive(Clone, Debug)]
pub struct NewTarget<'t> {
    /// Its kind.
    pub kind: TargetKind,
    /// Its name.
    pub name: &'t str,
    /// Where it is: an address, a host or the ARN of a role, by its kind.
    pub at: &'t str,
    /// The resources of its token.
    pub resources: Vec<String>,
    /// The audience of its token.
    pub audience: Option<String>,
    /// The scopes of its token.
    pub scopes: Vec<String>,
}

/// Makes a target of what was given, with what is usual for its kind.
///
/// # Errors
/// [`Code::BadSetting`] with what is wrong.
pub fn new_target(new: NewTarget<'_>) -> Result<Target> {
    let not_an_address = |_| Problem::new(Code::BadSetting, format!("'{}' is not an address", new.at));
    let url = || Url::parse(new.at).map_err(not_an_address);
    let place = match new.kind {
        TargetKind::Api => Place::Api { address: Some(url()?) },
        TargetKind::Mcp => Place::Mcp { address: url()? },
        TargetKind::Kubernetes => Place::Kubernetes { cluster: url()?, proxy: None },
        TargetKind::Git => Place::Git { host: host_text(new.at) },
        TargetKind::Docker => Place::Docker { registry: host_text(new.at) },
        TargetKind::Aws => Place::Aws(AwsRole {
            role: new.at.to_owned(),
            region: None,
            endpoint: None,
            duration: AwsRole::USUAL_DURATION,
            session_name: None,
        }),
    };
    let name: TargetName = new.name.parse()?;
    let target = Target {
        name,
        place,
        wants: None,
        resources: new.resources,
        audience: new.audience,
        scopes: new.scopes,
        username: None,
        forward: false,
    };
    target.check()?;
    Ok(target)
}
