//! Requests as curl commands for bash.

use super::Outgoing;
use reqlint_core::encode::{Chunk, shell_word};

/// One command, with its line end.
pub(super) fn write(request: &Outgoing) -> String {
    let mut words = vec!["curl".to_owned()];
    let literal =
        |chunk: &Chunk| matches!(chunk, Chunk::Text(text) if text.contains(['[', ']', '{', '}']));
    if !request.globs && request.url.iter().any(literal) {
        words.push("-g".to_owned());
    }
    if request.dots {
        words.push("--path-as-is".to_owned());
    }
    words.extend(method(request));
    words.push(shell_word(&request.url));
    let typed = |name: &str| name.eq_ignore_ascii_case("content-type");
    for (name, value) in &request.headers {
        words.push("-H".to_owned());
        words.push(shell_word(&field(name, value)));
    }
    if let Some(body) = &request.body {
        // curl would call any data a form.
        if !request.headers.iter().any(|(name, _)| typed(name)) {
            words.extend(["-H".to_owned(), "'Content-Type:'".to_owned()]);
        }
        words.extend(["--data-raw".to_owned(), shell_word(body)]);
    }
    words.join(" ") + "\n"
}

fn method(request: &Outgoing) -> Vec<String> {
    let implied = match request.body {
        Some(_) => "POST",
        None => "GET",
    };
    match request.method.as_str() {
        method if method == implied => Vec::new(),
        "HEAD" if request.body.is_none() => vec!["-I".to_owned()],
        method => vec!["-X".to_owned(), shell_word(&Chunk::text(method))],
    }
}

/// `Name: value`, or `Name;` for a field without a value.
fn field(name: &str, value: &[Chunk]) -> Vec<Chunk> {
    if value.is_empty() {
        return Chunk::text(format!("{name};"));
    }
    let mut field = Chunk::text(format!("{name}: "));
    field.extend(value.iter().cloned());
    field
}
