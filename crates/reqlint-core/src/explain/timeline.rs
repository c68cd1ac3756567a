//! A recording as a whole: how fast calls came, what they cost, and what happened one after the
//! other.

use super::{Explainer, Explanation};
use crate::budget::{Credits, Rate};
use crate::check::context::Context;
use crate::check::sequence::key::key_of;
use crate::check::truth::Truth;
use crate::diagnostic::Diagnostic;
use crate::model::{Document, JsonValue, Response};
use crate::rule::{Rule, Same};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Where no pack knows a bound, the busiest time of this length is told, in milliseconds.
const WINDOW: i64 = 60_000;

/// What a recording shows beside its single exchanges. Times are milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct Timeline<'e> {
    /// Exchanges of which it is known when they were sent.
    pub exchanges: usize,
    /// When the first of them was sent.
    pub from: i64,
    /// When the last of them was sent.
    pub to: i64,
    /// How often each status code came; 0 stands for no response.
    pub statuses: BTreeMap<u16, usize>,
    /// How fast calls came, for each pack that knows a bound; for all calls where none does.
    pub rates: Vec<SeenRate<'e>>,
    /// What calls cost, for each pack that knows.
    pub credits: Vec<SeenCredits<'e>>,
    /// What the rules say of calls that follow each other, in the order of time.
    pub events: Vec<Event<'e>>,
    /// Rules about calls that follow each other, which have nothing to say.
    pub clear: Vec<&'e Rule>,
}

/// The busiest window of one key.
#[derive(Clone, Debug)]
pub struct SeenRate<'e> {
    /// The pack that knows the bound.
    pub pack: Option<&'e str>,
    /// The bound, where one is known.
    pub rate: Option<&'e Rate>,
    /// The length of the window, in milliseconds.
    pub within: i64,
    /// Calls that count.
    pub calls: usize,
    /// The most of them that were sent with one key within the window.
    pub busiest: usize,
    /// When that window began.
    pub since: i64,
    /// Calls that were sent while the window was full.
    pub over: usize,
    /// Calls of which the key is not known, so that they are left out.
    pub unknown: usize,
}

/// What calls cost.
#[derive(Clone, Debug)]
pub struct SeenCredits<'e> {
    /// The pack that knows.
    pub pack: &'e str,
    /// What a month has.
    pub credits: &'e Credits,
    /// The calendar months of the recording, in their order; at Greenwich, as all times here.
    pub months: Vec<SeenMonth>,
}

/// What calls cost in a calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenMonth {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
    /// Calls that cost a credit.
    pub spent: usize,
    /// Calls of which that is not known.
    pub unknown: usize,
    /// What the latest response that tells it says: used, of how many where that is told.
    pub told: Option<(u64, Option<u64>)>,
}

/// What a rule says of calls that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e> {
    /// What it says.
    pub diagnostic: &'e Diagnostic,
    /// The number of the exchange, from 0.
    pub request: usize,
    /// When it was sent.
    pub sent: i64,
}

/// What is counted of one pack.
#[derive(Debug, Default)]
struct Count {
    /// When calls were sent, by key.
    calls: BTreeMap<u128, Vec<i64>>,
    keyless: usize,
    /// What they cost, by year and month.
    months: BTreeMap<(i16, i8), Spent>,
    /// Whether any exchange is one of its API.
    applies: bool,
}

/// What is counted of a month.
#[derive(Debug, Default)]
struct Spent {
    surely: usize,
    unknown: usize,
    /// When it was told how many are used, of how many.
    told: Option<(i64, u64, Option<u64>)>,
}

impl Explainer {
    /// What the exchanges of a document are together; none where fewer than two tell their time.
    pub fn timeline<'e>(
        &'e self,
        document: &Document<'_>,
        explanations: &'e [Explanation<'e>],
    ) -> Option<Timeline<'e>> {
        let sent_of = |number: usize| document.requests.get(number)?.exchange.as_deref()?.sent;
        let mut times: Vec<i64> = (0..document.requests.len()).filter_map(sent_of).collect();
        times.sort_unstable();
        let (from, to) = (*times.first()?, *times.last()?);
        if times.len() < 2 {
            return None;
        }
        let counts = self.count(document);
        let sequences = |diagnostic: &Diagnostic| {
            let rule = self.checker.rule(&diagnostic.rule);
            rule.is_some_and(is_sequence)
        };
        let mut events = Vec::new();
        for one in explanations {
            let Some(sent) = sent_of(one.request) else { continue };
            let own = one.causes.iter().map(|cause| &cause.diagnostic);
            let own = own.filter(|diagnostic| sequences(diagnostic));
            events.extend(own.map(|diagnostic| Event { diagnostic, request: one.request, sent }));
        }
        events.sort_by_key(|event| event.sent);
        Some(Timeline {
            exchanges: times.len(),
            from,
            to,
            statuses: statuses(document),
            rates: self.rates(&counts, &times),
            credits: self.credits(&counts),
            clear: self.clear(&counts, &events),
            events,
        })
    }

    fn count(&self, document: &Document<'_>) -> Vec<Count> {
        let mut counts: Vec<Count> = self.guides.iter().map(|_| Count::default()).collect();
        for request in &document.requests {
            let Some(sent) = request.exchange.as_deref().and_then(|one| one.sent) else { continue };
            let contexts = self.checker.all_contexts(document, request);
            let own = contexts.iter().zip(&self.guides).zip(&mut counts);
            for ((context, guide), count) in own {
                if guide.applies(context) == Truth::Yes {
                    count.applies = true;
                    count.add(context, guide, sent);
                }
            }
        }
        counts
    }

    fn rates(&self, counts: &[Count], times: &[i64]) -> Vec<SeenRate<'_>> {
        let bounded = counts.iter().enumerate().filter(|(_, count)| count.applies);
        let bounded = bounded.filter_map(|(number, count)| {
            let rate = self.guides[number].guide.budget.as_ref()?.rate.as_ref()?;
            let pack = self.checker.packs[number].pack.name.as_str();
            Some(SeenRate { pack: Some(pack), rate: Some(rate), ..count.rate(rate) })
        });
        let rates: Vec<SeenRate<'_>> = bounded.collect();
        if !rates.is_empty() {
            return rates;
        }
        let busiest = busiest(times, WINDOW, usize::MAX);
        vec![SeenRate { calls: times.len(), ..seen_rate(WINDOW, busiest) }]
    }

    fn credits(&self, counts: &[Count]) -> Vec<SeenCredits<'_>> {
        let applying = counts.iter().enumerate().filter(|(_, count)| count.applies);
        let seen = applying.filter_map(|(number, count)| {
            let credits = self.guides[number].guide.budget.as_ref()?.credits.as_ref()?;
            let months = count.months.iter().map(|((year, month), spent)| SeenMonth {
                year: *year,
                month: *month,
                spent: spent.surely,
                unknown: spent.unknown,
                told: spent.told.map(|(_, used, limit)| (used, limit)),
            });
            let pack = &self.checker.packs[number].pack.name;
            Some(SeenCredits { pack, credits, months: months.collect() })
        });
        seen.collect()
    }

    /// Rules about sequences that say nothing, nor leave it to others that do.
    fn clear(&self, counts: &[Count], events: &[Event<'_>]) -> Vec<&Rule> {
        let speaks = |id: &str| events.iter().any(|event| event.diagnostic.rule == id);
        let packs = self.checker.packs.iter().zip(counts).filter(|(_, count)| count.applies);
        let rules = packs.flat_map(|(ready, _)| &ready.pack.rules);
        let silent = rules.filter(|rule| {
            is_sequence(rule) && !speaks(&rule.id) && !rule.yields_to.iter().any(|id| speaks(id))
        });
        silent.collect()
    }
}

fn is_sequence(rule: &Rule) -> bool {
    rule.cases.iter().any(|case| !case.sequence.is_empty())
}

impl Count {
    fn add(&mut self, context: &Context<'_, '_>, guide: &super::ReadyGuide, sent: i64) {
        if guide.counts(context) == Some(Truth::Yes) {
            match key_of(context, &[Same::Credential]) {
                Some(key) => self.calls.entry(key).or_default().push(sent),
                None => self.keyless += 1,
            }
        }
        let spent = self.months.entry(month_of(sent)).or_default();
        match guide.costs(context) {
            Some(Truth::Yes) => spent.surely += 1,
            Some(Truth::Unknown) => spent.unknown += 1,
            Some(Truth::No) | None => {}
        }
        let credits = guide.guide.budget.as_ref().and_then(|budget| budget.credits.as_ref());
        let response = context.request.exchange.as_deref().and_then(|exchange| exchange.last());
        if let (Some(credits), Some(response)) = (credits, response)
            && spent.told.is_none_or(|(at, ..)| at <= sent)
            && let Some((used, limit)) = told(context, credits, response)
        {
            spent.told = Some((sent, used, limit));
        }
    }

    fn rate(&self, rate: &Rate) -> SeenRate<'_> {
        let mut seen = seen_rate(rate.within, (0, 0, 0));
        seen.unknown = self.keyless;
        for times in self.calls.values() {
            let mut times = times.clone();
            times.sort_unstable();
            seen.calls += times.len();
            let (count, since, over) = busiest(&times, rate.within, rate.most);
            seen.over += over;
            if count > seen.busiest {
                (seen.busiest, seen.since) = (count, since);
            }
        }
        seen
    }
}

fn seen_rate<'e>(within: i64, (busiest, since, over): (usize, i64, usize)) -> SeenRate<'e> {
    SeenRate { pack: None, rate: None, within, calls: 0, busiest, since, over, unknown: 0 }
}

/// The most times that are within a window, when it began, and how many came while more than
/// `most` were in it.
fn busiest(times: &[i64], within: i64, most: usize) -> (usize, i64, usize) {
    let (mut busiest, mut since, mut over, mut start) = (0, 0, 0, 0);
    for (number, time) in times.iter().enumerate() {
        while times[start] <= time.saturating_sub(within) {
            start += 1;
        }
        let count = number + 1 - start;
        over += usize::from(count > most);
        if count > busiest {
            (busiest, since) = (count, times[start]);
        }
    }
    (busiest, since, over)
}

/// The year and the month of a time, at Greenwich.
fn month_of(sent: i64) -> (i16, i8) {
    let date = Timestamp::from_millisecond(sent).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    (date.year(), date.month())
}

fn statuses(document: &Document<'_>) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    let exchanges = document.requests.iter().filter_map(|request| request.exchange.as_deref());
    for exchange in exchanges.filter(|exchange| exchange.sent.is_some()) {
        let status = exchange.last().and_then(|response| response.status);
        *statuses.entry(status.map_or(0, |status| status.code)).or_default() += 1;
    }
    statuses
}

/// What a response tells of credits.
fn told(
    context: &Context<'_, '_>,
    credits: &Credits,
    response: &Response,
) -> Option<(u64, Option<u64>)> {
    let root = response.body.json.as_ref()?;
    let number = |pointer: &str| {
        let value = value_at(context, root, pointer)?;
        context.text(value.place).parse().ok()
    };
    let used = number(credits.used.as_deref()?)?;
    Some((used, credits.limit.as_deref().and_then(number)))
}

/// The value that a JSON Pointer (RFC 6901) of plain names leads to.
fn value_at<'j>(
    context: &Context<'_, '_>,
    root: &'j JsonValue,
    pointer: &str,
) -> Option<&'j JsonValue> {
    pointer.split('/').skip(1).try_fold(root, |value, name| {
        let mut members = value.members.iter();
        Some(&members.find(|member| context.text(member.name) == name)?.value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_window_slides() {
        assert_eq!(busiest(&[0, 10, 20, 100, 105, 110, 115], 20, 3), (4, 100, 1));
        assert_eq!(busiest(&[0, 20], 20, 1), (1, 0, 0));
        assert_eq!(busiest(&[5, 5, 5], 1, 2), (3, 5, 1));
    }
}
