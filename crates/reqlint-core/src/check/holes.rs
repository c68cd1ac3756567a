//! Regular expressions on texts with holes.
//!
//! The expression becomes an automaton that reads whole texts. Known bytes move it from state to
//! state; a hole moves it to every state that one or more characters can lead to. If all states
//! at the end accept, every filling matches; if none does, none matches.

use super::truth::Truth;
use crate::layer::Hole;
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

/// How large an automaton may become, in bytes. Beyond it the answer is unknown.
const SIZE_LIMIT: usize = 1 << 20;

/// An automaton that can be asked about texts of which some parts are unknown.
#[derive(Clone, Debug)]
pub struct Automaton {
    dfa: dense::DFA<Vec<u32>>,
    /// What holes lead to, from the states in which they were met.
    known: Arc<Mutex<FxHashMap<States, States>>>,
}

/// States at the end of a character, in order.
type States = Arc<[StateID]>;

/// From how many sets of states it is remembered what a hole leads to.
const MOST_KNOWN: usize = 256;

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
    pub fn new(source: &str) -> Option<Self> {
        let config = dense::Config::new()
            .start_kind(regex_automata::dfa::StartKind::Anchored)
            .dfa_size_limit(Some(SIZE_LIMIT))
            .determinize_size_limit(Some(SIZE_LIMIT));
        let whole = format!("(?s:.*)(?:{source})(?s:.*)");
        let dfa = dense::Builder::new().configure(config).build(&whole).ok()?;
        Some(Automaton { dfa, known: Arc::default() })
    }

    /// Whether the expression is found in every filling of the holes, in none, or in some.
    /// A hole stands for one character or more.
    pub fn is_match(&self, text: &str, holes: &[Hole]) -> Truth {
        let config = start::Config::new().anchored(regex_automata::Anchored::Yes);
        let Ok(first) = self.dfa.start_state(&config) else { return Truth::Unknown };
        let mut states = States::from([first]);
        let mut at = 0;
        for hole in holes {
            states = self.read(&states, &text.as_bytes()[at..hole.span.start()]);
            states = self.read_anything(states);
            at = hole.span.end();
        }
        states = self.read(&states, &text.as_bytes()[at..]);
        let mut accepts = states
            .iter()
            .map(|&state| Truth::from(self.dfa.is_match_state(self.dfa.next_eoi_state(state))));
        let Some(first) = accepts.next() else { return Truth::No };
        if accepts.all(|accepted| accepted == first) { first } else { Truth::Unknown }
    }

    fn read(&self, states: &States, bytes: &[u8]) -> States {
        let end = |state| bytes.iter().fold(state, |state, &byte| self.dfa.next_state(state, byte));
        match bytes {
            [] => states.clone(),
            _ => in_order(states.iter().map(|&state| end(state)).collect()),
        }
    }

    /// All states that one or more characters lead to, at the ends of characters.
    fn read_anything(&self, states: States) -> States {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reached) = known().get(&states) {
            return reached.clone();
        }
        let reached = self.reach(&states);
        let mut known = known();
        if known.len() < MOST_KNOWN {
            known.insert(states, reached.clone());
        }
        reached
    }

    fn reach(&self, states: &[StateID]) -> States {
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
    states.into()
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
        ];
        for (source, text, expected) in cases {
            let automaton = Automaton::new(source).expect("a small expression");
            assert_eq!(automaton.is_match(text, &holes_of(text)), expected, "{source} on {text}");
        }
    }
}
