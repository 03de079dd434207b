//! The pages people see.

use crate::accounts::{Account, GROUPS, ROLES};
use crate::parameters::AuthorizationParameters;

const STYLE: &str = "\
:root{color-scheme:light dark;--desk:light-dark(#eef0f4,#14161b);--card:light-dark(#fff,#21252d);\
--ink:light-dark(#1b2028,#e8ebf1);--soft:light-dark(#515b6b,#aeb6c4);--rule:light-dark(#d5dae3,#3a414d);--act:light-dark(#2f4fb3,#9db4ff)}\
*{box-sizing:border-box}body{margin:0;padding:2rem 1rem;background:var(--desk);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
main{max-width:34rem;margin:0 auto}section,form{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:1.25rem;margin:0 0 1rem}\
h1{font-size:1.4rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:0}p{margin:.25rem 0 1rem;color:var(--soft)}\
fieldset{border:0;padding:0;margin:0 0 .75rem}legend{color:var(--soft);padding:0}\
label{display:inline-flex;gap:.5rem;align-items:center;margin:.2rem .9rem .2rem 0}label.one{display:flex;padding:.5rem;border:1px solid var(--rule);border-radius:8px;margin:.4rem 0}\
small{color:var(--soft)}input[type=text],input[type=password]{font:inherit;padding:.35rem .5rem;border:1px solid var(--soft);border-radius:6px;background:none;color:inherit}\
button{font:inherit;padding:.5rem 1.1rem;border-radius:8px;border:1px solid var(--act);background:none;color:var(--act)}\
button.main{background:light-dark(#2f4fb3,#3a57b8);color:#fff}:focus-visible{outline:2px solid var(--act);outline-offset:2px}";

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
}

pub(crate) fn sign_in(
    accounts: &[Account],
    remembered: &str,
    asked: &AuthorizationParameters,
    carried: &str,
) -> String {
    let choices: Vec<String> = accounts
        .iter()
        .map(|account| {
            let (id, name, email) = (escape(&account.id), escape(&account.name), escape(&account.email));
            let checked = if account.id == remembered { " checked" } else { "" };
            format!("<label class=one><input type=radio name=account value='{id}'{checked}><span>{name}<br><small>{email}</small></span></label>")
        })
        .collect();
    let choices = choices.concat();
    let scopes = escape(&asked.scope.replace(' ', ", "));
    page(
        "Sign in · Demo provider",
        &format!(
            "<h1>Demo provider</h1><p>Rolecall wants to know who you are. Choose an account; the password is only for show.</p>\
             <form method=post action=/authorize><fieldset><legend>Account</legend>{choices}</fieldset>\
             <p><label>Password <input type=password name=password value=demo autocomplete=off></label></p>\
             <p>It asks for: {scopes}.</p><input type=hidden name=asked value='{}'>\
             <button class=main name=decision value=allow>Sign in and allow</button> \
             <button name=decision value=decline>Decline</button></form>",
            escape(carried)
        ),
    )
}

/// The page where a person enters the code of another device.
pub(crate) fn device(accounts: &[Account], code: &str) -> String {
    let choices: Vec<String> = accounts
        .iter()
        .map(|account| format!("<option value='{}'>{}</option>", escape(&account.id), escape(&account.name)))
        .collect();
    let choices = choices.concat();
    page(
        "Another device · Demo provider",
        &format!(
            "<h1>Sign in on another device</h1><form method=post action=/device>\
             <p><label>Code <input type=text name=user_code value='{}' autocomplete=off></label></p>\
             <p><label>Account <select name=account>{choices}</select></label></p>\
             <button class=main name=decision value=allow>Sign in and allow</button> \
             <button name=decision value=decline>Decline</button></form>",
            escape(code)
        ),
    )
}

pub(crate) fn device_done() -> String {
    page("Done · Demo provider", "<section><h1>Done</h1><p>Go back to your device.</p></section>")
}

pub(crate) fn accounts(accounts: &[Account]) -> String {
    let forms: String = accounts.iter().map(account_form).collect();
    page(
        "Accounts · Demo provider",
        &format!(
            "<h1>Accounts of the demo provider</h1><p>Tick roles and groups and save; then press Refresh in Rolecall.</p>{forms}"
        ),
    )
}

fn account_form(account: &Account) -> String {
    let (id, name) = (escape(&account.id), escape(&account.name));
    if account.groups.len() > 100 {
        return format!(
            "<section id='{id}'><h2>{name}</h2><p>Has {} groups, too many to tick.</p></section>",
            account.groups.len()
        );
    }
    format!(
        "<form id='{id}' method=post action='/accounts/{id}'><h2>{name}</h2><p>{}</p>{}{}<button class=main>Save for {name}</button></form>",
        escape(&account.email),
        boxes("Roles", "role", &account.roles, &ROLES),
        boxes("Groups", "group", &account.groups, &GROUPS),
    )
}

fn boxes(legend: &str, field: &str, has: &[String], known: &[&str]) -> String {
    let more = known.iter().filter(|value| !has.iter().any(|owned| owned == *value));
    let all = has.iter().map(|value| (value.as_str(), true)).chain(more.map(|value| (*value, false)));
    let ticks: Vec<String> = all
        .map(|(value, on)| {
            let value = escape(value);
            let checked = if on { " checked" } else { "" };
            format!("<label><input type=checkbox name={field} value='{value}'{checked}>{value}</label>")
        })
        .collect();
    let ticks = ticks.concat();
    format!(
        "<fieldset><legend>{legend}</legend>{ticks}<label>another <input type=text name={field} size=12></label></fieldset>"
    )
}

pub(crate) fn refused(why: &str) -> String {
    page(
        "Not possible · Demo provider",
        &format!("<section><h1>This sign-in is not possible</h1><p>{why}</p></section>"),
    )
}

pub(crate) fn signed_out() -> String {
    page("Signed out · Demo provider", "<section><h1>You are signed out</h1><p>You can close this tab.</p></section>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;").replace('"', "&quot;")
}
