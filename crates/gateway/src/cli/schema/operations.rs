//! Clients' operations, from folders, manifests and the database.

use std::fs;
use std::path::{Path, PathBuf};

use tidegate_schema_check::operations::{Document, read_manifest};

use super::source::text;
use super::{fetch, usage};
use crate::problem::Problem;

/// Files of one folder at most.
const MOST_FILES: usize = 20_000;

/// Reads every source; each may have a client's name before it, as in `ios=clients/ios`.
pub(super) async fn read(sources: &[String]) -> Result<Vec<Document>, Problem> {
    let mut documents = Vec::new();
    for source in sources {
        let (client, place) = named(source);
        if usage::is_database(place) {
            documents.extend(usage::documents(place, client).await?);
            continue;
        }
        let path = Path::new(place);
        let told = if place.contains("://") { fetch::shown(place) } else { place.to_owned() };
        let found = if path.is_dir() {
            folder(path, client)?
        } else if path.extension().is_some_and(|extension| extension == "json") {
            manifest(path, client)?
        } else if is_document(path) {
            vec![document(path, &client_of(path, client), place)?]
        } else {
            return Err(Problem::configuration(format!("{told} holds no operations"))
                .hint("name a folder with .graphql or .gql files, a manifest (.json), or the address of a database"));
        };
        if found.is_empty() {
            // That nothing breaks would be true, and misleading.
            return Err(Problem::configuration(format!("there is no operation in {told}"))
                .hint("operations are read from .graphql and .gql files, and from manifests"));
        }
        documents.extend(found);
    }
    Ok(documents)
}

/// A client's name, if one is given, and where its operations are.
fn named(source: &str) -> (Option<&str>, &str) {
    match source.split_once('=') {
        Some((client, place)) if !client.is_empty() && !client.contains([':', '/']) && !Path::new(source).exists() => {
            (Some(client), place)
        }
        _ => (None, source),
    }
}

/// The name that was given, or the file's or folder's own.
fn client_of(path: &Path, given: Option<&str>) -> String {
    let own = || {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
        name.map_or_else(|| "unnamed".to_owned(), |name| name.to_string_lossy().into_owned())
    };
    given.map_or_else(own, str::to_owned)
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "graphql" || extension == "gql")
}

fn document(path: &Path, client: &str, set: &str) -> Result<Document, Problem> {
    let source = path.display().to_string();
    Ok(Document { client: client.to_owned(), source, set: set.to_owned(), text: text(path)? })
}

fn manifest(path: &Path, client: Option<&str>) -> Result<Vec<Document>, Problem> {
    let name = path.display().to_string();
    read_manifest(&text(path)?, &client_of(path, client), &name)
        .map_err(|fault| Problem::configuration(format!("{name} is no manifest: {fault}")))
}

/// All documents below a folder. Links to folders are not followed, so there is no way round in a circle.
fn folder(top: &Path, client: Option<&str>) -> Result<Vec<Document>, Problem> {
    let client = client_of(top, client);
    let (mut files, mut open): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = open.pop() {
        let unreadable = |error| Problem::configuration(format!("{} cannot be read: {error}", folder.display()));
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.') || name == "node_modules";
            let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
            match entry.path() {
                path if is_folder && !hidden => open.push(path),
                path if !is_folder && !hidden && is_document(&path) => files.push(path),
                _ => {}
            }
        }
        if files.len() > MOST_FILES {
            let top = top.display();
            return Err(Problem::configuration(format!("{top} has more than {MOST_FILES} documents")));
        }
    }
    files.sort();
    let set = top.display().to_string();
    files.iter().map(|file| document(file, &client, &set)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_stand_before_its_operations() {
        assert_eq!(named("ios=clients/ios"), (Some("ios"), "clients/ios"));
        assert_eq!(named("clients/ios"), (None, "clients/ios"));
        assert_eq!(named("web=postgres://a/b?host=c"), (Some("web"), "postgres://a/b?host=c"));
        assert_eq!(named("postgres://a/b?host=c"), (None, "postgres://a/b?host=c"));
    }
}
