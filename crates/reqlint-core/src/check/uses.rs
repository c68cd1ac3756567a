//! What conditions and templates refer to: names of the case, and the row of the table.

use crate::rule::pattern::Element;
use crate::rule::template::{Piece, Template};
use crate::rule::{
    Case, Condition, Declares, Find, FixTemplate, NameId, Number, Part, PartPlace, Pattern, Role,
    Tests,
};

/// What something refers to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    /// Whether it refers to the row of the table.
    pub(super) row: bool,
    /// A bit for each name.
    names: u64,
}

impl Uses {
    /// What anything in a case refers to.
    pub(super) fn of_case(case: &Case) -> Self {
        let mut uses = Uses::default();
        case.roles.iter().for_each(|role| uses.add_role(role));
        case.condition.iter().for_each(|condition| uses.add_condition(condition));
        uses.add_template(&case.message);
        case.labels.iter().for_each(|(_, text)| uses.add_template(text));
        case.help.iter().for_each(|help| uses.add_template(help));
        case.fixes.iter().for_each(|fix| uses.add_fix(fix));
        uses
    }

    /// What a role binds or refers to, itself among it.
    pub(super) fn of_role(role: &Role) -> Self {
        let mut uses = Uses::default();
        uses.add_name(role.name);
        uses.add_role(role);
        uses
    }

    /// What a condition refers to.
    pub(super) fn of_condition(condition: &Condition) -> Self {
        let mut uses = Uses::default();
        uses.add_condition(condition);
        uses
    }

    /// Both.
    pub(super) fn with(self, other: Uses) -> Self {
        Uses { row: self.row || other.row, names: self.names | other.names }
    }

    /// Whether both refer to a name.
    pub(super) fn shares_name(self, other: Uses) -> bool {
        self.names & other.names != 0
    }

    /// Whether every name of the other is among these.
    pub(super) fn has_names_of(self, other: Uses) -> bool {
        other.names & !self.names == 0
    }

    fn add_name(&mut self, name: NameId) {
        // Names beyond the bits are taken for all names.
        self.names |= u32::try_from(name).ok().and_then(|bit| 1u64.checked_shl(bit)).unwrap_or(!0);
    }

    fn add_role(&mut self, role: &Role) {
        match &role.find {
            Find::Part(parts) => parts.iter().for_each(|part| self.add_part(part)),
            Find::Missing(part) => self.add_part(part),
        }
    }

    fn add_fix(&mut self, fix: &FixTemplate) {
        self.add_template(&fix.title);
        fix.set.iter().for_each(|(_, text)| self.add_template(text));
    }

    fn add_template(&mut self, template: &Template) {
        for piece in &template.pieces {
            match piece {
                Piece::Text(name) | Piece::Attribute(name, _) => self.add_name(*name),
                Piece::Cell(_) => self.row = true,
                Piece::Literal(_) | Piece::Variable(_) => {}
            }
        }
    }

    fn add_patterns(&mut self, patterns: &[Pattern]) {
        for element in patterns.iter().flat_map(|pattern| &pattern.elements) {
            match element {
                Element::Name(name) => self.add_name(*name),
                Element::Cell(_) => self.row = true,
                Element::Literal(_) | Element::Any => {}
            }
        }
    }

    fn add_part(&mut self, part: &Part) {
        match &part.place {
            PartPlace::Method(patterns)
            | PartPlace::Scheme(patterns)
            | PartPlace::Userinfo(patterns)
            | PartPlace::Host(patterns)
            | PartPlace::Path(patterns)
            | PartPlace::Query(patterns)
            | PartPlace::Fragment(patterns)
            | PartPlace::Body(patterns)
            | PartPlace::WrittenAs(patterns)
            | PartPlace::Param(patterns)
            | PartPlace::PathParam(patterns)
            | PartPlace::Header(patterns)
            | PartPlace::Cookie(patterns)
            | PartPlace::Credential(patterns)
            | PartPlace::Json(patterns)
            | PartPlace::Route(patterns)
            | PartPlace::Dependency(patterns)
            | PartPlace::Status(patterns)
            | PartPlace::ResponseKind(patterns)
            | PartPlace::ResponseBody(patterns)
            | PartPlace::ResponseHeader(patterns)
            | PartPlace::ResponseJson(patterns)
            | PartPlace::Redirect(patterns)
            | PartPlace::Failure(patterns)
            | PartPlace::ExitCode(patterns) => self.add_patterns(patterns),
            PartPlace::Role(name) => self.add_name(*name),
            PartPlace::Syntax(_) | PartPlace::Segment(_) => {}
        }
        part.of.iter().for_each(|name| self.add_name(*name));
        self.add_tests(&part.tests);
    }

    fn add_tests(&mut self, tests: &Tests) {
        self.add_patterns(&tests.is);
        tests.not.iter().for_each(|not| self.add_tests(not));
    }

    fn add_condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Part(part) => self.add_part(part),
            Condition::All(all) | Condition::Any(all) => {
                all.iter().for_each(|one| self.add_condition(one));
            }
            Condition::Not(one) => self.add_condition(one),
            Condition::Above(left, right) | Condition::AtLeast(left, right) => {
                self.add_number(left);
                self.add_number(right);
            }
            Condition::Declares(declares) => self.add_declares(declares),
        }
    }

    fn add_declares(&mut self, declares: &Declares) {
        let Declares { path, method, param, header, body, similar, .. } = declares;
        let asked = [path, method, param, header, body, similar].into_iter().flatten();
        asked.for_each(|template| self.add_template(template));
    }

    fn add_number(&mut self, number: &Number) {
        match number {
            Number::Value(name) | Number::Length(name) => self.add_name(*name),
            Number::Sum(all) | Number::Product(all) => {
                all.iter().for_each(|one| self.add_number(one));
            }
            Number::Count(parts) => parts.iter().for_each(|part| self.add_part(part)),
            Number::Constant(_) | Number::Days(_) => {}
        }
    }
}
