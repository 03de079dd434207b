//! Products that generate userinfo for each request, from the directory they keep: there it is the directory's answer.

use futures_util::FutureExt as _;

use super::answer::Grant;
use super::{Answer, Api, TokenFor};
use crate::config::Product;
use crate::identity::{Answer as Document, Answers, DocumentKind, Identity, Kind, Verified, identity_from};
use crate::oidc::Userinfo;
use crate::redact::Redactor;

pub(super) static API: Api = Api {
    asks: "userinfo anew: this provider makes it from its directory each time",
    cannot: None,
    token: |_| TokenFor::Userinfo,
    ask: |asking| async { Ok(asking.answer()) }.boxed(),
};

/// Products whose userinfo is made from the directory at each request, with nothing better to ask.
pub(super) fn is_live(product: Product) -> bool {
    [Product::AUTHELIA, Product::CANAILLE, Product::KANIDM, Product::POCKET_ID, Product::LEMONLDAP, Product::RAUTHY]
        .contains(&product)
}

/// What a userinfo answer says as a directory. A kind whose claim did not come was not asked: the claim may be left out
/// for this client.
pub(crate) fn answer_of(userinfo: Userinfo, product: Product, redactor: &Redactor) -> Answer {
    let identity = read(userinfo, product, redactor);
    let mut answer = Answer::new(redactor.clone(), product);
    let facts = identity.documents.first().map(|report| &report.facts);
    for kind in Kind::ALL {
        let word = kind.word();
        let found = identity.entitlements.of(kind);
        for entitlement in found {
            let path = entitlement.sources.first().map(|source| source.path.to_vec()).unwrap_or_default();
            let path: Vec<&str> = ["userinfo"].into_iter().chain(path.iter().map(String::as_str)).collect();
            let context = entitlement.context.as_deref();
            answer.add(Grant { context, ..Grant::new(kind, &entitlement.value, &path) }, None);
        }
        let empty =
            facts.is_some_and(|facts| facts.empty.iter().flatten().any(|name| name.to_lowercase().contains(word)));
        if !found.is_empty() || empty {
            answer.asked(kind);
            continue;
        }
        let scope = product.scopes_for.iter().find(|scope| scope.kind == kind).map(|scope| scope.scope);
        let scope =
            scope.map_or_else(String::new, |scope| format!(" That needs the scope {scope}, granted to this client."));
        answer.not_asked(kind, &format!("userinfo came without a claim of {word}s.{scope}"));
    }
    answer
}

fn read(userinfo: Userinfo, product: Product, redactor: &Redactor) -> Identity {
    let Userinfo { claims, verified } = userinfo;
    let verified = if verified == Verified::Signature { verified } else { Verified::Tls };
    identity_from(&Answers {
        answers: vec![Document { document: DocumentKind::Userinfo, claims, verified }],
        conventions: product.conventions(),
        redactor: redactor.clone(),
        ..Answers::default()
    })
}
