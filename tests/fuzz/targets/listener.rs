//! One connection to the listener, up to the end of the request head.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rolecall_engine::fuzzed::listener(bytes));
