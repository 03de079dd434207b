use typed_arena::Arena;

use super::collector::Collector;
use super::{Answer, Answers, DocumentKind, DocumentReport, DocumentState, Facts, Identity, Verified, person, shapes};
use crate::json::Budget;
use crate::text::clean_line;

/// Builds the identity: who it is from the ID token and userinfo alone, what they were given from every document.
#[must_use]
pub fn identity_from(answers: &Answers) -> Identity {
    let mut documents: Vec<&Answer> = answers.answers.iter().collect();
    documents.sort_by_key(|answer| answer.document);
    let redactor = &answers.redactor;
    let person = person::person_from(&documents, redactor);
    let (parsed, budget) = (Arena::new(), Budget::default());
    let (mut entitlements, mut own) =
        (Collector::new(answers.conventions, redactor), Collector::new(answers.conventions, redactor));
    let mut reports: Vec<DocumentReport> =
        answers.unread.iter().map(|(document, state)| unread(answers, *document, *state)).collect();
    let mut left_out = 0;
    for answer in documents {
        let mut facts = Facts::of(&answer.claims, redactor);
        shapes::DocumentReader {
            answer,
            paths: &answers.paths,
            parsed: &parsed,
            budget: &budget,
            redactor,
            conventions: answers.conventions,
            entitlements: &mut entitlements,
            own: &mut own,
            facts: &mut facts,
            self_asserted: false,
            looked_at: 0,
        }
        .collect();
        let so_far = entitlements.left_out() + own.left_out() + budget.dropped();
        facts.left_out += so_far - left_out;
        left_out = so_far;
        reports.push(DocumentReport {
            document: answer.document,
            state: DocumentState::Read,
            claims: answer.claims.len(),
            verified: answer.verified,
            reason: None,
            facts,
        });
    }
    reports.sort_by_key(|report| report.document);
    Identity {
        issuer: answers.issuer.clone(),
        subject: person.subject,
        name: person.name,
        email: person.email,
        email_verified: person.email_verified,
        entitlements: entitlements.finish(),
        self_asserted: own.finish(),
        documents: reports,
    }
}

fn unread(answers: &Answers, document: DocumentKind, state: DocumentState) -> DocumentReport {
    let reason = answers
        .reasons
        .iter()
        .find(|(of, _)| *of == document)
        .map(|(_, reason)| clean_line(&answers.redactor.text(reason)));
    DocumentReport { document, state, claims: 0, verified: Verified::None, reason, facts: Facts::default() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use serde_json::Value;

    use super::*;
    use crate::identity::{Entitlement, Entitlements, Source};

    fn answer(document: DocumentKind, claims: Value) -> Answer {
        let verified = if document == DocumentKind::Userinfo { Verified::Tls } else { Verified::Signature };
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        Answer { document, claims, verified }
    }

    fn identity(documents: Vec<(DocumentKind, Value)>) -> Identity {
        let answers = documents.into_iter().map(|(document, claims)| answer(document, claims)).collect();
        identity_from(&Answers { issuer: "https://id.example.org".into(), answers, ..Answers::default() })
    }

    fn entitlements(claims: Value) -> Entitlements {
        identity(vec![(DocumentKind::IdToken, claims)]).entitlements
    }

    fn values(list: &[Entitlement]) -> Vec<&str> {
        list.iter().map(|entitlement| entitlement.value.as_str()).collect()
    }

    #[test]
    fn the_answer_this_program_was_made_for_is_read_whole() {
        let claims: Value = serde_json::from_str(
            r#"{"https://example.com/auth": {"groups": ["Samples"], "roles": ["Editor"]},
                "nickname": "jane", "name": "Jane Doe", "updated_at": "2022-04-30T14:56:49.101Z",
                "email": "jane@example.com", "email_verified": true, "iss": "https://tenant.us.auth0.com/",
                "sub": "auth0|626d4d2e", "aud": "client", "iat": 1.651330616E9, "exp": 1.651366616E9}"#,
        )
        .unwrap();
        let identity = identity(vec![(DocumentKind::IdToken, claims)]);
        assert_eq!((identity.subject.as_str(), identity.name.as_str()), ("auth0|626d4d2e", "Jane Doe"));
        assert_eq!((identity.email.as_deref(), identity.email_verified), (Some("jane@example.com"), Some(true)));
        let source = |inner: &str| Source {
            document: DocumentKind::IdToken,
            path: vec!["https://example.com/auth".into(), inner.into()].into(),
            verified: Verified::Signature,
            through: None,
        };
        let one = |value: &str, inner: &str| {
            vec![Entitlement { value: value.into(), context: None, sources: vec![source(inner)], class: None }]
        };
        let expected =
            Entitlements { roles: one("Editor", "roles"), groups: one("Samples", "groups"), permissions: Vec::new() };
        assert_eq!(identity.entitlements, expected);
    }

    #[test]
    fn a_value_in_several_documents_is_one_with_all_its_sources_in_document_order() {
        let claims = json!({"sub": "1", "roles": ["Editor", "Editor"]});
        let identity = identity(vec![
            (DocumentKind::Userinfo, json!({"roles": ["Reader", "Editor"], "https://a.example/roles": "Editor"})),
            (DocumentKind::AccessToken, json!({"realm_access": {"roles": ["Editor"]}})),
            (DocumentKind::IdToken, claims),
        ]);
        assert_eq!(values(&identity.entitlements.roles), ["Editor", "Reader"]);
        let sources: Vec<String> = identity.entitlements.roles[0]
            .sources
            .iter()
            .map(|source| format!("{:?} {} {:?}", source.document, source.path.join(" › "), source.verified))
            .collect();
        assert_eq!(
            sources,
            [
                "IdToken roles Signature",
                "AccessToken realm_access › roles Signature",
                "Userinfo https://a.example/roles Tls",
                "Userinfo roles Tls",
            ]
        );
    }

    #[test]
    fn keycloak_roles_of_a_client_hold_for_that_client() {
        let found = entitlements(json!({
            "realm_access": {"roles": ["editor"]},
            "resource_access": {"desk.app": {"roles": ["editor", "reader"]}, "odd": 3, "empty": {}},
        }));
        let told: Vec<(&str, Option<&str>)> =
            found.roles.iter().map(|role| (role.value.as_str(), role.context.as_deref())).collect();
        assert_eq!(told, [("editor", None), ("editor", Some("desk.app")), ("reader", Some("desk.app"))]);
        assert_eq!(found.roles[1].sources[0].path, ["resource_access", "desk.app", "roles"]);
    }

    #[test]
    fn known_names_are_read_in_any_case_and_as_one_text() {
        let found = entitlements(json!({
            "Groups": ["IT"], "group": "Sales West", "role": "editor", "permissions": ["read:all"],
            "cognito:groups": ["admin"], "urn:example:roles": ["writer"],
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/role": "Owner",
        }));
        let sorted = |list: &[Entitlement]| {
            let mut values: Vec<String> = values(list).into_iter().map(str::to_owned).collect();
            values.sort();
            values
        };
        assert_eq!(sorted(&found.groups), ["IT", "Sales West", "admin"]);
        assert_eq!(sorted(&found.roles), ["Owner", "editor", "writer"]);
        assert_eq!(sorted(&found.permissions), ["read:all"]);
    }

    #[test]
    fn a_scope_is_never_an_entitlement_and_a_name_is_never_split_on_dots() {
        let found = entitlements(json!({
            "scope": "openid roles", "scp": ["groups"], "app.roles": ["no"], "aud": "roles",
            "https://example.com/scope": ["no"], "https://example.com/auth": {"scope": ["no"], "a.roles": ["no"]},
            "realm_access.roles": ["no"],
        }));
        assert_eq!(found, Entitlements::default());
    }

    #[test]
    fn values_that_are_no_text_are_read_where_they_can_be() {
        let found = entitlements(json!({
            "roles": [1, true, null, "", "  ", ["nested"], {"name": "editor", "id": "7"}, {"displayName": "Reader"},
                      {"value": "v"}, {"id": 9}, {"name": "off", "isEnabled": false}, {"other": 1},
                      {"role": "auditor", "since": "2020"}],
            "groups": 5, "permissions": {"a": 1},
        }));
        assert_eq!(values(&found.roles), ["1", "true", "editor", "Reader", "v", "9", "auditor"]);
        assert!(found.groups.is_empty() && found.permissions.is_empty());
    }

    #[test]
    fn cli_1_two_different_values_stay_two_however_they_look() {
        let long = "x".repeat(2000);
        let found = entitlements(json!({
            "roles": ["admin", "ad\u{200b}min", "Admin", "admin ", format!("{long}a"), format!("{long}b"), "\u{1b}[31m"],
        }));
        assert_eq!(found.roles.len(), 7);
        assert_eq!(found.roles[1].value, "ad\\u{200b}min");
        assert_eq!(found.roles[4].value.chars().count(), 1001);
        assert_eq!(found.roles[6].value, "\\u{1b}[31m");
    }

    #[test]
    fn more_values_than_anybody_has_are_cut() {
        let many: Vec<String> = (0..50_010).map(|number| format!("g{number}")).collect();
        assert_eq!(entitlements(json!({"groups": many})).groups.len(), 50_000);
    }
}
