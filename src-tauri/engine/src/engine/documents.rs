use serde_json::{Map, Value};

use super::Engine;
use crate::config::{ClientAuth, Product, Profile};
use crate::documents::{Document, DocumentContext, Documents, RawDocument, Redactor, Signature};
use crate::identity::{DocumentKind, DocumentReport, DocumentState, Verified};
use crate::oidc::{ParsedToken, Userinfo};
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::text::clean;
use crate::vault::StoredSession;

/// The longest userinfo answer that is remembered, in bytes.
const MAX_REMEMBERED: usize = 1024 * 1024;
/// The longest key ID or algorithm that is shown, in characters.
const MAX_HEADER: usize = 120;

/// A userinfo answer as long as the program runs. It is written nowhere.
pub(super) struct CachedUserinfo {
    subject: String,
    /// As JSON, which takes a fraction of the memory.
    claims: String,
    verified: Verified,
    at: Timestamp,
    /// Knows the tokens that were replaced when it came and before, which may be repeated in it.
    pub(super) redactor: Redactor,
}

/// The documents of one session.
struct Available {
    raw: Vec<RawDocument>,
    /// Those that can't be read, with what became of them.
    others: Vec<Document>,
    redactor: Redactor,
    provider: String,
}

impl Engine {
    /// What the provider's answers say, claim by claim. Reads the session in the key store and asks nobody; userinfo is
    /// at hand only where this process fetched it.
    ///
    /// # Errors
    /// [`Code::SignInNeeded`] when nobody is signed in; key store rows.
    pub async fn documents(&self, profile: &Profile) -> Result<Documents> {
        let Available { raw, mut others, redactor, provider } = self.available(profile).await?;
        let about = about(profile, &redactor, &provider);
        others.extend(raw.iter().map(|raw| raw.read(&about)));
        others.sort_by_key(|document| document.document);
        Ok(Documents { documents: others, provider })
    }

    /// The whole value of one claim, by the name under which [`Engine::documents`] told it; `None` when it is not there
    /// any more.
    ///
    /// # Errors
    /// As [`Engine::documents`].
    pub async fn claim(&self, profile: &Profile, document: DocumentKind, name: &str) -> Result<Option<String>> {
        let Available { raw, redactor, provider, .. } = self.available(profile).await?;
        let about = about(profile, &redactor, &provider);
        Ok(raw.iter().find(|raw| raw.document == document).and_then(|raw| raw.whole(name, &about)))
    }

    /// Remembers a userinfo answer while the program runs.
    pub(super) fn note_userinfo(&self, profile: &Profile, subject: &str, userinfo: &Userinfo, redactor: &Redactor) {
        let claims = serde_json::to_string(&userinfo.claims).unwrap_or_default();
        let cached = (claims.len() <= MAX_REMEMBERED).then(|| CachedUserinfo {
            subject: subject.to_owned(),
            claims,
            verified: userinfo.verified,
            at: self.now(),
            redactor: redactor.clone(),
        });
        self.inner.memory.set_userinfo(profile, cached);
    }

    async fn available(&self, profile: &Profile) -> Result<Available> {
        let nobody = || Problem::new(Code::SignInNeeded, format!("profile {}", profile.name));
        let stored = self.load(profile).await?.ok_or_else(nobody)?;
        let last = self.last_known(profile).map(|last| last.summary);
        // What was noted at the last refresh is about these very tokens only if they came with it.
        let report = |document: DocumentKind| -> Option<DocumentReport> {
            let noted = last.as_ref().filter(|last| last.issued_at == stored.tokens.obtained_at)?;
            noted.identity.documents.iter().find(|report| report.document == document).cloned()
        };
        let product = profile.known_product(last.as_ref().and_then(|last| last.product.as_ref()));
        let provider = if product == Product::OTHER { profile.issuer.host() } else { product.name.to_owned() };
        let redactor = self.redactor_of_documents(profile, &stored).await;
        let mut available = Available { raw: Vec::new(), others: Vec::new(), redactor, provider };
        available.token(DocumentKind::IdToken, stored.tokens.id.expose(), Verified::Signature, &stored);
        let checked = report(DocumentKind::AccessToken).map_or(Verified::None, |report| report.verified);
        available.token(DocumentKind::AccessToken, stored.tokens.access.expose(), checked, &stored);
        match self.cached_userinfo(profile, &stored.subject) {
            Some(raw) => available.raw.push(raw),
            None => available.userinfo_elsewhere(report(DocumentKind::Userinfo), stored.refreshed_at),
        }
        Ok(available)
    }

    /// Hides the tokens of a session, however the provider repeats them, and those they replaced as far as this process knows
    /// them.
    pub(super) fn redactor(&self, profile: &Profile, stored: &StoredSession) -> Redactor {
        let cached = self.inner.memory.userinfo(profile);
        cached
            .map(|cached| cached.redactor.clone())
            .unwrap_or_default()
            .and(&stored.tokens)
            .hiding(stored.kept.iter().map(|token| &token.secret))
    }

    /// [`Engine::redactor`], and hides the application's own secret.
    async fn redactor_of_documents(&self, profile: &Profile, stored: &StoredSession) -> Redactor {
        let redactor = self.redactor(profile, stored);
        if profile.client_auth == ClientAuth::None {
            return redactor;
        }
        let secret = self.inner.vault.client_secret(profile).await.ok().flatten();
        redactor.hiding(secret.as_ref())
    }

    fn cached_userinfo(&self, profile: &Profile, subject: &str) -> Option<RawDocument> {
        let cached = self.inner.memory.userinfo(profile).filter(|cached| cached.subject == subject)?;
        let claims: Map<String, Value> = serde_json::from_str(&cached.claims).ok()?;
        let (verified, at) = (cached.verified, cached.at);
        Some(RawDocument { document: DocumentKind::Userinfo, claims, verified, signature: None, at })
    }
}

impl Available {
    fn token(&mut self, document: DocumentKind, token: &str, verified: Verified, stored: &StoredSession) {
        let came = stored.tokens.obtained_at;
        let unread = |state| Document::without_claims(document, state, came, &[]);
        match ParsedToken::of(token) {
            ParsedToken::Signed(jwt) => {
                let key = jwt.kid().map(|kid| clean(kid, MAX_HEADER));
                let signature = Some(Signature { alg: clean(jwt.alg(), MAX_HEADER), key });
                let claims = jwt.into_claims();
                // A refresh may leave the earlier ID token in place (OpenID Connect Core section 12.2).
                let at = made(&claims).filter(|made| document == DocumentKind::IdToken && *made < came).unwrap_or(came);
                self.raw.push(RawDocument { document, claims, verified, signature, at });
            }
            ParsedToken::Encrypted => self.others.push(unread(DocumentState::Encrypted)),
            ParsedToken::Opaque => self.others.push(unread(DocumentState::Opaque)),
        }
    }

    /// Userinfo that this process has not fetched: told with what the last one that did noted of it.
    fn userinfo_elsewhere(&mut self, report: Option<DocumentReport>, at: Timestamp) {
        let (state, names) =
            report.map_or((DocumentState::Read, Vec::new()), |report| (report.state, report.facts.names));
        self.others.push(Document::without_claims(DocumentKind::Userinfo, state, at, &names));
    }
}

/// When a token says it was made.
fn made(claims: &Map<String, Value>) -> Option<Timestamp> {
    let seconds = claims.get("iat")?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    Some(Timestamp(seconds as i64))
}

fn about<'a>(profile: &'a Profile, redactor: &'a Redactor, provider: &'a str) -> DocumentContext<'a> {
    DocumentContext {
        issuer: profile.issuer.as_str(),
        client_id: &profile.client_id,
        provider,
        paths: &profile.claims,
        redactor,
        pasted: false,
    }
}
