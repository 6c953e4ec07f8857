//! `cargo xtask catalogue`: derives the shipped catalogue from the months of the Online Retail data set.
//!
//! The rules are documented for readers of the data in `catalogue/README.md`; each lives in one file here.

mod collections;
mod corrections;
mod families;
mod grouping;
mod month_file;
mod option_values;
mod output;
mod pricing;
mod products;
mod seasons;
#[cfg(test)]
mod shipped_tests;
mod summary;
mod tally;
mod title_case;
mod word_lists;
mod wording;

use std::path::PathBuf;

use anyhow::Context as _;

/// Arguments of `cargo xtask catalogue`.
#[derive(Debug, clap::Args)]
pub(crate) struct CatalogueArgs {
    /// Months of the data set, `YYYY-MM.csv.gz`
    #[arg(required = true)]
    months: Vec<PathBuf>,
    /// Folder that receives the catalogue's files
    #[arg(long, default_value = "catalogue")]
    out: PathBuf,
}

/// Reads the months, writes the catalogue's files and prints a summary of what was kept and what was left out.
pub(crate) fn run(args: &CatalogueArgs) -> anyhow::Result<()> {
    let mut tally = tally::Tally::default();
    for path in &args.months {
        month_file::read(path, &mut |line| tally.add(line))
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    let products = products::derive(&mut tally);
    let collections = collections::derive(&products);
    output::write(&args.out, &products, &collections)
        .with_context(|| format!("cannot write the catalogue to {}", args.out.display()))?;
    print!("{}", summary::render(&tally, &products, &collections));
    Ok(())
}
