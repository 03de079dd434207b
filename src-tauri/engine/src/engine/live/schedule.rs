//! Following time: what is due is done by itself, also where the computer slept or its clock was set (RF-8).

use std::time::Duration;

use super::Live;
use super::model::{SessionState, Task};
use crate::engine::lock;
use crate::ports::ClockReading;
use crate::session::{CLOCK_SET, MOST_JITTER};
use crate::tokens::seconds;

/// Woken by this much later than asked for, and the computer was asleep.
const OVERSLEPT: Duration = Duration::from_secs(10);
/// After the computer woke, what came due in the meantime is spread over this time: its network comes up then too.
const AFTER_WAKING: Duration = Duration::from_secs(5);
/// Far enough to count as never.
const FAR: Duration = Duration::from_secs(24 * 60 * 60);

/// Compares the two clocks at each look.
struct ClockWatch {
    /// By how many seconds the wall clock is ahead of the boot clock.
    ahead: i64,
    /// When the next look was to be.
    alarm: Option<Duration>,
    /// When the computer woke last.
    woke: Option<Duration>,
}

impl ClockWatch {
    fn begin(now: ClockReading) -> Self {
        Self { ahead: ahead(now), alarm: None, woke: None }
    }

    /// Notes whether the computer slept, and tells by how many seconds the wall clock was set since the last look.
    fn look(&mut self, now: ClockReading) -> Option<i64> {
        if self.alarm.is_some_and(|alarm| now.boot > alarm + OVERSLEPT) {
            self.woke = Some(now.boot);
        }
        let set_by = ahead(now) - self.ahead;
        let was_set = set_by.abs() >= CLOCK_SET;
        if was_set {
            self.ahead = ahead(now);
        }
        was_set.then_some(set_by)
    }

    /// When to do what is due: what came due while the computer slept waits a little, each session another while.
    fn when(&self, due: Duration, jitter: i64) -> Duration {
        match self.woke {
            Some(woke) if due <= woke => woke + share(jitter),
            _ => due,
        }
    }
}

fn ahead(now: ClockReading) -> i64 {
    now.wall.0.saturating_sub(seconds(now.boot))
}

/// A session's share of [`AFTER_WAKING`].
fn share(jitter: i64) -> Duration {
    let part = u32::try_from((jitter + MOST_JITTER).clamp(0, 2 * MOST_JITTER)).unwrap_or(0);
    AFTER_WAKING * part / 200
}

impl Live {
    /// Refreshes ahead of time, tries again what failed, writes what was not written.
    pub(super) fn run_schedule(&self) {
        let live = std::sync::Arc::downgrade(&self.inner);
        let clock = self.inner.engine.ports().clock.clone();
        let mut clock_watch = ClockWatch::begin(clock.reading());
        let task = self.inner.runtime.spawn(async move {
            loop {
                let Some(inner) = live.upgrade() else { return };
                let live = Live { inner };
                let now = clock.reading();
                if let Some(set_by) = clock_watch.look(now) {
                    live.adjust_to_clock(set_by, now);
                }
                clock_watch.alarm = live.run_due(&clock_watch, now);
                let changed = live.inner.clone();
                drop(live);
                match clock_watch.alarm {
                    Some(at) => tokio::select! {
                        () = clock.alarm(at) => {}
                        () = changed.due_changed.notified() => {}
                    },
                    // Nothing is due and nothing runs out: nothing wakes up either.
                    None => changed.due_changed.notified().await,
                }
            }
        });
        lock(&self.inner.tasks).push(task);
    }

    /// The wall clock was set: front ends that show times are notified.
    fn adjust_to_clock(&self, set_by: i64, now: ClockReading) {
        tracing::info!(set_by, "the wall clock was set");
        self.change(|model| {
            model.accounts.values_mut().for_each(|account| account.adjust_to_clock(set_by, now));
            if let Some(copied) = &mut model.copied {
                (copied.at, copied.until) = (copied.at.plus(set_by), copied.until.plus(set_by));
            }
        });
        self.redraw();
    }

    /// Starts what is due and tells when to look again; `None` when only a change can make anything due.
    fn run_due(&self, clock_watch: &ClockWatch, now: ClockReading) -> Option<Duration> {
        let mut next: Option<Duration> = None;
        let mut due = Vec::new();
        let mut shows_times = false;
        {
            let model = lock(&self.inner.model);
            let refreshes = model.config.settings.auto_refresh;
            for profile in &model.config.profiles {
                let Some(account) = model.accounts.get(&profile.key()) else { continue };
                shows_times |= account.sign_in.is_some();
                let SessionState::Present(summary) = &account.session else { continue };
                shows_times |= summary.expires_at.is_some();
                let Some((task, at)) = account.due(refreshes, now) else { continue };
                let at = clock_watch.when(at, summary.jitter);
                if at <= now.boot {
                    due.push((profile.clone(), task));
                } else {
                    next = Some(next.map_or(at, |next| next.min(at)));
                }
            }
        }
        for (profile, task) in due {
            match task {
                Task::Refresh => self.refresh_profile(profile),
                Task::Store => self.retry_store(profile),
            }
        }
        // Times that are shown move along when the clock is set, which the alarm tells.
        next.or_else(|| shows_times.then(|| now.boot + FAR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Timestamp;

    fn at(wall: i64, boot: u64) -> ClockReading {
        ClockReading { wall: Timestamp(wall), boot: Duration::from_secs(boot) }
    }

    const HOUR: i64 = 3600;

    #[test]
    fn rf_8_sleep_and_a_clock_that_was_set_are_told_apart() {
        let asleep = |clock_watch: &ClockWatch| clock_watch.woke.is_some();
        // Wall, boot, what the look says, whether it slept; asked to look again at 160.
        for (now, set_by, slept) in [
            (at(1060, 160), None, false),
            (at(1065, 165), None, false),
            (at(1060 + HOUR, 160 + 3600), None, true),
            (at(1060 + HOUR, 160), Some(HOUR), false),
            (at(1060 - HOUR, 160), Some(-HOUR), false),
            (at(1060, 160 + 3600), Some(-HOUR), true),
            (at(1060 + 3 * HOUR, 160 + 3600), Some(2 * HOUR), true),
            (at(1060 + 29, 160), None, false),
        ] {
            let mut clock_watch = ClockWatch::begin(at(1000, 100));
            clock_watch.alarm = Some(Duration::from_secs(160));
            assert_eq!((clock_watch.look(now), asleep(&clock_watch)), (set_by, slept), "{now:?}");
            assert_eq!(clock_watch.look(now), None, "{now:?}: told once");
        }
    }

    #[test]
    fn rf_8_a_clock_that_drifts_is_told_of_when_it_has_come_to_something() {
        let mut clock_watch = ClockWatch::begin(at(1000, 100));
        let told: Vec<i64> = (1..=60)
            .filter_map(|step| clock_watch.look(at(1000 + 11 * step, 100 + 10 * step.unsigned_abs())))
            .collect();
        assert_eq!(told, [30, 30]);
    }

    #[test]
    fn rf_8_what_came_due_asleep_waits_a_share_of_five_seconds_and_nothing_else_does() {
        let mut clock_watch = ClockWatch::begin(at(1000, 100));
        clock_watch.alarm = Some(Duration::from_secs(160));
        clock_watch.look(at(2000, 1100));
        let woke = Duration::from_secs(1100);
        for jitter in -MOST_JITTER..=MOST_JITTER {
            let when = clock_watch.when(Duration::from_secs(160), jitter);
            assert!(when >= woke && when <= woke + AFTER_WAKING);
        }
        assert_eq!((share(-MOST_JITTER), share(MOST_JITTER)), (Duration::ZERO, AFTER_WAKING));
        assert_eq!(clock_watch.when(Duration::from_secs(1101), 50), Duration::from_secs(1101));
    }
}
