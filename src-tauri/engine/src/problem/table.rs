use super::Code;
use super::row::{Area, Remedy, Row, Severity};

impl Code {
    /// The row for this code.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table, read row by row")]
    pub const fn row(self) -> Row {
        use Area::{Answer, Files, Issuer, KeyStore, Passing, Refusal, Session, Setting, SignIn};

        match self {
            Self::NoProfile => {
                Row::new(Setting, 2, "No profile is set up yet", "Give the issuer and the client ID of your provider.")
                    .command("rolecall login --issuer URL --client-id ID")
            }
            Self::UnknownProfile => {
                Row::new(Setting, 2, "There is no such profile", "Choose one of those there are.")
                    .command("rolecall profiles")
            }
            Self::NoActiveProfile => {
                Row::new(Setting, 2, "No active profile", "Name one with --profile, or make it the active one.")
                    .command("rolecall profiles select NAME")
            }
            Self::BadSetting => Row::new(Setting, 2, "That setting can't be used", "Correct it and try again."),
            Self::Unreadable => Row::new(
                Setting,
                2,
                "Nothing in it can be read",
                "Give a token, what a token says as JSON, a token response, or a HAR or log with a token in it.",
            ),
            Self::BadIssuer => Row::new(
                Issuer,
                2,
                "That is not an issuer",
                "An issuer is an address such as https://tenant.eu.auth0.com/ or https://host/realms/name.",
            ),
            Self::InsecureIssuer => Row::new(
                Issuer,
                2,
                "The issuer must use https",
                "Plain http is accepted only for a provider on this computer (127.0.0.1).",
            ),
            Self::ConfigBroken => Row::new(
                Files,
                2,
                "The configuration file can't be read",
                "Mend the file, or set up anew. Sessions are not touched.",
            ),
            Self::FilesFailing => Row::new(
                Files,
                2,
                "A file of Rolecall's can't be used",
                "Check that the folder exists, is yours and has space. Sessions stand in the key store, which this does not touch.",
            ),
            Self::CallbackPortTaken => Row::new(
                SignIn,
                2,
                "The callback port is taken by another program",
                "Close that program, or allow a further port in this profile and at the provider.",
            )
            .remedies(&[Remedy::EditConnection, Remedy::SignIn, Remedy::Dismiss]),
            Self::Cancelled => Row::new(SignIn, 1, "Sign-in was cancelled", "Start again when you like."),
            Self::TimedOut => Row::new(
                SignIn,
                1,
                "Nobody came back from the browser",
                "If the provider showed an error there, it names what to change: most often the callback address or the client ID.",
            )
            .explains_sign_in(),
            Self::Declined => Row::new(
                SignIn,
                1,
                "Sign-in was declined",
                "Sign in again and allow it, or ask the administrator for access.",
            )
            .explains_sign_in(),
            Self::DeviceCodeExpired => {
                Row::new(SignIn, 1, "The code has run out", "Start again for a fresh one.")
                    .command("rolecall login --device")
                    .remedies(&[Remedy::NewCode, Remedy::Dismiss])
            }
            Self::DeviceLoginRefused => Row::new(
                Refusal,
                5,
                "The provider does not let this client sign in on another device",
                "What was there is kept. Sign in with a browser on another computer and paste the address it ends at, or let that browser reach this computer by ssh -L.",
            )
            .command("rolecall login --paste")
            .explains_sign_in(),
            Self::SignInNeeded => Row::new(Session, 3, "Nobody is signed in", "Sign in first.")
                .command("rolecall login")
                .session_over(),
            Self::SessionEnded => Row::new(
                Session,
                3,
                "The session has ended",
                "Sign in again. That happens after a long time, after a password change, or when an administrator signs you out.",
            )
            .command("rolecall login")
            .session_over(),
            Self::RefreshRefused => Row::new(
                Session,
                3,
                "The provider did not refresh the session",
                "Sign in again. Until then the session is kept, in case the provider takes it later.",
            )
            .command("rolecall login")
            .explains_refresh(),
            Self::Unreachable => Row::new(
                Passing,
                4,
                "The provider can't be reached",
                "What was there is kept. Check the network and try again.",
            )
            .while_signed_in("HOST can’t be reached."),
            Self::ProviderFailing => Row::new(
                Passing,
                4,
                "The provider is having trouble",
                "What was there is kept. Try again in a little while.",
            )
            .while_signed_in("HOST is having trouble."),
            Self::UntrustedCertificate => Row::new(
                Passing,
                4,
                "The provider's certificate is not trusted",
                "What was there is kept. If your organisation has its own authority, add its certificate to the profile (ca_file).",
            )
            .command("rolecall login --ca-file FILE")
            .while_signed_in("The certificate of HOST is not trusted."),
            Self::Busy => Row::new(
                Passing,
                4,
                "Another Rolecall is refreshing this session",
                "The session is kept. Try again in a few seconds.",
            ),
            Self::NotAnIssuer => Row::new(
                Issuer,
                5,
                "No OpenID issuer answers there",
                "Check the address: the issuer is what stands before /.well-known/openid-configuration.",
            )
            .remedies(&[Remedy::EditConnection, Remedy::SignIn, Remedy::Dismiss])
            .explains_sign_in(),
            Self::IssuerMismatch => Row::new(
                Issuer,
                5,
                "The provider calls itself by another name",
                "Use the issuer exactly as the provider writes it; a slash at the end counts.",
            )
            .severity(Severity::Error)
            .remedies(&[Remedy::EditConnection, Remedy::SignIn, Remedy::Dismiss])
            .explains_sign_in(),
            Self::UnsafeEndpoint => Row::new(
                Answer,
                5,
                "The provider names an address that is not safe to use",
                "Nothing was sent there. If that host really belongs to the provider, allow it in the profile (allow_hosts).",
            )
            .command("rolecall login --allow-host HOST"),
            Self::WrongClient => Row::new(
                Refusal,
                5,
                "The provider does not accept the client ID",
                "Check the client ID, and that the application is a native (public) one.",
            )
            .remedies(&[Remedy::EditConnection, Remedy::SignIn, Remedy::Dismiss])
            .explains_sign_in(),
            Self::ScopeRefused => Row::new(
                Refusal,
                5,
                "The provider refused a scope",
                "Leave the scope out, or have the administrator allow it for this application.",
            )
            .remedies(&[Remedy::EditConnection, Remedy::SignIn, Remedy::Dismiss])
            .explains_sign_in(),
            Self::Refused => {
                Row::new(
                    Refusal,
                    5,
                    "The provider refused",
                    "The session, if there was one, is kept. Try again; if it refuses again, its words are for its administrator.",
                )
                    .explains_sign_in()
            }
            Self::RefreshTokenWithheld => Row::new(
                Refusal,
                5,
                "The provider gave no refresh token",
                "You are signed in until the access token ends. Asking again with consent usually brings one.",
            )
            .command("rolecall login --ask-consent")
            .remedies(&[Remedy::SignInWithConsent, Remedy::Dismiss]),
            Self::AnswerNotTrusted => Row::new(
                Answer,
                5,
                "The provider's answer can't be trusted",
                "Nothing of it was used. If this stays, tell the provider's administrator.",
            )
            .explains_sign_in()
            .explains_refresh(),
            Self::AnswerBroken => Row::new(
                Answer,
                5,
                "The provider's answer is not in order",
                "Nothing of it was used. If this stays, tell the provider's administrator.",
            )
            .explains_refresh(),
            Self::SubjectChanged => Row::new(
                Answer,
                5,
                "The answer is about somebody else",
                "It was not shown or used. Sign out and in again to change the person.",
            )
            .explains_refresh(),
            Self::UnknownTarget => Row::new(
                Setting,
                2,
                "There is no such target",
                "Name one the profile has, or add it: rolecall setup writes it, and [profiles.NAME.targets.TARGET] in rolecall.toml is where it stands.",
            ),
            Self::TokenRefused => Row::new(
                Refusal,
                5,
                "The provider gives no token for that",
                "The session is kept. A target that was added since the last sign-in is asked for at the next one; else the administrator has to allow it for this application.",
            )
            .command("rolecall login"),
            Self::WrongToken => Row::new(
                Refusal,
                5,
                "The provider gave a token for something else",
                "It was not used, and the session is kept. Have the administrator allow that resource or audience for this application (Auth0: its Multi-Resource Refresh Token policy), or correct the target.",
            ),
            Self::TargetRefused => Row::new(
                Refusal,
                5,
                "What the token is for refused it",
                "The session is kept. Compare what it expects with what the token says.",
            ),
            Self::TargetUnreachable => Row::new(
                Passing,
                4,
                "What the token is for can't be reached",
                "The session is kept. Check the network and try again.",
            ),
            Self::KeyStoreLocked => Row::new(
                KeyStore,
                6,
                "The key store is locked",
                "Your session is safe inside. Unlock it and try again.",
            ),
            // There is nothing to unlock.
            Self::KeyStoreMissing => Row::new(
                KeyStore,
                6,
                "There is no key store",
                "Start one: on Linux a Secret Service such as GNOME Keyring or KWallet. The window also offers to sign in for this run only.",
            )
            .remedies(&[Remedy::SignInMemoryOnly]),
            Self::KeyStoreFailing => Row::new(
                KeyStore,
                6,
                "The key store does not answer as it should",
                "Nothing was deleted. Try again; if it stays, restart the key store.",
            ),
        }
    }

    /// Whether the key store is what went wrong.
    #[must_use]
    pub const fn is_key_store(self) -> bool {
        matches!(self.row().area, Area::KeyStore)
    }

    /// Whether it passes without anybody doing anything.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self.row().area, Area::Passing)
    }
}
