//! Operations at random.

use apollo_compiler::Name;

use super::given::{text, ways};
use super::map::{Map, conditions, fields};
use crate::schemas::literal::literal;
use crate::seeded::Seeded;

/// How deep and how wide an operation gets.
const DEPTH: usize = 4;
const WIDTH: usize = 4;

struct Walk<'a> {
    map: &'a Map<'a>,
    variables: Vec<String>,
    fragments: Vec<String>,
    keys: usize,
}

/// Some operation.
pub(crate) fn walk(map: &Map<'_>, random: &mut Seeded) -> String {
    let roots: Vec<_> = map.schema.schema_definition.iter_root_operations().collect();
    let (operation, name) = *random.pick(&roots).unwrap();
    let mut walk = Walk { map, variables: Vec::new(), fragments: Vec::new(), keys: 0 };
    let is_subscription = operation.is_subscription();
    let selected = selections(&mut walk, &name.name, if is_subscription { 1 } else { WIDTH }, 0, random);
    let variables = if walk.variables.is_empty() { String::new() } else { format!("({})", walk.variables.join(", ")) };
    format!("{} Walk{variables} {{ {selected} }} {}", operation.name(), walk.fragments.join(" "))
}

fn selections(walk: &mut Walk<'_>, parent: &Name, width: usize, depth: usize, random: &mut Seeded) -> String {
    let map = walk.map;
    let declared = fields(map.schema, parent);
    let at_root = depth == 0 && width == 1;
    let mut parts = Vec::new();
    for _ in 0..=random.below(width) {
        let conditions = conditions(&map.possible, parent);
        if !at_root && depth < DEPTH && random.chance(25) {
            let on = random.pick(&conditions).unwrap().clone();
            let body = selections(walk, &on, 2, depth + 1, random);
            if random.chance(50) {
                let name = format!("Part{}", walk.fragments.len());
                walk.fragments.push(format!("fragment {name} on {on} {{ {body} }}"));
                parts.push(format!("...{name}"));
            } else {
                parts.push(format!("... on {on} {{ {body} }}"));
            }
        } else if let Some(field) = random.pick(&declared) {
            let composite = map.possible.contains_key(field.ty.inner_named_type());
            if !composite || depth < DEPTH || at_root {
                parts.push(selected(walk, field, depth, random));
            }
        }
    }
    let own_key = if parts.is_empty() && !at_root { "__typename".to_owned() } else { String::new() };
    parts.join(" ") + &own_key
}

/// A field under a key of its own, so that nothing has to be merged.
fn selected(
    walk: &mut Walk<'_>,
    field: &apollo_compiler::ast::FieldDefinition,
    depth: usize,
    random: &mut Seeded,
) -> String {
    let map = walk.map;
    let mut given = Vec::new();
    for argument in &field.arguments {
        if !argument.is_required() && random.chance(50) {
            continue;
        }
        if random.chance(50) {
            given.push(format!("{}: {}", argument.name, text(&literal(map.schema, &argument.ty, random, 0))));
            continue;
        }
        let ways = ways(map.schema, argument, false, random);
        let way = random.pick(&ways).unwrap();
        let name = format!("$v{}_", walk.keys + walk.variables.len());
        walk.variables.extend(way.variables.iter().map(|variable| variable.replacen("$v", &name, 1)));
        given.extend(way.text.iter().map(|text| {
            let text = if way.variables.is_empty() { text.clone() } else { text.replacen("$v", &name, 1) };
            format!("{}: {text}", argument.name)
        }));
    }
    let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
    walk.keys += 1;
    let key = walk.keys;
    let flags = ["@include(if: true)", "@skip(if: false)", ""];
    let flag = if depth > 0 && random.chance(10) { *random.pick(&flags).unwrap() } else { "" };
    let name = field.ty.inner_named_type();
    let below = if map.possible.contains_key(name) {
        format!(" {{ {} }}", selections(walk, name, 3, depth + 1, random))
    } else {
        String::new()
    };
    format!("k{key}: {}{given} {flag}{below}", field.name)
}

/// So many of them.
pub(crate) fn walks(map: &Map<'_>, count: usize, random: &mut Seeded) -> Vec<String> {
    (0..count).map(|_| walk(map, random)).collect()
}
