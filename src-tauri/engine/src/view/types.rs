//! Makes `ui/view.d.ts`, the page's view of these types: compared by the tests, written by `cargo xtask generate`.

use std::fmt::Write as _;

use ts_rs::{Config, TS};

use super::{
    AboutSomebody, Badge, CheckState, CodeUser, CompareChoice, ComparedPair, ComparedSetting, ComparedSide, Comparison,
    Connection, ConnectionEffect, Copied, DirectoryPanel, Draft, Expected, Inactive, InactiveReason, InspectedDocument,
    InspectedPerson, Inspection, IssuerCheck, KeyStoreInfo, KeyStoreState, KnownClusters, LastSignIn, Missing,
    NginxDraft, Notice, OtherDevice, PastedSide, ProfileState, ProfileSummary, SavedConnection, Screen, SignatureCheck,
    SignedIn, View, Waiting,
};
use crate::config::{
    AccentColor, ClientSecretState, Expect, Expectation, GuideField, Product, Setting, Settings, SetupGuide, Theme,
};
use crate::documents::{Claim, ClaimUse, Document, Documents, Form, Signature};
use crate::findings::{About, Finding, Found, Snippet, Why};
use crate::history::{Became, Begins, Change, Ends, HistoryLine, HistoryPicture, Kind, Moment, Span, Stretch};
use crate::identity::{
    Asked, Directory, DocumentKind, DocumentReport, DocumentState, Entitlement, Entitlements, Facts, KindAnswer,
    Source, Through, ValueClass, Verified,
};
use crate::ports::Timestamp;
use crate::problem::{Code, Remedy, Severity};
use crate::receivers::{
    ClaimReading, Clusters, Context, CouldNotAsk, Credential, NameReading, Reason, Receiver, ReceiverAnswer,
    ReceiverKind, SeenAs, SentToken,
};
use crate::session::Step;
use crate::tokens::TokenKind;

#[test]
#[expect(clippy::too_many_lines, reason = "a list, read line by line")]
fn the_page_knows_every_type_it_draws() {
    let mut text = String::from("// Generated from src-tauri/engine/src/view by its tests. Do not edit.\n\n");
    macro_rules! declare {
        ($($name:ty),+ $(,)?) => {
            $(
                let declaration = <$name>::decl(&Config::default());
                writeln!(text, "export {declaration}\n").unwrap();
            )+
        };
    }
    declare!(
        View,
        Screen,
        SignedIn,
        Inactive,
        InactiveReason,
        Waiting,
        OtherDevice,
        CodeUser,
        Step,
        Badge,
        LastSignIn,
        ProfileSummary,
        ProfileState,
        Notice,
        Remedy,
        Code,
        Copied,
        TokenKind,
        KeyStoreInfo,
        KeyStoreState,
        IssuerCheck,
        Draft,
        Connection,
        SavedConnection,
        ClientSecretState,
        ConnectionEffect,
        NginxDraft,
        SetupGuide,
        GuideField,
        Product,
        AccentColor,
        Settings,
        Theme,
        Setting,
        Expect,
        Expectation,
        Entitlements,
        Entitlement,
        Source,
        DocumentKind,
        Through,
        Verified,
        DocumentReport,
        DocumentState,
        Finding,
        About,
        Severity,
        Snippet,
        Change,
        Moment,
        Why,
        Found,
        Missing,
        DirectoryPanel,
        Directory,
        KindAnswer,
        Asked,
        AboutSomebody,
        Receiver,
        ReceiverKind,
        ReceiverAnswer,
        SeenAs,
        NameReading,
        ClaimReading,
        CouldNotAsk,
        Reason,
        SentToken,
        Clusters,
        Context,
        Credential,
        KnownClusters,
        Documents,
        Document,
        Signature,
        Claim,
        ClaimUse,
        Form,
        Facts,
        ValueClass,
        Inspection,
        InspectedPerson,
        InspectedDocument,
        SignatureCheck,
        CheckState,
        Expected,
        Comparison,
        ComparedSide,
        ComparedPair,
        ComparedSetting,
        CompareChoice,
        PastedSide,
        HistoryPicture,
        HistoryLine,
        Span,
        Begins,
        Ends,
        Stretch,
        Kind,
        Became,
        Timestamp,
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/view.d.ts");
    if std::env::var_os("ROLECALL_GENERATE").is_some() {
        std::fs::write(path, text).unwrap();
    } else {
        // A checkout on Windows may have other line ends.
        let there = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
        assert!(there == text, "ui/view.d.ts is not what these types make of it; run `cargo xtask generate`");
    }
}
