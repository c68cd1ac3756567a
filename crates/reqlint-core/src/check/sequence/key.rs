//! What exchanges have in common: the values of `same`, as one number.

use crate::check::context::Context;
use crate::check::part::PartKind;
use crate::layer::{HoleKind, Place};
use crate::model::BodyKind;
use crate::rule::Same;
use xxhash_rust::xxh3::Xxh3;

/// A number that is the same for exchanges that agree in all these values; none where one of
/// them is not known.
pub(crate) fn key_of(context: &Context<'_, '_>, same: &[Same]) -> Option<u128> {
    let mut hash = Xxh3::new();
    for value in same {
        hash.update(value.name().as_bytes());
        hash.update(&[0]);
        add(context, *value, &mut hash)?;
    }
    Some(hash.digest128())
}

fn add(context: &Context<'_, '_>, value: Same, hash: &mut Xxh3) -> Option<()> {
    let url = &context.request.url;
    let open = context.request.open;
    match value {
        Same::Server => match crate::check::origin_of(context.document, context.request) {
            Some(origin) => hash.update(origin.server().as_bytes()),
            None => {
                let place = url.origin_hole.or(url.host);
                place.map_or(Some(()), |place| add_text(context, place, hash))?;
            }
        },
        Same::Credential => return add_credentials(context, hash),
        Same::Method if open.method => return None,
        Same::Method => add_text(context, context.request.method.name, hash)?,
        Same::Path => add_text(context, url.path, hash)?,
        Same::Query => url.query.map_or(Some(()), |place| add_text(context, place, hash))?,
        Same::Body => match (context.request.body.kind, context.request.body.place) {
            (BodyKind::File | BodyKind::Unknown, _) => return None,
            (_, Some(place)) => add_text(context, place, hash)?,
            (_, None) if open.body => return None,
            (_, None) => {}
        },
    }
    hash.update(&[0]);
    Some(())
}

/// The keys that are sent: those of the description's security schemes, else what headers send.
fn add_credentials(context: &Context<'_, '_>, hash: &mut Xxh3) -> Option<()> {
    let open = context.request.open;
    let mut any = false;
    if context.security_schemes().next().is_some() {
        for part in context.parts.of(context, PartKind::Credential) {
            add_text(context, part.value, hash)?;
            hash.update(&[0]);
            any = true;
        }
    } else {
        for name in ["authorization", "cookie"] {
            for field in context.request.headers_named(context.layers(), name) {
                add_text(context, field.value, hash)?;
                hash.update(&[0]);
                any = true;
            }
        }
    }
    // Where headers may be missing, two clients cannot be told apart by what is not there.
    (any || !open.headers).then_some(())
}

/// A text, of which two that are written alike are the same; none where they need not be.
fn add_text(context: &Context<'_, '_>, place: Place, hash: &mut Xxh3) -> Option<()> {
    let is_stable = |kind| matches!(kind, HoleKind::Variable | HoleKind::Placeholder);
    let stable = context.layers().holes(place).all(|hole| is_stable(hole.kind));
    stable.then(|| hash.update(context.text(place).as_bytes()))
}
