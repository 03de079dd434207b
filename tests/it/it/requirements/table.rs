//! The requirements.

/// A requirement.
pub(super) struct Requirement {
    pub(super) id: &'static str,
    /// The requirement, without a full stop.
    pub(super) says: &'static str,
    /// The part of it that no test shows.
    pub(super) not_covered: &'static str,
    /// Why there is no test, where there is none.
    pub(super) untested: &'static str,
}

const fn row(id: &'static str, says: &'static str, not_covered: &'static str) -> Requirement {
    Requirement { id, says, not_covered, untested: "" }
}

pub(super) const REQUIREMENTS: &[Requirement] = &[
    row("LB-1", "The listener is on the loopback interface alone", "other network namespaces and IPv6-only machines"),
    row(
        "LB-2",
        "The socket that is bound is the one that serves, and the redirect address is made from it",
        "a profile whose ports are all taken by others, which ends its sign-in with that said",
    ),
    row(
        "LB-3",
        "The redirect address is an IP literal, or both families are taken; a squatter on the other family gets nothing",
        "machines where one family is switched off",
    ),
    row(
        "LB-4",
        "State is checked before all else; a wrong, missing or repeated one gets a constant page and changes nothing",
        "a browser that gives the state away itself",
    ),
    row("LB-5", "No path but the callback does anything", "protocols other than HTTP/1.1"),
    row("LB-6", "Host must be the bound address; a foreign Origin is refused", "a browser that sends neither"),
    row(
        "LB-7",
        "Callback pages are constants under strict headers",
        "how each browser obeys the headers: Chromium alone is run",
    ),
    row(
        "LB-8",
        "The browser is moved to an address without code and state; no token is ever in an address",
        "what a browser's extensions record before it is moved",
    ),
    row(
        "LB-9",
        "A connection of another user of this machine is dropped before it is served: it neither answers nor declines nor fills the queue, and cannot read the link from the list of processes",
        "Windows and macOS, where the owner of a connection is not asked for; a user who is root",
    ),
    row(
        "LB-10",
        "The page the browser is sent to is served before the program ends, whatever the outcome, and stands on this listener",
        "a browser that takes longer than the bounded wait",
    ),
    row(
        "OP-1",
        "Discovery names only https addresses, plain http for a loopback issuer alone; nothing else is opened",
        "what the opener of the system does with an https address",
    ),
    row(
        "OP-2",
        "The opener gets one argument, never a shell's line",
        "openers of other desktops than those tried; WSL",
    ),
    row(
        "OP-3",
        "Endpoints stand at the issuer's origin or an allowed host; redirects are not followed",
        "names that resolve to a private address later (DNS rebinding)",
    ),
    row(
        "OP-4",
        "An answer to one provider's request is never redeemed at another: a redirect path of the issuer's own where `iss` is not announced, `iss` required where it is",
        "applications registered at an older address, which go on working with a note",
    ),
    row(
        "OP-5",
        "What a profile was given for one issuer is not carried to another",
        "a profile that is changed by hand in the file",
    ),
    row(
        "ID-1",
        "Algorithms come from a list of our own; none and HS* are refused",
        "keys that are weak by the way they were made",
    ),
    row(
        "ID-2",
        "The ID token's signature is always checked",
        "a provider that was made to publish the key of somebody else",
    ),
    row("ID-3", "A claim of the wrong type is refused, never absent", "claims that nothing here decides by"),
    row("ID-4", "nonce, iss, aud, azp, exp and iat are checked", "`acr` and `amr`, which are shown and not judged"),
    row(
        "ID-5",
        "A refreshed ID token must be about the same person, issuer and sign-in",
        "`acr` and `amr`, which may change with a refresh",
    ),
    row(
        "TK-1",
        "Tokens appear nowhere but where they are asked for: no log, error, argument, environment, address, file, debug output or window title",
        "the release build of the window; swap and hibernation",
    ),
    row(
        "TK-2",
        "A token that the provider repeats is redacted before it reaches a file, a front end, a report or a notification",
        "a token in pieces smaller than its half or 24 letters and digits, turned around or encrypted; an opaque one that was replaced before the last refresh",
    ),
    row(
        "TK-3",
        "A core of any program, made at any time, holds no refresh token",
        "a debugger of the same user, and root",
    ),
    row(
        "TK-4",
        "What is called verified is verified for this issuer, time and type; `has-role` never says yes on less unasked",
        "opaque access tokens, which are only passed on",
    ),
    row(
        "DOC-1",
        "Claims cost no more than a bound, in memory, time and files, and what was cut is said",
        "documents that are not JSON",
    ),
    row("UI-1", "No command of the page returns a token", "a token that a person pastes into a field of the page"),
    row(
        "UI-2",
        "Commands are denied unless a capability allows them",
        "commands that a later version of Tauri brings along",
    ),
    row("UI-3", "The page loads nothing from elsewhere", "Windows' and macOS' webviews"),
    row("UI-4", "The window goes nowhere and opens none", "Windows' and macOS' webviews"),
    row(
        "UI-5",
        "The page is not steered from outside",
        "a process that runs as the same user and attaches to the program",
    ),
    row(
        "UI-6",
        "Groups that were too many are told as left out, never as none",
        "providers that leave groups out and do not say so",
    ),
    row(
        "RF-1",
        "One token request however many threads and processes ask",
        "folders shared over a network without locks, see AV-2",
    ),
    row(
        "RF-2",
        "What has been sent is not cancelled",
        "power loss: the killed process stands in for it, the disk's own cache is not tried",
    ),
    row("RF-3", "Without the lock there is no refresh", "a file system that confirms a lock and does not keep it"),
    row(
        "RF-4",
        "A refused token ends the session only if it is still the stored one",
        "one session copied by hand to two computers",
    ),
    row(
        "RF-5",
        "A dead network or a failing provider never ends a session",
        "captive portals other than one that answers a page",
    ),
    row(
        "RF-6",
        "Answers that leave members out or give odd ones are taken as the standard says",
        "members that no provider known here sends",
    ),
    row("RF-7", "What could not be stored is held and tried again", "a program that is killed while it holds it"),
    row(
        "RF-8",
        "Deadlines survive a suspended computer and a clock that is set, be it to 1970 or 2100",
        "a real suspend: the clocks are stood in for, or shifted below the program",
    ),
    row(
        "RF-9",
        "No exit of any program drops a sign-in, refresh, revocation or write that was sent",
        "SIGKILL, SIGQUIT and power loss, for which see RF-2; the end of a Windows or macOS session",
    ),
    row(
        "RF-10",
        "A refusal of the refresh token in any form ends in \"sign in again\"; what is none never does",
        "forms that no provider known here uses",
    ),
    row(
        "KC-1",
        "A silent key store is told of in time and never blocks",
        "KWallet, Keychain and the Credential Manager",
    ),
    row(
        "KC-2",
        "No plain file, ever; the store is tried before the browser opens",
        "the files of the key store itself",
    ),
    row(
        "KC-3",
        "Large sessions go in parts; half a write reads as the session before",
        "the Credential Manager's limit is stood in for; `cargo xtask check-windows` tries it under Wine",
    ),
    row("KC-4", "A store that comes up later is found", "a key store that comes up and answers wrongly"),
    row("KC-5", "No two profiles share an item", "another program that writes under our names on purpose"),
    row(
        "KC-6",
        "Signing out revokes, deletes and says what failed",
        "a provider that confirms a revocation and does not carry it out",
    ),
    row(
        "KC-7",
        "Whatever stands in the key store is named by a file that was there first",
        "a state folder that a person deletes",
    ),
    row(
        "DR-1",
        "The directory is asked only by a person's act; could not be asked is never told as not assigned",
        "products whose APIs can't be had here answer as their documents say",
    ),
    row(
        "DR-2",
        "A token made for the directory, and one that its answer repeats, reach no file, no output and no view",
        "a token in pieces too short to tell, see TK-2",
    ),
    row(
        "DR-3",
        "Asking the directory costs no session and widens none: a rotated refresh token is stored, access token and scopes stay, a refusal ends nothing, a token for another audience is not used",
        "a provider that widens a session unasked",
    ),
    row(
        "DR-4",
        "A directory's answer is bounded in pages, bytes and time, and a next page stands where the first one did; what was cut is told as asked in part",
        "a directory that sorts its pages anew while it is asked",
    ),
    row(
        "KC-8",
        "After tokens are stored or deleted, a failing file is told as what it is",
        "a network file system that confirms a write and loses it",
    ),
    row("SI-1", "A second start shows the first and ends", "Windows and macOS"),
    row("CB-1", "A copied token is marked as secret", "clipboard managers themselves; Windows and macOS"),
    row("CB-2", "It is taken back, if it is still ours", "a computer that sleeps beyond the end of the program"),
    Requirement {
        untested: "the command line has no copy",
        ..row("CB-3", "A copy from the command line says when it can't be", "nothing")
    },
    row(
        "CLI-1",
        "Nothing from the network acts on a terminal",
        "terminals with escapes of their own outside the ranges taken away",
    ),
    row(
        "CLI-2",
        "A token goes to standard output alone, and not to a screen unasked",
        "a program that reads the pipe and shows it",
    ),
    row("CLI-3", "Profiles can't be mixed up", "a file in which two programs of other makers write at once"),
    row(
        "CLI-4",
        "Nothing from the network is live markup in a notification, a report, a link or a terminal; invisible characters are told by Unicode property",
        "markup dialects of notification servers other than the standard's",
    ),
    row("CLI-5", "A value in a table for a spreadsheet is no formula there", "spreadsheets with rules of their own"),
    row(
        "PD-1",
        "A pasted document is kept nowhere and sent nowhere; its issuer is asked for its keys alone, and only on request",
        "what the system's clipboard keeps of it",
    ),
    row(
        "PD-2",
        "No token in a pasted document comes out again: not in an answer, a note, an error, a log or the page's views",
        "a token that was encoded in a way of its own",
    ),
    row("PD-3", "Documents about different people are never taken for one person's", "nothing known"),
    row(
        "PD-4",
        "A report names no role and no group unless the person wants that",
        "names that stand in a claim's name or in the profile's own name",
    ),
    row(
        "AV-1",
        "Memory, disk and time of reading claims grow linearly with their size, under a cap that is said",
        "answers beyond two megabytes, which are not read at all",
    ),
    row(
        "AV-2",
        "No lock is waited for without a bound, and none of another user's at all",
        "network file systems themselves: one without locks is stood in for",
    ),
    row(
        "RE-1",
        "A receiver is asked on request alone, with the credential it gets anyway: no token of ours goes to it by argument, environment, input or file",
        "what the kubeconfig's own plug-in does",
    ),
    row(
        "RE-2",
        "Asking a receiver is bounded in time and size, and what was started for it ends with it",
        "Windows, where only kubectl itself is ended",
    ),
    row(
        "TG-1",
        "A token goes only to a place the profile names; what a caller, a project's file or a server says chooses among them and adds none",
        "a program that runs as you and asks for the token itself",
    ),
    row(
        "TG-2",
        "A kept token is handed out for exactly what it was asked for, and one that came for something else is told and not used",
        "an opaque token, whose audience nobody but its API can read",
    ),
    row(
        "TG-3",
        "With nobody at the keyboard no program opens a browser; one at a time does else, and none for minutes after that failed",
        "`rolecall login` and the window, which a person starts",
    ),
    row(
        "SC-1",
        "Known weaknesses of dependencies are looked for",
        "weaknesses published after the lists were last read, see `advisories.toml`",
    ),
    row(
        "CF-1",
        "Every conformance module that a native public client can meet is replayed",
        "the suite itself, which needs a server of the OpenID Foundation; this is no certification",
    ),
];
