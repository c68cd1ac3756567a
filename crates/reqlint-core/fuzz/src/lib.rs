//! What must hold of any text, read as any form: nothing panics, and every place is one of the source.

use reqlint_core::encode::Chunk;
use reqlint_core::layer::Place;
use reqlint_core::model::{Document, Kind, Response};
use reqlint_core::parse::wire::wire;
use reqlint_core::parse::{looks_like_requests, parse, recognize};
use reqlint_core::secret::find_secrets;

/// Reads a text as the form of that name; with the name `detect`, as what it is taken for.
pub fn read(form: &str, text: &str) {
    let kind = match Kind::from_name(form) {
        Some(kind) => kind,
        None => match recognize(None, text) {
            Some(found) => found.kind,
            None => return,
        },
    };
    looks_like_requests(kind, text);
    let document = parse(text, kind);
    for place in places(&document) {
        let span = document.layers.root_span(place);
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
    }
    for request in &document.requests {
        wire(&document, request);
        for param in &request.params {
            // Whether it can be written or not, the edit is one of the source.
            if let Ok(edit) = document.layers.encode(param.value, &Chunk::text("a'b\"c $d")) {
                assert!(text.get(edit.span.range()).is_some());
            }
        }
    }
    for span in find_secrets(&document) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
    }
}

fn places(document: &Document<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = document.findings.iter().map(|finding| finding.place).collect();
    for request in &document.requests {
        places.extend([request.place, request.url.whole, request.url.path, request.method.name]);
        places.extend(request.params.iter().flat_map(|one| [one.whole, one.name, one.value]));
        places.extend(request.headers.iter().flat_map(|one| [one.whole, one.name, one.value]));
        places.extend(request.findings.iter().map(|finding| finding.place));
        places.extend(request.body.place);
        let responses = request.exchange.iter().flat_map(|exchange| &exchange.responses);
        places.extend(responses.flat_map(of_response));
    }
    places
}

fn of_response(response: &Response) -> Vec<Place> {
    let fields = response.headers.iter().flat_map(|field| [field.name, field.value]);
    fields.chain([response.place]).chain(response.body.place).collect()
}
