//! The `canvass` binary: reads the command line and runs one command.

use std::process::ExitCode;

use canvass::commands::{Cli, run};
use clap::Parser;
use mimalloc::MiMalloc;

/// Requests and letters make and drop many small texts on several threads: a third of the time of a letter was the
/// system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    run(Cli::parse())
}
