//! `reqlint completions` and `reqlint man`: what is made of the command line for shells.

use super::Arguments;
use crate::exit::Exit;
use crate::output;
use clap::{Args, CommandFactory};

/// Print a completion script for a shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Print the manual page of reqlint, or of one command.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command; without it the page of reqlint itself
    command: Option<String>,
}

/// `reqlint completions SHELL`
pub(crate) fn write_completions(arguments: &CompletionsArguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "reqlint", &mut script);
    output::print(|out| out.write_all(&script))
}

/// `reqlint man [COMMAND]`
pub(crate) fn write_man(arguments: &ManArguments) -> Exit {
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    let page = match &arguments.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return output::fail(&format!("there is no command `{name}`")),
        },
    };
    let name = page.get_display_name().unwrap_or("reqlint").replace(' ', "-");
    output::print(|out| clap_mangen::Man::new(page).title(name).render(out))
}
