//! Documents made to exhaust a server, named after the cases of the attack ledger.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value, json};
use tidegate_document::{Bound, Documents, Limits, Refusal, code};

const SDL: &str = "
  directive @inContext(country: CountryCode, language: LanguageCode, currency: CurrencyCode) on QUERY | MUTATION
  enum CountryCode { GB DE } enum LanguageCode { EN } enum CurrencyCode { GBP }
  type Query {
    product(id: ID): Product
    products(first: Int, after: String, last: Int, filter: Filter): Products!
    things: [Thing!]!
    many(ids: [ID!]!): Int
  }
  type Mutation { login(name: String): Int applyCoupon(code: String): Int checkoutComplete(key: ID!): Int }
  type Products { nodes: [Product!]! }
  interface Thing { id: ID! products(first: Int, last: Int): Products! }
  type Product implements Thing { id: ID! products(first: Int, last: Int): Products! related: Product title: String }
  input Filter { and: [Filter!] or: Filter text: String }
";

fn documents() -> Documents {
    Documents::new(SDL, Limits::default(), 1 << 20).unwrap()
}

/// The processor time that this thread has taken: other work on the machine does not count.
fn taken() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// Prepares and binds, and must not take long: the bound of the optimised build, widened for others.
fn bind(text: &str, variables: Value) -> Result<Bound, Vec<Refusal>> {
    let documents = documents();
    let Value::Object(variables) = variables else { unreachable!("variables are an object") };
    let start = taken();
    let outcome = documents.prepare(text).and_then(|prepared| prepared.bind(None, variables));
    let took = taken().saturating_sub(start);
    assert!(took < Duration::from_millis(200), "{took:?}");
    outcome
}

fn refused(text: &str) -> &'static str {
    bind(text, json!({})).unwrap_err()[0].code
}

/// The text that many times, `#` standing for the number.
fn numbered(count: usize, text: &str) -> String {
    (0..count).fold(String::new(), |all, index| all + &text.replace('#', &index.to_string()))
}

fn fan_out(levels: usize, spreads: usize) -> String {
    let mut text = String::from("{ ...F0 }");
    for level in 0..levels {
        let body =
            if level + 1 == levels { "__typename".to_owned() } else { format!("...F{} ", level + 1).repeat(spreads) };
        write!(text, " fragment F{level} on Query {{ {body} }}").unwrap();
    }
    text
}

#[test]
fn case_01_nested_selections() {
    assert_eq!(refused(&"{a".repeat(10_000)), code::QUERY_TOO_DEEP);
}

#[test]
fn case_02_nested_literals() {
    let text = format!("{{ many(ids: {}{}) }}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(refused(&text), code::QUERY_TOO_DEEP);
    let text = format!("{{ many(ids: {}", "[{a:".repeat(5_000));
    assert_eq!(refused(&text), code::QUERY_TOO_DEEP);
    let text = format!("query($a: {}ID{}) {{ many(ids: $a) }}", "[".repeat(9_000), "]".repeat(9_000));
    assert_eq!(refused(&text), code::QUERY_TOO_DEEP);
}

#[test]
fn case_03_nested_variables() {
    let mut value = json!({ "text": "x" });
    for _ in 0..60 {
        value = json!({ "or": value });
    }
    let text = "query($f: Filter) { products(filter: $f) { nodes { id } } }";
    assert_eq!(bind(text, json!({ "f": value })).unwrap_err()[0].code, code::BAD_USER_INPUT);
}

#[test]
fn case_04_fragment_fan_out() {
    let text = fan_out(31, 2);
    assert!(text.len() < 1_400, "{}", text.len());
    let documents = documents();
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = taken();
        let refusals = documents.prepare(&text).unwrap_err();
        times.push(taken().saturating_sub(start));
        assert_eq!(refusals[0].code, code::QUERY_TOO_COMPLEX);
    }
    // The quickest is the one that nothing else on the machine has held up.
    let quickest = times.iter().min().unwrap();
    assert!(*quickest < Duration::from_millis(5), "{times:?}");
}

#[test]
fn case_05_wide_fan_out() {
    assert_eq!(refused(&fan_out(8, 10)), code::QUERY_TOO_COMPLEX);
}

#[test]
fn case_06_fragment_cycles() {
    let two = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    let own = "{ ...A } fragment A on Query { things { ... on Product { ...A } } }";
    assert_eq!(refused(two), code::GRAPHQL_VALIDATION_FAILED);
    assert_eq!(refused(own), code::GRAPHQL_VALIDATION_FAILED);
}

#[test]
fn case_06_long_fragment_chains_do_not_recurse() {
    let mut text = String::from("{ ...F0 }");
    for level in 0..1_000 {
        write!(text, " fragment F{level} on Query {{ ...F{} }}", level + 1).unwrap();
    }
    text.push_str(" fragment F1000 on Query { __typename }");
    assert_eq!(refused(&text), code::QUERY_TOO_DEEP);
}

#[test]
fn case_07_and_10_repeated_fields() {
    let aliases = numbered(100_000, "a#:__typename ");
    assert_eq!(refused(&format!("{{ {aliases} }}")), code::QUERY_TOO_LARGE);
    let short = format!("{{ {} }}", "a ".repeat(20_000));
    assert_eq!(refused(&short), code::TOO_MANY_TOKENS);
}

#[test]
fn case_08_aliases() {
    let at_root = |count| {
        let fields: String = numbered(count, "a#:product{id} ");
        format!("{{ {fields} }}")
    };
    assert!(bind(&at_root(30), json!({})).is_ok());
    assert_eq!(refused(&at_root(31)), code::TOO_MANY_ALIASES);
    let below: String = numbered(101, "a#:id ");
    assert_eq!(refused(&format!("{{ product {{ {below} }} }}")), code::TOO_MANY_ALIASES);
}

#[test]
fn case_09_many_mutations() {
    let five = "mutation { a:login b:login c:login d:login e:login }";
    assert_eq!(refused(five), code::TOO_MANY_MUTATIONS);
    let with_checkout = "mutation { login ...F } fragment F on Mutation { checkoutComplete(key: 1) }";
    assert_eq!(refused(with_checkout), code::TOO_MANY_MUTATIONS);
    let alone = "mutation { checkoutComplete(key: 1) ...F } fragment F on Mutation { checkoutComplete(key: 1) }";
    assert_eq!(bind(alone, json!({})).unwrap().root_fields, ["checkoutComplete"]);
    let hidden = "mutation($with: Boolean!) { login @include(if: $with) checkoutComplete(key: 1) }";
    assert_eq!(bind(hidden, json!({ "with": true })).unwrap_err()[0].code, code::TOO_MANY_MUTATIONS);
    assert!(bind(hidden, json!({ "with": false })).is_ok());
}

#[test]
fn case_11_and_12_directives() {
    let skip = "@skip(if:false)".repeat(200);
    assert_eq!(refused(&format!("{{ __typename {skip} }}")), code::TOO_MANY_DIRECTIVES);
    let unknown = "@x ".repeat(2_000);
    for text in [
        format!("{{ ...F {unknown} }} fragment F on Query {{ __typename }}"),
        format!("{{ ... {unknown} {{ __typename }} }}"),
        format!("query {unknown} {{ __typename }}"),
        format!("query($a: ID {unknown}) {{ product(id: $a) {{ id }} }}"),
        format!("{{ ...F }} fragment F on Query {unknown} {{ __typename }}"),
    ] {
        assert_eq!(refused(&text), code::TOO_MANY_DIRECTIVES);
    }
}

#[test]
fn case_13_long_tokens() {
    let mega = 1 << 20;
    for text in [
        format!("{{ {} }}", "a".repeat(mega)),
        format!("{{ product(id: \"{}\") {{ id }} }}", "a".repeat(mega)),
        format!("# {}\n{{ __typename }}", "a".repeat(mega)),
        format!("{{ __typename {} }}", ",\u{feff}".repeat(mega / 4)),
        format!("{{ {} }}", "a".repeat(2_000)),
        format!("{{ product(id: \"{}\") {{ id }} }}", "a".repeat(20_000)),
    ] {
        assert_eq!(refused(&text), code::QUERY_TOO_LARGE);
    }
    assert!(bind(&format!("{{ __typename {} }}", ",".repeat(60_000)), json!({})).is_ok());
}

#[test]
fn case_14_many_operations() {
    let many: String = numbered(1_500, "query Q# { __typename } ");
    assert_eq!(refused(&many), code::QUERY_TOO_COMPLEX);
    let prepared = documents().prepare("query A { __typename } query B { __typename }").unwrap();
    for name in [None, Some("C")] {
        assert_eq!(prepared.bind(name, Map::new()).unwrap_err()[0].code, code::OPERATION_NOT_FOUND);
    }
    assert_eq!(prepared.bind(Some("B"), Map::new()).unwrap().operation_name.as_deref(), Some("B"));
}

#[test]
fn case_15_many_variables() {
    let many: String = numbered(1_000, "$v#: ID ");
    assert_eq!(refused(&format!("query({many}) {{ __typename }}")), code::QUERY_TOO_COMPLEX);
}

#[test]
fn case_17_circular_introspection() {
    let circle = "fields { type { ".repeat(3);
    let text = format!("{{ __schema {{ types {{ {circle} name {} }} }} }}", "}}".repeat(3));
    assert_eq!(refused(&text), code::QUERY_TOO_DEEP);
    let hidden = "{ __schema { types { ...F } } } fragment F on __Type { fields { type { ...G } } }
        fragment G on __Type { fields { type { interfaces { name } } } }";
    assert_eq!(refused(hidden), code::QUERY_TOO_DEEP);
}

#[test]
fn case_18_page_sizes() {
    let page = |arguments: &str| refused(&format!("{{ products({arguments}) {{ nodes {{ id }} }} }}"));
    assert_eq!(page("first: 2147483647"), code::PAGE_TOO_LARGE);
    assert_eq!(page("last: 251"), code::PAGE_TOO_LARGE);
    assert_eq!(page("first: -1"), code::BAD_USER_INPUT);
    assert_eq!(page("first: 0"), code::BAD_USER_INPUT);
    assert_eq!(page("first: 1, last: 1"), code::BAD_USER_INPUT);
    assert_eq!(page("first: 2147483648"), code::GRAPHQL_VALIDATION_FAILED);
    let text = "query($n: Int, $m: Int) { products(first: $n, last: $m) { nodes { id } } }";
    let with = |variables| bind(text, variables).map(|bound| bound.cost.objects);
    assert_eq!(with(json!({})).unwrap(), 24);
    assert_eq!(with(json!({ "n": 250 })).unwrap(), 250);
    assert_eq!(with(json!({ "n": null, "m": 3 })).unwrap(), 3);
    assert_eq!(with(json!({ "n": 251 })).unwrap_err()[0].code, code::PAGE_TOO_LARGE);
    assert_eq!(with(json!({ "n": 1, "m": 1 })).unwrap_err()[0].code, code::BAD_USER_INPUT);
}

#[test]
fn case_19_pages_within_pages() {
    let mut text = "products(first: 250) { nodes { id } }".to_owned();
    for _ in 0..6 {
        text = format!("products(first: 250) {{ nodes {{ {text} }} }}");
    }
    assert_eq!(refused(&format!("{{ {text} }}")), code::QUERY_TOO_COMPLEX);
}

#[test]
fn case_20_pages_behind_fragments_and_interfaces() {
    let text = "query($with: Boolean!) { products(first: 250) { nodes { ...F @include(if: $with) } } }
        fragment F on Thing { products(first: 100) { nodes { id } } }";
    assert_eq!(bind(text, json!({ "with": true })).unwrap_err()[0].code, code::QUERY_TOO_COMPLEX);
    assert_eq!(bind(text, json!({ "with": false })).unwrap().cost.objects, 250);
}

#[test]
fn case_21_long_lists_and_deep_filters() {
    let ids: Vec<u32> = (0..251).collect();
    assert_eq!(refused(&format!("{{ many(ids: {ids:?}) }}")), code::BAD_USER_INPUT);
    let variables = json!({ "ids": ids });
    let refusals = bind("query($ids: [ID!]!) { many(ids: $ids) }", variables).unwrap_err();
    assert_eq!(refusals[0].code, code::BAD_USER_INPUT);
    let filter = format!("{}{}", "{or: ".repeat(20) + "{}", "}".repeat(20));
    let text = format!("{{ products(filter: {filter}) {{ nodes {{ id }} }} }}");
    assert_eq!(refused(&text), code::BAD_USER_INPUT);
}

#[test]
fn case_24_subscriptions() {
    assert_eq!(refused("subscription { a }"), code::SUBSCRIPTIONS_NOT_SUPPORTED);
    let same_name = "query A { __typename } mutation A { login }";
    assert_eq!(refused(same_name), code::GRAPHQL_VALIDATION_FAILED);
}

#[test]
fn case_25_defer_is_unknown() {
    assert_eq!(refused("{ ... @defer { __typename } }"), code::GRAPHQL_VALIDATION_FAILED);
}

#[test]
fn case_26_many_errors() {
    let wrong = numbered(29, "product{ titl# } ");
    let refusals = documents().prepare(&format!("{{ {wrong} }}")).unwrap_err();
    assert_eq!(refusals.len(), 10);
    for refusal in refusals {
        assert!(!refusal.message.contains("title"), "{}", refusal.message);
        assert_eq!(refusal.locations.len(), 1);
    }
}

#[test]
fn case_27_nul_in_text() {
    assert_eq!(refused(r#"{ product(id: "a\u0000") { id } }"#), code::BAD_USER_INPUT);
    let refusals = bind("query($id: ID) { product(id: $id) { id } }", json!({ "id": "\0" }));
    assert_eq!(refusals.unwrap_err()[0].code, code::BAD_USER_INPUT);
}

#[test]
fn case_31_integers() {
    let text = "query($n: Int) { products(first: $n) { nodes { id } } }";
    for wrong in [json!(1_u64 << 31), json!(u64::MAX), json!(-3e300), json!(1.0), json!("1"), json!(true)] {
        assert_eq!(bind(text, json!({ "n": wrong })).unwrap_err()[0].code, code::BAD_USER_INPUT);
    }
}

#[test]
fn case_39_inherited_names_are_unknown_fields() {
    for name in ["__proto__", "constructor"] {
        let text = "query($f: Filter) { products(filter: $f) { nodes { id } } }";
        let refusal = &bind(text, json!({ "f": { name: 1 } })).unwrap_err()[0];
        assert_eq!(refusal.code, code::BAD_USER_INPUT);
        assert_eq!(refusal.input_path.as_deref(), Some(format!("f.{name}").as_str()));
    }
}

#[test]
fn one_large_variable_is_not_copied_without_end() {
    let uses: String = numbered(29, "a#:product(id: $v) { id } ");
    let text = format!("query($v: ID) {{ {uses} }}");
    let large = "x".repeat(900_000);
    let refusals = bind(&text, json!({ "v": large })).unwrap_err();
    assert_eq!(refusals[0].code, code::QUERY_TOO_COMPLEX);
}

#[test]
fn the_deepest_accepted_documents_leave_the_stack_alone() {
    let inline = format!("{}__typename{}", "... { ".repeat(35), " }".repeat(35));
    assert!(bind(&format!("{{ {inline} }}"), json!({})).is_ok());
    assert_eq!(
        refused(&format!("{{ ... {{ ... {{ ... {{ ... {{ ... {{ ... {{ {inline} }} }} }} }} }} }} }}")),
        code::QUERY_TOO_DEEP
    );
    let filter = format!("{}{}", "{or: ".repeat(15) + "{}", "}".repeat(15));
    assert!(bind(&format!("{{ products(filter: {filter}) {{ nodes {{ id }} }} }}"), json!({})).is_ok());
}

#[test]
fn the_introspection_of_tools_is_accepted() {
    let of_type = "kind name ofType { ".repeat(9) + "kind name" + &" }".repeat(9);
    let text = format!(
        "query I {{ __schema {{ queryType {{ name }} types {{ ...FullType }} directives {{ name args {{ ...Input }} }} }} }}
         fragment FullType on __Type {{ kind name fields(includeDeprecated: true) {{ name args {{ ...Input }}
           type {{ ...Ref }} }} inputFields {{ ...Input }} interfaces {{ ...Ref }}
           enumValues(includeDeprecated: true) {{ name }} possibleTypes {{ ...Ref }} }}
         fragment Input on __InputValue {{ name type {{ ...Ref }} defaultValue }}
         fragment Ref on __Type {{ {of_type} }}"
    );
    assert!(bind(&text, json!({})).is_ok());
}

#[test]
fn the_largest_accepted_documents_are_quick() {
    let body = "id title related { id title related { id } } ".repeat(100);
    let spread = "...F ".repeat(4);
    let text = format!("{{ product {{ {spread} }} }} fragment F on Product {{ {body} }}");
    let documents = documents();
    let start = taken();
    documents.prepare(&text).unwrap();
    let took = taken().saturating_sub(start);
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn the_context_comes_from_the_directive() {
    let text = "query($c: CountryCode = DE) @inContext(country: $c, language: EN) { __typename }";
    let bound = bind(text, json!({})).unwrap();
    assert_eq!(bound.context.country.as_deref(), Some("DE"));
    assert_eq!(bound.context.language.as_deref(), Some("EN"));
    assert_eq!(bound.context.currency, None);
    assert_eq!(
        refused("{ __typename } query A @inContext(country: FR) { __typename }"),
        code::GRAPHQL_VALIDATION_FAILED
    );
}
