//! Any bytes as an NGINX configuration, and as a pasted issuer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_engine::config::{Product, issuer_from, read_nginx};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = read_nginx(&text, false);
    let _ = issuer_from(&text, Product::OTHER);
});
