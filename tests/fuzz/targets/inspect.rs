//! Any text as pasted input, by itself and as each side of a comparison.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    rolecall_engine::fuzzed::inspect(&text);
    // The input is header and claims as plain JSON, encoded here, so that the fuzzer does not stop at the encoding.
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let part = |part: Option<&[u8]>| URL_SAFE_NO_PAD.encode(part.unwrap_or_default());
    let token = format!("{}.{}.c2ln", part(parts.next()), part(parts.next()));
    rolecall_engine::fuzzed::inspect(&format!("Authorization: Bearer {token}"));
    rolecall_engine::fuzzed::compare(&text, &token);
});
