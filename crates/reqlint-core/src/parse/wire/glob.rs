//! URL globs, expanded: the texts that `{a,b}` and `[1-3]` stand for.

use crate::layer::{Hole, HoleKind, Layers, Place};

/// One URL may stand for no more than this many.
const MOST: usize = 1_000;

/// curl takes no more globs than this in one URL.
const MOST_GLOBS: usize = 100;

/// A glob, and the text that stands for it in one URL.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) place: Place,
    pub(super) text: String,
}

/// The choices of each URL that the globs in `url` make; the rightmost glob changes fastest.
///
/// Where they are too many, or cannot be listed, there is one URL with its globs as they stand.
pub(super) fn choices(layers: &Layers<'_>, url: Place) -> Vec<Vec<Choice>> {
    let is_glob = |hole: &Hole| hole.kind == HoleKind::Glob;
    if layers.holes(url).filter(is_glob).count() > MOST_GLOBS {
        return vec![Vec::new()];
    }
    let mut all: Vec<Vec<Choice>> = vec![Vec::new()];
    for hole in layers.holes(url).filter(is_glob) {
        let place = url.sub(hole.span);
        let Some(texts) = expand(layers.text(place)) else { return vec![Vec::new()] };
        if all.len() * texts.len() > MOST {
            return vec![Vec::new()];
        }
        let with = |known: &Vec<Choice>, text: &String| {
            let mut choices = known.clone();
            choices.push(Choice { place, text: text.clone() });
            choices
        };
        all =
            all.iter().flat_map(|known| texts.iter().map(move |text| with(known, text))).collect();
    }
    all
}

fn expand(glob: &str) -> Option<Vec<String>> {
    if let Some(inside) = glob.strip_prefix('[') {
        return expand_range(without_name(inside.strip_suffix(']')?));
    }
    let inside = without_name(glob.strip_prefix('{')?.strip_suffix('}')?);
    if let Some((from, to)) = inside.split_once("..")
        && !inside.contains(',')
    {
        let (to, step) = to.split_once("..").map_or((to, ""), |(to, step)| (to, step));
        let step = if step.is_empty() { String::new() } else { format!(":{step}") };
        return expand_range(&format!("{from}-{to}{step}"));
    }
    expand_list(inside)
}

/// What follows `<name>` in a glob that has one.
fn without_name(inside: &str) -> &str {
    let named = inside.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    named.map_or(inside, |(_, rest)| rest)
}

/// The parts between commas; a backslash takes the meaning of what follows.
fn expand_list(inside: &str) -> Option<Vec<String>> {
    let mut texts = vec![String::new()];
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        match char {
            '{' | '}' => return None,
            ',' => texts.push(String::new()),
            '\\' => texts.last_mut()?.push(chars.next()?),
            char => texts.last_mut()?.push(char),
        }
    }
    Some(texts)
}

/// `a-z`, `1-10`, `001-100`, each with a step behind a colon.
fn expand_range(inside: &str) -> Option<Vec<String>> {
    let (range, step) = inside.split_once(':').unwrap_or((inside, "1"));
    let step: u64 = step.parse().ok().filter(|step| *step > 0)?;
    let step = usize::try_from(step).ok()?;
    let (from, to) = range.split_once('-')?;
    if let ([from], [to]) = (from.as_bytes(), to.as_bytes())
        && from.is_ascii_alphabetic()
    {
        return Some(
            (*from..=*to).step_by(step).map(|byte| char::from(byte).to_string()).collect(),
        );
    }
    let width = if from.starts_with('0') { from.len() } else { 0 };
    let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    let texts = (from..=to).step_by(step).take(MOST + 1);
    Some(texts.map(|number| format!("{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn globs_stand_for_texts() {
        let check = |glob: &str, expected: &[&str]| {
            assert_eq!(expand(glob).unwrap_or_default(), expected, "{glob}");
        };
        check("[1-3]", &["1", "2", "3"]);
        check("[008-10]", &["008", "009", "010"]);
        check("[a-e:2]", &["a", "c", "e"]);
        check("{a,,b\\,c}", &["a", "", "b,c"]);
        check("{<n>a,b}", &["a", "b"]);
        check("[<n>1-2]", &["1", "2"]);
        check("{1..3}", &["1", "2", "3"]);
        check("[1-2:0]", &[]);
    }
}
