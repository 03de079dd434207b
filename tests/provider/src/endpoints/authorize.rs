use axum::Form;
use axum::extract::{RawQuery, State as Given};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::time::Instant;
use url::{Host, Url};

use crate::faults::Fault;
use crate::options::Par;
use crate::pages;
use crate::parameters::AuthorizationParameters;
use crate::state::{Code, Grant, Shared, State, lock, now, random};

/// The lifetime of a code, in seconds.
const CODE_LIFETIME: u64 = 60;

/// The form of the sign-in page.
#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    #[serde(default)]
    account: String,
    #[serde(default, rename = "decision")]
    choice: String,
    /// The authorization request, in hidden fields.
    asked: String,
}

/// The request, forwarded to another provider as a hostile one would (RFC 9700 section 4.4).
fn sent_on(state: &State, asked: &AuthorizationParameters) -> Option<Url> {
    let (target, path) = state.faults.iter().find_map(|fault| match fault {
        Fault::MixUp(target, path) => Some((target, path)),
        _ => None,
    })?;
    let mut redirect_uri = Url::parse(&asked.redirect_uri).ok()?;
    if let Some(path) = path {
        redirect_uri.set_path(path);
    }
    let asked = AuthorizationParameters { redirect_uri: redirect_uri.into(), ..asked.clone() };
    let mut link = Url::parse(target).ok()?;
    link.set_query(Some(&to_query(&asked)));
    Some(link)
}

pub(crate) async fn page(Given(state): Given<Shared>, RawQuery(asked): RawQuery, headers: HeaderMap) -> Response {
    let asked = AuthorizationParameters::of_form(asked.unwrap_or_default().as_bytes());
    let state = lock(&state);
    if let Some(link) = sent_on(&state, &asked) {
        return Redirect::to(link.as_str()).into_response();
    }
    let asked = match resolve(&state, asked).and_then(|asked| check(&state, &asked).map(|()| asked)) {
        Ok(asked) => asked,
        Err(why) => return (StatusCode::BAD_REQUEST, Html(pages::refused(why))).into_response(),
    };
    let remembered = headers.get(COOKIE).and_then(|value| value.to_str().ok()).and_then(cookie).unwrap_or("ed");
    Html(pages::sign_in(&state.accounts, remembered, &asked, &to_query(&asked))).into_response()
}

pub(crate) async fn decide(Given(state): Given<Shared>, Form(decision): Form<Decision>) -> Response {
    let mut state = lock(&state);
    let asked = resolve(&state, AuthorizationParameters::of_form(decision.asked.as_bytes()));
    let asked = match asked.and_then(|asked| check(&state, &asked).map(|()| asked)) {
        Ok(asked) => asked,
        Err(why) => return (StatusCode::BAD_REQUEST, Html(pages::refused(why))).into_response(),
    };
    if let Some(pushed) = state.pushed_requests.get_mut(&asked.request_uri) {
        pushed.used = true;
    }
    let Ok(mut back) = Url::parse(&asked.redirect_uri) else { return StatusCode::BAD_REQUEST.into_response() };
    let issuer =
        if state.has(&Fault::CallbackIssuer) { "https://evil.example".to_owned() } else { state.issuer.clone() };
    let ordered = state.faults.iter().find_map(|fault| match fault {
        Fault::CallbackError(error, words) => Some((*error, *words)),
        _ => None,
    });
    let declined = (decision.choice != "allow").then_some(("access_denied", "The person declined."));
    {
        let mut query = back.query_pairs_mut();
        if let Some((error, words)) = ordered.or(declined) {
            query.append_pair("error", error).append_pair("error_description", words);
        } else {
            let Some(account) = state.account(&decision.account).map(|account| account.clone()) else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            query.append_pair("code", &give_code(&mut state, &asked, account.subject()));
        }
        match state.faults.iter().find_map(|fault| match fault {
            Fault::CallbackState(other) => Some(*other),
            _ => None,
        }) {
            None => drop(query.append_pair("state", &asked.state)),
            Some("") => {}
            Some(other) => drop(query.append_pair("state", other)),
        }
        if !state.has(&Fault::LacksCallbackIssuer) {
            query.append_pair("iss", &issuer);
        }
    }
    let remember = format!("account={}; HttpOnly; SameSite=Lax; Path=/", decision.account);
    ([(SET_COOKIE, remember)], Redirect::to(back.as_str())).into_response()
}

fn give_code(state: &mut State, asked: &AuthorizationParameters, subject: String) -> String {
    let withheld =
        state.has(&Fault::NoRefreshToken) || (state.has(&Fault::ConsentForRefreshToken) && asked.prompt != "consent");
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let grant = Grant {
        family: random(),
        subject,
        client_id: asked.client_id.clone(),
        scope: asked.scope.clone(),
        audience: some(&asked.audience),
        resources: asked.resources.clone(),
        made_for: Vec::new(),
        nonce: some(&asked.nonce),
        auth_time: now(),
        offline: asked.scope.split(' ').any(|scope| scope == "offline_access") && !withheld,
    };
    let code = random();
    state.secrets.extend([code.clone(), asked.state.clone(), asked.nonce.clone()]);
    let given = Code {
        grant,
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.code_challenge.clone(),
        until: now() + CODE_LIFETIME,
        spent: false,
    };
    state.codes.insert(code.clone(), given);
    code
}

/// Resolves a pushed request by its `request_uri`; all other parameters are ignored (RFC 9126 section 4).
fn resolve(state: &State, asked: AuthorizationParameters) -> Result<AuthorizationParameters, &'static str> {
    if asked.request_uri.is_empty() {
        let pushed = state.options.par != Par::Required;
        return pushed.then_some(asked).ok_or("Requests must be pushed to this provider ahead of the browser.");
    }
    let pushed = state.pushed_requests.get(&asked.request_uri).ok_or("The request_uri is unknown.")?;
    if pushed.used || pushed.until <= Instant::now() || pushed.asked.client_id != asked.client_id {
        return Err("The request_uri was used already, has run out, or is another application's.");
    }
    Ok(AuthorizationParameters { request_uri: asked.request_uri, ..pushed.asked.clone() })
}

/// Whether the request may be answered by a redirect; never for a wrong client or redirect URI.
pub(crate) fn check(state: &State, asked: &AuthorizationParameters) -> Result<(), &'static str> {
    if asked.client_id != crate::CLIENT_ID || state.has(&Fault::UnknownClient) {
        return Err("No application is registered with this client ID.");
    }
    if !is_registered(state, &asked.redirect_uri) {
        return Err("This callback address is not registered for the application.");
    }
    if asked.response_type != "code" || !asked.scope.split(' ').any(|scope| scope == "openid") {
        return Err("Only the code flow with the scope openid is offered.");
    }
    if asked.code_challenge.len() != 43 || asked.code_challenge_method != "S256" {
        return Err("PKCE with S256 is required.");
    }
    Ok(())
}

/// A loopback address with any port (RFC 8252 section 7.3) and the path that is registered: `/callback` or one below it, or
/// none, as other programs have it, unless the options name one.
fn is_registered(state: &State, redirect_uri: &str) -> bool {
    let path_fits = |path: &str| match &state.options.redirect_path {
        Some(registered) => path == registered,
        None => matches!(path, "/callback" | "/") || path.starts_with("/callback/"),
    };
    Url::parse(redirect_uri).is_ok_and(|url| {
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        loopback && url.scheme() == "http" && path_fits(url.path()) && url.query().is_none()
    })
}

fn cookie(header: &str) -> Option<&str> {
    header.split(';').find_map(|pair| pair.trim().strip_prefix("account="))
}

fn to_query(asked: &AuthorizationParameters) -> String {
    let pairs = [
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("response_type", &asked.response_type),
        ("scope", &asked.scope),
        ("state", &asked.state),
        ("nonce", &asked.nonce),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
        ("audience", &asked.audience),
        ("prompt", &asked.prompt),
        ("request_uri", &asked.request_uri),
    ];
    let resources = asked.resources.iter().map(|resource| ("resource", resource));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).extend_pairs(resources).finish()
}
