//! Texts that are made to hurt.

use std::fmt::Write as _;

use crate::{Contract, changes};

/// How a text is answered: as read, or with the first line of the refusal.
fn answered(text: &str) -> String {
    match Contract::parse(text, "s.graphql") {
        Ok(contract) => format!("read, {} changes to itself", changes(&contract, &contract).len()),
        Err(error) => error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn deep_nesting_is_refused_with_a_place() {
    let deep = 10_000;
    let list = format!("type Query {{ a: {}Int{} }}", "[".repeat(deep), "]".repeat(deep));
    let default = format!("type Query {{ a(x: Int = {}{}): Int }}", "[".repeat(deep), "]".repeat(deep));
    let object = format!(
        "directive @d(x: S) on OBJECT scalar S type Query @d(x: {}1{}) {{ a: Int }}",
        "{a:".repeat(deep),
        "}".repeat(deep)
    );
    let open = "{".repeat(deep);
    let selection = format!("query {}", "{a".repeat(deep));

    insta::assert_snapshot!(answered(&list), @"s.graphql:1:516: brackets are nested too deep");
    insta::assert_snapshot!(answered(&default), @"s.graphql:1:523: brackets are nested too deep");
    insta::assert_snapshot!(answered(&object), @"s.graphql:1:1553: brackets are nested too deep");
    insta::assert_snapshot!(answered(&open), @"s.graphql:1:1: syntax error: expected a definition");
    insta::assert_snapshot!(answered(&selection), @"s.graphql:1:1007: brackets are nested too deep");
}

#[test]
fn long_chains_and_long_lists_are_read_or_refused() {
    let many = 3_000;
    let mut inputs = String::from("type Query { a(x: I0): Int } ");
    let mut interfaces = String::from("type Query { a: Int } ");
    let mut fields = String::from("type Query { ");
    for nth in 0..many {
        let next = if nth + 1 < many { format!("I{}!", nth + 1) } else { "Int".to_owned() };
        write!(inputs, "input I{nth} {{ a: {next} }} ").unwrap();
        write!(interfaces, "interface I{nth} {{ a: Int }} ").unwrap();
        write!(fields, "a{nth}(x: Int): Int ").unwrap();
    }
    let union = format!("{interfaces} union U = {}", "| Query ".repeat(many));

    insta::assert_snapshot!(answered(&inputs), @"s.graphql:1:30: `I0` contains too much nesting");
    insta::assert_snapshot!(answered(&union), @"s.graphql:1:79934: duplicate definitions for the `Query` member of union type `U`");
    insta::assert_snapshot!(answered(&(fields + "}")), @"read, 0 changes to itself");
}

#[test]
fn the_gateway_s_own_schema_and_its_bare_forms_are_read() {
    let bare = "\u{feff}schema @s { query: Q } directive @s on | SCHEMA | OBJECT union U @u = | A | Q directive @u on UNION \
                type Q implements I & J @s { a(x: [Int] = [-1, 2]): U } scalar S interface I { a(x: [Int]): U } \
                interface J { a(x: [Int]): U } type A { a: S } enum type { on directive } extend schema @s2(a: {b: 1.5e-3}) \
                directive @s2(a: S) repeatable on SCHEMA input fragment { a: type = on }";

    assert_eq!(answered(include_str!("../../../../schema.graphql")), "read, 0 changes to itself");
    assert_eq!(answered(bare), "read, 0 changes to itself");
}

#[test]
fn fifty_megabytes_are_refused() {
    assert_eq!(answered(&"#".repeat(50 << 20)), "s.graphql:1:1: the schema has more than 16777216 bytes");
}

#[test]
#[ignore = "takes a minute and gigabytes"]
fn sixteen_megabytes_are_read_or_refused() {
    let size = (16 << 20) - 100;
    let mut valid = String::with_capacity(size + 100);
    for nth in 0.. {
        if valid.len() + 100 > size {
            break;
        }
        write!(valid, "type T{nth} {{ a: Int b(x: [String!]! = [\"y\"]): T{nth} }} ").unwrap();
    }
    let texts = [
        ("a valid schema", valid + "type Query { a: Int }"),
        ("brackets", "{".repeat(size)),
        ("a comment", format!("#{}", "x".repeat(size))),
        ("an open string", format!("\"\"\"{}", "x".repeat(size))),
        ("names", "a ".repeat(size / 2)),
        ("no GraphQL", "%".repeat(size)),
        ("faults inside", format!("type Query {{ {}", ": ".repeat(size / 2))),
    ];
    for (what, text) in texts {
        let start = std::time::Instant::now();
        println!("{what}: {} in {:?}", answered(&text), start.elapsed());
    }
}

#[test]
fn what_is_no_schema_is_refused_with_a_place() {
    insta::assert_snapshot!(answered(""), @"s.graphql:1:1: syntax error: Unexpected <EOF>.");
    insta::assert_snapshot!(answered("query { a }"), @"s.graphql:1:1: a schema document must not contain an operation definition");
    insta::assert_snapshot!(answered("type Query { a: Nothing }"), @"s.graphql:1:17: cannot find type `Nothing` in this document");
    insta::assert_snapshot!(answered("type Query {\n  \"é\" a: }"), @"s.graphql:2:11: syntax error: expected a Type");
    insta::assert_snapshot!(answered("type Query { a: Int } directive @d @"), @"s.graphql:1:36: syntax error: expected Directive Locations");
    insta::assert_snapshot!(answered("type Query { a: Int } extend directive @d @x("), @"s.graphql:1:46: syntax error: expected an Argument");
}

#[test]
fn only_the_first_errors_are_told() {
    let text =
        format!("type Query {{ {} }}", (0..100).map(|nth| format!("a{nth}: None")).collect::<Vec<_>>().join(" "));

    let told = Contract::parse(&text, "s.graphql").err().map(|error| error.to_string()).unwrap_or_default();

    assert_eq!(told.lines().count(), 21);
    assert_eq!(told.lines().last(), Some("and 80 more errors"));
}
