use super::Live;
use crate::config::Profile;
use crate::problem::Result;
use crate::receivers::{Clusters, Context, CouldNotAsk, Receiver};
use crate::view::KnownClusters;

/// What a receiver made of somebody, as long as the program runs.
pub(super) struct AskedReceiver {
    /// The subject of the person it was compared with.
    pub(super) subject: String,
    pub(super) receiver: Receiver,
}

impl Live {
    /// Whether there is a kubeconfig, so that asking a cluster can be offered. Reads no file and asks nobody.
    #[must_use]
    pub fn has_kubeconfig(&self) -> bool {
        crate::receivers::has_kubeconfig()
    }

    /// The clusters that kubectl knows. No cluster is asked.
    pub async fn clusters(&self) -> KnownClusters {
        match self.inner.engine.clusters().await {
            Ok(Clusters { contexts, current }) => KnownClusters { contexts, current, problem: None },
            Err(why) => KnownClusters { contexts: Vec::new(), current: None, problem: Some(why) },
        }
    }

    /// Asks the cluster of this context whom it takes the person of the active profile for; [`Live::why`] has the answer
    /// from then on.
    ///
    /// # Errors
    /// As [`crate::Engine::ask_cluster`]. That the cluster can't be asked is an answer.
    pub async fn ask_cluster(&self, context: &str) -> Result<()> {
        let profile = self.active_profile()?;
        let target = self.inner.engine.cluster(Some(context)).await;
        let answer = self.ask(&profile, target).await;
        self.note_key_store_failure(&answer);
        answer
    }

    async fn ask(&self, profile: &Profile, target: Result<Context, CouldNotAsk>) -> Result<()> {
        let receiver = self.inner.engine.ask_cluster(profile, target).await?;
        self.change_account(profile, |account| {
            let subject = account.summary().map(|summary| summary.identity.subject.clone());
            account.receiver = subject.map(|subject| AskedReceiver { subject, receiver });
        });
        Ok(())
    }
}
