//! The contract itself: documented throughout, and the same as the committed text.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::Value;

#[test]
fn the_committed_schema_is_fresh() {
    let committed = include_str!("../../../schema.graphql");
    assert!(committed == tidegate_schema::sdl(), "schema.graphql is stale: run `cargo xtask schema`");
}

/// Everything a front-end developer meets has a description.
#[tokio::test]
async fn everything_is_described() {
    let query = "{ __schema { types { name kind description \
        fields { name description args { name description } } \
        inputFields { name description } enumValues { name description } } \
        directives { name description args { name description } } } }";
    let answer = tidegate_schema::storefront_strict().execute(query).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data.into_json().expect("an answer is JSON");

    let mut bare = Vec::new();
    for list in ["types", "directives"] {
        for entry in data["__schema"][list].as_array().expect("a list") {
            let built_in =
                |name: &str| name.starts_with("__") || ["ID", "Int", "Float", "String", "Boolean"].contains(&name);
            if !entry["name"].as_str().is_some_and(built_in) {
                collect_bare(entry, "", &mut bare);
            }
        }
    }

    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

fn collect_bare(entry: &Value, parent: &str, bare: &mut Vec<String>) {
    let path = format!("{parent}{}", entry["name"].as_str().unwrap_or("?"));
    if entry["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
        bare.push(path.clone());
    }
    for list in ["fields", "args", "inputFields", "enumValues"] {
        for inner in entry[list].as_array().into_iter().flatten() {
            collect_bare(inner, &format!("{path}."), bare);
        }
    }
}

/// Field by field, what may be null is what may truly be missing: at least three quarters never are.
#[tokio::test]
async fn most_fields_are_never_null() {
    let query = "{ __schema { types { name kind fields { name type { kind } } } } }";
    let answer = tidegate_schema::storefront_strict().execute(query).await;
    let data = answer.data.into_json().expect("an answer is JSON");
    let kinds: Vec<&str> = data["__schema"]["types"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|ty| !ty["name"].as_str().is_some_and(|name| name.starts_with("__")))
        .flat_map(|ty| ty["fields"].as_array().into_iter().flatten())
        .filter_map(|field| field["type"]["kind"].as_str())
        .collect();

    let never_null = kinds.iter().filter(|kind| **kind == "NON_NULL").count();

    assert!(never_null * 100 >= kinds.len() * 75, "{never_null} of {}", kinds.len());
}
