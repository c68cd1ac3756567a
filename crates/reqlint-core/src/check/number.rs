//! Numbers and dates in conditions: intervals, since a hole leaves room.

use super::evaluate::{Bound, Evaluator};
use super::truth::Truth;
use super::types::{parse_date, parse_number};
use crate::layer::Place;
use crate::rule::Number;

/// What a number expression comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quantity {
    /// A number between the two, both included.
    Number(f64, f64),
    /// A day, counted from some day.
    Date(f64),
    /// A number of days.
    Days(f64),
    /// Something that is neither.
    Other,
    /// Not known before run time.
    Unknown,
}

impl Evaluator<'_, '_, '_> {
    /// Whether the left is above the right, and whether it is at least the right.
    pub(super) fn compare(&self, left: &Number, right: &Number) -> (Truth, Truth) {
        use Quantity::{Date, Days, Number, Other, Unknown};
        match (self.quantity(left), self.quantity(right)) {
            (Other, _) | (_, Other) => (Truth::No, Truth::No),
            (Unknown, _) | (_, Unknown) => (Truth::Unknown, Truth::Unknown),
            (Number(low, high), Number(other_low, other_high)) => {
                (above(low, high, other_low, other_high), !above(other_low, other_high, low, high))
            }
            (Date(one), Date(two)) | (Days(one), Days(two)) => {
                ((one > two).into(), (one >= two).into())
            }
            _ => (Truth::No, Truth::No),
        }
    }

    /// What a number comes to, in words.
    pub(super) fn shown_quantity(&self, number: &Number) -> String {
        match self.quantity(number) {
            Quantity::Number(low, high) if low == high => low.to_string(),
            Quantity::Number(low, high) if high.is_infinite() => format!("{low} or more"),
            Quantity::Number(low, high) => format!("{low} to {high}"),
            Quantity::Date(days) => {
                let epoch = jiff::civil::date(1970, 1, 1);
                let date = epoch.checked_add(jiff::Span::new().days(days as i64));
                date.map_or_else(|_| "a date".to_owned(), |date| date.to_string())
            }
            Quantity::Days(days) => format!("{days} days"),
            Quantity::Other => "no number and no date".to_owned(),
            Quantity::Unknown => "not known before run time".to_owned(),
        }
    }

    fn quantity(&self, number: &Number) -> Quantity {
        match number {
            Number::Constant(value) => Quantity::Number(*value, *value),
            Number::Days(days) => Quantity::Days(*days),
            Number::Value(id) => match self.bound(*id) {
                Some(Bound::Part { text, .. }) => self.value_of(*text),
                Some(Bound::Text { place: Some(place), .. }) => self.value_of(*place),
                Some(Bound::Text { text, .. }) => quantity_in(text),
                Some(Bound::Slot { .. }) => Quantity::Other,
                Some(Bound::Unseen) | None => Quantity::Unknown,
            },
            Number::Length(id) => match self.bound(*id) {
                Some(Bound::Part { text, .. } | Bound::Text { place: Some(text), .. }) => {
                    self.length_of(*text)
                }
                Some(Bound::Text { text, .. }) => exactly(text.len() as f64),
                Some(Bound::Slot { .. }) => Quantity::Other,
                Some(Bound::Unseen) | None => Quantity::Unknown,
            },
            Number::Sum(all) => self.fold(all, |one, two| one + two, 0.0),
            Number::Product(all) => self.fold(all, |one, two| one * two, 1.0),
            Number::Count(parts) => {
                let (least, most) = self.count(parts);
                Quantity::Number(least, most)
            }
        }
    }

    fn value_of(&self, place: Place) -> Quantity {
        match self.context().layers().has_hole(place) {
            true => Quantity::Unknown,
            false => quantity_in(self.context().text(place)),
        }
    }

    fn length_of(&self, place: Place) -> Quantity {
        let layers = self.context().layers();
        let holes: usize = layers.holes(place).map(|hole| hole.span.len()).sum();
        let known = (place.span.len() - holes) as f64;
        match layers.has_hole(place) {
            true => Quantity::Number(known, f64::INFINITY),
            false => exactly(known),
        }
    }

    fn fold(&self, all: &[Number], combine: fn(f64, f64) -> f64, start: f64) -> Quantity {
        use Quantity::{Date, Days, Number, Other, Unknown};
        let mut result = exactly(start);
        for (position, number) in all.iter().enumerate() {
            result = match (result, self.quantity(number)) {
                (_, first) if position == 0 => first,
                (Number(low, high), Number(other_low, other_high)) => {
                    Number(combine(low, other_low), combine(high, other_high))
                }
                (Date(date), Days(days)) | (Days(days), Date(date)) => Date(date + days),
                (Days(one), Days(two)) => Days(combine(one, two)),
                (Unknown, _) | (_, Unknown) => Unknown,
                _ => Other,
            };
        }
        result
    }
}

fn above(low: f64, high: f64, other_low: f64, other_high: f64) -> Truth {
    if low > other_high {
        Truth::Yes
    } else if high <= other_low {
        Truth::No
    } else {
        Truth::Unknown
    }
}

fn exactly(value: f64) -> Quantity {
    Quantity::Number(value, value)
}

fn quantity_in(text: &str) -> Quantity {
    if let Some(date) = parse_date(text) {
        let epoch = jiff::civil::date(1970, 1, 1);
        let days = epoch.until(date).map(|span| span.get_days());
        return days.map_or(Quantity::Other, |days| Quantity::Date(f64::from(days)));
    }
    parse_number(text).map_or(Quantity::Other, exactly)
}
