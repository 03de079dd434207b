/// Where roles and groups are put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// An object under a URL-named claim, in ID token and userinfo; permissions in the access token.
    #[default]
    Namespaced,
    /// `realm_access.roles` and `resource_access.<client>.roles` in the access token.
    Realm,
    /// `roles` and `groups` at the root of every document.
    Plain,
}

/// Whether requests are pushed ahead of the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Par {
    /// They can't be.
    #[default]
    No,
    /// They can be.
    Offered,
    /// They must be.
    Required,
}

/// How a provider is set up.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// The lifetime of access tokens, in seconds.
    pub lifetime: u64,
    /// For how many seconds a rotated refresh token is still accepted.
    pub grace: u64,
    /// Where roles and groups are put.
    pub layout: Layout,
    /// Write the dates in ID tokens as fractions with exponents.
    pub float_dates: bool,
    /// Let the issuer end in a slash.
    pub slash: bool,
    /// Sign with ES256 instead of RS256.
    pub elliptic: bool,
    /// Publish a key of a kind that nobody understands beside the others, as real providers do (RFC 7517 section 5).
    pub odd_key: bool,
    /// Speak TLS, with a certificate of an authority of its own.
    pub tls: bool,
    /// Whether requests can or must be pushed ahead of the browser (RFC 9126).
    pub par: Par,
    /// The lifetime of a pushed request, in seconds.
    pub par_lifetime: u64,
    /// The lifetime of a device code, in seconds.
    pub device_lifetime: u64,
    /// The path of the redirect URI that is registered; `None` for `/callback`, all below it, and none.
    pub redirect_path: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            lifetime: 3600,
            grace: 0,
            layout: Layout::default(),
            float_dates: false,
            slash: false,
            elliptic: false,
            odd_key: true,
            tls: false,
            par: Par::default(),
            par_lifetime: 60,
            device_lifetime: 600,
            redirect_path: None,
        }
    }
}
