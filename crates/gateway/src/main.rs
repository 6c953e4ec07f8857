//! The `tidegate` program.

use std::process::ExitCode;

// Saved CPU in the prototype; not yet compared with the system allocator on this program (docs/decisions.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tidegate_gateway::cli::main()
}
