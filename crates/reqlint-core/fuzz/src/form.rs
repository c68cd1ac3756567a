//! The target of a form, which is named for its kind.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    reqlint_fuzz::read(env!("CARGO_BIN_NAME"), text);
});
