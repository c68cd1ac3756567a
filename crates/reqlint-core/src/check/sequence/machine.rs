//! Follows exchanges in time: how often a step was seen, and which step was before it.

use super::month::is_within;
use super::{Hit, Line, Lines, Plan, Sighting, Sightings};
use crate::check::truth::Truth;
use crate::rule::{Report, Within};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Exchanges of one window that are remembered.
const MOST_HITS: usize = 65_536;
/// Groups of exchanges that are remembered of one step; the oldest are forgotten first.
const MOST_GROUPS: usize = 100_000;

/// An exchange, as it is remembered.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// Milliseconds since 1970.
    pub(super) sent: i64,
    /// Its first byte in the recording.
    pub(super) start: u64,
    pub(super) length: usize,
    /// Its line in the recording, from 0, where the recording is read in parts.
    pub(super) number: u64,
    /// Its number in the recording.
    pub(super) request: u64,
    /// Its URL, where it is shown.
    pub(super) shown: Option<Arc<str>>,
    /// Its line, where it is a subject and the text will be gone.
    pub(super) line: Option<Arc<Line>>,
}

/// The exchanges that a step was.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) first: Spot,
    /// The one that made it complete, which the caret is under.
    pub(super) subject: Spot,
    pub(super) count: usize,
}

impl Occurrence {
    fn one(spot: Spot) -> Self {
        Occurrence { first: spot.clone(), subject: spot, count: 1 }
    }

    pub(super) fn shown(&self) -> &str {
        self.subject.shown.as_deref().unwrap_or("…")
    }
}

/// A sequence that is complete.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) plan: usize,
    pub(super) steps: Vec<Occurrence>,
    /// What its exchanges have in common.
    key: u128,
    /// The time that it takes up.
    from: i64,
    to: i64,
}

#[derive(Debug)]
pub(super) struct Machine {
    /// Sequences that are less certain are not looked for.
    floor: Truth,
    watches: Vec<Watch>,
    now: i64,
    /// What is complete, and not taken yet.
    done: Vec<Found>,
    /// What ended with the current exchange.
    ended: Vec<Found>,
    /// What was said lately, for those that yield to it.
    said: Vec<Said>,
    /// The longest window of any plan, in milliseconds.
    longest: i64,
}

/// One plan, followed.
#[derive(Debug)]
struct Watch {
    /// For each step, by what its exchanges have in common.
    groups: Vec<HashMap<u128, Group>>,
    /// What is said once, with what came to it.
    held: HashMap<u128, Found>,
}

/// Exchanges of one step that have something in common.
#[derive(Debug, Default)]
struct Group {
    hits: VecDeque<Spot>,
    /// The steps before.
    before: Option<Vec<Occurrence>>,
    /// The time in which there are too many.
    run: Option<Run>,
}

/// A time in which a window holds enough exchanges all along.
#[derive(Debug)]
struct Run {
    occurrence: Occurrence,
    to: i64,
}

#[derive(Debug)]
struct Said {
    plan: usize,
    key: u128,
    from: i64,
    to: i64,
}

impl Machine {
    pub(super) fn new(plans: &[Plan<'_>], floor: Truth) -> Self {
        let watch = |plan: &Plan<'_>| Watch {
            groups: plan.case.sequence.iter().map(|_| HashMap::new()).collect(),
            held: HashMap::new(),
        };
        let windows = plans.iter().filter_map(|plan| window(plan, 0));
        Machine {
            floor,
            watches: plans.iter().map(watch).collect(),
            now: i64::MIN,
            done: Vec::new(),
            ended: Vec::new(),
            said: Vec::new(),
            longest: windows.max().unwrap_or_default(),
        }
    }

    /// Takes exchanges in the order of time.
    pub(super) fn follow(
        &mut self,
        plans: &[Plan<'_>],
        seen: &Sightings,
        lines: Option<&Lines<'_>>,
    ) {
        for sighting in &seen.exchanges {
            self.now = self.now.max(sighting.sent);
            let spot = spot(sighting, lines);
            // A later step first, so that no exchange is two steps of one sequence.
            for hit in sighting.hits.iter().rev() {
                self.take_hit(&plans[hit.plan], hit, &spot, lines);
            }
            self.settle(plans);
        }
        self.sweep(plans);
        self.settle(plans);
    }

    /// Ends all that is still open.
    pub(super) fn finish(&mut self, plans: &[Plan<'_>]) {
        self.now = i64::MAX;
        self.sweep(plans);
        for watch in &mut self.watches {
            self.ended.extend(watch.held.drain().map(|(_, found)| found));
        }
        self.settle(plans);
    }

    /// What is complete by now.
    pub(super) fn take(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.done)
    }

    fn take_hit(&mut self, plan: &Plan<'_>, hit: &Hit, spot: &Spot, lines: Option<&Lines<'_>>) {
        let steps = &plan.case.sequence;
        let is_last = hit.step + 1 == steps.len();
        let times = steps[hit.step].times;
        let keep = |spot: &Spot| Spot { line: lines.map(|lines| lines.keep(spot)), ..spot.clone() };
        let group = match (hit.step, steps.len()) {
            (0, _) if times == 1 => None,
            (0, _) => Some(self.watches[hit.plan].groups[0].entry(hit.key).or_default()),
            _ => match self.watches[hit.plan].groups[hit.step].get_mut(&hit.key) {
                Some(group) => Some(group),
                None => return,
            },
        };
        let mut chain = Vec::new();
        let occurrence = match group {
            None => Occurrence::one(spot.clone()),
            Some(group) if hit.step == 0 => {
                let window = window(plan, 0).unwrap_or(i64::MAX);
                if !group.add(spot.clone(), window) {
                    return;
                }
                if is_last {
                    self.ended.extend(group.watch(hit, times, keep(spot)));
                    return;
                }
                if group.hits.len() < times {
                    return;
                }
                group.complete(keep(spot))
            }
            Some(group) => {
                let before = group.before.as_ref().and_then(|steps| steps.last());
                let since = before.map(|before| before.subject.sent);
                let within = |since| is_within(steps[hit.step].within, since, spot.sent);
                if since.is_none_or(|since| within(since) < self.floor.max(Truth::Unknown)) {
                    return;
                }
                group.hits.push_back(spot.clone());
                if group.hits.len() < times {
                    return;
                }
                chain.extend(group.before.iter().flatten().cloned());
                group.complete(keep(spot))
            }
        };
        chain.push(occurrence);
        if plan.case.subject == hit.step
            && let Some(own) = chain.last_mut()
        {
            own.subject = keep(&own.subject);
        }
        if is_last { self.found(plan, hit, chain) } else { self.expect(plan, hit, chain, spot) }
    }

    /// A chain is complete.
    fn found(&mut self, plan: &Plan<'_>, hit: &Hit, steps: Vec<Occurrence>) {
        let found = Found::new(hit, steps);
        if plan.case.report == Report::Each {
            return self.ended.push(found);
        }
        match self.watches[hit.plan].held.get_mut(&hit.key) {
            None => {
                self.watches[hit.plan].held.insert(hit.key, found);
            }
            Some(held) => {
                held.to = found.to;
                let last = held.steps.len() - 1;
                held.steps[last].count += found.steps[last].count;
            }
        }
    }

    /// A step is complete, and the next one can follow.
    fn expect(&mut self, plan: &Plan<'_>, hit: &Hit, chain: Vec<Occurrence>, spot: &Spot) {
        let next = &plan.case.sequence[hit.step + 1];
        let group = self.watches[hit.plan].groups[hit.step + 1].entry(hit.next).or_default();
        let since = group.before.iter().flatten().last().map(|before| before.subject.sent);
        let counts = since.is_some_and(|since| {
            !group.hits.is_empty() && is_within(next.within, since, spot.sent) >= self.floor
        });
        if !counts {
            group.hits.clear();
            group.before = Some(chain);
        }
    }

    /// Says what ended, but what another rule says better.
    fn settle(&mut self, plans: &[Plan<'_>]) {
        if self.ended.is_empty() {
            return;
        }
        let mut ended = std::mem::take(&mut self.ended);
        ended.sort_by_key(|found| {
            (!plans[found.plan].rule.yields_to.is_empty(), found.first(), found.plan)
        });
        for found in ended {
            let yields_to = &plans[found.plan].rule.yields_to;
            let is_said = self.said.iter().any(|said| {
                said.key == found.key
                    && said.from <= found.to
                    && said.to >= found.from
                    && yields_to.contains(&plans[said.plan].rule.id)
            });
            if !is_said {
                let Found { plan, key, from, to, .. } = found;
                self.said.push(Said { plan, key, from, to });
                self.done.push(found);
            }
        }
    }

    /// Ends what cannot go on, and forgets what cannot matter any more.
    fn sweep(&mut self, plans: &[Plan<'_>]) {
        let now = self.now;
        for (number, (watch, plan)) in self.watches.iter_mut().zip(plans).enumerate() {
            for (step, groups) in watch.groups.iter_mut().enumerate() {
                let window = window(plan, step);
                let is_over = |time: Option<i64>| {
                    time.is_none_or(|time| window.is_some_and(|w| time < now.saturating_sub(w)))
                };
                groups.retain(|key, group| {
                    let over = is_over(group.newest());
                    if let Some(run) = group.run.take_if(|_| over) {
                        self.ended.push(run.into_found(number, *key));
                    }
                    !over
                });
                forget_oldest(groups);
            }
        }
        let longest = self.longest.saturating_mul(2);
        self.said.retain(|said| now == i64::MAX || said.to >= now.saturating_sub(longest));
    }
}

impl Found {
    fn new(hit: &Hit, steps: Vec<Occurrence>) -> Self {
        let from = steps.first().map_or(0, |step| step.first.sent);
        let to = steps.last().map_or(0, |step| step.subject.sent);
        Found { plan: hit.plan, steps, key: hit.key, from, to }
    }

    /// Where it begins in the recording.
    fn first(&self) -> u64 {
        self.steps.first().map_or(0, |step| step.first.start)
    }
}

impl Run {
    fn into_found(self, plan: usize, key: u128) -> Found {
        let from = self.occurrence.first.sent;
        Found { plan, steps: vec![self.occurrence], key, from, to: self.to }
    }
}

impl Group {
    /// Adds an exchange, which may come late, and drops those that are out of the window. False where
    /// it comes too late to be in it.
    fn add(&mut self, spot: Spot, window: i64) -> bool {
        let sent = spot.sent;
        let after = self.hits.iter().rposition(|known| known.sent <= spot.sent);
        self.hits.insert(after.map_or(0, |at| at + 1), spot);
        let newest = self.hits.back().map_or(0, |spot| spot.sent);
        while self.hits.len() > MOST_HITS
            || self.hits.front().is_some_and(|spot| spot.sent <= newest.saturating_sub(window))
        {
            self.hits.pop_front();
        }
        sent > newest.saturating_sub(window)
    }

    /// Follows a window that is a whole sequence; gives the run that ended. The current exchange is the
    /// one that makes it complete: an earlier one, of a later time, may stand in a text that is gone.
    fn watch(&mut self, hit: &Hit, times: usize, current: Spot) -> Option<Found> {
        let count = self.hits.len();
        if count < times {
            return self.run.take().map(|run| run.into_found(hit.plan, hit.key));
        }
        let (first, last) = (self.hits.front()?, self.hits.back()?);
        match &mut self.run {
            Some(run) => {
                run.occurrence.count = run.occurrence.count.max(count);
                run.to = last.sent;
            }
            None => {
                let to = last.sent;
                let occurrence = Occurrence { first: first.clone(), subject: current, count };
                self.run = Some(Run { occurrence, to });
            }
        }
        None
    }

    /// All exchanges of a step that is complete with the current one.
    fn complete(&mut self, current: Spot) -> Occurrence {
        let count = self.hits.len();
        let first = self.hits.pop_front().unwrap_or_else(|| current.clone());
        self.hits.clear();
        Occurrence { first, subject: current, count }
    }

    fn newest(&self) -> Option<i64> {
        let before = self.before.iter().flatten().last().map(|step| step.subject.sent);
        self.hits.back().map(|spot| spot.sent).max(before)
    }
}

/// How long a step is waited for, in milliseconds.
fn window(plan: &Plan<'_>, step: usize) -> Option<i64> {
    /// No month is longer, wherever it begins.
    const MONTH: i64 = 33 * 86_400_000;
    match plan.case.sequence[step].within? {
        Within::Millis(millis) => Some(millis),
        Within::Month => Some(MONTH),
    }
}

fn forget_oldest(groups: &mut HashMap<u128, Group>) {
    if groups.len() <= MOST_GROUPS {
        return;
    }
    let mut times: Vec<i64> = groups.values().filter_map(Group::newest).collect();
    let middle = times.len() / 2;
    let (_, middle, _) = times.select_nth_unstable(middle);
    let middle = *middle;
    groups.retain(|_, group| group.newest().is_some_and(|time| time >= middle));
}

fn spot(sighting: &Sighting, lines: Option<&Lines<'_>>) -> Spot {
    let offset = lines.map(|lines| lines.part.offset).unwrap_or_default();
    Spot {
        sent: sighting.sent,
        start: offset.bytes + sighting.span.start() as u64,
        length: sighting.span.len(),
        number: lines.map_or(0, |lines| lines.number(sighting.span.start())),
        request: offset.requests + sighting.request as u64,
        shown: sighting.shown.clone(),
        line: None,
    }
}
