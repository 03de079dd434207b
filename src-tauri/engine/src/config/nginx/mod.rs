//! Reads the OpenID Connect configuration of NGINX Plus, so that somebody who has that file need not type it again
//! (providers' notes, section 32). Takes over no client secret.
//!
//! | file | contents |
//! |---|---|
//! | `lexer`, `directive` | the file as nested directives |
//! | `maps` | `map` blocks, and which value NGINX would choose |
//! | `context` | servers and locations that set variables of their own |
//! | `variables` | values with the variables in them filled in, for each kind of request |
//! | `settings` | what one kind of request is set up with |
//! | `native` | the newer `oidc_provider` blocks |
//! | `policy` | `oidc` mappings of the ingress controller |
//! | `include` | the files that a file includes |
//! | `placeholder` | values that nobody filled in |

mod context;
mod directive;
mod include;
mod lexer;
mod maps;
mod native;
mod placeholder;
mod policy;
mod settings;
#[cfg(test)]
mod tests;
mod variables;

pub use self::include::{WholeFile, included, with_included};
pub use self::settings::NginxSettings;

use self::context::{contexts, server_names};
use self::directive::directives;
use self::maps::{Key, maps};
use self::policy::policies;
use self::settings::{Incomplete, WANTED};
use self::variables::{Inputs, Variables, kinds_of_request};
use crate::problem::{Code, Problem};

/// The longest file that is read, in bytes.
pub(super) const MAX_FILE: usize = 1 << 20;
/// The most settings that are read from one file; more are not one person's.
const MAX_SETTINGS: usize = 100;

/// The contents of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NginxFile {
    /// The usable settings, the default first.
    pub settings: Vec<NginxSettings>,
    /// What no profile can be made of: where it is, its value and the reason; one line each.
    pub left_out: Vec<String>,
}

/// Reads a file. With `any_client`, client IDs are not looked at, because another one is going to be used.
///
/// # Errors
/// [`Code::BadSetting`] when there is nothing of OpenID Connect in the file, when nothing in it can be used, or when it is
/// too long.
pub fn read(text: &str, any_client: bool) -> Result<NginxFile, Problem> {
    if text.len() > MAX_FILE {
        return Err(Problem::new(Code::BadSetting, "the file is longer than 1 MiB"));
    }
    let directives = directives(text);
    let mut file = NginxFile::default();
    let mut missing = None;
    let mut replaced = Vec::new();
    let maps = maps(&directives, &mut replaced);
    let contexts = contexts(&directives, |name| WANTED.contains(&name));
    let hosts = server_names(&directives);
    for context in &contexts {
        for inputs in kinds_of(context, &maps, &hosts) {
            let variables = Variables { maps: &maps, set: &context.set, inputs: &inputs };
            match NginxSettings::of(context, &variables, any_client) {
                Ok(settings) => file.take(settings),
                Err(Incomplete::Missing(variable)) => missing = missing.or(variable),
                Err(Incomplete::Unusable(why)) => file.leave(why),
            }
        }
    }
    for settings in native::providers(&directives, any_client).into_iter().chain(policies(text, any_client)) {
        match settings {
            Ok(settings) => file.take(settings),
            Err(why) => file.leave(why),
        }
    }
    for one in replaced.into_iter().filter(|one| !settings::is_secret(&one.variable)) {
        let value = one.value.trim();
        if WANTED.contains(&one.variable.as_str()) && !value.is_empty() {
            file.leave(format!("${} {value}: a later map of ${} takes its place", one.variable, one.variable));
        }
    }
    if file.settings.is_empty() {
        return Err(nothing(&file, missing, text));
    }
    Ok(file)
}

/// The kinds of request that reach a place: by its own names where it has any.
fn kinds_of(
    context: &context::Context,
    maps: &std::collections::BTreeMap<String, maps::Map>,
    hosts: &[String],
) -> Vec<Inputs> {
    let kinds = kinds_of_request(&WANTED, maps, &context.set, hosts);
    if context.hosts.is_empty() {
        return kinds;
    }
    let own = context.hosts.iter().flat_map(|host| {
        kinds.iter().map(|kind| {
            let mut kind = kind.clone();
            kind.insert("$host".into(), Key::Literal(host.clone()));
            kind
        })
    });
    own.collect::<std::collections::BTreeSet<Inputs>>().into_iter().collect()
}

fn nothing(file: &NginxFile, missing: Option<&'static str>, text: &str) -> Problem {
    let why = match (file.left_out.as_slice(), missing) {
        ([], None) if text.contains("nginx.ingress.kubernetes.io/auth-") => {
            "the file leaves signing in to another service, by its annotations auth-url and auth-signin; issuer and client \
             ID stand in the configuration of that service"
                .to_owned()
        }
        ([], None) => {
            "no $oidc_authz_endpoint with an $oidc_client, no oidc_provider block and no oidc policy is in the file"
                .to_owned()
        }
        ([], Some(variable)) => format!("${variable} is nowhere set in the file"),
        (left_out, _) => format!("nothing in the file can be used: {}", left_out.join("; ")),
    };
    let others = included(text);
    let hint = match others.as_slice() {
        [] => String::new(),
        others => format!("; it includes {}, which may hold it", others.join(", ")),
    };
    Problem::new(Code::BadSetting, format!("{why}{hint}; nothing was saved"))
}

impl NginxFile {
    /// Adds settings, once each.
    fn take(&mut self, settings: NginxSettings) {
        if let Some(known) = self.settings.iter_mut().find(|known| known.is_same(&settings)) {
            known
                .hosts
                .extend(settings.hosts.into_iter().filter(|host| !known.hosts.contains(host)).collect::<Vec<_>>());
        } else if self.settings.len() < MAX_SETTINGS {
            self.settings.push(settings);
        } else {
            self.leave(format!("$oidc_client {}: the file holds more than {MAX_SETTINGS}", settings.client_id));
        }
    }

    fn leave(&mut self, why: String) {
        if !self.left_out.contains(&why) && self.left_out.len() < MAX_SETTINGS {
            self.left_out.push(why);
        }
    }
}
