use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use rolecall_engine::config::Product;

use crate::document_args::{Changes, Compare, Inspect};
pub(crate) use crate::target_args::{CredentialFor, Exec, McpHeaders, Setup, Token};
pub(crate) use crate::why_args::{At, KindChoice, Why};

/// Sign in at an OpenID Provider, see who you are with your roles and groups, and get a token for a call.
#[derive(Debug, Parser)]
#[command(
    name = "rolecall",
    version,
    arg_required_else_help = true,
    after_help = "Exit status: 0 done, 1 declined or timed out, 2 usage or configuration, 3 sign-in needed,\n\
4 provider not reachable (the session is kept), 5 provider refused, 6 key store.\n\
\n\
Files: ROLECALL_CONFIG_DIR and ROLECALL_STATE_DIR move them. ROLECALL_LOG=debug tells more, never a token."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in with your browser
    #[command(after_help = "Examples:\n  rolecall login --issuer https://tenant.eu.auth0.com/ --client-id ID\n  \
rolecall login --profile staging --issuer https://sso.example.com/realms/staff --client-id rolecall\n  \
rolecall login                      again, with the active profile\n  \
rolecall login --paste              the browser is on another computer\n  \
rolecall login --device             enter a code on your phone, where the provider allows it")]
    Login(Box<Login>),
    /// Show who is signed in and for how long
    #[command(
        after_help = "Exits with 3 when nobody is signed in.\n\nExample:\n  rolecall status --json | jq -r .email"
    )]
    Status(ReadOptions),
    /// Show your roles, groups and permissions, and where each was read
    #[command(
        after_help = "With --directory the provider's own directory is asked too, with a token of its own. Each kind is then assigned,\nnot assigned, or could not be asked, with what that would need. It is never asked otherwise.\n\nExamples:\n  rolecall roles --json | jq -r '.roles[].value'\n  rolecall roles --directory"
    )]
    Roles(Roles),
    /// Print a valid access token, refreshing it first where needed
    #[command(
        after_help = "With --target, --resource, --audience or --scope it is one for that alone, from the same session. A refresh token\n\
is never printed.\n\nExample, which keeps the token out of the list of processes:\n  \
rolecall token --format header | curl -H @- https://api.example.com/invoices"
    )]
    Token(Token),
    /// Run a program with a token in its environment, and in no other
    #[command(
        after_help = "The program takes the place of this one, so signals and exit status are its own; 126 and 127 where it can't be run.\n\
A program that runs longer than the token needs another way to it.\n\n\
Examples:\n  rolecall exec --target orders -- ./import.sh\n  rolecall exec --env API_TOKEN=access -- npm start"
    )]
    Exec(Exec),
    /// Give kubectl, git, docker or AWS a credential, in its own protocol
    #[command(
        after_help = "For those programs to run; rolecall setup tells each how. A place no profile names gets nothing."
    )]
    Credential(CredentialFor),
    /// Print the headers for an MCP server, for a client that runs a command for them
    #[command(
        name = "mcp-headers",
        after_help = "Never opens a browser.\n\nExample, in .mcp.json:\n  \"headersHelper\": \"rolecall mcp-headers\""
    )]
    McpHeaders(McpHeaders),
    /// Show what to change in the configuration of another program, and with --write change it
    #[command(after_help = "Examples:\n  rolecall setup git code --at git.example.com --write\n  \
rolecall setup kubernetes dev --at https://api.dev.example:6443\n  rolecall setup kubernetes dev --remove")]
    Setup(Box<Setup>),
    /// Refresh the session now and show which roles and groups were added or removed
    Refresh(ReadOptions),
    /// Explain why a role, group or permission is not there
    #[command(after_help = "Examples:\n  rolecall why Publisher\n  rolecall why --group staff\n  \
rolecall why --report > report.md      for your administrator: no token and no names of roles in it\n  \
rolecall why Publisher --at kubernetes --context dev\n\n\
With --at kubernetes your own kubectl asks the cluster whom it takes you for, with the credential of its kubeconfig;\n\
no token of Rolecall's is sent. Exits with 2 when kubectl or the context is not there, 4 when the cluster does not answer.")]
    Why(Why),
    /// Tell by the exit status whether you have a role: 0 yes, 1 no
    #[command(
        name = "has-role",
        after_help = "It answers from what was read last, without the network, unless --refresh is given. What stands only in\ndocuments that could not be verified does not count, unless --unverified is given.\n\nExample:\n  rolecall has-role Editor && ./publish.sh"
    )]
    HasRole(HasRole),
    /// Show whose a token is, which roles are in it and where, and what is odd about it
    #[command(
        after_help = "It reads a token (JWT), an Authorization line, a token response, what a token says as JSON, userinfo, a HAR, or a\n\
log with one of these in it. Nothing is kept, and nothing is sent; --check asks the issuer for its keys.\n\n\
Exits with 1 when something expected is not there, 2 when nothing can be read, and with --check 5 when a signature\n\
does not fit, 4 when the issuer can't be reached.\n\n\
Examples:\n  rolecall inspect token.txt\n  rolecall inspect --expect Editor < claims.json\n  \
rolecall inspect --check id.jwt userinfo.json"
    )]
    Inspect(Inspect),
    /// Compare two profiles, documents or reports: what only one has, and what explains it
    #[command(
        after_help = "A side is a profile, a profile as it stood (work@2026-10-27, work@30d; history is kept for 90 days), a file with\n\
a pasted document, or what Rolecall wrote: roles --json, inspect --json, why --report --names.\n\n\
Exits with 0 when both have the same roles, groups and permissions, spelled the same; with 1 when they differ, or\n\
when a report does not name them so that it can't be told; with 2 when a side can't be read.\n\n\
Examples:\n  rolecall compare production staging\n  rolecall compare work colleague.jwt\n  rolecall compare work@30d work"
    )]
    Compare(Compare),
    /// Show which roles, groups and permissions were added and removed, newest first
    #[command(
        after_help = "In CSV a value that a spreadsheet would take for a formula has an apostrophe before it.\n\n\
Examples:\n  rolecall changes --since 7d\n  rolecall changes --since 2026-10-27 --csv > changes.csv"
    )]
    Changes(Changes),
    /// Sign out: revoke at the provider, delete here
    Logout(Logout),
    /// Store the client secret, for a provider that insists on one; it is read from standard input
    #[command(
        name = "client-secret",
        after_help = "It goes into the key store and is sent as client_secret_basic. Typed at a terminal, it is not shown.\n\nExample:\n  rolecall client-secret --profile work < secret.txt"
    )]
    ClientSecret(ClientSecret),
    /// List profiles, select the active one, remove one, or clean up
    Profiles(Profiles),
    /// Make profiles from the configuration of another program
    Import(Import),
    /// Print a completion script for your shell
    #[command(
        after_help = "Example:\n  rolecall completions bash > ~/.local/share/bash-completion/completions/rolecall"
    )]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

impl Command {
    /// Whether it changes nothing, here or at the provider.
    pub(crate) fn is_read_only(&self) -> bool {
        match self {
            Self::Status(_) | Self::Inspect(_) | Self::Compare(_) | Self::Changes(_) | Self::Completions { .. } => true,
            // The token for the directory may take a refresh.
            Self::Roles(options) => !options.directory,
            Self::Why(options) => !options.directory && options.user.is_none(),
            Self::HasRole(options) => !options.refresh,
            Self::Profiles(options) => options.command.is_none(),
            Self::Login(_)
            | Self::Token(_)
            | Self::Exec(_)
            | Self::Credential(_)
            | Self::McpHeaders(_)
            | Self::Setup(_)
            | Self::Refresh(_)
            | Self::Logout(_)
            | Self::ClientSecret(_)
            | Self::Import(_) => false,
        }
    }
}

#[derive(Args, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line, each independent of the others")]
pub(crate) struct Login {
    /// The profile to sign in with; made when it is new
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The provider's issuer, a domain, or a discovery link
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// The client ID registered at the provider
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// A scope to ask for, or several as you would paste them; may be repeated
    #[arg(long = "scope", value_name = "S")]
    pub(crate) scopes: Vec<String>,
    /// The API the access token is for
    #[arg(long, value_name = "A")]
    pub(crate) audience: Option<String>,
    /// A further parameter of the sign-in link, such as `organization=org_1`; `k=` takes it out again; may be repeated
    #[arg(long = "param", value_name = "k=v", value_parser = pair)]
    pub(crate) params: Vec<(String, String)>,
    /// Certificates to trust besides the system's, as PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The host of the callback address: `127.0.0.1`, `[::1]`, or `localhost` where a provider takes nothing else
    #[arg(long, value_name = "H")]
    pub(crate) redirect_host: Option<String>,
    /// A callback port registered at the provider; may be repeated; any free one when not given
    #[arg(long = "redirect-port", value_name = "N")]
    pub(crate) redirect_ports: Vec<u16>,
    /// The path of the callback address registered at the provider; `by-issuer` chooses one that no other provider has,
    /// which is usual for a new profile
    #[arg(long, value_name = "PATH")]
    pub(crate) redirect_path: Option<String>,
    /// The provider product, where the issuer does not tell
    #[arg(long, value_name = "PRODUCT", ignore_case = true, value_parser = products())]
    pub(crate) provider: Option<String>,
    /// A host besides the issuer's that the provider's endpoints may have; may be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    pub(crate) allow_hosts: Vec<String>,
    /// Ask the provider to ask for consent again, which some need before they give a refresh token
    #[arg(long)]
    pub(crate) ask_consent: bool,
    /// Do not open a browser; print the link
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Print the link and take the address at which the browser ends, pasted: for a browser on another computer
    #[arg(long)]
    pub(crate) paste: bool,
    /// Sign in on another device: shows a code to enter there
    #[arg(long, conflicts_with_all = ["paste", "no_browser", "ask_consent"])]
    pub(crate) device: bool,
    /// With --device, show the link as a picture for a camera too
    #[arg(long, requires = "device")]
    pub(crate) qr: bool,
    /// How long to wait for you, in seconds; 300 when not given, and with --device as long as the code lives
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct ReadOptions {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// For scripts: JSON, times as POSIX seconds
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Roles {
    #[command(flatten)]
    pub(crate) read: ReadOptions,
    /// Ask the provider's own directory too what is assigned
    #[arg(long)]
    pub(crate) directory: bool,
}

#[derive(Args, Debug)]
pub(crate) struct HasRole {
    /// Its name, exactly as the provider writes it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) kind: KindChoice,
    /// Count what is only in documents that could not be verified, too
    #[arg(long)]
    pub(crate) unverified: bool,
    /// Only where it holds for this client or organisation
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
    /// Refresh the session first
    #[arg(long)]
    pub(crate) refresh: bool,
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// For scripts: JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Logout {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Also open the provider's own sign-out page
    #[arg(long)]
    pub(crate) browser: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ClientSecret {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Delete it; the client ID alone is sent again
    #[arg(long)]
    pub(crate) forget: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) from: ImportFrom,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportFrom {
    /// NGINX Plus: its OpenID Connect configuration file (maps, or a provider block)
    #[command(
        after_help = "The issuer is derived and confirmed by discovery. No client secret is taken over.\n\nExample:\n  \
rolecall import nginx /etc/nginx/conf.d/openid_connect_configuration.conf"
    )]
    Nginx(ImportNginx),
}

#[derive(Args, Debug)]
pub(crate) struct ImportNginx {
    /// The file; `-` for standard input
    pub(crate) file: PathBuf,
    /// The name of the profile, where the file has one host or --host chooses it
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Only this host of the file; `default` for the default
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Another client ID than the file's, such as the public client made for Rolecall
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// For scripts: JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Profiles {
    #[command(subcommand)]
    pub(crate) command: Option<ProfilesCommand>,
    /// For scripts: JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfilesCommand {
    /// Make a profile the active one
    Select {
        /// Its name
        name: String,
    },
    /// Sign out of a profile and take it out of the file
    Remove {
        /// Its name
        name: String,
    },
    /// End sessions and delete client secrets whose profile is no longer in the file
    #[command(alias = "tidy")]
    Prune,
}

/// The words of all known products.
fn products() -> PossibleValuesParser {
    PossibleValuesParser::new(Product::all().map(Product::word))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as key=value".into()),
    }
}
