//! One connection to the listener, as far as its head goes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rolecall_engine::fuzzed::listener(bytes));
