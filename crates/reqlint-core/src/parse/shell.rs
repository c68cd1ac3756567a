//! POSIX and bash text: commands, words, here-documents.
