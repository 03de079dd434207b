use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::Live;
use super::model::{PendingPerson, PendingSignIn};
use crate::engine::{DeviceLogin, NewPerson, Progress, lock};
use crate::session::Step;

impl Live {
    /// Begins a sign-in for the active profile that the person finishes on another device. It replaces one whose code was not
    /// used yet: the person wants a new code.
    pub fn sign_in_elsewhere(&self) {
        let Some(profile) = self.active() else { return };
        let started_at = self.inner.engine.now();
        let begun = self.change_account(&profile, |account| {
            // The code arrives before the step of waiting for the person does, so the step alone does not tell.
            let has_a_code = |pending: &PendingSignIn| {
                pending.device.is_some() && pending.step != Step::Checking && pending.person.is_none()
            };
            match account.sign_in.take_if(|pending| has_a_code(pending)) {
                Some(before) => before.task.iter().for_each(AbortHandle::abort),
                None if account.sign_in.is_some() => return false,
                None => {}
            }
            account.problem = None;
            account.sign_in = Some(PendingSignIn::begun(started_at, started_at));
            true
        });
        if !begun {
            return;
        }
        let (live, of) = (self.clone(), profile.clone());
        let task = self.spawn_operation(async move {
            let told = |progress: Progress| {
                live.change_account(&of, |account| {
                    let Some(pending) = &mut account.sign_in else { return };
                    match progress {
                        Progress::Step(step) => pending.step = step,
                        Progress::Device(code) => {
                            pending.deadline = code.until;
                            pending.device = Some(code);
                        }
                        Progress::Link { .. } | Progress::Note(_) => {}
                    }
                });
            };
            let agreed = |person: NewPerson| live.ask_about(&of, person);
            let result = live.inner.engine.device_login(&of, DeviceLogin::default(), told, agreed).await;
            live.change(|model| model.note_key_store(&result));
            live.apply_outcome(&of, result, |account| {
                account.sign_in = None;
                account.withheld_dismissed = false;
            });
        });
        self.change_account(&profile, |account| {
            if let Some(pending) = &mut account.sign_in {
                pending.task = Some(task.abort_handle());
            }
        });
    }

    /// Shows who used the code, and waits for the person to say whether they may. Where nobody answers, they may not.
    fn ask_about(
        &self,
        profile: &crate::config::Profile,
        person: NewPerson,
    ) -> impl Future<Output = bool> + Send + use<> {
        let (reply, answer) = oneshot::channel();
        let at = self.inner.engine.now();
        self.change_account(profile, |account| {
            if let Some(pending) = &mut account.sign_in {
                pending.person = Some(PendingPerson { person, at, reply });
            }
        });
        async move { answer.await.unwrap_or(false) }
    }

    /// Says whether somebody who used the code may take the place of whoever is signed in.
    pub fn answer_code_user(&self, yes: bool) {
        let Some(profile) = self.active() else { return };
        self.change_account(&profile, |account| {
            let Some(pending) = &mut account.sign_in else { return };
            if let Some(asked) = pending.person.take() {
                let _ = asked.reply.send(yes);
            }
        });
    }

    /// The code of the sign-in under way, for the clipboard; with `link` the link or the address it is entered at.
    #[must_use]
    pub fn device_code(&self, link: bool) -> Option<String> {
        let profile = self.active()?;
        let mut model = lock(&self.inner.model);
        let code = model.account(&profile).sign_in.as_ref()?.device.as_ref()?;
        let address = || code.link.as_ref().unwrap_or(&code.address).to_string();
        Some(if link { address() } else { code.user_code.clone() })
    }
}
