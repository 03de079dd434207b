//! What happens on a walk, and what of it makes sense when. The model knows the surroundings only (is the provider there,
//! is the key store locked, what time does the computer think it is); what must hold is checked on the real things.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The real command line, as a process.
    Cli(Command, Condition),
    /// The engine in this process, beside which the window's side follows.
    Engine(Command),
    /// Both at once.
    Together(Command, Command),
    /// The provider is like this from now on.
    Provider(Provider),
    /// An administrator ends all sessions at the provider.
    RevokeAll,
    /// Roles are given or taken there.
    Roles(bool),
    /// The key store is like this from now on.
    KeyStore(KeyStore),
    /// The computer's clock is set to so many seconds off.
    Clock(i64),
    /// The computer sleeps for so many seconds.
    Sleep(u32),
    /// The profile gets its other name.
    Rename,
    /// The file is edited: another client ID, or the old one.
    EditClientId,
    /// The command that ends what edits by hand left over.
    Prune,
    /// The command that removes the profile; then it is set up again.
    Remove(Condition),
}

/// An operation of a front end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    SignIn,
    Refresh,
    Token,
    SignOut,
    Status,
}

/// What happens to a process while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing.
    Fine,
    /// It is killed at this failpoint, by its place in the list of all.
    KilledAt(usize),
    /// It gets this signal after so many milliseconds.
    Signal(i32, u64),
    /// No file takes a byte more.
    DiskFull,
    /// The provider carries a refresh out and its answer is lost.
    AnswerLost,
}

/// How the provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Fine,
    Down,
    Failing,
    Slow,
    NotRotating,
    NoIdToken,
    /// Its answers spend the token that was sent, bring another, and are of no use otherwise.
    Unusable,
}

/// How the key store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStore {
    Unlocked,
    Locked,
    Gone,
}

/// The state of the surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// For how many seconds the provider still takes a refresh token that was replaced.
    pub(crate) grace: u64,
    /// Whether there is a session before the first step.
    pub(crate) begins_signed_in: bool,
    pub(crate) provider: Provider,
    pub(crate) key_store: KeyStore,
    /// Seconds by which the computer's clock is off.
    pub(crate) clock: i64,
    /// Seconds slept so far.
    pub(crate) slept: u32,
    /// The profile has its other name.
    pub(crate) renamed: bool,
    /// Another client ID is in the file.
    pub(crate) edited: bool,
}

/// How long a walk may sleep in all: the provider does not sleep along, and 300 seconds of difference are still believed.
const SLEEP: u32 = 240;
const NAP: u32 = 50;

/// How many places a kill is drawn from; taken modulo the number there is.
const PLACES: usize = 64;

/// Signals a person, a session's end or a debugger sends: INT, QUIT, TERM.
const SIGNALS: [i32; 3] = [2, 3, 15];

/// Two hours either way, the year 1970 and the year 2100.
pub(crate) const CLOCKS: [i64; 5] = [0, -7200, 7200, -1_790_000_000, 2_310_000_000];

/// The model.
pub(crate) struct Walk;

impl ReferenceStateMachine for Walk {
    type State = Surroundings;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Surroundings> {
        (prop_oneof![Just(0), Just(120)], prop::bool::weighted(0.8))
            .prop_map(|(grace, begins_signed_in)| Surroundings {
                grace,
                begins_signed_in,
                provider: Provider::Fine,
                key_store: KeyStore::Unlocked,
                clock: 0,
                slept: 0,
                renamed: false,
                edited: false,
            })
            .boxed()
    }

    fn transitions(_: &Surroundings) -> BoxedStrategy<Step> {
        let command = || {
            prop_oneof![
                3 => Just(Command::SignIn),
                5 => Just(Command::Refresh),
                3 => Just(Command::Token),
                1 => Just(Command::SignOut),
                1 => Just(Command::Status),
            ]
        };
        let condition = prop_oneof![
            4 => Just(Condition::Fine),
            6 => (0..PLACES).prop_map(Condition::KilledAt),
            2 => (prop::sample::select(SIGNALS.to_vec()), 0_u64..250).prop_map(|(signal, after)| Condition::Signal(signal, after)),
            1 => Just(Condition::DiskFull),
            1 => Just(Condition::AnswerLost),
        ];
        let removal = prop_oneof![
            1 => Just(Condition::Fine),
            2 => (0..PLACES).prop_map(Condition::KilledAt),
            1 => Just(Condition::DiskFull),
        ];
        let provider = prop_oneof![
            3 => Just(Provider::Fine),
            1 => Just(Provider::Down),
            1 => Just(Provider::Failing),
            1 => Just(Provider::Slow),
            1 => Just(Provider::NotRotating),
            1 => Just(Provider::NoIdToken),
            1 => Just(Provider::Unusable),
        ];
        let key_store =
            prop_oneof![2 => Just(KeyStore::Unlocked), 1 => Just(KeyStore::Locked), 1 => Just(KeyStore::Gone)];
        prop_oneof![
            10 => (command(), condition).prop_map(|(command, condition)| Step::Cli(command, condition)),
            4 => command().prop_map(Step::Engine),
            3 => (command(), command()).prop_map(|(one, other)| Step::Together(one, other)),
            3 => provider.prop_map(Step::Provider),
            1 => Just(Step::RevokeAll),
            1 => any::<bool>().prop_map(Step::Roles),
            2 => key_store.prop_map(Step::KeyStore),
            1 => prop::sample::select(CLOCKS.to_vec()).prop_map(Step::Clock),
            1 => Just(Step::Sleep(NAP)),
            1 => Just(Step::Rename),
            1 => Just(Step::EditClientId),
            1 => Just(Step::Prune),
            1 => removal.prop_map(Step::Remove),
        ]
        .boxed()
    }

    fn apply(mut now: Surroundings, step: &Step) -> Surroundings {
        match step {
            Step::Provider(provider) => now.provider = *provider,
            Step::KeyStore(key_store) => now.key_store = *key_store,
            Step::Clock(off) => now.clock = *off,
            Step::Sleep(seconds) => now.slept += seconds,
            Step::Rename => now.renamed = !now.renamed,
            Step::EditClientId => now.edited = !now.edited,
            _ => {}
        }
        now
    }

    fn preconditions(now: &Surroundings, step: &Step) -> bool {
        match step {
            // At an application that the provider does not know nobody comes back from the browser.
            Step::Cli(Command::SignIn, _)
            | Step::Engine(Command::SignIn)
            | Step::Together(Command::SignIn, _)
            | Step::Together(_, Command::SignIn)
                if now.edited =>
            {
                false
            }
            // A kill in the middle of a wait for the key store shows nothing.
            Step::Cli(_, condition) => now.key_store == KeyStore::Unlocked || *condition == Condition::Fine,
            Step::Sleep(seconds) => now.slept + seconds <= SLEEP && now.clock == 0,
            Step::Clock(off) => *off != now.clock,
            Step::Provider(provider) => *provider != now.provider,
            Step::KeyStore(key_store) => *key_store != now.key_store,
            // Renaming moves the session, for which it must be at hand.
            Step::Rename => now.key_store == KeyStore::Unlocked && !now.edited,
            Step::Together(..) | Step::Prune | Step::Remove(_) => now.key_store == KeyStore::Unlocked,
            Step::Engine(_) | Step::RevokeAll | Step::Roles(_) | Step::EditClientId => true,
        }
    }
}
