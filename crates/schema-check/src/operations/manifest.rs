//! Manifests of persisted documents.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::documents::Document;

/// Why a text is no manifest, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ManifestFault(String);

/// Apollo's `apollo-persisted-query-manifest`, version 1.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    name: Option<String>,
    body: String,
    client_name: Option<String>,
}

/// Reads a manifest: Apollo's, or an object of documents by their hash, as Relay's compiler and Hive's app
/// deployments have them. An entry's own client comes before `client`.
pub fn read(text: &str, client: &str, source: &str) -> Result<Vec<Document>, ManifestFault> {
    let value: Value = serde_json::from_str(text).map_err(|error| ManifestFault(format!("it is not JSON: {error}")))?;
    if value.get("operations").is_some_and(Value::is_array) {
        return apollo(&value, client, source);
    }
    let by_hash: BTreeMap<String, String> = serde_json::from_value(value).map_err(|_| {
        ManifestFault(
            "it is neither Apollo's manifest ({\"format\": \"apollo-persisted-query-manifest\", \"operations\": […]}) nor \
             an object of documents by their hash"
                .to_owned(),
        )
    })?;
    let document = |(hash, text): (String, String)| Document {
        client: client.to_owned(),
        source: format!("{source}#{hash}"),
        set: hash,
        text,
    };
    Ok(by_hash.into_iter().map(document).collect())
}

fn apollo(value: &Value, client: &str, source: &str) -> Result<Vec<Document>, ManifestFault> {
    let format = value.get("format").and_then(Value::as_str).unwrap_or_default();
    let version = value.get("version").and_then(Value::as_u64);
    if format != "apollo-persisted-query-manifest" || version != Some(1) {
        return Err(ManifestFault(format!(
            "its format is {format:?}, version {}, and not apollo-persisted-query-manifest, version 1",
            version.map_or_else(|| "none".to_owned(), |version| version.to_string())
        )));
    }
    let entries = value.get("operations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let document = |(index, entry): (usize, &Value)| {
        let entry = Entry::deserialize(entry)
            .map_err(|error| ManifestFault(format!("its operation {} cannot be read: {error}", index + 1)))?;
        let place = entry.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&entry.id);
        Ok(Document {
            client: entry.client_name.unwrap_or_else(|| client.to_owned()),
            source: format!("{source}#{place}"),
            set: entry.id,
            text: entry.body,
        })
    };
    entries.iter().enumerate().map(document).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let apollo = r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "1a", "name": "Page", "type": "query", "body": "query Page { a }"},
            {"id": "2b", "name": "", "type": "query", "body": "{ b }", "clientName": "ios"}]}"#;
        let of = |documents: Vec<Document>| -> Vec<String> {
            documents.into_iter().map(|one| format!("{} {} {}", one.client, one.source, one.text)).collect()
        };

        assert_eq!(
            of(read(apollo, "web", "m.json").unwrap()),
            ["web m.json#Page query Page { a }", "ios m.json#2b { b }"]
        );
        assert_eq!(
            of(read(r#"{"9f": "{ c }", "0a": "{ d }"}"#, "web", "r.json").unwrap()),
            ["web r.json#0a { d }", "web r.json#9f { c }"]
        );
    }

    #[test]
    fn what_is_no_manifest_is_refused_in_a_sentence() {
        let say = |text: &str| read(text, "web", "m.json").unwrap_err().to_string();

        insta::assert_snapshot!(say("{"), @"it is not JSON: EOF while parsing an object at line 1 column 1");
        insta::assert_snapshot!(say("[]"), @r#"it is neither Apollo's manifest ({"format": "apollo-persisted-query-manifest", "operations": […]}) nor an object of documents by their hash"#);
        insta::assert_snapshot!(say(r#"{"a": 1}"#), @r#"it is neither Apollo's manifest ({"format": "apollo-persisted-query-manifest", "operations": […]}) nor an object of documents by their hash"#);
        insta::assert_snapshot!(say(r#"{"operations": []}"#), @r#"its format is "", version none, and not apollo-persisted-query-manifest, version 1"#);
        insta::assert_snapshot!(
            say(r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "1"}]}"#),
            @"its operation 1 cannot be read: missing field `body`"
        );
    }
}
