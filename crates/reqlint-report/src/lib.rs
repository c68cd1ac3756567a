//! Writes diagnostics.
