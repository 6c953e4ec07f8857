//! Schemas out of nothing: names, kinds and types; what else they have is added by changes.

use std::fmt::Write as _;

use crate::seeded::Seeded;

/// How many definitions of each kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) scalars: usize,
    pub(crate) enums: usize,
    pub(crate) inputs: usize,
    pub(crate) interfaces: usize,
    pub(crate) objects: usize,
    pub(crate) unions: usize,
}

const EVERYWHERE: &str = "SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM \
                          | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION";
const FIELD_NAMES: [&str; 12] =
    ["id", "name", "size", "items", "owner", "parent", "state", "note", "kind", "link", "list", "total"];

/// The text of a schema.
pub(crate) fn skeleton(size: Size, random: &mut Seeded) -> String {
    let mut text = directives();
    (0..size.scalars).for_each(|index| writeln!(text, "scalar Scalar{index}").unwrap());
    for index in 0..size.enums {
        let values: Vec<String> = (0..2 + random.below(4)).map(|value| format!("VALUE_{value}")).collect();
        writeln!(text, "enum Enum{index} {{ {} }}", values.join(" ")).unwrap();
    }
    for index in 0..size.inputs {
        text.push_str(&input(size, index, random));
    }
    let bases = interfaces(size, random, &mut text);
    for index in 0..size.objects {
        objects(size, index, &bases, random, &mut text);
    }
    for index in 0..size.unions {
        let members: Vec<String> =
            (0..size.objects).filter(|_| random.chance(40)).map(|object| format!("Object{object}")).collect();
        let members = if members.is_empty() { "Object0".to_owned() } else { members.join(" | ") };
        writeln!(text, "union Union{index} = {members}").unwrap();
    }
    roots(size, random, &mut text);
    text
}

fn directives() -> String {
    format!(
        "directive @oneOf on INPUT_OBJECT
directive @tag(name: String!, weight: Int = 1) repeatable on {EVERYWHERE} | FIELD
directive @mark(unit: Enum0, list: [Int!], filter: Input0) on {EVERYWHERE}
directive @plain on {EVERYWHERE} | QUERY
directive @live(every: Int! = 5, unit: Enum0, filter: Input0) repeatable on QUERY | MUTATION | SUBSCRIPTION | FIELD
directive @flow(if: Boolean!, note: String) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION \
         | VARIABLE_DEFINITION | QUERY
"
    )
}

/// An input type. A non-null field may only be of an earlier object, so that there is no endless literal.
fn input(size: Size, index: usize, random: &mut Seeded) -> String {
    let one_of = random.chance(25);
    let mut text = format!("input Input{index}{} {{", if one_of { " @oneOf" } else { "" });
    let count = 2 + random.below(4);
    for (field, field_name) in FIELD_NAMES.iter().enumerate().take(count) {
        let object = random.chance(25);
        let before = random.below(index + 1);
        let nullable = one_of || object && before == index;
        let name = if object { format!("Input{before}") } else { input_leaf(size, random) };
        write!(text, " {field_name}{field}: {}", wrapped(&name, nullable, random)).unwrap();
    }
    text.push_str(" }\n");
    text
}

fn input_leaf(size: Size, random: &mut Seeded) -> String {
    match random.below(7) {
        0 => format!("Enum{}", random.below(size.enums)),
        1 => format!("Scalar{}", random.below(size.scalars)),
        other => ["Int", "Float", "String", "Boolean", "ID"][other - 2].to_owned(),
    }
}

fn wrapped(name: &str, nullable: bool, random: &mut Seeded) -> String {
    let text = match random.below(6) {
        0 => format!("[{name}]"),
        1 => format!("[{name}!]"),
        _ => name.to_owned(),
    };
    if nullable || random.chance(60) { text } else { format!("{text}!") }
}

fn output(size: Size, random: &mut Seeded) -> String {
    let name = match random.below(10) {
        0..4 => input_leaf(size, random),
        4..7 => format!("Object{}", random.below(size.objects)),
        7 if size.unions > 0 => format!("Union{}", random.below(size.unions)),
        _ if size.interfaces > 0 => format!("Interface{}", random.below(size.interfaces)),
        _ => "Int".to_owned(),
    };
    wrapped(&name, false, random)
}

fn arguments(size: Size, random: &mut Seeded) -> String {
    if random.chance(55) {
        return String::new();
    }
    let mut given = Vec::new();
    for index in 0..=random.below(2) {
        let name =
            if random.chance(45) { format!("Input{}", random.below(size.inputs)) } else { input_leaf(size, random) };
        given.push(format!("by{index}: {}", wrapped(&name, false, random)));
    }
    format!("({})", given.join(", "))
}

/// An interface's name, its fields, and what it implements itself.
struct Base {
    fields: Vec<String>,
    also: Vec<usize>,
}

/// Interfaces. Field names are their own, so that a type can implement any of them together.
fn interfaces(size: Size, random: &mut Seeded, text: &mut String) -> Vec<Base> {
    let mut bases: Vec<Base> = Vec::new();
    for index in 0..size.interfaces {
        let also = if index > 0 && random.chance(40) { closed(&bases, random.below(index)) } else { Vec::new() };
        let mut fields: Vec<String> = also.iter().flat_map(|base| bases[*base].fields.clone()).collect();
        fields.extend((0..=random.below(2)).map(|field| {
            format!("of{index}{}{}: {}", FIELD_NAMES[field], arguments(size, random), output(size, random))
        }));
        fields.sort();
        fields.dedup();
        writeln!(text, "interface Interface{index}{} {{ {} }}", implements(&also), fields.join(" ")).unwrap();
        bases.push(Base { fields, also });
    }
    bases
}

fn closed(bases: &[Base], base: usize) -> Vec<usize> {
    let mut all = bases[base].also.clone();
    all.push(base);
    all
}

fn implements(bases: &[usize]) -> String {
    if bases.is_empty() {
        return String::new();
    }
    let names: Vec<String> = bases.iter().map(|base| format!("Interface{base}")).collect();
    format!(" implements {}", names.join(" & "))
}

fn objects(size: Size, index: usize, bases: &[Base], random: &mut Seeded, text: &mut String) {
    let mut also: Vec<usize> = Vec::new();
    for base in 0..bases.len() {
        if random.chance(30) {
            also.extend(closed(bases, base));
        }
    }
    also.sort_unstable();
    also.dedup();
    let mut fields: Vec<String> = also.iter().flat_map(|base| bases[*base].fields.clone()).collect();
    fields.sort();
    fields.dedup();
    let first = random.below(FIELD_NAMES.len());
    for field in 0..=random.below(5) {
        let name = FIELD_NAMES[(first + field) % FIELD_NAMES.len()];
        fields.push(format!("{name}{}: {}", arguments(size, random), output(size, random)));
    }
    writeln!(text, "type Object{index}{} {{ {} }}", implements(&also), fields.join(" ")).unwrap();
}

fn roots(size: Size, random: &mut Seeded, text: &mut String) {
    let renamed = random.chance(40);
    let mut definition = String::new();
    for (operation, name) in [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")] {
        if operation != "query" && random.chance(30) {
            continue;
        }
        let name = if renamed { format!("Root{name}") } else { name.to_owned() };
        let fields: Vec<String> = (0..3 + random.below(3))
            .map(|field| format!("{}{}: {}", FIELD_NAMES[field], arguments(size, random), output(size, random)))
            .collect();
        // Most types are within reach, some are not.
        let reached = format!("reach{}: Object{}", arguments(size, random), random.below(size.objects));
        writeln!(text, "type {name} {{ {} {reached} }}", fields.join(" ")).unwrap();
        write!(definition, " {operation}: {name}").unwrap();
    }
    if renamed || random.chance(50) {
        writeln!(text, "schema {{{definition} }}").unwrap();
    }
}
