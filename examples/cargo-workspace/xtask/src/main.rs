//! Tasks of developers: `cargo run -p xtask -- …`.

use clap::Parser;

#[derive(Parser)]
enum Task {
    /// Print the version that would be released.
    Version,
}

fn main() {
    match Task::parse() {
        Task::Version => println!("{}", env!("CARGO_PKG_VERSION")),
    }
}
