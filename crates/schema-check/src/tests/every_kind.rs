//! One pair of schemas that differ in every way there is.

use std::collections::BTreeSet;

use super::{placed, read};
use crate::{ChangeKind, Severity, changes};

const BASE: &str = r#"
"Old."
schema @s { query: Query mutation: Old subscription: OldS }
directive @s(a: Int) repeatable on SCHEMA | SCALAR | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | DIRECTIVE_DEFINITION
directive @gone on FIELD
directive @d1(a: Int = 1, b: Int, "Old." c: Int @s) repeatable on FIELD | QUERY
directive @d2 on FIELD
directive @d3 @s @deprecated on FIELD
directive @d4 @deprecated(reason: "a") on FIELD
type Query { ok: Boolean }
type Old { a: Int }
type OldS { a: Int }
interface I { id: ID }
interface J { id: ID }
type A implements I @s {
  id: ID
  gone: Int
  "Old." changed: Int
  "Old." bare: Int
  described: Int
  dep: Int
  undep: Int @deprecated
  reason1: Int @deprecated(reason: "a")
  reason2: Int @deprecated
  reason3: Int @deprecated(reason: "a")
  type: Int
  args("Old." a: Int = 1, b: Int, gone: Int, used: Int @s): Int
  use: Int @s(a: 1)
}
interface B @s { id: ID }
union U @s = A | T
type T { a: Int }
scalar S @s
enum E @s { GONE "Old." KEPT V1 @deprecated(reason: "a") V2 V3 @deprecated(reason: "a") V4 @s }
input In @s { gone: Int changed: Int = 1 type: Int "Old." a: Int "Old." b: Int c: Int used: Int @s }
type Gone { a: Int }
type Kind { a: Int }
"Old." type D1 { a: Int }
"Old." type D2 { a: Int }
type D3 { a: Int }
"#;

const HEAD: &str = r#"
"New."
schema { query: Root mutation: New subscription: NewS }
directive @s(a: Int) repeatable on SCHEMA | SCALAR | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | DIRECTIVE_DEFINITION
directive @d1(a: Int = 2, b: String, "New." c: Int, d: Int) on FIELD | MUTATION
"New." directive @d2(gone: Int @s) repeatable on FIELD
directive @d3 on FIELD
directive @d4 @s @deprecated(reason: "b") on FIELD
directive @added on FIELD
type Root { ok: Boolean }
type New { a: Int }
type NewS { a: Int }
interface I { id: ID }
interface J { id: ID }
type A implements J {
  id: ID
  added: Int
  "New." changed: Int
  bare: Int
  "New." described: Int
  dep: Int @deprecated
  undep: Int
  reason1: Int @deprecated(reason: "b")
  reason2: Int @deprecated(reason: "b")
  reason3: Int @deprecated
  type: String
  args("New." a: Int = 2, b: String, added: Int, used: Int): Int @s
  use: Int @s(a: 2)
}
interface B { id: ID }
union U = A | Kin
type T @s { a: Int }
type Kin { a: Int }
scalar S
enum E { ADDED "New." KEPT V1 @deprecated(reason: "b") V2 @deprecated(reason: "b") V3 V4 }
input In { added: Int changed: Int = 2 type: String "New." a: Int b: Int "New." c: Int used: Int }
input Kind { a: Int }
"New." type D1 { a: Int }
type D2 { a: Int }
"New." type D3 { a: Int }
"#;

/// The changes of the pair in which a coordinate is wanted.
fn placed_at(wanted: impl Fn(&str) -> bool) -> String {
    let all = placed(BASE, HEAD);
    all.lines().filter(|line| line.split(' ').nth(2).is_some_and(&wanted)).collect::<Vec<_>>().join("\n")
}

fn is_of_types(coordinate: &str) -> bool {
    !coordinate.starts_with('@') && coordinate != "schema"
}

#[test]
fn directives_and_the_schema_have_coordinates_paths_and_places() {
    insta::assert_snapshot!(placed_at(|coordinate| !is_of_types(coordinate)), @"
    Safe DIRECTIVE_ADDED @added [@added] - 9:12
    Safe DIRECTIVE_LOCATION_ADDED @added [@added] - 9:12
    Safe DIRECTIVE_LOCATION_ADDED @d1 [@d1] 6:12 5:12
    Breaking DIRECTIVE_LOCATION_REMOVED @d1 [@d1] 6:12 5:12
    Breaking DIRECTIVE_REPEATABLE_REMOVED @d1 [@d1] 6:12 5:12
    Dangerous DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED @d1(a:) [@d1.a] 6:24 5:24
    Breaking DIRECTIVE_ARGUMENT_TYPE_CHANGED @d1(b:) [@d1.b] 6:30 5:30
    Safe DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED @d1(c:) [@d1.c] 6:35 5:38
    Dangerous DIRECTIVE_USAGE_DIRECTIVE_ARGUMENT_DEFINITION_REMOVED @d1(c:) [@d1.c.@s] 6:49 -
    Safe DIRECTIVE_ARGUMENT_ADDED @d1(d:) [@d1] - 5:53
    Safe DIRECTIVE_DESCRIPTION_CHANGED @d2 [@d2] - 6:1
    Safe DIRECTIVE_REPEATABLE_ADDED @d2 [@d2] 7:12 6:19
    Safe DIRECTIVE_ARGUMENT_ADDED @d2(gone:) [@d2] - 6:22
    Safe DIRECTIVE_DEPRECATION_REMOVED @d3 [@d3.@deprecated] 8:18 -
    Safe DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_REMOVED @d3 [@d3.@deprecated] 8:18 -
    Dangerous DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_REMOVED @d3 [@d3.@s] 8:15 -
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED @d4 [@d4.@deprecated.reason] 9:27 8:30
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED @d4 [@d4.@deprecated.reason] 9:27 8:30
    Safe DIRECTIVE_DEPRECATION_REASON_CHANGED @d4 [@d4.@deprecated] 9:15 8:18
    Dangerous DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_ADDED @d4 [@d4.@s] - 8:15
    Breaking DIRECTIVE_REMOVED @gone [@gone] 5:12 -
    Breaking SCHEMA_QUERY_TYPE_CHANGED schema [] 3:20 3:17
    Breaking SCHEMA_MUTATION_TYPE_CHANGED schema [] 3:36 3:32
    Breaking SCHEMA_SUBSCRIPTION_TYPE_CHANGED schema [] 3:54 3:50
    Dangerous DIRECTIVE_USAGE_SCHEMA_REMOVED schema [.@s] 3:8 -
    Safe SCHEMA_DESCRIPTION_CHANGED schema [] 2:1 2:1
    ");
}

#[test]
fn fields_and_arguments_have_coordinates_paths_and_places() {
    insta::assert_snapshot!(placed_at(|coordinate| is_of_types(coordinate) && coordinate.starts_with('A')), @"
    Dangerous OBJECT_TYPE_INTERFACE_ADDED A [A] - 15:19
    Breaking OBJECT_TYPE_INTERFACE_REMOVED A [A] 15:19 -
    Dangerous DIRECTIVE_USAGE_OBJECT_REMOVED A [A.@s] 15:21 -
    Safe FIELD_ADDED A.added [A.added] - 17:3
    Dangerous DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED A.args [A.args.@s] - 27:66
    Safe FIELD_ARGUMENT_DESCRIPTION_CHANGED A.args(a:) [A.args.a] 27:8 27:8
    Dangerous FIELD_ARGUMENT_DEFAULT_CHANGED A.args(a:) [A.args.a] 27:24 27:24
    Dangerous FIELD_ARGUMENT_ADDED A.args(added:) [A.args.added] - 27:38
    Breaking FIELD_ARGUMENT_TYPE_CHANGED A.args(b:) [A.args.b] 27:30 27:30
    Breaking FIELD_ARGUMENT_REMOVED A.args(gone:) [A.args.gone] 27:35 -
    Dangerous DIRECTIVE_USAGE_ARGUMENT_DEFINITION_REMOVED A.args(used:) [A.args.used.@s] 27:56 -
    Safe FIELD_DESCRIPTION_REMOVED A.bare [A.bare] 19:3 -
    Safe FIELD_DESCRIPTION_CHANGED A.changed [A.changed] 18:3 18:3
    Safe FIELD_DEPRECATION_ADDED A.dep [A.dep.@deprecated] - 21:12
    Safe DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED A.dep [A.dep.@deprecated] - 21:12
    Safe FIELD_DESCRIPTION_ADDED A.described [A.described] - 20:3
    Breaking FIELD_REMOVED A.gone [A.gone] 17:3 -
    Safe FIELD_DEPRECATION_REASON_CHANGED A.reason1 [A.reason1.@deprecated] 23:16 23:16
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A.reason1 [A.reason1.@deprecated.reason] 23:28 23:28
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED A.reason1 [A.reason1.@deprecated.reason] 23:28 23:28
    Safe FIELD_DEPRECATION_REASON_ADDED A.reason2 [A.reason2.@deprecated] 24:16 24:16
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A.reason2 [A.reason2.@deprecated.reason] - 24:28
    Safe FIELD_DEPRECATION_REASON_REMOVED A.reason3 [A.reason3] 25:16 25:16
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED A.reason3 [A.reason3.@deprecated.reason] 25:28 -
    Breaking FIELD_TYPE_CHANGED A.type [A.type] 26:9 26:9
    Safe FIELD_DEPRECATION_REMOVED A.undep [A.undep.@deprecated] 22:14 -
    Safe DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED A.undep [A.undep.@deprecated] 22:14 -
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A.use [A.use.@s.a] 28:15 28:15
    Dangerous DIRECTIVE_USAGE_ARGUMENT_REMOVED A.use [A.use.@s.a] 28:15 28:15
    ");
}

#[test]
fn types_and_their_other_parts_have_coordinates_paths_and_places() {
    insta::assert_snapshot!(placed_at(|coordinate| is_of_types(coordinate) && !coordinate.starts_with('A')), @"
    Dangerous DIRECTIVE_USAGE_INTERFACE_REMOVED B [B.@s] 30:13 -
    Safe TYPE_DESCRIPTION_CHANGED D1 [D1] 38:1 38:1
    Safe TYPE_DESCRIPTION_REMOVED D2 [D2] 39:1 -
    Safe TYPE_DESCRIPTION_ADDED D3 [D3] - 40:1
    Dangerous DIRECTIVE_USAGE_ENUM_REMOVED E [E.@s] 34:8 -
    Dangerous ENUM_VALUE_ADDED E.ADDED [E.ADDED] - 35:10
    Breaking ENUM_VALUE_REMOVED E.GONE [E.GONE] 34:13 -
    Safe ENUM_VALUE_DESCRIPTION_CHANGED E.KEPT [E.KEPT] 34:18 35:16
    Safe ENUM_VALUE_DEPRECATION_REASON_CHANGED E.V1 [E.V1.@deprecated] 34:33 35:31
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED E.V1 [E.V1.@deprecated.reason] 34:45 35:43
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED E.V1 [E.V1.@deprecated.reason] 34:45 35:43
    Safe ENUM_VALUE_DEPRECATION_REASON_ADDED E.V2 [E.V2.@deprecated] - 35:59
    Safe DIRECTIVE_USAGE_ENUM_VALUE_ADDED E.V2 [E.V2.@deprecated] - 35:59
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED E.V2 [E.V2.@deprecated.reason] - 35:71
    Safe ENUM_VALUE_DEPRECATION_REASON_REMOVED E.V3 [E.V3] 34:64 -
    Safe DIRECTIVE_USAGE_ENUM_VALUE_REMOVED E.V3 [E.V3.@deprecated] 34:64 -
    Dangerous DIRECTIVE_USAGE_ENUM_VALUE_REMOVED E.V4 [E.V4.@s] 34:92 -
    Breaking TYPE_REMOVED Gone [Gone] 36:6 -
    Dangerous DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED In [In.@s] 35:10 -
    Safe INPUT_FIELD_DESCRIPTION_CHANGED In.a [In.a] 35:52 36:53
    Safe INPUT_FIELD_ADDED In.added [In.added] - 36:12
    Safe INPUT_FIELD_DESCRIPTION_REMOVED In.b [In.b] 35:66 -
    Safe INPUT_FIELD_DESCRIPTION_ADDED In.c [In.c] - 36:74
    Dangerous INPUT_FIELD_DEFAULT_VALUE_CHANGED In.changed [In.changed] 35:40 36:38
    Breaking INPUT_FIELD_REMOVED In.gone [In.gone] 35:15 -
    Breaking INPUT_FIELD_TYPE_CHANGED In.type [In.type] 35:48 36:46
    Dangerous DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_REMOVED In.used [In.used.@s] 35:97 -
    Safe TYPE_ADDED Kin [Kin] - 33:6
    Safe FIELD_ADDED Kin.a [Kin.a] - 33:12
    Breaking TYPE_KIND_CHANGED Kind [Kind] 37:6 37:7
    Safe TYPE_ADDED New [New] - 11:6
    Safe FIELD_ADDED New.a [New.a] - 11:12
    Safe TYPE_ADDED NewS [NewS] - 12:6
    Safe FIELD_ADDED NewS.a [NewS.a] - 12:13
    Breaking TYPE_REMOVED Old [Old] 11:6 -
    Breaking TYPE_REMOVED OldS [OldS] 12:6 -
    Breaking TYPE_REMOVED Query [Query] 10:6 -
    Safe TYPE_ADDED Root [Root] - 10:6
    Safe FIELD_ADDED Root.ok [Root.ok] - 10:13
    Dangerous DIRECTIVE_USAGE_SCALAR_REMOVED S [S.@s] 33:10 -
    Dangerous DIRECTIVE_USAGE_OBJECT_ADDED T [T.@s] - 32:8
    Breaking UNION_MEMBER_REMOVED U [U] 31:18 -
    Dangerous UNION_MEMBER_ADDED U [U] - 31:15
    Dangerous DIRECTIVE_USAGE_UNION_MEMBER_REMOVED U [U.@s] 31:9 -
    ");
}

#[test]
fn every_kind_is_produced_by_this_pair_or_its_reverse() {
    let (base, head) = (read(BASE), read(HEAD));

    let found: BTreeSet<ChangeKind> =
        changes(&base, &head).into_iter().chain(changes(&head, &base)).map(|change| change.kind).collect();

    let missing: Vec<&str> =
        ChangeKind::ALL.iter().filter(|kind| !found.contains(kind)).map(|kind| kind.name()).collect();
    let never: Vec<&str> = ChangeKind::NEVER.iter().map(|kind| kind.name()).collect();
    assert_eq!(missing, never);
}

#[test]
fn what_is_not_safe_has_a_reason_and_what_is_safe_has_none() {
    let (base, head) = (read(BASE), read(HEAD));

    for change in changes(&base, &head) {
        assert_eq!(change.reason.is_none(), change.severity == Severity::Safe, "{}", change.message);
    }
}

#[test]
fn names_lead_back_to_kinds_and_eighty_are_the_inspectors() {
    assert!(ChangeKind::ALL.iter().all(|kind| ChangeKind::from_name(kind.name()) == Some(*kind)));
    assert_eq!(ChangeKind::ALL.iter().filter(|kind| kind.is_inspectors()).count(), 80);
    assert_eq!(ChangeKind::from_name("FIELD_RENAMED"), None);
}
