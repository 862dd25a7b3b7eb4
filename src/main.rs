//! The `canvass` binary: reads the command line and runs one command.

use std::process::ExitCode;

use canvass::commands::{Cli, run};
use clap::Parser;

fn main() -> ExitCode {
    run(Cli::parse())
}
