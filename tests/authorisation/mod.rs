//! Who may use what: every field of the schema is in `table.toml`, and every root field behaves as it says there.

mod scene;
mod schema;

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tidegate_auth::password::HashCost;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Shop, import};

use crate::attacks::{assert_silent, exists};
use scene::Scene;

/// Who may use a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Who {
    /// Anybody.
    Public,
    /// Whoever may use the field that it was reached by.
    Parent,
    /// Whoever has a session.
    Session,
    /// Whoever has a customer's session, for what is their own.
    Customer,
    /// The session or the customer whom the object belongs to, or the holder of its secret.
    Owner,
    /// Whoever brings a mailed or signed link.
    Link,
    /// Whoever brings a password, a code or a token that is handed out once.
    Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rule: Vec<Rule>,
    call: Vec<Call>,
}

/// Fields of types below the roots.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    who: Who,
    /// The tests that prove that others are refused, as the ledger of attacks names them.
    #[serde(default)]
    test: Vec<String>,
    types: BTreeMap<String, Vec<String>>,
}

/// A root field, called by everybody. An outcome is `data`, `null`, or the code of an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    field: String,
    who: Who,
    #[serde(default)]
    test: Vec<String>,
    /// `<name>` stands for something of the owner's; of what is secret, others bring something like it.
    document: String,
    nobody: String,
    guest: String,
    other: String,
    revoked: String,
    owner: String,
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table() -> Table {
    toml::from_str(&std::fs::read_to_string(top().join("tests/authorisation/table.toml")).unwrap()).unwrap()
}

#[test]
fn every_field_says_who_may_use_it_and_which_test_proves_it() {
    let table = table();
    let fields = schema::fields(&std::fs::read_to_string(top().join("schema.graphql")).unwrap());
    let mut wrong = Vec::new();
    let mut said = BTreeSet::new();
    for rule in &table.rule {
        for (name, of_type) in &rule.types {
            for field in of_type {
                if !said.insert(format!("{name}.{field}")) {
                    wrong.push(format!("{name}.{field} is in the table twice"));
                }
            }
        }
    }
    said.extend(table.call.iter().map(|call| call.field.clone()));

    wrong.extend(fields.difference(&said).map(|field| format!("{field} is not in the table")));
    wrong.extend(said.difference(&fields).map(|field| format!("{field} is not in the schema")));
    let mut sources = BTreeMap::new();
    let rules = table.rule.iter().map(|rule| (rule.who, &rule.test, format!("{:?}", rule.types.keys())));
    for (who, tests, what) in rules.chain(table.call.iter().map(|call| (call.who, &call.test, call.field.clone()))) {
        if tests.is_empty() != matches!(who, Who::Public | Who::Parent) {
            wrong.push(format!("{what}: {who:?} and {} tests", tests.len()));
        }
        let missing = tests.iter().filter(|test| !exists(test, &mut sources));
        wrong.extend(missing.map(|test| format!("{what}: there is no test {test}")));
    }
    println!("{} fields, {} calls", fields.len(), table.call.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_call_says_of_who_may_use_it_is_what_it_expects() {
    for Call { field, who, nobody, guest, other, revoked, owner, .. } in table().call {
        let refused = |outcome: &str| outcome != "data";
        let sound = match who {
            Who::Public => [&nobody, &guest, &other].into_iter().all(|by| *by == owner),
            Who::Session => refused(&nobody) && !refused(&guest) && !refused(&other) && refused(&revoked),
            Who::Customer => refused(&nobody) && refused(&guest) && !refused(&other) && refused(&revoked),
            Who::Owner | Who::Link | Who::Secret => {
                [&nobody, &guest, &other, &revoked].into_iter().all(|by| refused(by))
            }
            Who::Parent => false,
        };
        // No identity provider is there to begin a sign-in with.
        assert!(sound && (owner == "data" || field == "Mutation.oidcStart"), "{field}");
    }
}

/// What a call came to: `data`, `null`, or the code of an error. With an error there is nothing else.
fn outcome(answer: &Answer) -> String {
    assert_silent(answer);
    let empty = |value: &Value| value.is_null() || *value == serde_json::json!([null]);
    let data = answer.body["data"].as_object().and_then(|data| data.values().next());
    if !answer.code().is_empty() {
        assert!(data.is_none_or(empty), "{}", answer.text);
        return answer.code().to_owned();
    }
    let data = data.unwrap();
    if let Some(code) = data["errors"].pointer("/0/code").and_then(Value::as_str) {
        let granted = ["tokens", "session", "order", "cart", "address", "url", "deviceToken", "codeToken"];
        assert!(granted.iter().all(|name| data[*name].is_null()), "{}", answer.text);
        return code.to_owned();
    }
    if empty(data) { "null".to_owned() } else { "data".to_owned() }
}

#[tokio::test]
async fn every_root_field_serves_and_refuses_whom_the_table_says() {
    let shop = Shop::empty(|settings| settings.password_cost = HashCost::weak_for_tests()).await;
    import(&shop.database.url, CATALOGUE, ImportOptions::default()).await;
    shop.database.run("update stock set on_hand = 100000").await;
    let mut wrong = Vec::new();
    for (number, call) in table().call.into_iter().enumerate() {
        let scene = Scene::new(&shop, number).await;
        let expected = [&call.nobody, &call.guest, &call.other, &call.revoked, &call.owner];
        let mut got = Vec::new();
        for actor in scene::ACTORS {
            let client = scene.client(actor);
            let document = scene.document(&call.document, actor);
            let before = scene::digest(&shop, &call.document).await;
            let answer = client.send(&document, serde_json::json!({})).await;
            let outcome = outcome(&answer);
            if outcome != "data" && scene::digest(&shop, &call.document).await != before {
                wrong.push(format!("{} is refused to {actor:?} with {outcome} and changes something", call.field));
            }
            if actor != scene::Actor::Owner {
                let leaks = scene.private().into_iter().filter(|text| answer.text.contains(text.as_str()));
                wrong.extend(leaks.map(|text| format!("{} tells {actor:?} {text}: {}", call.field, answer.text)));
            }
            got.push(outcome);
        }
        if got.iter().ne(expected) {
            wrong.push(format!("{}: {got:?}, not {expected:?}", call.field));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
