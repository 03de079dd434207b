use std::path::PathBuf;

use super::Engine;
use crate::config::{Issuer, Product, Profile, ProfileName, issuer_from};
use crate::oidc::{Http, Provider, published_issuer};
use crate::problem::{Code, Problem, Result};
use crate::view::{IssuerCheck, Notice};

impl Engine {
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
            Ok(found) => passed(&issuer, provider.unwrap_or(found.product().product), &found),
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

fn passed(issuer: &Issuer, kind: Product, provider: &Provider) -> IssuerCheck {
    let mut found = vec!["Reachable".to_owned(), "OpenID".to_owned()];
    let offers = [
        ("PKCE", provider.supports_pkce() == Some(true)),
        ("Refresh", provider.supports_refresh() == Some(true)),
        ("Sign-out", provider.offers_sign_out()),
    ];
    found.extend(offers.into_iter().filter(|(_, offered)| *offered).map(|(name, _)| name.to_owned()));
    let redirects = match "new".parse() {
        Ok(name) => Profile::at(name, issuer.clone(), String::new(), Some(kind).filter(|kind| *kind != Product::OTHER))
            .redirect_addresses(provider.names_itself()),
        Err(_) => Vec::new(),
    };
    IssuerCheck {
        redirects,
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
        redirects: Vec::new(),
        issuer: None,
        provider: kind,
        found: Vec::new(),
        lacks: Vec::new(),
        notice: Some(Notice::of(problem)),
        suggestion,
    }
}

/// The value that would be right, where one can be found by asking.
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
