use rolecall_engine::Engine;
use rolecall_engine::engine::IssuedToken;
use rolecall_engine::problem::Result;
use rolecall_engine::targets::{self, Found};
use rolecall_engine::tokens::Secret;

use super::{USER, VALID_FOR, is_meant, question};
use crate::target_args::Adapter;
use crate::terminal::Terminal;
use crate::{DONE, wanted};

/// The attributes of git's question that are used (gitcredentials(7), git-credential(1)).
#[derive(Default)]
struct Asked<'q> {
    protocol: &'q str,
    host: &'q str,
    password: Option<&'q str>,
    credential: Option<&'q str>,
    /// Whether git takes another scheme than a name and a password (the capability `authtype`), and so stores nothing that is
    /// marked as ephemeral.
    authtype: bool,
}

/// Answers git. A host no profile names gets no answer and no error, so that git asks the next helper.
pub(super) async fn credential(
    options: &Adapter,
    operation: &str,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<u8> {
    let text = question()?;
    let asked = Asked::read(&text);
    let (config, profile) = wanted::configured(options.profile.as_deref(), engine)?;
    let found = targets::at_git_host(&config, profile.as_ref(), asked.protocol, asked.host);
    let Some(found) = found.filter(|found| is_meant(options, found)) else { return Ok(DONE) };
    terminal.about(&found.profile.name, &config);
    match operation {
        "get" => {
            let asks = std::env::var_os("GIT_TERMINAL_PROMPT").is_none_or(|value| value != "0");
            let somebody = asks && wanted::somebody_is_there() && !options.no_browser;
            let get = async || engine.token_for_caller(&found, None, VALID_FOR).await;
            let token = wanted::signed_in(&found, somebody, engine, terminal, get).await?;
            terminal.data(&answer(&asked, &found, &token));
        }
        // The host refused it. It is dropped, and the next caller gets another.
        "erase" => {
            if let Some(token) = asked.token(&found) {
                engine.note_refused_token(&found, &token)?;
            }
        }
        // Rolecall has what git would have it store; further operations are for later versions of git.
        _ => {}
    }
    Ok(DONE)
}

impl<'q> Asked<'q> {
    fn read(text: &'q str) -> Self {
        let mut asked = Self::default();
        for (key, value) in text.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once('=')) {
            match key {
                "protocol" => asked.protocol = value,
                "host" => asked.host = value,
                "password" => asked.password = Some(value),
                "credential" => asked.credential = Some(value),
                "capability[]" if value == "authtype" => asked.authtype = true,
                _ => {}
            }
        }
        asked
    }

    /// The token that git used.
    fn token(&self, found: &Found) -> Option<Secret> {
        let basic = || {
            use base64::Engine as _;
            let text = base64::prelude::BASE64_STANDARD.decode(self.credential?).ok()?;
            let text = String::from_utf8(text).ok()?;
            text.split_once(':').map(|(_, password)| password.to_owned())
        };
        let bearer = || self.credential.map(str::to_owned);
        let used = self.password.map(str::to_owned);
        let used = used.or_else(|| if found.target.username.is_some() { basic() } else { bearer() })?;
        Some(Secret::new(used))
    }
}

/// The token as a name and a password; where git takes it, as a header that no helper stores. A target with a user name
/// wants those two in any case.
fn answer(asked: &Asked<'_>, found: &Found, token: &IssuedToken) -> String {
    let (user, secret) = (found.target.username.as_deref(), token.secret.expose());
    let end = token.expires_at.map(|end| format!("password_expiry_utc={end}\n")).unwrap_or_default();
    if !asked.authtype {
        return format!("username={}\npassword={secret}\n{end}", user.unwrap_or(USER));
    }
    let (scheme, credential) = match user {
        None => ("Bearer", secret.to_owned()),
        Some(user) => {
            use base64::Engine as _;
            ("Basic", base64::prelude::BASE64_STANDARD.encode(format!("{user}:{secret}")))
        }
    };
    format!("capability[]=authtype\nauthtype={scheme}\ncredential={credential}\nephemeral=1\n{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_up_to_the_first_empty_one_and_unknown_ones_passed_over() {
        let text = "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=git.example.com\nwwwauth[]=Bearer\nx\n\nhost=evil.example\n";
        let asked = Asked::read(text);
        assert!(asked.authtype && asked.password.is_none());
        assert_eq!((asked.protocol, asked.host), ("https", "git.example.com"));
    }
}
