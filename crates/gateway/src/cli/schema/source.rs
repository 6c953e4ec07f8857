//! Where schemas come from.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use tidegate_schema_check::Contract;
use tidegate_schema_check::report::Side;

use super::{fetch, git};
use crate::problem::Problem;

/// Bytes of a schema, document or answer at most.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Where our schema is in the repository.
const OWN_FILE: &str = "schema.graphql";

/// A schema, and what to call it.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) side: Side,
    pub(super) contract: Contract,
}

/// Reads a schema: a file, a file of a revision, or a server's; without a word of it, our own.
pub(super) async fn load(source: Option<&str>, headers: &[String]) -> Result<Loaded, Problem> {
    let Some(source) = source else {
        let side = Side { name: "built-in schema".to_owned(), file: OWN_FILE.to_owned() };
        return parsed(side, &tidegate_schema::sdl());
    };
    if fetch::is_address(source) {
        let text = fetch::schema(source, headers).await?;
        return parsed(Side { name: fetch::shown(source), file: OWN_FILE.to_owned() }, &text);
    }
    let path = Path::new(source);
    if path.exists() {
        return parsed(Side { name: source.to_owned(), file: source.to_owned() }, &text(path)?);
    }
    match source.split_once(':') {
        Some((revision, file)) if !file.is_empty() => {
            let file_name = file.trim_start_matches("./").to_owned();
            parsed(Side { name: source.to_owned(), file: file_name }, &git::show(revision, file)?)
        }
        _ => Err(Problem::configuration(format!("there is no file {source}"))
            .hint("a schema is a file, REVISION:PATH such as v1.2.0:schema.graphql, or the address of a server")),
    }
}

/// Reads a file of bounded size.
pub(super) fn text(path: &Path) -> Result<String, Problem> {
    let name = path.display();
    if path.is_dir() {
        return Err(Problem::configuration(format!("{name} is a folder, not a file")));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| Problem::configuration(format!("{name} cannot be read: {error}")))?;
    utf8(&name.to_string(), bytes)
}

/// Bytes as text.
pub(super) fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::configuration(format!("{name} has more than {} MiB", MAX_BYTES / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| Problem::configuration(format!("{name} is not text in UTF-8")))
}

fn parsed(side: Side, text: &str) -> Result<Loaded, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::configuration(format!("{} is empty", side.name)));
    }
    match Contract::parse(text, &side.name) {
        Ok(contract) => Ok(Loaded { side, contract }),
        Err(faulty) => Err(Problem::configuration(format!(
            "{} is not a valid GraphQL schema:\n{}",
            side.name,
            shortened(&faulty.to_string())
        ))),
    }
}

/// The start of a long report, in lines of bounded length.
fn shortened(report: &str) -> String {
    const LINES: usize = 24;
    const COLUMNS: usize = 160;
    let short = |line: &str| match line.char_indices().nth(COLUMNS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    };
    let mut lines: Vec<String> = report.lines().take(LINES).map(short).collect();
    let more = report.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("… {more} more lines"));
    }
    lines.join("\n")
}
