//! The same documents, answered by graphql-js and by this crate with the engine, must be accepted, refused and
//! answered alike. `cargo xtask differential` makes the cases; the file's path comes in `DIFFERENTIAL_CASES`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod toy;

use std::collections::BTreeMap;

use serde::Deserialize;
use tidegate_document::{Documents, Limits, Refusal, code};

const SDL: &str = include_str!("differential/toy.graphql");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    query: String,
    variables: serde_json::Map<String, serde_json::Value>,
    operation_name: Option<String>,
    /// Whether graphql-js began to execute.
    accepted: bool,
    /// Errors of fields, which only a null for a non-null place can cause in this schema.
    field_errors: Vec<String>,
    /// The data as JSON text, so that the order of keys is compared too.
    data: Option<String>,
    /// Why it was refused, to read a report.
    reason: Option<String>,
}

/// What is answered differently on purpose.
const DEVIATIONS: &[(&str, &str)] = &[
    ("page", "a page has 1 to 250 items and one of `first` and `last`: a rule of ours for every such field"),
    (
        "null-in-time",
        "a null variable in a non-null place is refused before anything runs; graphql-js reports a field error \
         if it comes to the place, after other fields, mutations included, have run",
    ),
    (
        "one-of-variable",
        "the specification treats a field of a @oneOf object as non-null, a variable's default included; \
         graphql-js 16 overlooks such an object behind a non-null type, and elsewhere ignores the default",
    ),
    (
        "subscription",
        "the schema has no subscription type, so a document with a subscription is refused, as the specification \
         has it; graphql-js 16 refuses it only when it is the operation to run",
    ),
];

/// The deviation that explains a disagreement.
fn deviation(case: &Case, outcome: &Result<String, Vec<Refusal>>) -> Option<&'static str> {
    let reason = case.reason.as_deref().unwrap_or_default();
    let refusals = match outcome {
        Ok(_) if reason.contains("must be non-nullable to be used for OneOf") => {
            return Some("one-of-variable");
        }
        Err(refusals) if case.accepted => refusals,
        _ => return None,
    };
    let all = |test: &dyn Fn(&Refusal) -> bool| refusals.iter().all(test);
    let is_page = |refusal: &Refusal| {
        refusal.code == code::PAGE_TOO_LARGE
            || refusal.message.starts_with("Give `first` or `last`")
            || refusal.message.starts_with("A page has 1 to")
    };
    if all(&is_page) {
        return Some("page");
    }
    if all(&|refusal| refusal.message.contains("in a @oneOf object")) {
        return Some("one-of-variable");
    }
    if all(&|refusal| refusal.code == code::SUBSCRIPTIONS_NOT_SUPPORTED) {
        return case.query.contains("subscription").then_some("subscription");
    }
    let is_null = |path: &String| case.variables.get(path).is_some_and(serde_json::Value::is_null);
    let in_time = all(&|refusal| {
        refusal.message.ends_with("is null where a value is needed.")
            && refusal.input_path.as_ref().is_some_and(is_null)
    });
    in_time.then_some("null-in-time")
}

/// Our bounds are tested elsewhere; here they must not hide what the two make of a document.
fn limits() -> Limits {
    Limits { mutation_fields: 100, root_fields: 1_000, aliases: 1_000, objects: u64::MAX, ..Limits::default() }
}

async fn answer(documents: &Documents, engine: &toy::Toy, case: &Case) -> Result<String, Vec<Refusal>> {
    let prepared = documents.prepare(&case.query)?;
    let bound = prepared.bind(case.operation_name.as_deref(), case.variables.clone())?;
    let known = bound.known.clone();
    let (request, _) = bound.into_request();
    let response = engine.execute(request.data(toy::Steps::default())).await;
    assert!(response.errors.is_empty(), "{:?}\n{}", response.errors, case.query);
    assert!(known.is_none_or(|known| known == response.data), "{}", case.query);
    Ok(serde_json::to_string(&response.data).unwrap())
}

#[test]
fn the_toy_schema_is_the_one_that_the_reference_has() {
    assert_eq!(toy::schema().sdl(), SDL);
}

#[tokio::test]
#[ignore = "needs the cases of the reference, see differential/README.md"]
async fn answers_equal_those_of_the_reference() {
    let path = std::env::var("DIFFERENTIAL_CASES").unwrap();
    let documents = Documents::new(SDL, limits(), 0).unwrap();
    let engine = toy::schema();
    let mut accepted = 0;
    let mut refused = 0;
    let mut deviations: BTreeMap<&str, u32> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let outcome = answer(&documents, &engine, &case).await;
        let agrees = match &outcome {
            Ok(data) => case.accepted && case.data.as_ref() == Some(data),
            Err(_) => !case.accepted,
        };
        match &outcome {
            Ok(_) if agrees => accepted += 1,
            Err(_) if agrees => refused += 1,
            _ if deviation(&case, &outcome).is_some() => {
                let name = deviation(&case, &outcome).unwrap_or_default();
                *deviations.entry(name).or_default() += 1;
            }
            _ => disagreements.push(format!(
                "query: {}\nvariables: {}\noperation: {:?}\nreference: accepted {} {:?} {:?} {:?}\nours: {:?}",
                case.query,
                serde_json::to_string(&case.variables).unwrap(),
                case.operation_name,
                case.accepted,
                case.reason,
                case.field_errors,
                case.data,
                outcome
            )),
        }
    }
    println!("accepted {accepted}, refused {refused}, deviations {deviations:?}");
    for (name, reason) in DEVIATIONS {
        println!("{name}: {reason}");
    }
    let count = disagreements.len();
    disagreements.truncate(12);
    assert!(count == 0, "{count} disagreements\n\n{}", disagreements.join("\n\n"));
    assert!(accepted > 0 && refused > 0, "the cases are all of one kind");
}
