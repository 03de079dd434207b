//! The settings a new profile begins with, as its product wants them.

use std::collections::BTreeMap;

use super::{Product, RedirectRule, Scopes};

/// The ports registered at providers that compare the whole address, port included.
const FIXED_PORTS: [u16; 2] = [47825, 47826];

impl RedirectRule {
    /// Where the browser can come back to at this product; the same addresses its set-up guide tells people to register.
    /// A product that is not known to let any port through (RFC 8252 section 7.3) is taken to compare the whole address.
    #[must_use]
    pub fn usual(product: Product) -> Self {
        let ports = if product.any_port { Vec::new() } else { FIXED_PORTS.to_vec() };
        Self { host: product.redirect_host.into(), ports, ..Self::default() }
    }
}

impl Scopes {
    /// The scopes to ask for where nothing was said.
    #[must_use]
    pub fn usual_at(product: Product) -> Self {
        Self::parse(product.scopes)
    }
}

/// Further parameters of the authorization request that the product needs.
pub(super) fn params(product: Product) -> BTreeMap<String, String> {
    product.params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_to_register_are_the_ones_the_listener_will_use() {
        let of = |product: Product| RedirectRule::usual(product).addresses("/callback").join(" ");
        let fixed = "http://127.0.0.1:47825/callback http://127.0.0.1:47826/callback";
        for product in [Product::AUTH0, Product::OKTA, Product::GITLAB, Product::AUTHENTIK] {
            assert_eq!(of(product), fixed, "{product:?}");
        }
        assert_eq!(of(Product::KEYCLOAK), "http://127.0.0.1/callback");
        assert_eq!(of(Product::ZITADEL), "http://127.0.0.1/callback");
        assert_eq!(of(Product::ENTRA), "http://localhost/callback");
        assert_eq!(of(Product::COGNITO), "http://localhost:47825/callback http://localhost:47826/callback");
    }
}
