#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use time::macros::date;

use super::*;
use crate::policy::Window;
use crate::usage::Sums;

#[test]
fn what_nobody_used_is_listed_the_never_used_first() {
    let schema = "type Query { a(b: E, c: In): Int d: Int e: Int @deprecated } enum E { F G } input In { h: Int }";
    let contract = Contract::parse(schema, "s").unwrap();
    let today = date!(2026 - 11 - 28);
    let mut sums = Sums::default();
    for (coordinate, day) in [
        ("Query.a", date!(2026 - 11 - 27)),
        ("Query.a(b:)", date!(2026 - 10 - 29)),
        ("Query.d", date!(2026 - 10 - 28)),
        ("Query.d", date!(2026 - 08 - 01)),
        ("E.F", date!(2026 - 11 - 28)),
    ] {
        sums.add(coordinate.to_owned(), format!("client-{day}"), day, 1);
    }
    let window = Window { days: 30, recorded: 30 };
    let usage = sums.usage(window, 30);

    let list = unused(&contract, &usage, today).unwrap();

    insta::assert_snapshot!(text(&list, 30, today), @r#"
    5 parts of the schema were used by no client within the last 30 days.

    E.G          never in the records
    In.h         never in the records
    Query.a(c:)  never in the records
    Query.e      never in the records  deprecated
    Query.d      last 2026-10-28, 31 days ago
    "#);
    insta::assert_snapshot!(json(&list, 30), @r#"
    {
      "days": 30,
      "unused": [
        {
          "coordinate": "E.G",
          "deprecated": false,
          "lastDay": null
        },
        {
          "coordinate": "In.h",
          "deprecated": false,
          "lastDay": null
        },
        {
          "coordinate": "Query.a(c:)",
          "deprecated": false,
          "lastDay": null
        },
        {
          "coordinate": "Query.e",
          "deprecated": true,
          "lastDay": null
        },
        {
          "coordinate": "Query.d",
          "deprecated": false,
          "lastDay": "2026-10-28"
        }
      ]
    }
    "#);
    assert_eq!(text(&[], 30, today), "Everything was used within the last 30 days.\n");
    assert_eq!(unused(&contract, &Usage { recorded_days: 29, ..usage }, today), None, "too short to tell");
}
