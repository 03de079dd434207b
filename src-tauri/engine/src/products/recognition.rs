//! Recognises the product of a provider, by one rule for the whole program.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::Product;
use super::knowledge::ClaimMark;

/// The product of a provider, and how certain that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recognition {
    /// The product.
    #[serde(rename = "kind")]
    pub product: Product,
    /// How certain it is.
    #[serde(rename = "sure")]
    pub confidence: Confidence,
    /// What it was recognised by.
    #[serde(rename = "because")]
    pub reason: String,
}

/// How certain a recognised product is.
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
    /// Recognises the product: what the profile says, else by the issuer's host, the discovery document, or the form of
    /// the issuer's address. If two products match a document equally well, neither is taken.
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

    /// Recognises the product of pasted documents, without asking a provider: by the issuer's host, else by
    /// marks in the claims, else by the form of the issuer's address. If two products match the claims equally well,
    /// neither is taken.
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

    /// The product, where it is certain enough for advice that fits no other.
    #[must_use]
    pub fn sure(&self) -> Option<Product> {
        matches!(self.confidence, Confidence::Configured | Confidence::Certain).then_some(self.product)
    }
}

/// The product whose marks all match a discovery document; the one with the most marks, where several do.
fn shown_by(discovery: &Map<String, Value>) -> Option<Product> {
    let mut shown: Vec<Product> = Product::all().filter(|product| product.is_shown_by(discovery)).collect();
    shown.sort_by_key(|product| std::cmp::Reverse(product.marks.len()));
    match shown.as_slice() {
        [only] => Some(*only),
        [first, second, ..] if first.marks.len() > second.marks.len() => Some(*first),
        _ => None,
    }
}
