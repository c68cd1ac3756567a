//! A recording as a whole, in words that the formats for people share, and as JSON.

use super::words::status;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqlint_core::explain::{Event, SeenCredits, SeenMonth, SeenRate, Timeline};
use serde::Serialize;

/// More events than this are counted only; JSON has them all.
pub(super) const MOST_EVENTS: usize = 20;

/// `412 exchanges from 2026-01-14 12:00:00 to 12:09:12 UTC: 400 × 200 OK, 12 × 429 Too Many Requests`
pub(super) fn extent(timeline: &Timeline<'_>) -> String {
    let (from, to) = (clock(timeline.from, None), clock(timeline.to, Some(timeline.from)));
    let counts = timeline.statuses.iter().map(|(code, count)| match code {
        0 => format!("{count} without a response"),
        code => format!("{count} × {}", status(*code)),
    });
    let counts: Vec<String> = counts.collect();
    let exchanges = crate::counted(timeline.exchanges, "exchange");
    format!("{exchanges} from {from} to {to} UTC: {}", counts.join(", "))
}

/// `at most 70 calls within 60 s with one key, from 12:03:10 on; 60 are allowed, …`
pub(super) fn rate(rate: &SeenRate<'_>, timeline: &Timeline<'_>) -> String {
    let since = clock(rate.since, Some(timeline.from));
    let key = if rate.rate.is_some() { " with one key" } else { "" };
    let mut line = match rate.busiest {
        0 => "no call counts against the limit".to_owned(),
        most => {
            let calls = crate::counted(most, "call");
            let within = duration(rate.within);
            format!("at most {calls} within {within}{key}, from {since} on")
        }
    };
    if let Some(known) = rate.rate {
        line.push_str(&format!("; {} are allowed", known.most));
        if let Some(advised) = known.advised {
            line.push_str(&format!(", {advised} advised"));
        }
        if rate.over > 0 {
            line.push_str(&format!("; {} went out while that was used up", rate.over));
        }
    }
    if rate.unknown > 0 {
        let calls = crate::counted(rate.unknown, "call");
        line.push_str(&format!("; {calls} left out, the key is not in the recording"));
    }
    line
}

/// For each month `380 spent here, of 20000 a month; …`, with its name where there are several.
pub(super) fn credits(seen: &SeenCredits<'_>) -> Vec<String> {
    let is_only = seen.months.len() == 1;
    let line = |month: &SeenMonth| {
        let own = credits_of(month, seen.credits.month);
        if is_only { own } else { format!("in {}, {own}", name_of(month)) }
    };
    seen.months.iter().map(line).collect()
}

fn credits_of(seen: &SeenMonth, most: u64) -> String {
    let mut line = format!("{} spent here, of {most} a month", seen.spent);
    if seen.unknown > 0 {
        line.push_str(&format!("; {} more, if they were answered", seen.unknown));
    }
    match seen.told {
        Some((used, Some(limit))) => {
            line.push_str(&format!("; the latest answer that tells says {used} of {limit} used"));
        }
        Some((used, None)) => {
            line.push_str(&format!("; the latest answer that tells says {used} used"));
        }
        None => {}
    }
    line
}

/// `2026-01`
fn name_of(month: &SeenMonth) -> String {
    format!("{}-{:02}", month.year, month.month)
}

/// When an event was, and where.
pub(super) fn place(event: &Event<'_>, timeline: &Timeline<'_>) -> String {
    format!("{}, exchange {}", clock(event.sent, Some(timeline.from)), event.request + 1)
}

/// A time of the day; with its date, where that is not the one of `beside`.
fn clock(millis: i64, beside: Option<i64>) -> String {
    let zoned = |millis| {
        let time = Timestamp::from_millisecond(millis).ok()?;
        Some(time.to_zoned(TimeZone::UTC))
    };
    let Some(time) = zoned(millis) else { return "?".to_owned() };
    let is_same_day = beside.and_then(zoned).is_some_and(|beside| beside.date() == time.date());
    let format = if is_same_day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    time.strftime(format).to_string()
}

fn duration(millis: i64) -> String {
    match millis {
        millis if millis % 1000 == 0 => format!("{} s", millis / 1000),
        millis => format!("{millis} ms"),
    }
}

#[derive(Debug, Serialize)]
pub(super) struct JsonTimeline<'e> {
    exchanges: usize,
    from: String,
    to: String,
    statuses: Vec<JsonStatus>,
    rates: Vec<JsonRate<'e>>,
    credits: Vec<JsonCredits<'e>>,
    events: Vec<JsonEvent<'e>>,
    not_seen: Vec<JsonSilent<'e>>,
}

#[derive(Debug, Serialize)]
struct JsonStatus {
    status: Option<u16>,
    count: usize,
}

#[derive(Debug, Serialize)]
struct JsonRate<'e> {
    pack: Option<&'e str>,
    within_ms: i64,
    allowed: Option<usize>,
    advised: Option<usize>,
    calls: usize,
    busiest: usize,
    since: Option<String>,
    over: usize,
    unknown: usize,
}

#[derive(Debug, Serialize)]
struct JsonCredits<'e> {
    pack: &'e str,
    month: u64,
    months: Vec<JsonMonth>,
}

#[derive(Debug, Serialize)]
struct JsonMonth {
    month: String,
    spent: usize,
    unknown: usize,
    told_used: Option<u64>,
    told_limit: Option<u64>,
}

#[derive(Debug, Serialize)]
struct JsonEvent<'e> {
    rule: &'e str,
    severity: &'static str,
    message: String,
    request: usize,
    time: String,
}

#[derive(Debug, Serialize)]
struct JsonSilent<'e> {
    rule: &'e str,
    summary: &'e str,
}

/// The timeline in the form of the contract. `mask` hides what must not be shown.
pub(super) fn json<'e>(
    timeline: &'e Timeline<'e>,
    mask: &dyn Fn(&str) -> String,
) -> JsonTimeline<'e> {
    let statuses = timeline
        .statuses
        .iter()
        .map(|(code, count)| JsonStatus { status: (*code > 0).then_some(*code), count: *count });
    let events = timeline.events.iter().map(|event| JsonEvent {
        rule: &event.diagnostic.rule,
        severity: event.diagnostic.severity.name(),
        message: mask(&event.diagnostic.message),
        request: event.request,
        time: rfc3339(event.sent),
    });
    let silent = timeline.clear.iter();
    JsonTimeline {
        exchanges: timeline.exchanges,
        from: rfc3339(timeline.from),
        to: rfc3339(timeline.to),
        statuses: statuses.collect(),
        rates: timeline.rates.iter().map(json_rate).collect(),
        credits: timeline.credits.iter().map(json_credits).collect(),
        events: events.collect(),
        not_seen: silent
            .map(|rule| JsonSilent { rule: &rule.id, summary: &rule.summary })
            .collect(),
    }
}

fn json_rate<'e>(rate: &SeenRate<'e>) -> JsonRate<'e> {
    JsonRate {
        pack: rate.pack,
        within_ms: rate.within,
        allowed: rate.rate.map(|rate| rate.most),
        advised: rate.rate.and_then(|rate| rate.advised),
        calls: rate.calls,
        busiest: rate.busiest,
        since: (rate.busiest > 0).then(|| rfc3339(rate.since)),
        over: rate.over,
        unknown: rate.unknown,
    }
}

fn json_credits<'e>(seen: &SeenCredits<'e>) -> JsonCredits<'e> {
    let month = |one: &SeenMonth| JsonMonth {
        month: name_of(one),
        spent: one.spent,
        unknown: one.unknown,
        told_used: one.told.map(|(used, _)| used),
        told_limit: one.told.and_then(|(_, limit)| limit),
    };
    let months = seen.months.iter().map(month).collect();
    JsonCredits { pack: seen.pack, month: seen.credits.month, months }
}

fn rfc3339(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map(|time| time.to_string()).unwrap_or_default()
}
