//! A YAML tree with spans.
