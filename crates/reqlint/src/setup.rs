//! The rules that a command runs: those of all packs, less what the user does not want, for the
//! servers that the user names.

use crate::arguments::RuleChoice;
use crate::output;
use crate::packs::{self, Unusable};
use crate::select::Selection;
use crate::servers::Servers;
use reqlint_core::check::Checker;

/// The rules that were asked for, ready to run.
///
/// # Errors
/// Everything that is wrong with the user's packs, or with how they were named.
pub(crate) fn checker(choice: &RuleChoice, quiet: bool) -> Result<Checker, Unusable> {
    let packs = packs::load(&choice.files.paths)?;
    let selection = Selection::new(&choice.select, &choice.ignore, &packs);
    let selection = selection.map_err(Unusable::Failed)?;
    let servers = Servers::new(&choice.servers, &packs).map_err(Unusable::Failed)?;
    let takes_any = packs.iter().flat_map(|pack| &pack.rules).any(|rule| selection.takes(rule));
    if !takes_any && !quiet {
        output::note("`--select` and `--ignore` leave no rule, so nothing can be found");
    }
    let mut checker = Checker::new(packs, |rule| selection.takes(rule));
    for (origin, pack) in servers.pairs() {
        checker.map_server(origin, pack);
    }
    Ok(checker)
}
