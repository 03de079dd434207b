use serde::Serialize;

use super::{Product, issuer_from};
use crate::products::Guide;

/// What the set-up screen asks for one product, and what to register there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupGuide {
    /// The product.
    pub provider: Product,
    /// Its name.
    pub label: &'static str,
    /// One or two letters for the tile.
    pub monogram: &'static str,
    /// What it will ask, a few words.
    pub tile: &'static str,
    /// The field that leads to the issuer, in the provider's words.
    pub issuer_field: GuideField,
    /// The issuer of its maker's own service, where everybody there has the same.
    pub issuer: Option<String>,
    /// Where the client ID is found.
    pub client_id_where: &'static str,
    /// The audience field, for providers that have audiences.
    pub audience_field: Option<GuideField>,
    /// Whether callback addresses have to be registered. Which ones, the check of the issuer tells.
    pub registers_redirects: bool,
    /// Where they go, in the provider's words.
    pub redirects_where: &'static str,
}

/// One field of the set-up screen.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GuideField {
    /// Its label.
    pub label: &'static str,
    /// An example.
    pub placeholder: &'static str,
    /// A sentence below.
    pub hint: &'static str,
}

/// The guides of the products that have one, in the order of the tiles.
#[must_use]
pub fn setup_guides() -> Vec<SetupGuide> {
    Product::all().filter_map(|product| Some(setup_guide(product, product.guide.as_ref()?))).collect()
}

fn setup_guide(product: Product, guide: &Guide) -> SetupGuide {
    let field = |[label, placeholder, hint]: [&'static str; 3]| GuideField { label, placeholder, hint };
    SetupGuide {
        provider: product,
        label: product.name,
        monogram: guide.monogram,
        tile: guide.tile,
        issuer_field: field(guide.issuer),
        issuer: issuer_from("", product).ok().map(|issuer| issuer.as_str().to_owned()),
        client_id_where: guide.client_id_where,
        audience_field: guide.audience.map(field),
        registers_redirects: guide.registers_redirects,
        redirects_where: guide.redirects_where,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_shows_addresses_where_a_new_profile_has_some() {
        for guide in setup_guides() {
            let issuer = super::super::issuer_from(guide.issuer_field.placeholder, guide.provider).unwrap();
            let of = Some(guide.provider).filter(|product| *product != Product::OTHER);
            let profile = crate::config::Profile::at("new".parse().unwrap(), issuer, String::new(), of);
            let has = profile.redirect_addresses(Some(true), None).is_some_and(|list| !list.is_empty());
            assert_eq!(guide.registers_redirects, has, "{}", guide.label);
        }
    }

    #[test]
    fn an_issuer_that_everybody_has_is_filled_in() {
        let filled: Vec<_> = setup_guides().into_iter().filter_map(|guide| guide.issuer).collect();
        assert_eq!(filled, ["https://accounts.google.com", "https://gitlab.com"]);
    }

    #[test]
    fn what_a_guide_gives_as_an_example_is_accepted_as_input() {
        let guides = setup_guides();
        assert_eq!(guides.last().map(|guide| guide.provider), Some(Product::OTHER), "the general one comes last");
        for guide in guides {
            let example = guide.issuer_field.placeholder;
            let issuer = super::super::issuer_from(example, guide.provider).unwrap();
            assert_eq!(Product::of_url(issuer.url()), guide.provider, "{example}");
        }
    }
}
