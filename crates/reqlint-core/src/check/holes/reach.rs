//! Which states of an expression a text with holes can lead to.
//!
//! The states are those of Thompson's construction. Known bytes follow their transitions; a hole
//! follows all of them, any number of times. Only the ends of characters matter, and the known
//! text beside a hole begins with a whole character, so a half of one leads nowhere.

use crate::layer::Hole;
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;

/// The most bytes that the states may take.
const SIZE_LIMIT: usize = 1 << 20;

/// The states of an expression that looks around only for the ends of the text.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    nfa: NFA,
}

/// A set of states.
#[derive(Clone, Debug)]
struct Set {
    has: Vec<bool>,
    members: Vec<StateID>,
}

/// Where in the text a set of states is.
#[derive(Clone, Copy, Debug)]
struct At {
    start: bool,
    end: bool,
}

impl Set {
    fn new(states: usize) -> Self {
        Set { has: vec![false; states], members: Vec::new() }
    }

    fn add(&mut self, state: StateID) -> bool {
        let is_new = !std::mem::replace(&mut self.has[state.as_usize()], true);
        if is_new {
            self.members.push(state);
        }
        is_new
    }
}

impl Reach {
    /// The states of an expression; none where they are too many, or word or line boundaries are
    /// among them.
    pub(super) fn new(source: &str) -> Option<Self> {
        let config = NFA::config()
            .nfa_size_limit(Some(SIZE_LIMIT))
            .which_captures(regex_automata::nfa::thompson::WhichCaptures::None);
        let nfa = NFA::compiler().configure(config).build(source).ok()?;
        let is_end = |look: Look| matches!(look, Look::Start | Look::End);
        nfa.look_set_any().iter().all(is_end).then_some(Reach { nfa })
    }

    /// Whether the expression is found in any filling of the holes, each of one character or more.
    pub(super) fn may_match(&self, text: &str, holes: &[Hole]) -> bool {
        let mut states = self.set();
        let mut at = 0;
        for hole in holes {
            for place in at..hole.span.start() {
                states = self.read(&states, text, place);
            }
            let before = At { start: hole.span.start() == 0, end: false };
            states = self.read_anything(self.whole(&states, before));
            at = hole.span.end();
        }
        for place in at..text.len() {
            states = self.read(&states, text, place);
        }
        let after = At { start: text.is_empty(), end: true };
        self.is_found(&self.whole(&states, after))
    }

    fn set(&self) -> Set {
        Set::new(self.nfa.states().len())
    }

    fn is_found(&self, states: &Set) -> bool {
        let is_match = |id: &StateID| matches!(self.nfa.state(*id), State::Match { .. });
        states.members.iter().any(is_match)
    }

    /// The states after the byte at `place`.
    fn read(&self, states: &Set, text: &str, place: usize) -> Set {
        let here = self.whole(states, At { start: place == 0, end: false });
        let mut next = self.set();
        for &state in &here.members {
            self.follow(state, Some(text.as_bytes()[place]), &mut |to| {
                next.add(to);
            });
        }
        next
    }

    /// The states after one byte or more.
    fn read_anything(&self, here: Set) -> Set {
        let mut next = self.set();
        let mut open = here.members;
        let within = At { start: false, end: false };
        while let Some(state) = open.pop() {
            let mut add = |to| {
                if next.add(to) {
                    open.push(to);
                }
            };
            self.follow(state, None, &mut add);
            self.skip(state, within, &mut add);
        }
        next
    }

    /// The states, and those that they lead to without a byte, and those in which a search begins.
    fn whole(&self, states: &Set, at: At) -> Set {
        let mut whole = states.clone();
        whole.add(self.nfa.start_anchored());
        let mut open = whole.members.clone();
        while let Some(state) = open.pop() {
            self.skip(state, at, &mut |to| {
                if whole.add(to) {
                    open.push(to);
                }
            });
        }
        whole
    }

    /// Gives where a state leads without a byte.
    fn skip(&self, state: StateID, at: At, to: &mut dyn FnMut(StateID)) {
        match self.nfa.state(state) {
            State::Look { look: Look::Start, next } if at.start => to(*next),
            State::Look { look: Look::End, next } if at.end => to(*next),
            State::Union { alternates } => alternates.iter().for_each(|next| to(*next)),
            State::BinaryUnion { alt1, alt2 } => [*alt1, *alt2].into_iter().for_each(to),
            State::Capture { next, .. } => to(*next),
            _ => {}
        }
    }

    /// Gives where a state leads by a byte, or by any. What was found stays found.
    fn follow(&self, state: StateID, byte: Option<u8>, to: &mut dyn FnMut(StateID)) {
        match self.nfa.state(state) {
            State::ByteRange { trans } if byte.is_none_or(|byte| trans.matches_byte(byte)) => {
                to(trans.next);
            }
            State::Sparse(sparse) => {
                let fits = sparse
                    .transitions
                    .iter()
                    .filter(|trans| byte.is_none_or(|byte| trans.matches_byte(byte)));
                fits.for_each(|trans| to(trans.next));
            }
            State::Dense(dense) => match byte {
                Some(byte) => dense.matches_byte(byte).into_iter().for_each(to),
                None => {
                    let all = dense.transitions.iter().filter(|next| **next != StateID::ZERO);
                    all.for_each(|next| to(*next));
                }
            },
            State::Match { .. } => to(state),
            _ => {}
        }
    }
}
