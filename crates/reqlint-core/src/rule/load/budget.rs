//! Reads what stands under `budget` in `pack.yaml`.

use super::World;
use super::fields::Fields;
use super::mistakes::Mistakes;
use super::sequence::duration;
use super::symptoms::read_case;
use crate::budget::{Budget, Credits, Rate};
use crate::rule::node::Entry;
use std::str::FromStr;

pub(crate) const BUDGET: &[&str] = &["rate", "credits"];
pub(crate) const RATE: &[&str] = &["scope", "if", "most", "advised", "within"];
pub(crate) const CREDITS: &[&str] = &["scope", "if", "month", "used", "limit"];

pub(crate) fn read_budget(
    entry: &Entry,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Option<Budget> {
    let fields = Fields::of(&entry.value, "`budget`", BUDGET, mistakes)?;
    if !BUDGET.iter().any(|key| fields.has(key)) {
        let help = "say `rate` or `credits`";
        mistakes.add(entry.place(), "the budget bounds nothing", help);
    }
    Some(Budget {
        rate: fields.entry("rate").and_then(|entry| read_rate(entry, world, mistakes)),
        credits: fields.entry("credits").and_then(|entry| read_credits(entry, world, mistakes)),
    })
}

fn read_rate(entry: &Entry, world: &World<'_>, mistakes: &mut Mistakes) -> Option<Rate> {
    let what = "the rate";
    let fields = Fields::of(&entry.value, "a rate", RATE, mistakes)?;
    let case = read_case(fields, "if", what, world, mistakes);
    let most: Option<usize> = number(fields, "most", what, mistakes);
    let advised = match fields.has("advised") {
        true => number(fields, "advised", what, mistakes),
        false => None,
    };
    if let (Some(most), Some(advised), Some(entry)) = (most, advised, fields.entry("advised"))
        && advised >= most
    {
        let help = "write a smaller number, or leave it out";
        mistakes.add(entry.place(), "what is advised is not less than what is allowed", help);
    }
    let within = fields.required("within", what, mistakes)?;
    let millis = duration(within.text).filter(|millis| *millis > 0);
    if millis.is_none() {
        let message = format!("`{}` is no time", within.text);
        mistakes.add(within.span, message, "write a number with `ms`, `s`, `m`, `h` or `d`");
    }
    Some(Rate { case: case?, most: most?, advised, within: millis? })
}

fn read_credits(entry: &Entry, world: &World<'_>, mistakes: &mut Mistakes) -> Option<Credits> {
    let what = "`credits`";
    let fields = Fields::of(&entry.value, what, CREDITS, mistakes)?;
    let case = read_case(fields, "if", what, world, mistakes);
    let month = number(fields, "month", what, mistakes);
    let [used, limit] = ["used", "limit"].map(|key| {
        let pointer = fields.optional(key, mistakes)?;
        if !pointer.text.starts_with('/') {
            let message = format!("`{}` is no JSON Pointer", pointer.text);
            mistakes.add(pointer.span, message, "begin it with `/`");
        }
        Some(pointer.text.to_owned())
    });
    Some(Credits { case: case?, month: month?, used, limit })
}

/// A whole number above zero.
fn number<N: FromStr + PartialOrd + Default>(
    fields: Fields<'_>,
    key: &str,
    what: &str,
    mistakes: &mut Mistakes,
) -> Option<N> {
    let text = fields.required(key, what, mistakes)?;
    let number = text.text.parse().ok().filter(|number| *number > N::default());
    if number.is_none() {
        let message = format!("`{key}` cannot be `{}`", text.text);
        mistakes.add(text.span, message, "write a whole number above zero");
    }
    number
}
