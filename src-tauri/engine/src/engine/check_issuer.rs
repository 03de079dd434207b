use std::path::PathBuf;

use super::Engine;
use crate::config::{Issuer, Product, Profile, ProfileName, issuer_from};
use crate::oidc::{Http, Provider, published_issuer};
use crate::problem::{Code, Problem, Result};
use crate::view::{IssuerCheck, Notice};

impl Engine {
    /// An issuer with a similar address that answers, after this one failed with `problem`. Changes nothing.
    pub async fn near_issuer(&self, issuer: &Issuer, problem: &Problem) -> Option<String> {
        suggest(issuer, problem).await.filter(|near| near != issuer.as_str())
    }

    /// Looks at what a person typed or pasted as their issuer: a domain, an issuer, a discovery link. Changes nothing.
    pub async fn check_issuer(&self, text: &str, provider: Option<Product>) -> IssuerCheck {
        self.check_issuer_trusting(text, provider, None).await
    }

    /// [`Engine::check_issuer`], trusting the certificates in this file besides the system's.
    pub async fn check_issuer_trusting(
        &self,
        text: &str,
        provider: Option<Product>,
        ca_file: Option<PathBuf>,
    ) -> IssuerCheck {
        let kind = provider.unwrap_or(Product::OTHER);
        let issuer = match issuer_from(text, kind) {
            Ok(issuer) => issuer,
            Err(problem) => return failed(kind, &problem, None),
        };
        match discover_trusting(&issuer, ca_file).await {
            Ok(found) => passed(&issuer, provider, &found),
            Err(problem) => {
                let suggestion = suggest(&issuer, &problem).await;
                failed(provider.unwrap_or_else(|| Product::of_url(issuer.url())), &problem, suggestion)
            }
        }
    }
}

pub(super) async fn discover(issuer: &Issuer) -> Result<Provider> {
    discover_trusting(issuer, None).await
}

async fn discover_trusting(issuer: &Issuer, ca_file: Option<PathBuf>) -> Result<Provider> {
    // Discovery asks nothing of a profile but its issuer, the hosts it allows and the certificates it trusts.
    let name: ProfileName = "check".parse()?;
    let mut profile = Profile::new(name, issuer.clone(), String::new());
    profile.ca_file = ca_file;
    Provider::discover(&Http::for_profile(&profile)?, &profile).await
}

fn passed(issuer: &Issuer, chosen: Option<Product>, provider: &Provider) -> IssuerCheck {
    let kind = chosen.unwrap_or(provider.product().product);
    let mut found = vec!["Reachable".to_owned(), "OpenID".to_owned()];
    let offers = [
        ("PKCE", provider.supports_pkce() == Some(true)),
        ("Refresh", provider.supports_refresh() == Some(true)),
        ("Sign-out", provider.offers_sign_out()),
    ];
    found.extend(offers.into_iter().filter(|(_, offered)| *offered).map(|(name, _)| name.to_owned()));
    // What a profile made now would be set up for, so that the addresses shown are those it uses.
    let set_up_for = chosen.or_else(|| provider.product().sure()).filter(|kind| *kind != Product::OTHER);
    let redirects = "new".parse().ok().and_then(|name| {
        Profile::at(name, issuer.clone(), String::new(), set_up_for)
            .redirect_addresses(Some(provider.names_itself()), None)
    });
    IssuerCheck {
        redirects,
        set_up_for,
        names_itself: Some(provider.names_itself()),
        issuer: Some(issuer.as_str().to_owned()),
        provider: kind,
        found,
        lacks: provider.remarks(),
        notice: None,
        suggestion: None,
    }
}

fn failed(kind: Product, problem: &Problem, suggestion: Option<String>) -> IssuerCheck {
    IssuerCheck {
        redirects: None,
        set_up_for: None,
        names_itself: None,
        issuer: None,
        provider: kind,
        found: Vec::new(),
        lacks: Vec::new(),
        notice: Some(Notice::of(problem)),
        suggestion,
    }
}

/// A value that works, where one is found by asking.
async fn suggest(issuer: &Issuer, problem: &Problem) -> Option<String> {
    if problem.code == Code::IssuerMismatch {
        let http = Http::for_issuer(issuer).ok()?;
        let stated = published_issuer(&http, issuer).await.ok()?;
        return Issuer::parse(&stated).ok().map(|issuer| issuer.as_str().to_owned());
    }
    for candidate in (Product::of_url(issuer.url()).near_issuers)(issuer.url()) {
        let candidate = Issuer::parse(&candidate).ok()?;
        let http = Http::for_issuer(&candidate).ok()?;
        if published_issuer(&http, &candidate).await.is_ok_and(|stated| stated == candidate.as_str()) {
            return Some(candidate.as_str().to_owned());
        }
    }
    None
}
