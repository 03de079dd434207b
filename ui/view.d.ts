// Generated from src-tauri/engine/src/view by its tests. Do not edit.

export type View = { 
/**
 * When this was drawn, by the engine's clock, POSIX seconds.
 */
now: Timestamp, 
/**
 * The profiles, in the order of the file.
 */
profiles: Array<ProfileSummary>, 
/**
 * The name of the selected profile; `None` before the first is set up.
 */
profile: string | null, 
/**
 * The screen.
 */
screen: Screen, 
/**
 * What is wrong, shown in line above the content.
 */
notice: Notice | null, 
/**
 * A token of ours on the clipboard.
 */
copied: Copied | null, 
/**
 * Where sessions are kept.
 */
key_store: KeyStoreInfo, 
/**
 * The settings.
 */
settings: Settings, 
/**
 * What is expected in the selected profile, safe to show.
 */
expect: Expect, 
/**
 * What in the configuration file is passed over, and why, one sentence each.
 */
warnings: Array<string>, 
/**
 * Another version of the program was installed over it, and comes with the next start.
 */
updated: boolean, };

export type Screen = { "kind": "set_up" } | { "kind": "signed_out", 
/**
 * The host of the issuer.
 */
host: string, 
/**
 * Who was signed in last, and when the session was last refreshed.
 */
last: LastSignIn | null, } | { "kind": "waiting" } & Waiting | { "kind": "signed_in" } & SignedIn | { "kind": "inactive" } & Inactive;

export type SignedIn = { 
/**
 * Who.
 */
badge: Badge, 
/**
 * When the access token was issued, POSIX seconds.
 */
issued_at: Timestamp, 
/**
 * When it ends; `None` when the provider did not say.
 */
expires_at: number | null, 
/**
 * When Rolecall refreshes automatically; `None` when it does not.
 */
refresh_at: number | null, 
/**
 * When roles and groups were last read, POSIX seconds.
 */
refreshed_at: Timestamp, 
/**
 * A refresh is under way.
 */
refreshing: boolean, 
/**
 * The tokens themselves are available (not while only the remembered identity is shown), so copying works.
 */
tokens_ready: boolean, 
/**
 * The provider gave a refresh token.
 */
has_refresh_token: boolean, 
/**
 * The session is in memory only and ends with the program.
 */
memory_only: boolean, 
/**
 * What the last refresh changed.
 */
changes: Array<Change>, 
/**
 * Roles, groups, permissions. Where the directory was asked, it is one of their sources; what it alone has is among
 * them.
 */
entitlements: Entitlements, 
/**
 * The documents that were read.
 */
documents: Array<DocumentReport>, 
/**
 * Values the person may have set themself; nothing relies on them.
 */
self_asserted: Entitlements, 
/**
 * Expected by the profile and not received.
 */
missing: Array<Missing>, 
/**
 * What is missing or odd.
 */
findings: Array<Finding>, 
/**
 * The provider's own directory.
 */
directory: DirectoryPanel, };

export type Inactive = { 
/**
 * Who.
 */
badge: Badge, 
/**
 * Why not now.
 */
why: InactiveReason, 
/**
 * When roles and groups were last read, POSIX seconds.
 */
refreshed_at: Timestamp, 
/**
 * Roles, groups and permissions at that time.
 */
entitlements: Entitlements, };

export type InactiveReason = "ended" | "locked";

export type Waiting = { 
/**
 * The host of the issuer.
 */
host: string, 
/**
 * How far it has come.
 */
step: Step, 
/**
 * Whether a browser was opened; if not, the link has to be copied.
 */
browser_opened: boolean, 
/**
 * When it began, POSIX seconds.
 */
started_at: Timestamp, 
/**
 * When it gives up, POSIX seconds.
 */
deadline: Timestamp, 
/**
 * What the person needs on another device, where they sign in there.
 */
device: OtherDevice | null, };

export type OtherDevice = { 
/**
 * The code to enter there, as the provider writes it.
 */
user_code: string, 
/**
 * The page to enter it at, without its scheme where that is https.
 */
address: string, 
/**
 * Whether the provider gave a link with the code in it; it is what is copied then.
 */
has_link: boolean, 
/**
 * The link, or else the address, as a picture for a camera: a row of `0` and `1` (dark) for each line of it. Empty
 * where it is too long for a picture.
 */
picture: Array<string>, 
/**
 * Who used the code, where somebody else is signed in here: they are asked about before anything is replaced.
 */
person: CodeUser | null, };

export type CodeUser = { 
/**
 * Who.
 */
badge: Badge, 
/**
 * Who is signed in here.
 */
instead_of: string, 
/**
 * When they signed in, POSIX seconds.
 */
at: Timestamp, };

export type Step = "preparing" | "in_browser" | "checking";

export type Badge = { 
/**
 * The name.
 */
name: string, 
/**
 * One or two letters to show instead of a picture.
 */
initials: string, 
/**
 * The email address.
 */
email: string | null, 
/**
 * Whether the provider vouches for it.
 */
email_verified: boolean | null, 
/**
 * The host of the issuer.
 */
host: string, 
/**
 * The subject.
 */
subject: string, 
/**
 * The provider is reached over plain HTTP, so nothing it sends is protected by TLS. Only one on this computer is.
 */
plain_http: boolean, };

export type LastSignIn = { 
/**
 * The name.
 */
name: string, 
/**
 * The last refresh, POSIX seconds.
 */
at: Timestamp, };

export type ProfileSummary = { 
/**
 * Its name.
 */
name: string, 
/**
 * The host of its issuer, port included where it is not the usual one.
 */
host: string, 
/**
 * Its accent colour.
 */
accent_color: AccentColor, 
/**
 * Its state.
 */
state: ProfileState, 
/**
 * Who is, or was, signed in.
 */
who: string | null, 
/**
 * When the access token ends.
 */
expires_at: number | null, };

export type ProfileState = "signed_in" | "signed_out" | "waiting" | "ended" | "locked";

export type Notice = { 
/**
 * The row of the problem table.
 */
code: Code, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * What happened, a short sentence.
 */
title: string, 
/**
 * What is kept and what next.
 */
text: string, 
/**
 * What the person can do, the first being the one most likely wanted.
 */
remedies: Array<Remedy>, };

export type Remedy = "sign_in" | "sign_in_with_consent" | "new_code" | "sign_in_memory_only" | "unlock" | "client_secret" | "edit_connection" | "refresh" | "dismiss";

export type Code = "no_profile" | "unknown_profile" | "no_active_profile" | "bad_setting" | "unreadable" | "bad_issuer" | "insecure_issuer" | "config_broken" | "files_failing" | "callback_port_taken" | "cancelled" | "timed_out" | "declined" | "device_code_expired" | "device_login_refused" | "sign_in_needed" | "session_ended" | "unreachable" | "provider_failing" | "untrusted_certificate" | "busy" | "not_an_issuer" | "issuer_mismatch" | "unsafe_endpoint" | "wrong_client" | "scope_refused" | "refused" | "refresh_refused" | "answer_not_trusted" | "answer_broken" | "subject_changed" | "refresh_token_withheld" | "unknown_target" | "token_refused" | "wrong_token" | "target_refused" | "target_unreachable" | "key_store_locked" | "key_store_missing" | "key_store_failing";

export type Copied = { 
/**
 * Which token.
 */
what: TokenKind, 
/**
 * When it was put there, POSIX seconds.
 */
at: Timestamp, 
/**
 * When it is removed from the clipboard, POSIX seconds.
 */
until: Timestamp, };

export type TokenKind = "access" | "id";

export type KeyStoreInfo = { 
/**
 * The name people know it by.
 */
name: string, 
/**
 * Its state.
 */
state: KeyStoreState, 
/**
 * It has not answered for a second or more: most often it is asking for its password, in a window of its own.
 */
asking: boolean, };

export type KeyStoreState = "unknown" | "works" | "locked" | "missing" | "failing";

export type IssuerCheck = { 
/**
 * The issuer as the provider writes it; `None` when the check failed.
 */
issuer: string | null, 
/**
 * What provider it looks like.
 */
provider: Product, 
/**
 * What was found, each a word or two: Reachable, OpenID, PKCE, Refresh, Sign-out.
 */
found: Array<string>, 
/**
 * What the discovery document lacks.
 */
lacks: Array<string>, 
/**
 * Why it failed, with what to do; `None` when it did not.
 */
notice: Notice | null, 
/**
 * A value that would be right, to offer as a button.
 */
suggestion: string | null, 
/**
 * The callback addresses that a new profile with this issuer and [`IssuerCheck::set_up_for`] uses, to be registered at
 * the provider; empty where nothing has to be registered, `None` where the check failed.
 */
redirects: Array<string> | null, 
/**
 * The product to set a new profile up for: the one that was chosen, or the one recognised for sure.
 */
set_up_for: Product | null, 
/**
 * Whether the provider names itself in its answers (RFC 9207); `None` where the check failed.
 */
names_itself: boolean | null, };

export type Draft = { 
/**
 * The name of the profile; made from the issuer when empty.
 */
name: string, 
/**
 * The issuer, domain or discovery link.
 */
issuer: string, 
/**
 * The client ID.
 */
client_id: string, 
/**
 * The API audience.
 */
audience: string, 
/**
 * The scopes, as people paste them; the usual ones when empty.
 */
scopes: string, 
/**
 * The provider chosen from the tiles.
 */
provider: Product | null, };

export type Connection = { 
/**
 * The issuer, domain or discovery link.
 */
issuer: string, 
/**
 * The client ID.
 */
client_id: string, 
/**
 * The API audience; empty for none.
 */
audience: string, 
/**
 * The scopes, with blanks between; the usual ones when empty.
 */
scopes: string, 
/**
 * Further parameters of the authorization request, one `name=value` a line.
 */
params: string, 
/**
 * The host of the callback address: `127.0.0.1`, `localhost` or `[::1]`.
 */
redirect_host: string, 
/**
 * The ports of the callback addresses, with commas between; empty for any free one.
 */
redirect_ports: string, 
/**
 * The path of the callback address.
 */
redirect_path: string, 
/**
 * A file of PEM certificates to trust besides the system's; empty for none.
 */
ca_file: string, };

export type SavedConnection = { 
/**
 * The name of the profile.
 */
profile: string, 
/**
 * The product, which decides how the fields are labelled.
 */
provider: Product, 
/**
 * The product's name.
 */
provider_name: string, 
/**
 * The values as they are saved.
 */
connection: Connection, 
/**
 * Whether a client secret is kept. The secret itself is in no view.
 */
client_secret: ClientSecretState, };

export type ClientSecretState = "none" | "kept" | "missing";

export type ConnectionEffect = { 
/**
 * Whether anything differs from what is saved.
 */
changed: boolean, 
/**
 * A session is kept under the old issuer or client ID, and saving ends it.
 */
ends_session: boolean, 
/**
 * The session is kept; the changes take effect at the next sign-in.
 */
from_next_sign_in: boolean, 
/**
 * The callback addresses that would be used, as they are registered at the provider; empty where nothing has to be
 * registered, `None` while they depend on what the provider has not said yet.
 */
redirects: Array<string> | null, 
/**
 * Why it could not be saved.
 */
notice: Notice | null, };

export type NginxDraft = { 
/**
 * The fields, with the issuer confirmed.
 */
draft: Draft, 
/**
 * What was taken over.
 */
taken: Array<string>, 
/**
 * What was not, with why.
 */
not_taken: Array<string>, };

export type SetupGuide = { 
/**
 * The product.
 */
provider: Product, 
/**
 * Its name.
 */
label: string, 
/**
 * One or two letters for the tile.
 */
monogram: string, 
/**
 * What it will ask, a few words.
 */
tile: string, 
/**
 * The field that leads to the issuer, in the provider's words.
 */
issuer_field: GuideField, 
/**
 * The issuer of its maker's own service, where everybody there has the same.
 */
issuer: string | null, 
/**
 * Where the client ID is found.
 */
client_id_where: string, 
/**
 * The audience field, for providers that have audiences.
 */
audience_field: GuideField | null, 
/**
 * Whether callback addresses have to be registered. Which ones, the check of the issuer tells.
 */
registers_redirects: boolean, 
/**
 * Where they go, in the provider's words.
 */
redirects_where: string, };

export type GuideField = { 
/**
 * Its label.
 */
label: string, 
/**
 * An example.
 */
placeholder: string, 
/**
 * A sentence below.
 */
hint: string, };

export type Product = string;

export type AccentColor = "green" | "slate" | "brick";

export type Settings = { 
/**
 * Seconds after which a copied token is taken back.
 */
clear_clipboard_after: number, 
/**
 * Refresh before the token ends.
 */
auto_refresh: boolean, 
/**
 * Notify when a role or group was added or removed.
 */
notify_changes: boolean, 
/**
 * Light or dark.
 */
theme: Theme, };

export type Theme = "system" | "light" | "dark";

export type Setting = { "what": "clear_clipboard_after", "to": number } | { "what": "auto_refresh", "to": boolean } | { "what": "notify_changes", "to": boolean } | { "what": "theme", "to": Theme } | { "what": "accent_color", "to": AccentColor } | { "what": "expect", "to": Expectation } | { "what": "stop_expecting", "to": Expectation };

export type Expect = { 
/**
 * Roles.
 */
roles: Array<string>, 
/**
 * Groups.
 */
groups: Array<string>, };

export type Expectation = { 
/**
 * Role or group; nothing else can be expected.
 */
kind: Kind, 
/**
 * Its name.
 */
value: string, };

export type Entitlements = { 
/**
 * Roles.
 */
roles: Array<Entitlement>, 
/**
 * Groups.
 */
groups: Array<Entitlement>, 
/**
 * Permissions. Scopes are never among them.
 */
permissions: Array<Entitlement>, };

export type Entitlement = { 
/**
 * The value as the provider wrote it.
 */
value: string, 
/**
 * What it holds for: a client, an organisation; `None` for everywhere.
 */
context: string | null, 
/**
 * All places that carry it, in the order ID token, access token, userinfo, introspection, directory.
 */
sources: Array<Source>, 
/**
 * What is special about it, where something is.
 */
mark?: ValueClass | null, };

export type Source = { 
/**
 * The document.
 */
document: DocumentKind, 
/**
 * The exact claim path; names are never split on dots.
 */
path: Array<string>, 
/**
 * How the document was checked.
 */
verified: Verified, 
/**
 * In the directory alone: through what the person has it; `None` where it is assigned to the person themself.
 */
through?: Through, };

export type DocumentKind = "id_token" | "access_token" | "userinfo" | "introspection" | "directory";

export type Through = { 
/**
 * A group, or a role that contains it.
 */
kind: Kind, 
/**
 * Its name.
 */
name: string, 
/**
 * The person is in that group only through another.
 */
nested: boolean, };

export type Verified = "signature" | "tls" | "none";

export type DocumentReport = { 
/**
 * Which one.
 */
document: DocumentKind, 
/**
 * Whether it could be read.
 */
state: DocumentState, 
/**
 * The number of claims at its root; 0 when it could not be read.
 */
claims: number, 
/**
 * How it was checked.
 */
verified: Verified, 
/**
 * Why it could not be read, in a sentence; `None` when it was, or when that is not known.
 */
reason?: string | null, 
/**
 * What findings need of it besides roles and groups; empty when it could not be read.
 */
facts: Facts, };

export type DocumentState = "read" | "opaque" | "encrypted" | "absent" | "failed";

export type Finding = { 
/**
 * A stable name, `snake_case`.
 */
code: string, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * The fact, in one sentence.
 */
title: string, 
/**
 * The evidence it was concluded from.
 */
evidence: Array<string>, 
/**
 * What to do, where that is known.
 */
fix: string | null, 
/**
 * Something to paste.
 */
snippet: Snippet | null, 
/**
 * The expected or asked-for one it is about; `None` for a finding about everything.
 */
about?: About | null, };

export type About = { 
/**
 * Its kind, where one was given.
 */
kind: Kind | null, 
/**
 * Its name.
 */
value: string, };

export type Severity = "info" | "warning" | "error";

export type Snippet = { 
/**
 * Its language, for example `js`.
 */
language: string, 
/**
 * The text.
 */
text: string, };

export type Change = { 
/**
 * When it was noticed, POSIX seconds.
 */
at: Timestamp, 
/**
 * Role, group or permission.
 */
kind: Kind, 
/**
 * The value.
 */
value: string, 
/**
 * How it changed.
 */
change: Became, };

export type Moment = { 
/**
 * The first of them, POSIX seconds.
 */
from: Timestamp, 
/**
 * The last of them, POSIX seconds.
 */
at: Timestamp, 
/**
 * How many refreshes this summarises.
 */
times: number, 
/**
 * Whether somebody signed in, rather than a session being refreshed.
 */
signed_in: boolean, 
/**
 * What was added and removed.
 */
changes: Array<Change>, 
/**
 * Documents that could be read before and not now: their values are unknown, not removed.
 */
unread: Array<DocumentKind>, };

export type Why = { 
/**
 * What was asked about; `None` for everything.
 */
wanted: string | null, 
/**
 * What it is, where the person said.
 */
kind: Kind | null, 
/**
 * Whether it is here after all.
 */
present: boolean, 
/**
 * Where it is.
 */
found: Array<Found>, 
/**
 * What comes close, the closest first.
 */
alike: Array<Found>, 
/**
 * One line for each document that was looked at.
 */
looked_at: Array<string>, 
/**
 * How many claims they had.
 */
claims: number, 
/**
 * What explains it: what the answers prove first, then what is likely.
 */
findings: Array<Finding>, 
/**
 * What could be the cause and is not, a few words each.
 */
ruled_out: Array<string>, 
/**
 * How far the provider's own directory could be asked; `None` where nobody asked it.
 */
directory: Directory | null, 
/**
 * What a receiver made of the person; `None` where nobody asked one.
 */
receiver: Receiver | null, 
/**
 * The same for the administrator, as Markdown, without a token.
 */
report: string, };

export type Found = { 
/**
 * What it is.
 */
kind: Kind, 
/**
 * The value as the provider wrote it.
 */
value: string, 
/**
 * What it holds for: a client, an organisation; `None` for everywhere.
 */
context: string | null, 
/**
 * All places that carry it, in the order ID token, access token, userinfo, introspection, directory.
 */
sources: Array<Source>, 
/**
 * What is special about it, where something is.
 */
mark?: ValueClass | null, };

export type Missing = { 
/**
 * What it is.
 */
kind: Kind, 
/**
 * Its name.
 */
value: string, };

export type DirectoryPanel = { 
/**
 * What a click would ask, of whom and as whom, in a sentence; `None` where nothing can be asked.
 */
would_ask: string | null, 
/**
 * What can't be asked here and what to do in its place, in a sentence or two; `None` where everything can.
 */
cannot: string | null, 
/**
 * It is being asked.
 */
asking: boolean, 
/**
 * What it answered, with its time. While it is there, `entitlements` have the directory among their sources.
 */
answer: Directory | null, 
/**
 * Why asking failed: it is not reachable, or it asks to wait.
 */
problem: Notice | null, 
/**
 * Where the person may ask about others: what the field takes and which right allows it; `None` where they may not,
 * or where that is not known.
 */
others: string | null, };

export type Directory = { 
/**
 * When it was asked, POSIX seconds.
 */
asked_at: Timestamp, 
/**
 * Who was asked: a host.
 */
host: string, 
/**
 * As whom it was asked: the name of the person who is signed in.
 */
asked_as: string, 
/**
 * What was asked, a line for each request: method and address. No token is in it.
 */
requests: Array<string>, 
/**
 * How far each kind could be asked: roles, groups, permissions.
 */
kinds: Array<KindAnswer>, 
/**
 * What restricts the answer, one sentence each.
 */
remarks: Array<string>, };

export type KindAnswer = { 
/**
 * The kind.
 */
kind: Kind, 
/**
 * How far.
 */
state: Asked, 
/**
 * Why it could not be asked, or not to the end, and what that would need, one sentence or two; `None` where it was
 * asked with nothing left open.
 */
needs: string | null, };

export type Asked = "fully" | "partly" | "could_not_be_asked";

export type AboutSomebody = { 
/**
 * The name of that person.
 */
who: string, 
/**
 * What the provider calls that person: user name, or ID.
 */
user: string, 
/**
 * The client it was asked for.
 */
client: string, 
/**
 * As whom it was asked: the person who is signed in.
 */
asked_as: string, 
/**
 * When, POSIX seconds.
 */
asked_at: Timestamp, 
/**
 * The answer. Its `directory` says how far each kind could be asked.
 */
why: Why, 
/**
 * What that client would get about that person. Sources are example documents that vouch for nothing, and the
 * directory.
 */
entitlements: Entitlements, 
/**
 * The example documents, where the provider makes any.
 */
documents: Array<DocumentReport>, };

export type Receiver = { 
/**
 * What kind of receiver it is.
 */
receiver: ReceiverKind, 
/**
 * The cluster that was asked, and as whom; `None` where it did not come to that.
 */
target: Context | null, 
/**
 * When it was asked, POSIX seconds.
 */
at: Timestamp, 
/**
 * What it said.
 */
answer: ReceiverAnswer, 
/**
 * What is in the token that was sent; `None` where none was, or where it is not known.
 */
token: SentToken | null, };

export type ReceiverKind = "kubernetes";

export type ReceiverAnswer = { "state": "accepted" } & SeenAs | { "state": "refused" } | { "state": "could_not_ask" } & CouldNotAsk;

export type SeenAs = { 
/**
 * The user name.
 */
username: string, 
/**
 * The groups, those of the receiver's own (`system:…`) too.
 */
groups: Array<string>, 
/**
 * How many groups there are beyond those.
 */
left_out: number, 
/**
 * Which claim the user name was made from, as far as that can be told.
 */
username_from: NameReading | null, 
/**
 * What it made of each claim that holds roles or groups, those it reads first.
 */
claims: Array<ClaimReading>, };

export type NameReading = { 
/**
 * The claim's name.
 */
claim: string, 
/**
 * The prefix of its value; often empty.
 */
prefix: string, };

export type ClaimReading = { 
/**
 * Its path.
 */
path: Array<string>, 
/**
 * What it holds.
 */
kind: Kind, 
/**
 * What the receiver writes before its values; `None` where it does not read them.
 */
prefix: string | null, 
/**
 * How many values it holds.
 */
carried: number, 
/**
 * How many of them the receiver knows.
 */
known: number, };

export type CouldNotAsk = { 
/**
 * A stable name.
 */
reason: Reason, 
/**
 * What happened, one sentence.
 */
detail: string, 
/**
 * What would be needed, one or two sentences.
 */
needed: string, };

export type Reason = "kubectl_missing" | "kubectl_failing" | "kubeconfig_broken" | "no_context" | "context_missing" | "context_incomplete" | "no_credential" | "plugin_failed" | "unreachable" | "timed_out" | "forbidden" | "not_offered" | "answer_broken";

export type SentToken = { 
/**
 * Whether it can be read: a signed JWT.
 */
readable: boolean, 
/**
 * Who made it (`iss`).
 */
issuer: string | null, 
/**
 * Whom it is about (`sub`).
 */
subject: string | null, 
/**
 * Whom it is for (`aud`).
 */
audience: Array<string>, 
/**
 * When it ends (`exp`), POSIX seconds.
 */
expires_at: number | null, 
/**
 * Before when it must not be taken (`nbf`), POSIX seconds.
 */
not_before: number | null, 
/**
 * How it is signed (`alg` of its header).
 */
algorithm: string | null, 
/**
 * Whether it is about the person of the profile: the same issuer and subject. `None` where that can't be read.
 */
same_person: boolean | null, };

export type Clusters = { 
/**
 * The contexts, in the order of the kubeconfig.
 */
contexts: Array<Context>, 
/**
 * The name of the current one, where there is one.
 */
current: string | null, };

export type Context = { 
/**
 * Its name, byte for byte. To be cleaned where it is shown.
 */
context: string, 
/**
 * The name of the cluster.
 */
cluster: string, 
/**
 * The address of its API server; `None` where the kubeconfig does not have the cluster.
 */
server: string | null, 
/**
 * The kubeconfig's name of the user.
 */
user: string, 
/**
 * What that user shows; `None` where the kubeconfig does not have the user.
 */
credential: Credential | null, };

export type Credential = { "kind": "plugin", 
/**
 * The name of the program, without its folder.
 */
program: string, } | { "kind": "token" } | { "kind": "token_file" } | { "kind": "certificate" } | { "kind": "password" } | { "kind": "auth_provider", 
/**
 * Its name.
 */
name: string, } | { "kind": "nothing" };

export type KnownClusters = { 
/**
 * One for each context of the kubeconfig.
 */
contexts: Array<Context>, 
/**
 * The name of the current context.
 */
current: string | null, 
/**
 * Why kubectl can't tell, where it can't.
 */
problem: CouldNotAsk | null, };

export type Documents = { 
/**
 * The provider: its product, or its host.
 */
provider: string, 
/**
 * ID token, access token, userinfo, in this order.
 */
documents: Array<Document>, };

export type Document = { 
/**
 * Which one.
 */
document: DocumentKind, 
/**
 * Whether it could be read.
 */
state: DocumentState, 
/**
 * Whether its claims are available. Userinfo is kept nowhere, so after a start it is not until the next refresh.
 */
available: boolean, 
/**
 * How it was checked.
 */
verified: Verified, 
/**
 * What its header says of the signature; nothing where there is none.
 */
signature: Signature | null, 
/**
 * When it was received, POSIX seconds.
 */
at: Timestamp, 
/**
 * Its claims: those that roles and groups are read from first.
 */
claims: Array<Claim>, 
/**
 * How many more claims there are than are shown.
 */
left_out: number, 
/**
 * The names of the claims where their values are not available.
 */
names: Array<string>, };

export type Signature = { 
/**
 * The algorithm.
 */
alg: string, 
/**
 * The key, where it is named.
 */
key: string | null, };

export type Claim = { 
/**
 * Its name, safe to show.
 */
name: string, 
/**
 * Whether roles or groups are read from it.
 */
usage: ClaimUse, 
/**
 * What is read from it.
 */
kinds: Array<Kind>, 
/**
 * What it means, one or two sentences; `None` where it is not known.
 */
meaning: string | null, 
/**
 * How to show it.
 */
form: Form, 
/**
 * Its value, or the beginning and the end of a long one.
 */
value: string, 
/**
 * How long the whole value is, in characters.
 */
length: number, 
/**
 * Whether `value` is all of it.
 */
whole: boolean, 
/**
 * How many values a list or an object holds at its root.
 */
items: number | null, 
/**
 * The time it names, POSIX seconds.
 */
time: number | null, };

export type ClaimUse = "read" | "empty" | "offered" | "self_asserted" | "other";

export type Form = "time" | "text" | "code" | "link" | "structure" | "hidden";

export type Facts = { 
/**
 * The names of the claims at the root, safe to show.
 */
names: Array<string>, 
/**
 * Known paths for roles or groups that exist and are empty.
 */
empty: Array<Array<string>>, 
/**
 * Paths with one plain text where a list is usual.
 */
single: Array<Array<string>>, 
/**
 * Claims that look like roles or groups by their name but are not known: offered, not guessed.
 */
offered: Array<Array<string>>, 
/**
 * How many values or members were left out because there were more than are read.
 */
left_out: number, 
/**
 * Short values of claims that findings quote, as JSON.
 */
quoted: { [key in string]: string }, };

export type ValueClass = "everybody_has" | "guid" | "arn" | "identifier" | "flag";

export type Inspection = { 
/**
 * When they were looked at, POSIX seconds.
 */
now: Timestamp, 
/**
 * Whom they are about, in the order in which they were found. Documents about different people are never merged.
 */
people: Array<InspectedPerson>, 
/**
 * What was found and is about nobody, or could not be read; one sentence each.
 */
notes: Array<string>, 
/**
 * How many more documents there were than are read.
 */
left_out: number, };

export type InspectedPerson = { 
/**
 * Who it is said to be. The host is empty where no issuer is named.
 */
badge: Badge, 
/**
 * The issuer that is named, safe to show.
 */
issuer: string | null, 
/**
 * The provider's product, where issuer or claims show it; else the issuer's host.
 */
provider: string, 
/**
 * From what the product was told; `None` where it was not.
 */
provider_because: string | null, 
/**
 * When the newest of the documents says it was made, POSIX seconds.
 */
issued_at: number | null, 
/**
 * When the first of them ends, POSIX seconds.
 */
expires_at: number | null, 
/**
 * The documents.
 */
documents: Array<InspectedDocument>, 
/**
 * The state of all signatures together.
 */
check: SignatureCheck, 
/**
 * Roles, groups, permissions.
 */
entitlements: Entitlements, 
/**
 * What the person themself may have written; relied on nowhere.
 */
self_asserted: Entitlements, 
/**
 * What was expected, in the order in which it was named.
 */
expected: Array<Expected>, 
/**
 * What is missing or odd.
 */
findings: Array<Finding>, 
/**
 * The same for an administrator, as Markdown. It counts roles and groups and does not name them.
 */
report: string, };

export type InspectedDocument = { 
/**
 * What it is, in words: `ID token`, `userinfo`.
 */
what: string, 
/**
 * Where it was found: a file, a member of a token response, a line.
 */
from: string, 
/**
 * When it says it was made, POSIX seconds.
 */
issued_at: number | null, 
/**
 * When it says it ends, POSIX seconds.
 */
expires_at: number | null, 
/**
 * Whether a newer one of the same kind and for the same application is beside it. It is shown, not counted.
 */
superseded: boolean, 
/**
 * The state of its signature.
 */
check: SignatureCheck, 
/**
 * Its claims, explained.
 */
content: Document, };

export type SignatureCheck = { 
/**
 * How far it was checked.
 */
state: CheckState, 
/**
 * The same in a sentence.
 */
words: string, 
/**
 * The host a check would ask; `None` where there is nothing that could be checked.
 */
host: string | null, 
/**
 * The addresses that were asked.
 */
asked: Array<string>, };

export type CheckState = "fails" | "unreachable" | "not_checked" | "unsigned" | "fits";

export type Expected = { 
/**
 * Its name.
 */
value: string, 
/**
 * What it is, where it is here.
 */
kind: Kind | null, 
/**
 * Whether it is here.
 */
here: boolean, };

export type Comparison = { 
/**
 * When they were compared, POSIX seconds.
 */
now: Timestamp, 
/**
 * The one side.
 */
a: ComparedSide, 
/**
 * The other.
 */
b: ComparedSide, 
/**
 * Whether both sides name their roles and groups; a report may only count them. Without that the lists are empty and
 * nothing can be said to be the same.
 */
names_known: boolean, 
/**
 * What only the one has.
 */
only_a: Array<Found>, 
/**
 * What only the other has.
 */
only_b: Array<Found>, 
/**
 * The same but for case or prefix.
 */
spelled: Array<ComparedPair>, 
/**
 * The same value, in another claim or document, for another client, or as another kind.
 */
elsewhere: Array<ComparedPair>, 
/**
 * How many are the same in every respect.
 */
same: number, 
/**
 * What is compared besides: how each side was asked for.
 */
settings: Array<ComparedSetting>, 
/**
 * What explains the differences, from evidence.
 */
findings: Array<Finding>, 
/**
 * All of it as text, for a ticket.
 */
text: string, };

export type ComparedSide = { 
/**
 * What it is called: a profile, a file.
 */
label: string, 
/**
 * Whom it is about, where it says.
 */
who: string | null, 
/**
 * The profile's colour; `None` where it is no profile.
 */
accent_color: AccentColor | null, 
/**
 * How old it is, in words: `refreshed`, `made`, `as it stood`.
 */
when_word: string, 
/**
 * That moment, POSIX seconds.
 */
at: number | null, 
/**
 * How many roles, groups and permissions it has, where that is known.
 */
count: number | null, 
/**
 * What limits it, one sentence each.
 */
notes: Array<string>, };

export type ComparedPair = { 
/**
 * What it is at the one side.
 */
kind: Kind, 
/**
 * How the one side has it.
 */
a: Entitlement, 
/**
 * What it is at the other.
 */
kind_b: Kind, 
/**
 * How the other side has it.
 */
b: Entitlement, 
/**
 * In what they differ, a few words.
 */
differs: string, };

export type ComparedSetting = { 
/**
 * Its name: `Audience`.
 */
name: string, 
/**
 * At the one side; `None` where that is not known.
 */
a: string | null, 
/**
 * At the other.
 */
b: string | null, 
/**
 * Whether they differ, as far as both are known.
 */
differs: boolean, };

export type CompareChoice = { "is": "profile", 
/**
 * Its name.
 */
name: string, } | { "is": "past", 
/**
 * Its name.
 */
name: string, 
/**
 * When, POSIX seconds.
 */
at: Timestamp, } | { "is": "inspected", 
/**
 * Which, counted from 0.
 */
person: number, } | { "is": "pasted" };

export type PastedSide = "a" | "b";

export type HistoryPicture = { 
/**
 * Where the picture begins, POSIX seconds.
 */
from: number, 
/**
 * Where it ends: now.
 */
to: number, 
/**
 * The lines: what changed first, the newest change first; then what was there all the time.
 */
lines: Array<HistoryLine>, 
/**
 * Stretches of whole days on which nobody looked.
 */
unseen: Array<Stretch>, };

export type HistoryLine = { 
/**
 * What it is.
 */
kind: Kind, 
/**
 * Its name.
 */
value: string, 
/**
 * Whether it is here now.
 */
here: boolean, 
/**
 * Whether anything happened to it.
 */
changed: boolean, 
/**
 * When it was here, in order.
 */
spans: Array<Span>, };

export type Span = { 
/**
 * From when, POSIX seconds.
 */
from: Timestamp, 
/**
 * Until when, POSIX seconds.
 */
to: Timestamp, 
/**
 * How it began.
 */
begins: Begins, 
/**
 * How it ended.
 */
ends: Ends, };

export type Begins = "before" | "added" | "with_claim";

export type Ends = "here" | "removed" | "claim_vanished";

export type Stretch = { 
/**
 * From when, POSIX seconds.
 */
from: Timestamp, 
/**
 * Until when, POSIX seconds.
 */
to: Timestamp, };

export type Kind = "role" | "group" | "permission";

export type Became = "added" | "removed" | "claim_vanished" | "claim_appeared";

export type Timestamp = number;

