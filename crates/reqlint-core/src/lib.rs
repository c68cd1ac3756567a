//! reqlint's engine: parses HTTP requests as people write them into a model whose every part
//! knows its bytes, and checks them against declarative rules.
//!
//! It reads no file, no environment, no clock; callers bring texts and get plain data back.

pub mod api;
pub mod apply;
pub mod budget;
pub mod check;
pub mod diagnostic;
pub mod encode;
pub mod explain;
pub mod layer;
pub mod model;
pub mod pack;
pub mod parse;
pub mod rule;
pub mod secret;
pub mod span;
pub mod symptom;
