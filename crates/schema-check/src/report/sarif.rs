//! SARIF 2.1.0, for code scanning.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::annotation::{Annotation, Gravity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log with one run.
#[must_use]
pub fn sarif(annotations: &[Annotation], version: &str) -> String {
    let rules: BTreeSet<&str> = annotations.iter().map(|annotation| annotation.rule.as_str()).collect();
    let rules: Vec<&str> = rules.into_iter().collect();
    let results: Vec<Value> = annotations.iter().map(|annotation| result(annotation, &rules)).collect();
    let rules: Vec<Value> = rules.iter().map(|rule| json!({ "id": rule, "name": rule })).collect();
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "tidegate schema", "semanticVersion": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{value:#}\n")
}

fn result(annotation: &Annotation, rules: &[&str]) -> Value {
    let level = match annotation.gravity {
        Gravity::Error => "error",
        Gravity::Warning => "warning",
        Gravity::Note => "note",
    };
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(&annotation.file) } },
    });
    if let Some(place) = annotation.place {
        location["physicalLocation"]["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    }
    if let Some(coordinate) = &annotation.coordinate {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": coordinate, "kind": "member" }]);
    }
    let subject = annotation.coordinate.as_ref().unwrap_or(&annotation.title);
    let mut result = json!({
        "ruleId": annotation.rule,
        "ruleIndex": rules.iter().position(|rule| *rule == annotation.rule),
        "level": level,
        "message": { "text": annotation.message },
        "locations": [location],
        // The same finding stays the same one when lines move.
        "partialFingerprints": { "schemaCoordinate/v1": format!("{} {subject}", annotation.rule) },
    });
    if let Some(excuse) = &annotation.excuse {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": excuse }]);
    }
    result
}

/// A relative reference (RFC 3986): what is not unreserved or a slash is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Place;

    #[test]
    fn a_log_has_rules_results_and_suppressions() {
        let annotation = |gravity, place, coordinate: Option<&str>| Annotation {
            gravity,
            rule: "FIELD_REMOVED".to_owned(),
            title: "Title".to_owned(),
            message: "It was removed.".to_owned(),
            file: "./api/my schema.graphql".to_owned(),
            place,
            coordinate: coordinate.map(str::to_owned),
            excuse: (gravity == Gravity::Warning).then(|| "why".to_owned()),
        };
        let list = [
            annotation(Gravity::Error, Some(Place { line: 3, column: 7 }), Some("A.b")),
            annotation(Gravity::Warning, None, None),
        ];

        insta::assert_snapshot!(sarif(&list, "0.1.0"), @r#"
        {
          "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "level": "error",
                  "locations": [
                    {
                      "logicalLocations": [
                        {
                          "fullyQualifiedName": "A.b",
                          "kind": "member"
                        }
                      ],
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "api/my%20schema.graphql"
                        },
                        "region": {
                          "startColumn": 7,
                          "startLine": 3
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "It was removed."
                  },
                  "partialFingerprints": {
                    "schemaCoordinate/v1": "FIELD_REMOVED A.b"
                  },
                  "ruleId": "FIELD_REMOVED",
                  "ruleIndex": 0
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "api/my%20schema.graphql"
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "It was removed."
                  },
                  "partialFingerprints": {
                    "schemaCoordinate/v1": "FIELD_REMOVED Title"
                  },
                  "ruleId": "FIELD_REMOVED",
                  "ruleIndex": 0,
                  "suppressions": [
                    {
                      "justification": "why",
                      "kind": "external",
                      "status": "accepted"
                    }
                  ]
                }
              ],
              "tool": {
                "driver": {
                  "name": "tidegate schema",
                  "rules": [
                    {
                      "id": "FIELD_REMOVED",
                      "name": "FIELD_REMOVED"
                    }
                  ],
                  "semanticVersion": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
        "#);
    }
}
