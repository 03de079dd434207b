//! The rules about receivers, on what clusters answer.

use serde_json::json;

use crate::config::{Issuer, Profile};
use crate::findings::{Evidence, Finding, Wanted, findings};
use crate::identity::{Answer, Answers, DocumentKind, Identity, Verified, identity_from};
use crate::oidc::read_sent_token;
use crate::ports::Timestamp;
use crate::receivers::{Context, Credential, Receiver, ReceiverAnswer, ReceiverKind, SeenAs};
use crate::tokens::Secret;

const ISSUER: &str = "https://idp.example/";
const NOW: i64 = 1_800_000_000;

fn profile() -> Profile {
    Profile::new("work".parse().unwrap(), Issuer::parse(ISSUER).unwrap(), "desktop".into())
}

fn usual() -> serde_json::Value {
    json!({
        "iss": ISSUER, "sub": "ed", "aud": "desktop", "exp": NOW + 300,
        "groups": ["staff"], "realm_access": {"roles": ["editor"]},
    })
}

fn answers(claims: serde_json::Value) -> Answers {
    let serde_json::Value::Object(claims) = claims else { panic!("claims are an object") };
    let answers = vec![Answer { document: DocumentKind::IdToken, claims, verified: Verified::Signature }];
    Answers { issuer: ISSUER.into(), answers, ..Answers::default() }
}

fn identity() -> Identity {
    identity_from(&answers(usual()))
}

fn jwt(alg: &str, claims: &serde_json::Value) -> Secret {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
    let part = |value: &serde_json::Value| BASE64.encode(value.to_string());
    Secret::new(format!("{}.{}.c2ln", part(&json!({"alg": alg})), part(claims)))
}

fn receiver(credential: Credential, token: Option<&Secret>, answer: Option<(&str, &[&str])>) -> Receiver {
    let person = identity();
    let like = Answers { answers: Vec::new(), ..answers(usual()) };
    let (token, carried) = match token.map(|token| read_sent_token(token, &person, &like)) {
        Some((token, carried)) => (Some(token), carried.map(Box::new)),
        None => (None, None),
    };
    let answer = answer.map_or(ReceiverAnswer::Refused, |(username, groups)| {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        let known = carried.as_deref().unwrap_or(&person);
        ReceiverAnswer::Accepted(SeenAs::of(username.into(), groups, 0, token.as_ref(), known))
    });
    let target = Context::for_tests("dev", credential);
    Receiver { receiver: ReceiverKind::Kubernetes, target: Some(target), at: Timestamp(NOW), answer, token, carried }
}

fn plugin() -> Credential {
    Credential::Plugin { program: "kubelogin".into() }
}

fn told(receiver: &Receiver, wanted: Option<&str>) -> Vec<Finding> {
    let (profile, identity) = (profile(), identity());
    let wanted = wanted.map(|value| Wanted { value: value.into(), kind: None });
    let evidence = Evidence { receiver: Some(receiver), ..Evidence::of_identity(&profile, &identity) };
    let evidence = Evidence { wanted: wanted.as_ref(), ..evidence };
    findings(&evidence).into_iter().filter(|finding| finding.code.starts_with("kubernetes_")).collect()
}

fn codes(receiver: &Receiver, wanted: Option<&str>) -> Vec<String> {
    told(receiver, wanted).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn a_name_with_a_prefix_is_told_as_the_name_to_write() {
    let token = jwt("RS256", &usual());
    let cluster = receiver(plugin(), Some(&token), Some(("oidc:ed", &["oidc:staff", "system:authenticated"])));
    let findings = told(&cluster, Some("staff"));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "kubernetes_prefix");
    assert!(findings[0].title.contains("oidc:staff"), "{}", findings[0].title);
    assert!(findings[0].snippet.as_ref().unwrap().text.contains("name: \"oidc:staff\""));
    assert_eq!(codes(&cluster, None), ["kubernetes_prefix", "kubernetes_claim_not_read"], "without a question both");
    assert_eq!(codes(&cluster, Some("oidc:staff")), ["kubernetes_known"], "asked by the cluster’s own name");
}

#[test]
fn a_claim_that_is_not_read_is_told_with_lines_that_read_it_and_what_is_read_today() {
    let token = jwt("RS256", &usual());
    let cluster = receiver(plugin(), Some(&token), Some(("ed", &["oidc:staff"])));
    let findings = told(&cluster, Some("editor"));
    assert_eq!(findings[0].code, "kubernetes_claim_not_read");
    let lines = &findings[0].snippet.as_ref().unwrap().text;
    assert!(lines.contains("claims.?groups.orValue([]).map(name, \"oidc:\" + string(name)) +\n"), "{lines}");
    assert!(lines.contains("claims.?realm_access.?roles.orValue([]).map(name, \"oidc:\" + string(name))\n"), "{lines}");
    let nothing = receiver(plugin(), Some(&token), Some(("ed", &["system:authenticated"])));
    assert_eq!(codes(&nothing, Some("staff")), ["kubernetes_claim_not_read"]);
}

#[test]
fn one_that_stands_elsewhere_than_in_the_token_that_is_sent_is_told_so() {
    let token = jwt("RS256", &json!({"iss": ISSUER, "sub": "ed", "aud": "kube", "groups": ["others"]}));
    let cluster = receiver(plugin(), Some(&token), Some(("ed", &["others"])));
    assert_eq!(codes(&cluster, Some("staff")), ["kubernetes_not_sent", "kubernetes_other_client"]);
    assert_eq!(codes(&cluster, Some("others")), ["kubernetes_known", "kubernetes_other_client"]);
}

#[test]
fn a_value_that_an_expression_leaves_out_is_told_from_a_claim_that_is_not_read() {
    let claims = json!({"iss": ISSUER, "sub": "ed", "aud": "desktop", "groups": ["staff", "writers", "admins"]});
    let cluster = receiver(plugin(), Some(&jwt("RS256", &claims)), Some(("ed", &["g:writers", "g:admins"])));
    assert_eq!(codes(&cluster, Some("staff")), ["kubernetes_value_left_out"]);
}

#[test]
fn another_persons_token_explains_nothing_about_this_one() {
    let claims = json!({"iss": ISSUER, "sub": "ada", "aud": "desktop", "groups": ["staff"]});
    let cluster = receiver(plugin(), Some(&jwt("RS256", &claims)), Some(("oidc:ada", &["oidc:staff"])));
    for wanted in [Some("staff"), Some("editor"), None] {
        assert_eq!(codes(&cluster, wanted), ["kubernetes_somebody_else"], "{wanted:?}");
    }
    let elsewhere = jwt("RS256", &json!({"iss": "https://other.example", "sub": "ed"}));
    let findings = told(&receiver(Credential::Token, Some(&elsewhere), None), None);
    assert_eq!(findings[0].code, "kubernetes_somebody_else");
    assert!(findings[0].title.contains("another issuer"), "{}", findings[0].title);
}

#[test]
fn a_certificate_has_nothing_to_do_with_the_provider() {
    let cluster = receiver(Credential::Certificate, None, Some(("kubernetes-admin", &["system:masters"])));
    assert_eq!(codes(&cluster, Some("staff")), ["kubernetes_other_credential"]);
    let nobody = receiver(plugin(), None, Some(("system:anonymous", &["system:unauthenticated"])));
    assert_eq!(codes(&nobody, Some("staff")), ["kubernetes_anonymous"]);
    let opaque = receiver(plugin(), None, Some(("gke-user", &[])));
    assert_eq!(codes(&opaque, Some("staff")), ["kubernetes_who"]);
}

#[test]
fn what_the_token_proves_of_a_refusal_comes_before_what_has_to_be_looked_at() {
    let refused =
        |alg: &str, claims: serde_json::Value| codes(&receiver(plugin(), Some(&jwt(alg, &claims)), None), None);
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = usual();
        claims[name] = value;
        claims
    };
    assert_eq!(refused("RS256", usual()), ["kubernetes_refused"]);
    assert_eq!(refused("RS256", with("exp", json!(NOW - 1))), ["kubernetes_token_ended", "kubernetes_refused"]);
    assert_eq!(refused("RS256", with("nbf", json!(NOW + 60))), ["kubernetes_token_not_yet", "kubernetes_refused"]);
    assert_eq!(refused("HS256", usual()), ["kubernetes_algorithm", "kubernetes_refused"]);
    assert_eq!(refused("EdDSA", usual()), ["kubernetes_algorithm", "kubernetes_refused"]);
    assert_eq!(refused("ES256", usual()), ["kubernetes_refused"], "an administrator may allow it");
    assert_eq!(
        refused("RS256", with("email_verified", json!(false))),
        ["kubernetes_email_not_verified", "kubernetes_refused"]
    );
    assert_eq!(
        refused("RS256", with("_claim_names", json!({"groups": "src1"}))),
        ["kubernetes_groups_elsewhere", "kubernetes_refused"]
    );
    let opaque = receiver(Credential::TokenFile, Some(&Secret::new("opaque".into())), None);
    assert_eq!(codes(&opaque, None), ["kubernetes_not_a_jwt", "kubernetes_refused"]);
    assert_eq!(codes(&receiver(plugin(), None, None), None), ["kubernetes_refused"]);
    let findings = told(&receiver(plugin(), Some(&jwt("ES256", &usual())), None), None);
    let fix = findings[0].fix.as_ref().unwrap();
    assert!(fix.contains("--oidc-signing-algs") && fix.contains("--oidc-issuer-url"), "{fix}");
    assert!(findings[0].snippet.as_ref().unwrap().text.contains("audiences: [\"desktop\"]"));
}

#[test]
fn an_issuer_without_https_is_refused_by_every_cluster() {
    let claims = json!({"iss": "http://127.0.0.1:8080/", "sub": "ed", "aud": "desktop"});
    let codes = codes(&receiver(plugin(), Some(&jwt("RS256", &claims)), None), None);
    assert!(codes.contains(&"kubernetes_issuer_not_https".to_owned()), "{codes:?}");
}

#[test]
fn cli_4_what_the_cluster_says_stays_inside_its_lines() {
    let token = jwt("RS256", &json!({"iss": ISSUER, "sub": "ed", "aud": "desktop", "groups": ["a\": {x: [`y"]}));
    let cluster = receiver(plugin(), Some(&token), Some(("ed", &["oidc:a\": {x: [`y"])));
    let finding = told(&cluster, Some("a\": {x: [`y")).remove(0);
    assert!(finding.snippet.unwrap().text.contains("name: \"oidc:a\\\": {x: [`y\"\n"));
}
