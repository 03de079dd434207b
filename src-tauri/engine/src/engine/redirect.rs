use super::Engine;
use crate::config::{Profile, RedirectPath};
use crate::oidc::Provider;

impl Engine {
    /// The path of the redirect URI for a sign-in at `provider`.
    pub(super) fn redirect_path(&self, profile: &Profile, provider: &Provider) -> String {
        let before = self.last_known(profile).and_then(|last| last.summary.redirect_path);
        profile.redirect.path.at(&profile.issuer, provider.names_itself(), before.as_deref())
    }

    /// The addresses to register for a profile: those that the next sign-in uses. `names_itself` is whether the provider
    /// names itself in its answers, where it was asked just now; else what it said at the last sign-in counts. `None`
    /// where neither is known and the address depends on it.
    #[must_use]
    pub fn redirect_addresses(&self, profile: &Profile, names_itself: Option<bool>) -> Option<Vec<String>> {
        let last = self.last_known(profile).map(|last| last.summary);
        let names_itself = names_itself.or_else(|| last.as_ref()?.names_itself);
        let before = last.and_then(|last| last.redirect_path);
        profile.redirect_addresses(names_itself, before.as_deref())
    }

    /// What a person should know about the redirect path of this sign-in.
    pub(super) fn redirect_remark(&self, profile: &Profile, path: &str, provider: &Provider) -> Option<String> {
        if provider.names_itself() {
            return None;
        }
        if let Some(remark) = self.shared_path(profile, path) {
            return Some(remark);
        }
        let first = self.last_known(profile).and_then(|last| last.summary.redirect_path).is_none();
        (first && profile.redirect.path == RedirectPath::ByIssuer).then(|| {
            let addresses = profile.redirect.addresses(path).join(" and ");
            format!(
                "The callback address of this profile is {addresses}; it has to be registered at {}.",
                profile.issuer.host()
            )
        })
    }

    /// That a hostile provider could have an answer of this profile's provider redeemed as its own, and what to change; as
    /// far as is known from the last sign-in. `None` where all is well.
    #[must_use]
    pub fn mix_up_warning(&self, profile: &Profile) -> Option<String> {
        let summary = self.last_known(profile)?.summary;
        if summary.names_itself != Some(false) {
            return None;
        }
        self.shared_path(profile, summary.redirect_path.as_deref().unwrap_or("/callback"))
    }

    /// The remark where another profile's provider may answer at the same path (RFC 9700 section 4.4, OP-4).
    fn shared_path(&self, profile: &Profile, path: &str) -> Option<String> {
        let config = self.config().ok()?;
        let other = config
            .profiles
            .iter()
            .find(|other| other.issuer != profile.issuer && other.redirect.path.may_be(&other.issuer, path))?;
        let own = RedirectPath::ByIssuer.at(&profile.issuer, false, None);
        let addresses = profile.redirect.addresses(&own).join(" and ");
        let host = profile.issuer.host();
        Some(format!(
            "{host} does not name itself in its answers, and this profile has the callback address of the profile {} too: \
             that provider could have an answer of {host} sent to itself. Register {addresses} at {host}, then set \
             redirect_path = \"by-issuer\" in the profile {}.",
            other.name, profile.name
        ))
    }
}
