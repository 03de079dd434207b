//! The provider's directory, asked from the window: on a click, never by itself.

use super::Live;
use super::model::ProfileModel;
use crate::config::Profile;
use crate::engine::directory::offer_of;
use crate::findings::Wanted;
use crate::history::Kind;
use crate::problem::Result;
use crate::session::SessionSummary;
use crate::view::{AboutSomebody, DirectoryPanel, Notice};

impl Live {
    /// Asks the directory of the active profile's provider. That it is being asked, and what it answered, shows in the
    /// view. While it is asked already, nothing is done.
    pub fn ask_directory(&self) {
        let Some(profile) = self.active() else { return };
        let begun = self.change_account(&profile, |account| {
            let begun = !account.directory.asking && account.sign_in.is_none();
            account.directory.asking |= begun;
            begun
        });
        if !begun {
            return;
        }
        let live = self.clone();
        self.spawn_operation(async move {
            let answer = live.inner.engine.ask_directory(&profile).await;
            live.change_account(&profile, |account| {
                account.directory.asking = false;
                match answer {
                    Ok(answer) => {
                        let about = account.summary().map(|summary| summary.identity.subject.clone());
                        account.directory.answer = about.map(|about| (about, answer));
                        account.directory.problem = None;
                    }
                    Err(problem) => account.directory.problem = Some(problem),
                }
            });
            // The session may have been refreshed for it, or have ended.
            live.load(profile);
        });
    }

    /// Asks, as an administrator, about somebody else: why they lack something at a client, the profile's own where none
    /// is given. Nothing of the answer is kept.
    ///
    /// # Errors
    /// As [`crate::Engine::about_somebody`].
    pub async fn about_somebody(
        &self,
        who: &str,
        client: Option<&str>,
        value: Option<String>,
        kind: Option<Kind>,
    ) -> Result<AboutSomebody> {
        let profile = self.active_profile()?;
        let wanted = value.filter(|value| !value.trim().is_empty()).map(|value| Wanted { value, kind });
        let client = client.map(str::trim).filter(|client| !client.is_empty());
        self.inner.engine.about_somebody(&profile, who, client, wanted).await
    }
}

/// How the directory is drawn.
pub(super) fn panel(profile: &Profile, account: &ProfileModel, summary: &SessionSummary) -> DirectoryPanel {
    let offer = offer_of(profile, summary);
    let state = &account.directory;
    DirectoryPanel {
        would_ask: offer.would_ask,
        cannot: offer.cannot,
        asking: state.asking,
        answer: state.about(&summary.identity.subject).cloned(),
        problem: state.problem.as_ref().map(Notice::of),
        others: offer.others,
    }
}
