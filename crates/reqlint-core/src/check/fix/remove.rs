//! Fixes that take parts away, with the separator, option, member or line that they stand in.

use super::super::evaluate::Bound;
use super::super::fill::Scene;
use super::super::part::{FoundPart, PartKind};
use super::Draft;
use super::command::{emptied_option, word_with_option};
use super::copy::copy_of;
use super::lists::is_json_object;
use crate::diagnostic::Edit;
use crate::layer::{Codec, Layers, Place};
use crate::model::{Header, ParamIn, RequestKind};
use crate::rule::NameId;
use crate::span::Span;

/// How the items of a list are told apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Separator {
    /// One of these stands between two items.
    marks: &'static [char],
    /// These may stand around it.
    blanks: &'static [char],
}

/// `a=1&b=2`
pub(super) const PAIRS: Separator = Separator { marks: &['&'], blanks: &[] };
/// The members of a JSON object, the items of an array.
pub(super) const MEMBERS: Separator = Separator { marks: &[','], blanks: &[' ', '\t', '\n', '\r'] };
/// `a=1; b=2`
const COOKIES: Separator = Separator { marks: &[';'], blanks: &[' ', '\t'] };
/// `@{ a = 1; b = 2 }`, also with one entry a line.
pub(super) const ENTRIES: Separator = Separator { marks: &[';', '\n'], blanks: &[' ', '\t', '\r'] };

impl Draft<'_, '_, '_, '_> {
    pub(super) fn remove(&mut self, name: NameId) -> Option<()> {
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            self.remove_part(scene, part)?;
        }
        Some(())
    }

    fn remove_part(&mut self, scene: &Scene<'_, '_, '_>, part: &FoundPart) -> Option<()> {
        let request = scene.context.request;
        match part.identity.kind {
            PartKind::Param => {
                self.removed.push(part.identity.number);
                Some(())
            }
            PartKind::Segment => {
                self.remove_segment(scene, part.value)?;
                match copy_of(scene.context, part.value) {
                    Some(copy) => self.remove_segment(scene, copy),
                    None => Some(()),
                }
            }
            PartKind::Fragment | PartKind::Query => self.remove_with(scene, part.whole, 1, 0),
            PartKind::Userinfo => self.remove_with(scene, part.whole, 0, 1),
            PartKind::Header => self.remove_header(scene, &request.headers[part.identity.number]),
            PartKind::Cookie => self.remove_cookie(scene, part.whole),
            PartKind::Credential => self.remove_credential(scene, part),
            PartKind::Method if part.written => self.remove_method(scene, part.value),
            PartKind::Json if part.name.is_some() => {
                self.remove_items(scene, &[part.whole], MEMBERS)
            }
            PartKind::Json => self.remove_items(scene, &[self.item_of(scene, part.value)], MEMBERS),
            _ => None,
        }
    }

    /// A place with so many bytes before and behind it.
    fn remove_with(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        place: Place,
        before: usize,
        behind: usize,
    ) -> Option<()> {
        let start = place.span.start().checked_sub(before)?;
        let end = place.span.end() + behind;
        let whole = scene.context.layers().whole(place.layer).span;
        (end <= whole.end())
            .then(|| self.take(scene, Place::new(place.layer, Span::new(start, end))))?
    }

    /// A segment goes with the slash before it.
    fn remove_segment(&mut self, scene: &Scene<'_, '_, '_>, segment: Place) -> Option<()> {
        let layers = scene.context.layers();
        let inner = layers.parent_run(segment)?.0;
        let start = inner.span.start().checked_sub(1)?;
        let slash = Place::new(inner.layer, Span::new(start, inner.span.end()));
        layers.text(slash).starts_with('/').then_some(())?;
        let mark = Place::new(inner.layer, Span::new(start, start + 1));
        match layers.is_at_mark(mark) {
            false => self.take(scene, slash),
            // An item of a list, where the slashes are not written.
            true => self.remove_item(scene, layers.parent_run(mark)?.0),
        }
    }

    /// An item of a JSON array, as it is written.
    fn remove_item(&mut self, scene: &Scene<'_, '_, '_>, item: Place) -> Option<()> {
        let layers = scene.context.layers();
        let before = &layers.text(layers.whole(item.layer))[..item.span.start()];
        before.trim_end().ends_with(['[', ',']).then_some(())?;
        self.remove_items(scene, &[item], MEMBERS)
    }

    fn remove_header(&mut self, scene: &Scene<'_, '_, '_>, header: &Header) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        match request.kind {
            RequestKind::Wget | RequestKind::Httpie if header.implied_by.is_none() => {
                let span = word_with_option(layers, request, header.whole)?;
                self.push_edit(Edit { span, text: String::new() });
                Some(())
            }
            RequestKind::Object if !is_json_object(request, layers) => {
                self.remove_entry(scene, header)
            }
            _ if request.kind.has_entries() => self.remove_entry(scene, header),
            RequestKind::Curl => {
                // What is written of an implied field is its value.
                let place = if header.implied_by.is_some() { header.value } else { header.whole };
                let gone = layers.written(place)?;
                let option = emptied_option(layers, request, place, &gone)?;
                self.push_edit(Edit { span: option, text: String::new() });
                Some(())
            }
            RequestKind::Message if header.implied_by.is_none() => {
                let span = whole_line(layers.source(), layers.root_span(header.whole));
                self.push_edit(Edit { span, text: String::new() });
                Some(())
            }
            RequestKind::Object if header.implied_by.is_none() => {
                self.remove_items(scene, &[header.whole], MEMBERS)
            }
            RequestKind::Cmdlet if header.implied_by.is_none() => {
                self.remove_items(scene, &[header.whole], ENTRIES)
            }
            _ => None,
        }
    }

    /// An entry of a form of its own.
    fn remove_entry(&mut self, scene: &Scene<'_, '_, '_>, header: &Header) -> Option<()> {
        header.implied_by.is_none().then_some(())?;
        self.push(with_separator(scene.context.layers(), header.whole), &[])
    }

    /// A cookie goes with its separator; the only one goes with its header.
    fn remove_cookie(&mut self, scene: &Scene<'_, '_, '_>, cookie: Place) -> Option<()> {
        let request = scene.context.request;
        let holder = request.headers.iter().find(|header| {
            header.value.layer == cookie.layer && header.value.span.contains(cookie.span)
        });
        match holder {
            Some(header) if header.value == cookie => self.remove_header(scene, header),
            Some(_) => self.remove_items(scene, &[cookie], COOKIES),
            None if request.kind == RequestKind::Object
                && is_json_object(request, scene.context.layers()) =>
            {
                self.remove_items(scene, &[cookie], MEMBERS)
            }
            None => None,
        }
    }

    /// The header, parameter or cookie that holds it.
    fn remove_credential(&mut self, scene: &Scene<'_, '_, '_>, part: &FoundPart) -> Option<()> {
        let request = scene.context.request;
        let key = part.value;
        let holds = |place: Place| place.layer == key.layer && place.span.contains(key.span);
        if let Some(number) = request.params.iter().position(|param| holds(param.value)) {
            self.removed.push(number);
            return Some(());
        }
        if let Some(cookie) = request.cookies.iter().find(|cookie| cookie.value == key) {
            return self.remove_cookie(scene, cookie.whole);
        }
        let header = request.headers.iter().find(|header| holds(header.value))?;
        self.remove_header(scene, header)
    }

    fn remove_method(&mut self, scene: &Scene<'_, '_, '_>, method: Place) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let gone = layers.written(method)?;
        let span = match request.kind {
            RequestKind::Curl => emptied_option(layers, request, method, &gone)?,
            RequestKind::Object if is_json_object(request, layers) => {
                let member = member_of(layers, self.item_of(scene, method))?;
                return self.remove_items(scene, &[member], MEMBERS);
            }
            RequestKind::Message => {
                let word = layers.root_span(method);
                let rest = &layers.source()[word.end()..];
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                Span::new(word.start(), word.end() + blanks)
            }
            _ => return None,
        };
        self.push_edit(Edit { span, text: String::new() });
        Some(())
    }

    /// A JSON value as it is written, quotes included.
    pub(super) fn item_of(&self, scene: &Scene<'_, '_, '_>, text: Place) -> Place {
        let layers = scene.context.layers();
        match layers.codec(text.layer) {
            Codec::JsonString => layers.origin(text.layer),
            _ => text,
        }
    }

    /// Takes items out of a list that stands in one text.
    pub(super) fn remove_items(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        items: &[Place],
        separator: Separator,
    ) -> Option<()> {
        let layers = scene.context.layers();
        let layer = items.first()?.layer;
        if items.iter().any(|item| item.layer != layer) {
            return None;
        }
        let text = layers.text(layers.whole(layer));
        let spans: Vec<Span> = items.iter().map(|item| item.span).collect();
        for span in runs(text, spans, separator) {
            self.take(scene, Place::new(layer, span))?;
        }
        Some(())
    }

    /// Takes a text away where it is written, wherever its pieces stand.
    pub(super) fn take(&mut self, scene: &Scene<'_, '_, '_>, place: Place) -> Option<()> {
        let layers = scene.context.layers();
        let gone = layers.written(place)?;
        if let Some(option) = emptied_option(layers, scene.context.request, place, &gone) {
            self.push_edit(Edit { span: option, text: String::new() });
            return Some(());
        }
        if layers.whole(place.layer) == place || gone.is_empty() {
            // What is left of a word that becomes empty must still be a word.
            return self.push(place, &[]);
        }
        for span in gone {
            self.push_edit(Edit { span, text: String::new() });
        }
        Some(())
    }

    /// Takes the parameters away that are marked as such, list by list.
    pub(super) fn remove_params(&mut self) -> Option<()> {
        self.removed.sort_unstable();
        self.removed.dedup();
        let scene = &self.scenes[0];
        let request = scene.context.request;
        if self.empties_form(scene) {
            return None;
        }
        let mut lists: Vec<(Separator, Vec<Place>)> = Vec::new();
        let mut entries = Vec::new();
        for number in self.removed.clone() {
            let param = &request.params[number];
            let Some((item, separator)) = self.item_of_param(scene, number) else {
                entries.push(with_separator(scene.context.layers(), param.whole));
                continue;
            };
            let same = |list: &(Separator, Vec<Place>)| {
                list.0.marks == separator.marks && list.1[0].layer == item.layer
            };
            match lists.iter_mut().find(|list| same(list)) {
                Some((_, items)) if items.contains(&item) => {}
                Some((_, items)) => items.push(item),
                None => lists.push((separator, vec![item])),
            }
            debug_assert!(param.whole.layer == item.layer || param.json.is_none());
        }
        for entry in entries {
            self.push(entry, &[])?;
        }
        for (separator, items) in lists {
            match separator.marks {
                ['&'] => self.remove_pairs(scene, &items)?,
                _ => self.remove_items(scene, &items, separator)?,
            }
        }
        Some(())
    }

    /// A body that becomes empty is no longer the same request, unless it goes elsewhere.
    fn empties_form(&self, scene: &Scene<'_, '_, '_>) -> bool {
        let params = &scene.context.request.params;
        let mut form = params.iter().enumerate().filter(|(_, p)| p.location == ParamIn::Form);
        let adds = self.added.iter().any(|(location, ..)| *location == ParamIn::Form);
        let removes = self.removed.iter().any(|number| params[*number].location == ParamIn::Form);
        removes && !adds && !self.moves && form.all(|(number, _)| self.removed.contains(&number))
    }

    /// What goes with a parameter, and the kind of list that it stands in.
    fn item_of_param(
        &self,
        scene: &Scene<'_, '_, '_>,
        number: usize,
    ) -> Option<(Place, Separator)> {
        let params = &scene.context.request.params;
        let param = &params[number];
        let separator = super::lists::separator_of(scene, param)?;
        if separator.marks != MEMBERS.marks {
            return Some((param.whole, separator));
        }
        // One of the values of an array that is several parameters.
        let mut others = params.iter().enumerate().filter(|(_, other)| other.whole == param.whole);
        match others.all(|(number, _)| self.removed.contains(&number)) {
            true => Some((param.whole, separator)),
            false => Some((self.item_of(scene, param.value), separator)),
        }
    }

    /// Pairs of a query or a form. With the last of a query goes its question mark; a word of which
    /// nothing is left goes with its option.
    fn remove_pairs(&mut self, scene: &Scene<'_, '_, '_>, items: &[Place]) -> Option<()> {
        let layers = scene.context.layers();
        let layer = items[0].layer;
        let query = scene.context.request.url.query.filter(|query| query.layer == layer);
        let all = query.filter(|query| items.iter().all(|item| query.span.contains(item.span)));
        let text = layers.text(layers.whole(layer));
        let mut spans: Vec<Span> = items.iter().map(|item| item.span).collect();
        spans.sort_unstable();
        let mut gone = runs(text, spans, PAIRS);
        if let Some(query) = all
            && !self.added.iter().any(|(location, ..)| *location == ParamIn::Query)
            && gone.iter().map(|span| span.len()).sum::<usize>() == query.span.len()
        {
            gone = vec![Span::new(query.span.start().checked_sub(1)?, query.span.end())];
        }
        let mut written = Vec::new();
        for span in &gone {
            let spans = layers.written(Place::new(layer, *span))?;
            match scene.context.request.kind {
                RequestKind::Message => written.extend(with_lines(layers.source(), spans)),
                _ => written.extend(spans),
            }
        }
        for item in items {
            if let Some(option) = emptied_option(layers, scene.context.request, *item, &written) {
                written.retain(|span| !option.contains(*span));
                self.push_edit(Edit { span: option, text: String::new() });
            }
        }
        for span in written {
            self.push_edit(Edit { span, text: String::new() });
        }
        Some(())
    }
}

/// The member whose value stands at a place.
pub(super) fn member_of(layers: &Layers<'_>, value: Place) -> Option<Place> {
    let text = layers.text(layers.whole(value.layer));
    let name = text[..value.span.start()].trim_end().strip_suffix(':')?.trim_end();
    let start = name.strip_suffix('"')?.rfind('"')?;
    Some(Place::new(value.layer, Span::new(start, value.span.end())))
}

/// A line with its line end; of the last line, with the line end before it.
pub(super) fn whole_line(source: &str, inside: Span) -> Span {
    let start = source[..inside.start()].rfind('\n').map_or(0, |at| at + 1);
    match source[inside.end()..].find('\n') {
        Some(length) => Span::new(start, inside.end() + length + 1),
        None => {
            let before = source[..start].strip_suffix('\n').unwrap_or(&source[..start]);
            Span::new(before.strip_suffix('\r').unwrap_or(before).len(), source.len())
        }
    }
}

/// Parts of a query that goes on over several lines of a message, with the line ends between them,
/// and with the lines that they are all of: a blank line would end the message's head.
fn with_lines(source: &str, spans: Vec<Span>) -> Vec<Span> {
    let is_blank = |text: &str| text.chars().all(|char| char.is_whitespace() || char == '>');
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if is_blank(&source[last.end()..span.start()]) => *last = last.hull(span),
            _ => joined.push(span),
        }
    }
    for span in &mut joined {
        let start = source[..span.start()].rfind('\n').unwrap_or(0);
        let rest = source[span.end()..].split('\n').next().unwrap_or_default();
        if start > 0 && is_blank(&source[start..span.start()]) && is_blank(rest) {
            let before = source[..start].strip_suffix('\r').map_or(start, str::len);
            *span = Span::new(before, span.end() + rest.trim_end_matches('\r').len());
        }
    }
    joined
}

/// What goes when items are taken out of a list: neighbours together, with the separator before
/// them, else the one behind them.
pub(super) fn runs(text: &str, mut items: Vec<Span>, separator: Separator) -> Vec<Span> {
    items.sort_unstable();
    let skip_back = |at: usize| text[..at].trim_end_matches(separator.blanks).len();
    let skip = |at: usize| text.len() - text[at..].trim_start_matches(separator.blanks).len();
    let mark_before = |at: usize| {
        let at = skip_back(at);
        text[..at].ends_with(separator.marks).then(|| skip_back(at - 1))
    };
    let mark_behind = |at: usize| {
        let at = skip(at);
        text[at..].starts_with(separator.marks).then(|| skip(at + 1))
    };
    let mut runs: Vec<Span> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some(last) if mark_behind(last.end()) == Some(item.start()) => *last = last.hull(item),
            _ => runs.push(item),
        }
    }
    runs.iter()
        .map(|run| match (mark_before(run.start()), mark_behind(run.end())) {
            (Some(start), _) => Span::new(start, run.end()),
            (None, Some(end)) => Span::new(run.start(), end),
            (None, None) => *run,
        })
        .collect()
}

/// An entry with what sets it off from its neighbours: a comma, or its line.
pub(super) fn with_separator(layers: &Layers<'_>, entry: Place) -> Place {
    let whole = layers.whole(entry.layer);
    let text = layers.text(whole);
    let (start, end) = (entry.span.start(), entry.span.end());
    let blank = |text: &str| text.len() - text.trim_start().len();
    let after = &text[end..];
    let comma = end + blank(after);
    if text[comma..].starts_with(',') {
        let next = comma + 1 + blank(&text[comma + 1..]);
        return Place::new(entry.layer, Span::new(start, next));
    }
    let before = text[..start].trim_end();
    if before.ends_with(',') {
        return Place::new(entry.layer, Span::new(before.len() - 1, end));
    }
    let line = text[..start].rfind('\n').unwrap_or(0);
    let is_alone = matches!(text[line..start].trim(), "" | "-");
    let from = if is_alone { line } else { before.len() };
    Place::new(entry.layer, Span::new(from, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_go_with_one_separator() {
        let without = |text: &str, items: &[&str], separator| {
            let find = |item: &&str| {
                let at = text.find(*item).expect("it is there");
                Span::new(at, at + item.len())
            };
            let mut left = text.to_owned();
            for run in runs(text, items.iter().map(find).collect(), separator).iter().rev() {
                left.replace_range(run.range(), "");
            }
            left
        };
        assert_eq!(without("a=1&b=2&c=3", &["b=2"], PAIRS), "a=1&c=3");
        assert_eq!(without("a=1&b=2&c=3", &["a=1", "b=2"], PAIRS), "c=3");
        assert_eq!(without("a=1&b=2&c=3", &["a=1", "c=3"], PAIRS), "b=2");
        assert_eq!(without("a=1", &["a=1"], PAIRS), "");
        assert_eq!(without("{ 1 ,\n  2,\n  3 }", &["2", "3"], MEMBERS), "{ 1 }");
        assert_eq!(without("{ 1 ,\n  2,\n  3 }", &["1"], MEMBERS), "{ 2,\n  3 }");
        assert_eq!(without("a=1; b=2", &["a=1"], COOKIES), "b=2");
        assert_eq!(without("@{\n  a = 1\n  b = 2\n}", &["b = 2"], ENTRIES), "@{\n  a = 1\n}");
        assert_eq!(without("@{ a = 1; b = 2 }", &["a = 1"], ENTRIES), "@{ b = 2 }");
    }

    #[test]
    fn a_line_goes_with_its_end() {
        assert_eq!(whole_line("a\r\nbc\r\nd", Span::new(4, 5)), Span::new(3, 7));
        assert_eq!(whole_line("a\r\nbc", Span::new(3, 5)), Span::new(1, 5));
    }
}
