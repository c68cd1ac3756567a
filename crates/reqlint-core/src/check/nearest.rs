//! Where a path that the description does not know leaves the nearest one that it knows, and why.

use super::context::{Context, Route};
use super::truth::Truth;
use crate::api::{RoutePath, SegmentText, TemplateSegment};
use crate::layer::Place;
use crate::span::Span;

/// The kinds of differences between a path and the nearest one of the description.
pub(crate) const KINDS: &[&str] =
    &["prefix", "version", "slash", "case", "typo", "id", "segment", "other", "none"];

/// How much two paths may differ and still be near.
const NEAR: f64 = 1.5;
/// How much two words may differ, in parts of their length, and one still be the other mistyped.
const TYPO: f64 = 0.4;

/// A difference.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// One of [`KINDS`].
    pub(crate) kind: &'static str,
    /// The piece of the path that differs.
    pub(crate) place: Place,
    /// What stands there in the nearest path, where that can be written.
    pub(crate) expected: Option<String>,
    /// The nearest path.
    pub(crate) nearest: Option<String>,
}

/// The difference; none where the description knows the path, or may know it.
pub(crate) fn find_difference(context: &Context<'_, '_>) -> Option<Difference> {
    if *context.route() != Route::None || context.applies != Truth::Yes {
        return None;
    }
    let url = &context.request.url;
    let path = Path { place: url.path, spans: spans_of(context.text(url.path)) };
    let segments = context.segment_texts();
    if path.spans.len() != segments.len() {
        return Some(path.whole("none", None, None));
    }
    by_slash(context, &path, &segments)
        .or_else(|| by_segments(context, &path, &segments))
        .or_else(|| Some(path.whole("none", None, None)))
}

/// A path as it is written.
struct Path {
    place: Place,
    /// The bytes of each segment.
    spans: Vec<Span>,
}

impl Path {
    fn sub(&self, span: Span) -> Place {
        self.place.sub(span)
    }

    fn whole(
        &self,
        kind: &'static str,
        expected: Option<String>,
        nearest: Option<String>,
    ) -> Difference {
        Difference { kind, place: self.place, expected, nearest }
    }
}

/// The bytes of the segments of a path.
fn spans_of(path: &str) -> Vec<Span> {
    let start = usize::from(path.starts_with('/'));
    let mut at = start;
    let segment = |text: &str| {
        let span = Span::new(at, at + text.len());
        at += text.len() + 1;
        span
    };
    path[start..].split('/').map(segment).collect()
}

/// A slash too many or too few.
fn by_slash(
    context: &Context<'_, '_>,
    path: &Path,
    segments: &[SegmentText<'_>],
) -> Option<Difference> {
    let written = context.text(path.place);
    let known = |segments: &[SegmentText<'_>]| match context.route_of(segments) {
        Route::Path(number) => Some(context.path(number).template.clone()),
        _ => None,
    };
    if let [rest @ .., SegmentText::Known("")] = segments
        && let Some(nearest) = known(rest)
    {
        let end = written.len();
        let place = path.sub(Span::new(end - 1, end));
        let expected = Some(String::new());
        return Some(Difference { kind: "slash", place, expected, nearest: Some(nearest) });
    }
    let mut longer = segments.to_vec();
    longer.push(SegmentText::Known(""));
    if let Some(nearest) = known(&longer) {
        return Some(path.whole("slash", Some(format!("{written}/")), Some(nearest)));
    }
    let is_empty = |segment: &SegmentText<'_>| *segment == SegmentText::Known("");
    let kept: Vec<SegmentText<'_>> =
        segments.iter().filter(|segment| !is_empty(segment)).copied().collect();
    if kept.len() == segments.len() {
        return None;
    }
    let nearest = known(&kept)?;
    let texts = path.spans.iter().map(|span| &written[span.range()]);
    let joined: String =
        texts.filter(|text| !text.is_empty()).flat_map(|text| ["/", text]).collect();
    Some(path.whole("slash", Some(joined), Some(nearest)))
}

/// What turns one list of segments into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Both have it.
    Same,
    /// One stands for the other: their numbers.
    Changed(usize, usize),
    /// Only the request has it.
    Extra(usize),
    /// Only the template has it; the number of the request's segment before which it belongs.
    Missing(usize, usize),
}

fn by_segments(
    context: &Context<'_, '_>,
    path: &Path,
    segments: &[SegmentText<'_>],
) -> Option<Difference> {
    let mut best: Option<(f64, &RoutePath, Vec<Step>)> = None;
    for template in context.paths() {
        if template.segments.len().abs_diff(segments.len()) > 3 {
            continue;
        }
        let Some((cost, steps)) = align(segments, &template.segments) else { continue };
        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
            best = Some((cost, template, steps));
        }
    }
    let (_, template, steps) = best?;
    Some(describe(context, path, segments, template, &steps))
}

/// The cheapest way from the segments of a request to those of a template; none where they are not
/// near, or have no word in common.
fn align(segments: &[SegmentText<'_>], template: &[TemplateSegment]) -> Option<(f64, Vec<Step>)> {
    let (rows, columns) = (segments.len(), template.len());
    let mut costs = vec![vec![0.0_f64; columns + 1]; rows + 1];
    for row in 1..=rows {
        costs[row][0] = costs[row - 1][0] + 1.0;
    }
    for column in 1..=columns {
        costs[0][column] = costs[0][column - 1] + absence(&template[column - 1]);
    }
    for row in 1..=rows {
        for column in 1..=columns {
            let changed = costs[row - 1][column - 1]
                + distance(&segments[row - 1], &template[column - 1]).unwrap_or(2.5);
            let extra = costs[row - 1][column] + 1.0;
            let missing = costs[row][column - 1] + absence(&template[column - 1]);
            costs[row][column] = changed.min(extra).min(missing);
        }
    }
    let cost = costs[rows][columns];
    if cost > NEAR {
        return None;
    }
    let steps = trace(&costs, segments, template);
    let has_word = steps.iter().zip(aligned_words(&steps, template));
    let words = has_word.filter(|(step, word)| **step == Step::Same && *word).count();
    let typos = steps.iter().filter(|step| matches!(step, Step::Changed(..))).count();
    (words > 0 || (typos == 1 && steps.len() == 1)).then_some((cost, steps))
}

/// For each step, whether it is about a word of the template rather than a parameter.
fn aligned_words(steps: &[Step], template: &[TemplateSegment]) -> Vec<bool> {
    let mut column = 0;
    let mut words = Vec::new();
    for step in steps {
        let is_word = matches!(template.get(column), Some(TemplateSegment::Literal(_)));
        words.push(is_word);
        if !matches!(step, Step::Extra(_)) {
            column += 1;
        }
    }
    words
}

fn trace(
    costs: &[Vec<f64>],
    segments: &[SegmentText<'_>],
    template: &[TemplateSegment],
) -> Vec<Step> {
    let same = |one: f64, other: f64| (one - other).abs() < 1e-9;
    let (mut row, mut column) = (segments.len(), template.len());
    let mut steps = Vec::new();
    while row > 0 || column > 0 {
        let here = costs[row][column];
        if row > 0 && column > 0 {
            let change = distance(&segments[row - 1], &template[column - 1]).unwrap_or(2.5);
            if same(here, costs[row - 1][column - 1] + change) {
                let step = Step::Changed(row - 1, column - 1);
                steps.push(if change == 0.0 { Step::Same } else { step });
                (row, column) = (row - 1, column - 1);
                continue;
            }
        }
        if column > 0 && same(here, costs[row][column - 1] + absence(&template[column - 1])) {
            steps.push(Step::Missing(row, column - 1));
            column -= 1;
        } else {
            steps.push(Step::Extra(row - 1));
            row -= 1;
        }
    }
    steps.reverse();
    steps
}

/// What it costs to leave a segment of a template out.
fn absence(segment: &TemplateSegment) -> f64 {
    match segment {
        TemplateSegment::Literal(_) => 1.0,
        TemplateSegment::Parameter { .. } => 0.9,
    }
}

/// How far a segment is from one of a template; none where they have nothing in common.
fn distance(segment: &SegmentText<'_>, template: &TemplateSegment) -> Option<f64> {
    match (segment, template) {
        (SegmentText::Known(""), TemplateSegment::Parameter { .. }) => None,
        (_, TemplateSegment::Parameter { .. }) => Some(0.0),
        (SegmentText::Known(text), TemplateSegment::Literal(word)) => words_apart(text, word),
        (SegmentText::Partly { before, after }, TemplateSegment::Literal(word)) => {
            let fits = word.len() >= before.len() + after.len()
                && word.starts_with(before)
                && word.ends_with(after);
            fits.then_some(0.0)
        }
        (SegmentText::Unknown, TemplateSegment::Literal(_)) => Some(0.0),
    }
}

fn words_apart(text: &str, word: &str) -> Option<f64> {
    if text == word {
        return Some(0.0);
    }
    if is_version(text) && is_version(word) {
        return Some(0.5);
    }
    let (lower, known) = (text.to_lowercase(), word.to_lowercase());
    if lower == known {
        return Some(0.3);
    }
    let plain = |text: &str| text.replace(['-', '_'], "");
    if plain(&lower) == plain(&known) {
        return Some(0.4);
    }
    let length = lower.chars().count().max(known.chars().count());
    let edits = strsim::damerau_levenshtein(&lower, &known);
    let apart = f64::from(u32::try_from(edits).ok()?) / f64::from(u32::try_from(length).ok()?);
    (apart <= TYPO).then_some(0.4 + apart)
}

/// `v1`, `2`, `v2.1`, `2024-01-01`.
fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
}

/// The difference that the steps come to.
fn describe(
    context: &Context<'_, '_>,
    path: &Path,
    segments: &[SegmentText<'_>],
    template: &RoutePath,
    steps: &[Step],
) -> Difference {
    let written = context.text(path.place);
    let nearest = Some(template.template.clone());
    let literal = |number: usize| match &template.segments[number] {
        TemplateSegment::Literal(word) => Some(word.clone()),
        TemplateSegment::Parameter { .. } => None,
    };
    let word_before = |number: usize| {
        steps.iter().take(number).all(|step| matches!(step, Step::Missing(..) | Step::Extra(_)))
    };
    let changes: Vec<(usize, Step)> =
        steps.iter().copied().enumerate().filter(|(_, step)| *step != Step::Same).collect();
    let corrected = || rewritten(written, path, template, steps);
    let is_head = !changes.is_empty()
        && changes.iter().all(|(number, _)| word_before(*number))
        && !changes.iter().any(|(_, step)| matches!(step, Step::Changed(..)));
    if is_head {
        return path.whole("prefix", corrected(), nearest);
    }
    let [(_, change)] = changes.as_slice() else {
        return path.whole("other", corrected(), nearest);
    };
    match *change {
        Step::Changed(row, column) => {
            let word = literal(column).unwrap_or_default();
            let text = match segments[row] {
                SegmentText::Known(text) => text,
                _ => "",
            };
            let kind = match text {
                _ if is_version(text) && is_version(&word) => "version",
                _ if text.eq_ignore_ascii_case(&word) => "case",
                _ => "typo",
            };
            let place = path.sub(path.spans[row]);
            Difference { kind, place, expected: Some(word), nearest }
        }
        Step::Extra(row) => {
            let is_word = matches!(segments[row], SegmentText::Known(text) if is_plain_word(text));
            let kind = if is_word { "segment" } else { "id" };
            Difference { kind, place: path.sub(path.spans[row]), expected: None, nearest }
        }
        Step::Missing(row, column) => {
            let kind = if literal(column).is_some() { "segment" } else { "id" };
            let at = path.spans.get(row.saturating_sub(1)).copied();
            let place = at.map_or(path.place, |span| path.sub(span));
            Difference { kind, place, expected: None, nearest }
        }
        Step::Same => path.whole("other", None, nearest),
    }
}

/// Letters only: a word rather than an id.
fn is_plain_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_')
}

/// The path as the template has it, with the request's own texts for parameters; none where a
/// parameter is missing.
fn rewritten(written: &str, path: &Path, template: &RoutePath, steps: &[Step]) -> Option<String> {
    let mut out = String::new();
    let (mut row, mut column) = (0, 0);
    for step in steps {
        let segment = match step {
            Step::Extra(_) => {
                row += 1;
                continue;
            }
            Step::Same => {
                (row, column) = (row + 1, column + 1);
                written[path.spans[row - 1].range()].to_owned()
            }
            Step::Changed(..) | Step::Missing(..) => {
                row += usize::from(matches!(step, Step::Changed(..)));
                column += 1;
                match &template.segments[column - 1] {
                    TemplateSegment::Literal(word) => word.clone(),
                    TemplateSegment::Parameter { .. } => return None,
                }
            }
        };
        out.push('/');
        out.push_str(&segment);
    }
    Some(out)
}
