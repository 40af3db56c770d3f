//! The `readiness` command: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    readiness::cli::run(std::env::args_os())
}
