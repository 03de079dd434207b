//! Any text as the configuration file.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rolecall_engine::fuzzed::config(&String::from_utf8_lossy(bytes)));
