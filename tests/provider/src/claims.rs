use serde_json::{Map, Value, json};

use crate::accounts::Account;
use crate::faults::Fault;
use crate::keys::{ELLIPTIC, Key, shared, unsigned};
use crate::options::Layout;
use crate::state::{Grant, State};

/// The claim that has the demo's roles and groups.
const NAMESPACE: &str = "https://example.com/auth";

impl State {
    pub(crate) fn id_token(&mut self, grant: &Grant, access: &str, now: u64, fresh: bool) -> String {
        let account = self.account_of(&grant.subject).clone();
        let mut claims = json!({
            "iss": self.issuer, "aud": grant.client_id, "iat": now, "exp": now + self.options.lifetime.max(60),
            "auth_time": grant.auth_time, "at_hash": Key::half_hash(access), "sub": grant.subject,
        });
        if fresh && let Some(nonce) = &grant.nonce {
            claims["nonce"] = json!(nonce);
        }
        if self.options.float_dates {
            // The form in which tools print numbers that they keep as doubles.
            for name in ["iat", "exp"] {
                let text = format!("{:E}", claims[name].as_f64().unwrap_or_default());
                claims[name] = serde_json::from_str(&text).unwrap_or_default();
            }
        }
        merge(&mut claims, about(&account, grant));
        merge(&mut claims, self.entitlements(&account, Document::Id));
        self.apply_faults(&mut claims);
        self.sign(&claims)
    }

    pub(crate) fn access_token(&self, grant: &Grant, now: u64) -> String {
        if self.has(&Fault::OpaqueAccessToken) {
            return format!("opaque-{}", crate::state::random());
        }
        let account = self.account_of(&grant.subject);
        let audience =
            grant.audience.clone().unwrap_or_else(|| format!("{}/userinfo", self.issuer.trim_end_matches('/')));
        let audience = match grant.made_for.as_slice() {
            [] => json!(audience),
            [one] => json!(one),
            all => json!(all),
        };
        let mut claims = json!({
            "iss": self.issuer, "aud": audience, "sub": grant.subject, "client_id": grant.client_id,
            "scope": grant.scope, "iat": now, "exp": now + self.options.lifetime, "jti": crate::state::random(),
        });
        if !account.permissions.is_empty() {
            claims["permissions"] = json!(account.permissions);
        }
        merge(&mut claims, self.entitlements(account, Document::Access));
        if self.has(&Fault::UnsignedAccessToken) {
            return unsigned(&claims);
        }
        self.key.sign(&claims, Some(&self.key.id), "at+jwt")
    }

    pub(crate) fn userinfo(&self, grant: &Grant) -> Value {
        let account = self.account_of(&grant.subject);
        let subject = if self.has(&Fault::UserinfoSubject) { "demo|somebody-else" } else { &grant.subject };
        let mut claims = json!({ "sub": subject });
        merge(&mut claims, about(account, grant));
        merge(&mut claims, self.entitlements(account, Document::Userinfo));
        for fault in &self.faults {
            if let Fault::UserinfoClaim(name, value) = fault {
                claims[*name] = json_value(value);
            }
        }
        let elsewhere = format!("{}/claims-of-others", self.issuer.trim_end_matches('/'));
        if self.has(&Fault::DistributedClaims) {
            claims["_claim_names"] = json!({ "shoe_size": "src1" });
            claims["_claim_sources"] = json!({ "src1": { "endpoint": elsewhere, "access_token": "for-that-one" } });
        }
        if self.has(&Fault::AggregatedClaims) {
            let inside = self.key.sign(&json!({ "iss": elsewhere, "shoe_size": 43 }), Some(&self.key.id), "JWT");
            claims["_claim_names"] = json!({ "shoe_size": "src1" });
            claims["_claim_sources"] = json!({ "src1": { "JWT": inside } });
        }
        claims
    }

    /// Userinfo as a signed token (OpenID Connect Core section 5.3.2).
    pub(crate) fn signed_userinfo(&self, grant: &Grant) -> String {
        let mut claims = self.userinfo(grant);
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(grant.client_id);
        self.key.sign(&claims, Some(&self.key.id), "JWT")
    }

    fn entitlements(&self, account: &Account, document: Document) -> Map<String, Value> {
        let none = account.roles.is_empty() && account.groups.is_empty();
        let value = match (self.options.layout, document) {
            _ if none => json!({}),
            (Layout::Namespaced, Document::Id | Document::Userinfo) => {
                json!({ NAMESPACE: { "groups": account.groups, "roles": account.roles } })
            }
            (Layout::Realm, Document::Access) => json!({
                "realm_access": { "roles": account.roles },
                "resource_access": { "account": { "roles": ["manage-account"] } },
            }),
            (Layout::Plain, _) => json!({ "roles": account.roles, "groups": account.groups }),
            (Layout::Namespaced | Layout::Realm, _) => json!({}),
        };
        value.as_object().cloned().unwrap_or_default()
    }

    fn apply_faults(&self, claims: &mut Value) {
        for fault in &self.faults {
            match fault {
                Fault::Claim(name, value) => {
                    claims[*name] = json_value(value);
                }
                Fault::ClaimSuffix(name, more) => {
                    claims[*name] = json!(format!("{}{more}", claims[*name].as_str().unwrap_or_default()));
                }
                Fault::ClaimShift(name, seconds) => {
                    claims[*name] = json!(claims[*name].as_i64().unwrap_or_default() + seconds);
                }
                Fault::LacksClaim(name) => {
                    claims.as_object_mut().map(|claims| claims.remove(*name));
                }
                _ => {}
            }
        }
    }

    fn sign(&mut self, claims: &Value) -> String {
        if self.has(&Fault::AlgNone) {
            return unsigned(claims);
        }
        if self.has(&Fault::AlgHs256) {
            return shared(claims, crate::CLIENT_ID);
        }
        if self.has(&Fault::WrongKey) {
            return Key::elliptic(ELLIPTIC).sign(claims, Some(ELLIPTIC), "JWT");
        }
        if self.has(&Fault::UnknownKey) {
            return Key::elliptic("nowhere").sign(claims, Some("nowhere"), "JWT");
        }
        if self.has(&Fault::RotateKeys) {
            self.rotate_keys();
        }
        let name = Some(self.key.id.as_str()).filter(|_| !self.has(&Fault::LacksKeyId));
        let token = self.key.sign(claims, name, "JWT");
        if self.has(&Fault::SpoiledSignature) {
            let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
            let first = if signature.starts_with('A') { 'B' } else { 'A' };
            return format!("{signed}.{first}{}", &signature[1..]);
        }
        token
    }
}

#[derive(Clone, Copy)]
enum Document {
    Id,
    Access,
    Userinfo,
}

/// The claims about an account that the scopes allow.
fn about(account: &Account, grant: &Grant) -> Map<String, Value> {
    let mut claims = Map::new();
    if grant.has_scope("profile") {
        claims.insert("name".into(), json!(account.name));
        // Some providers write this date as text, against the standard.
        claims.insert("updated_at".into(), json!("2026-03-01T09:12:00.000Z"));
    }
    if grant.has_scope("email") {
        claims.insert("email".into(), json!(account.email));
        claims.insert("email_verified".into(), json!(true));
    }
    claims
}

/// The value in a [`Fault`].
pub(crate) fn json_value(value: &str) -> Value {
    serde_json::from_str(value).expect("JSON in an ordered fault")
}

fn merge(claims: &mut Value, more: Map<String, Value>) {
    if let Some(claims) = claims.as_object_mut() {
        claims.extend(more);
    }
}
