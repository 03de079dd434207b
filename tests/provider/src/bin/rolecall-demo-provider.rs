//! The demo provider as a program: prints `{"issuer":…,"client_id":…}` on one line and runs until it is ended.
//!
//! `--port N` chooses the port, `--lifetime S` how long access tokens are valid; with `--tls FILE` it speaks TLS and writes
//! the authority to trust into that file; with `--until-stdin-closes` it ends with whoever started it.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use rolecall_provider::{Options, Provider};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "rolecall-demo-provider: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    // Some programs, kubelogin among them, reject the whole set if it has a key of an unknown type.
    let mut options = Options { lifetime: 300, odd_key: false, ..Options::default() };
    let mut until_stdin_closes = false;
    let mut authority = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--tls" {
            authority = Some(arguments.next().ok_or("--tls takes a file")?);
            options.tls = true;
            continue;
        }
        let mut number =
            || arguments.next().and_then(|text| text.parse().ok()).ok_or(format!("{argument} takes a number"));
        match argument.as_str() {
            "--port" => options.port = u16::try_from(number()?).map_err(|_| "a port is at most 65535")?,
            "--lifetime" => options.lifetime = number()?,
            "--until-stdin-closes" => until_stdin_closes = true,
            _ => {
                return Err(format!(
                    "{argument} is not known; there are --port N, --lifetime S, --tls FILE and --until-stdin-closes"
                ));
            }
        }
    }
    let provider = Provider::start(options).map_err(|error| format!("the port can't be had ({error})"))?;
    if let Some((file, pem)) = authority.zip(provider.authority()) {
        std::fs::write(&file, pem).map_err(|error| format!("{file}: {error}"))?;
    }
    let told = serde_json::json!({ "issuer": provider.issuer(), "client_id": provider.client_id() });
    let mut out = io::stdout();
    writeln!(out, "{told}").and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    if until_stdin_closes {
        let mut rest = Vec::new();
        let _ = io::stdin().read_to_end(&mut rest);
    } else {
        loop {
            std::thread::park();
        }
    }
    Ok(())
}
