//! Regular expressions on texts with holes.
//!
//! Three questions, the cheap ones first. Can any filling of the holes match? The states of the
//! expression that the known bytes lead to say so, where a hole leads to all that follow. Is there
//! a filling that does not match? A few samples mostly find one. Where all of them match, an
//! automaton that reads whole texts decides: a hole moves it to every state that one or more
//! characters can lead to, and if all states at the end accept, every filling matches.

mod reach;

use super::truth::Truth;
use crate::layer::Hole;
use reach::Reach;
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How large an automaton may become, in bytes. Beyond it the answer is unknown.
const SIZE_LIMIT: usize = 1 << 20;

/// What holes are filled with to find a text that does not match.
const SAMPLES: [&str; 5] = ["x", "0", " ", ":", "é"];

/// For how many texts the answer is remembered.
const MOST_KNOWN: usize = 1024;

/// An expression that can be asked about texts of which some parts are unknown.
#[derive(Clone, Debug)]
pub struct HoleRegex {
    source: String,
    reach: Option<Reach>,
    automaton: Arc<OnceLock<Option<Automaton>>>,
    /// Answers by the known parts of texts: most texts with holes are written again and again.
    known: Arc<Mutex<FxHashMap<Box<[u8]>, Truth>>>,
}

impl HoleRegex {
    /// Prepares an expression.
    pub fn new(source: &str) -> Self {
        HoleRegex {
            source: source.to_owned(),
            reach: Reach::new(source),
            automaton: Arc::default(),
            known: Arc::default(),
        }
    }

    /// Whether the expression is found in every filling of the holes, in none, or in some; unknown
    /// where that is too much work. A hole stands for one character or more.
    pub fn is_match(&self, text: &str, holes: &[Hole]) -> Truth {
        let key = known_parts(text, holes);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(truth) = known().get(&key) {
            return *truth;
        }
        let truth = self.ask(text, holes);
        let mut known = known();
        if known.len() < MOST_KNOWN {
            known.insert(key, truth);
        }
        truth
    }

    fn ask(&self, text: &str, holes: &[Hole]) -> Truth {
        if let Some(reach) = &self.reach {
            if !reach.may_match(text, holes) {
                return Truth::No;
            }
            let fails = |sample: &str| !reach.may_match(&filled(text, holes, sample), &[]);
            if SAMPLES.iter().any(|sample| fails(sample)) {
                return Truth::Unknown;
            }
        }
        let automaton = self.automaton.get_or_init(|| Automaton::new(&self.source));
        automaton.as_ref().map_or(Truth::Unknown, |automaton| automaton.is_match(text, holes))
    }
}

/// The text around the holes, with a byte that UTF-8 does not have for each of them.
fn known_parts(text: &str, holes: &[Hole]) -> Box<[u8]> {
    let bytes = text.as_bytes();
    let mut parts = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for hole in holes {
        parts.extend_from_slice(&bytes[at..hole.span.start()]);
        parts.push(0xff);
        at = hole.span.end();
    }
    parts.extend_from_slice(&bytes[at..]);
    parts.into()
}

/// The text with something known in the place of each hole.
fn filled(text: &str, holes: &[Hole], sample: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for hole in holes {
        filled.push_str(&text[at..hole.span.start()]);
        filled.push_str(sample);
        at = hole.span.end();
    }
    filled + &text[at..]
}

/// A whole text's reader, of which the state after every byte is known.
#[derive(Clone, Debug)]
struct Automaton {
    dfa: dense::DFA<Vec<u32>>,
}

/// States at the end of a character, in order.
type States = Vec<StateID>;

/// What a UTF-8 sequence that was begun still lacks (RFC 3629, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lack {
    Nothing,
    One,
    Two,
    Three,
    /// Of the sequences whose second byte is bounded, by their first byte.
    After(u8),
}

impl Lack {
    /// The bytes that may come next, with what is lacking after them.
    fn next(self) -> Vec<(RangeInclusive<u8>, Lack)> {
        match self {
            Lack::Nothing => vec![
                (0x00..=0x7f, Lack::Nothing),
                (0xc2..=0xdf, Lack::One),
                (0xe0..=0xe0, Lack::After(0xe0)),
                (0xe1..=0xec, Lack::Two),
                (0xed..=0xed, Lack::After(0xed)),
                (0xee..=0xef, Lack::Two),
                (0xf0..=0xf0, Lack::After(0xf0)),
                (0xf1..=0xf3, Lack::Three),
                (0xf4..=0xf4, Lack::After(0xf4)),
            ],
            Lack::One => vec![(0x80..=0xbf, Lack::Nothing)],
            Lack::Two => vec![(0x80..=0xbf, Lack::One)],
            Lack::Three => vec![(0x80..=0xbf, Lack::Two)],
            Lack::After(0xe0) => vec![(0xa0..=0xbf, Lack::One)],
            Lack::After(0xed) => vec![(0x80..=0x9f, Lack::One)],
            Lack::After(0xf0) => vec![(0x90..=0xbf, Lack::Two)],
            Lack::After(_) => vec![(0x80..=0x8f, Lack::Two)],
        }
    }
}

impl Automaton {
    /// The automaton of an expression; none where it would be too large or needs what automata
    /// cannot do (Unicode word boundaries).
    fn new(source: &str) -> Option<Self> {
        let config = dense::Config::new()
            .start_kind(regex_automata::dfa::StartKind::Anchored)
            .dfa_size_limit(Some(SIZE_LIMIT))
            .determinize_size_limit(Some(SIZE_LIMIT));
        // Texts are UTF-8 already; that the gaps need not see to it keeps the automaton small.
        let whole = format!("(?s-u:.*)(?:{source})(?s-u:.*)");
        let dfa = dense::Builder::new()
            .configure(config)
            .syntax(syntax::Config::new().utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build(&whole)
            .ok()?;
        Some(Automaton { dfa })
    }

    fn is_match(&self, text: &str, holes: &[Hole]) -> Truth {
        let config = start::Config::new().anchored(regex_automata::Anchored::Yes);
        let Ok(first) = self.dfa.start_state(&config) else { return Truth::Unknown };
        let mut states = States::from([first]);
        let mut at = 0;
        for hole in holes {
            states = self.read(states, &text.as_bytes()[at..hole.span.start()]);
            states = self.read_anything(&states);
            at = hole.span.end();
        }
        states = self.read(states, &text.as_bytes()[at..]);
        let mut accepts = states
            .iter()
            .map(|&state| Truth::from(self.dfa.is_match_state(self.dfa.next_eoi_state(state))));
        let Some(first) = accepts.next() else { return Truth::No };
        if accepts.all(|accepted| accepted == first) { first } else { Truth::Unknown }
    }

    fn read(&self, states: States, bytes: &[u8]) -> States {
        let end = |state| bytes.iter().fold(state, |state, &byte| self.dfa.next_state(state, byte));
        in_order(states.into_iter().map(end).collect())
    }

    /// All states that one or more characters lead to, at the ends of characters.
    fn read_anything(&self, states: &[StateID]) -> States {
        let mut seen: FxHashSet<(StateID, Lack)> = FxHashSet::default();
        let mut open: Vec<_> = states.iter().map(|&state| (state, Lack::Nothing)).collect();
        while let Some((state, lacking)) = open.pop() {
            for (bytes, after) in lacking.next() {
                let mut last = None;
                for byte in bytes {
                    let next = (self.dfa.next_state(state, byte), after);
                    // Neighbouring bytes mostly lead to the same state.
                    if last.replace(next) != Some(next) && seen.insert(next) {
                        open.push(next);
                    }
                }
            }
        }
        let whole = seen.into_iter().filter(|(_, lacking)| *lacking == Lack::Nothing);
        in_order(whole.map(|(state, _)| state).collect())
    }
}

fn in_order(mut states: Vec<StateID>) -> States {
    states.sort_unstable();
    states.dedup();
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::HoleKind;
    use crate::span::Span;

    fn holes_of(text: &str) -> Vec<Hole> {
        let at = text.find("$X").expect("a test text has a hole");
        vec![Hole { span: Span::new(at, at + 2), kind: HoleKind::Variable }]
    }

    #[test]
    fn knows_texts_apart_by_what_is_known_of_them() {
        let regex = HoleRegex::new("(?s)^ab.+$");
        let asked = |text: &str| regex.is_match(text, &holes_of(text));
        assert_eq!(asked("ab$X"), Truth::Yes);
        assert_eq!(asked("a$Xb"), Truth::Unknown);
        assert_eq!(asked("$Xab"), Truth::Unknown);
        assert_eq!(asked("ab$X"), Truth::Yes);
    }

    #[test]
    fn answers_for_all_fillings() {
        let cases = [
            ("^[A-Za-z0-9_-]+$", "tt:$X", Truth::No),
            ("^[A-Za-z0-9_-]+$", "tt$X", Truth::Unknown),
            ("^[A-Za-z0-9_-]+$", "$X", Truth::Unknown),
            (r"\s", "a b$X", Truth::Yes),
            (r"\s", "ab$X", Truth::Unknown),
            ("^wh_", "wh_$X", Truth::Yes),
            ("^wh_", "xx$X", Truth::No),
            ("é", "é$X", Truth::Yes),
            (r"[^\x00-\x7F]", "a$X", Truth::Unknown),
            ("^.{3}$", "ab$X", Truth::Unknown),
            ("^.{2}$", "ab$X", Truth::No),
            ("^$", "$X", Truth::No),
            ("^.", "$X", Truth::Unknown),
            ("(?s)^.", "$X", Truth::Yes),
            ("", "$X", Truth::Yes),
            ("^a*$|^b", "b$X", Truth::Yes),
            ("^[^/]+$", "a/$X", Truth::No),
            ("b$", "a$X", Truth::Unknown),
            ("b$", "$Xa", Truth::No),
            ("^b", "$Xb", Truth::Unknown),
            (r"(?-u:\b)x", "$X", Truth::Unknown),
            ("(?m)^b", "a$Xb", Truth::Unknown),
            ("(?m)^b", "b$X", Truth::Yes),
            ("é", "\u{c3}$X", Truth::Unknown),
        ];
        for (source, text, expected) in cases {
            let holes = holes_of(text);
            let answer = HoleRegex::new(source).is_match(text, &holes);
            assert_eq!(answer, expected, "{source} on {text}");
            let automaton = Automaton::new(source).expect("a small expression");
            assert_eq!(automaton.is_match(text, &holes), expected, "{source} on {text}");
        }
    }
}
