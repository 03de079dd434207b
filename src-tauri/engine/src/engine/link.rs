use std::convert::Infallible;
use std::time::Duration;

use url::Url;

use super::DeviceCode;
use crate::callback::{Callback, NotTheCallback, PastedAddress, StartPages};
use crate::config::Profile;
use crate::oidc::{AuthorizationRequest, AuthorizationUrl, Http, Provider};
use crate::ports::{self, Clock};
use crate::problem::Result;
use crate::session::Step;
use crate::tokens::Secret;

/// How long to wait before asking again for a link that the provider did not give.
const TRY_AGAIN: Duration = Duration::from_secs(10);
/// The least time between two links, however short the provider lets them live.
const LEAST: Duration = Duration::from_secs(1);

/// The link of a sign-in under way.
#[derive(Clone, Debug)]
pub struct Link {
    /// The authorization link, for a person to copy or to type.
    pub url: Url,
    /// The redirect address.
    pub redirect_uri: Url,
    valid_for: Option<Duration>,
    source: Box<LinkSource>,
}

/// The parts of a link.
#[derive(Clone, Debug)]
struct LinkSource {
    http: Http,
    provider: Provider,
    profile: Profile,
    request: AuthorizationRequest,
    start: StartPages,
    pasted: PastedAddress,
}

/// Progress of a sign-in.
#[derive(Clone, Debug)]
pub enum Progress {
    /// How far it is.
    Step(Step),
    /// The link was made; `opened` says whether a browser took it. One that was not opened is made again when it runs out.
    Link {
        /// The authorization link.
        link: Link,
        /// Whether a browser was opened.
        opened: bool,
    },
    /// The code for another device was given.
    Device(DeviceCode),
    /// Something to tell the person that does not stop the sign-in.
    Note(String),
}

impl Link {
    pub(super) async fn make(
        http: &Http,
        provider: &Provider,
        profile: &Profile,
        request: &AuthorizationRequest,
        redirect_uri: &Url,
        callback: &Callback,
    ) -> Result<Self> {
        let (http, provider, profile, request) = (http.clone(), provider.clone(), profile.clone(), request.clone());
        let AuthorizationUrl { url, valid_for } = provider.authorization_url(&http, &profile, &request).await?;
        let (start, pasted) = (callback.start_pages(), callback.pasted_address());
        let source = Box::new(LinkSource { http, provider, profile, request, start, pasted });
        Ok(Self { url, redirect_uri: redirect_uri.clone(), valid_for, source })
    }

    /// A one-time address on this computer that leads to [`Link::url`]: what a browser is started with. Its arguments can
    /// be read by every user of the computer, and the authorization link must not be (LB-9).
    #[must_use]
    pub fn start_address(&self) -> Url {
        self.source.start.address_of(&self.url)
    }

    /// Takes the address at which a browser on another computer ended, instead of the callback.
    ///
    /// # Errors
    /// Why it is not the callback of this sign-in, which goes on waiting.
    pub fn paste(&self, address: &Secret) -> std::result::Result<(), NotTheCallback> {
        self.source.pasted.give(address)
    }

    /// One for the same sign-in that can be opened now. Where the provider keeps the request, a link is used up by being
    /// opened, and runs out by itself (RFC 9126 sections 2.2 and 4), so the provider is asked for another.
    ///
    /// # Errors
    /// The codes of a push that fails, where the provider insists on one.
    pub async fn again(&self) -> Result<Self> {
        if self.valid_for.is_none() {
            return Ok(self.clone());
        }
        let LinkSource { http, provider, profile, request, .. } = self.source.as_ref();
        let AuthorizationUrl { url, valid_for } = provider.authorization_url(http, profile, request).await?;
        Ok(Self { url, valid_for, ..self.clone() })
    }

    /// Replaces a link that was only shown each time it expires, because the person may take a while to use it. Times are by
    /// the boot clock: a link that expired while the computer slept is replaced when it wakes.
    pub(super) async fn replace(
        mut self,
        clock: &dyn Clock,
        progress: &(impl Fn(Progress) + Send + Sync),
    ) -> Infallible {
        let mut pause = self.valid_for;
        while let Some(valid_for) = pause {
            ports::wait(clock, valid_for.max(LEAST)).await;
            match self.again().await {
                Ok(fresh) => {
                    self = fresh;
                    pause = self.valid_for;
                    progress(Progress::Link { link: self.clone(), opened: false });
                }
                Err(problem) => {
                    tracing::info!(%problem, "no other link yet");
                    pause = Some(TRY_AGAIN);
                }
            }
        }
        std::future::pending().await
    }
}
