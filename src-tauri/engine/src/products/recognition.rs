//! Which product a provider is: one rule for all of the program.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::Product;
use super::knowledge::ClaimMark;

/// The product of a provider and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recognition {
    /// Which.
    #[serde(rename = "kind")]
    pub product: Product,
    /// How sure.
    #[serde(rename = "sure")]
    pub confidence: Confidence,
    /// From what that was told.
    #[serde(rename = "because")]
    pub reason: String,
}

/// How sure something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The profile says so.
    #[serde(rename = "said")]
    Configured,
    /// The host belongs to it, its discovery document shows it by more than one mark, or pasted claims do.
    Certain,
    /// The shape of the issuer's address suggests it.
    Likely,
    /// Nothing suggests one.
    Unknown,
}

impl Recognition {
    /// Tells the product: what the profile says, else the issuer's host, else the discovery document, else the shape of
    /// the issuer's address. Two products that a document shows equally well are none.
    #[must_use]
    pub fn of(configured: Option<Product>, issuer: &Url, discovery: Option<&Map<String, Value>>) -> Self {
        let is = |product, confidence, reason: &str| Self { product, confidence, reason: reason.into() };
        if let Some(product) = configured {
            return is(product, Confidence::Configured, "the profile says so");
        }
        let host = issuer.host_str().unwrap_or_default();
        if let Some(product) = Product::all().find(|product| product.owns_host(host)) {
            return is(product, Confidence::Certain, "the issuer’s host");
        }
        if let Some(product) = discovery.and_then(shown_by) {
            return is(product, Confidence::Certain, "its endpoints in the discovery document");
        }
        match Product::all().find(|product| (product.issuer_shape)(issuer)) {
            Some(product) => is(product, Confidence::Likely, "the shape of the issuer’s address"),
            None => is(Product::OTHER, Confidence::Unknown, "neither issuer nor discovery document suggests one"),
        }
    }

    /// Tells the product of documents that somebody pasted, where no provider is asked: from the issuer's host, else from
    /// what the claims show, else from the shape of the issuer's address. Claims that show two products equally well show
    /// none.
    #[must_use]
    pub fn of_claims<'c>(issuer: Option<&Url>, documents: impl IntoIterator<Item = &'c Map<String, Value>>) -> Self {
        let unknown =
            || Self { product: Product::OTHER, confidence: Confidence::Unknown, reason: "nothing suggests one".into() };
        let by_address = issuer.map_or_else(unknown, |issuer| Self::of(None, issuer, None));
        if by_address.confidence == Confidence::Certain {
            return by_address;
        }
        let mut shown: Vec<(Product, &[ClaimMark])> = Vec::new();
        for claims in documents {
            for product in Product::all() {
                if let Some(marks) = product.claims_that_show(claims)
                    && !shown.iter().any(|(known, _)| *known == product)
                {
                    shown.push((product, marks));
                }
            }
        }
        match shown.as_slice() {
            [(product, marks)] => {
                let names: Vec<&str> = marks.iter().map(|mark| mark.claim()).collect();
                let reason = format!("its claims: {}", names.join(", "));
                Self { product: *product, confidence: Confidence::Certain, reason }
            }
            _ => by_address,
        }
    }

    /// The product, where advice that fits it alone may be given.
    #[must_use]
    pub fn sure(&self) -> Option<Product> {
        matches!(self.confidence, Confidence::Configured | Confidence::Certain).then_some(self.product)
    }
}

/// The product whose marks all stand in a discovery document; the one with the most, where several do.
fn shown_by(discovery: &Map<String, Value>) -> Option<Product> {
    let mut shown: Vec<Product> = Product::all().filter(|product| product.is_shown_by(discovery)).collect();
    shown.sort_by_key(|product| std::cmp::Reverse(product.marks.len()));
    match shown.as_slice() {
        [only] => Some(*only),
        [first, second, ..] if first.marks.len() > second.marks.len() => Some(*first),
        _ => None,
    }
}
