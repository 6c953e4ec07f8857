#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use time::macros::date;

use super::*;
use crate::kind::ChangeKind;
use crate::operations::{self, Document};
use crate::policy::Window;
use crate::usage::Sums;

const TODAY: Date = date!(2026 - 11 - 28);
const SCHEMA: &str =
    "type Query { a: A } type A { b(c: C): Int d: Int } input C { e: Int f: Int } type Lost { g: Int }";

fn change(kind: ChangeKind, coordinate: &str, severity: Severity) -> Change {
    Change {
        kind,
        coordinate: coordinate.to_owned(),
        path: coordinate.to_owned(),
        severity,
        message: "It changed".to_owned(),
        reason: None,
        base: None,
        head: None,
    }
}

fn removed(coordinate: &str) -> Change {
    change(ChangeKind::FieldRemoved, coordinate, Severity::Breaking)
}

/// Judges against one schema, which is base and head.
fn judged(policy: &str, changes: Vec<Change>, arrange: impl FnOnce(&mut Facts<'_>)) -> Verdict {
    let schema = Contract::parse(SCHEMA, "s.graphql").unwrap();
    let mut facts =
        Facts { today: TODAY, unreleased: false, usage: None, operations: None, base: &schema, head: &schema };
    arrange(&mut facts);
    judge(&Policy::parse(policy).unwrap(), changes, &facts)
}

fn usage(recorded_days: u16, uses: &[(&str, &str, Date)]) -> Usage {
    let mut sums = Sums::default();
    for (coordinate, client, day) in uses {
        sums.add((*coordinate).to_owned(), (*client).to_owned(), *day, 7);
    }
    sums.usage(Window { days: 30, recorded: 30 }, recorded_days)
}

fn exempt(coordinate: &str, expires: &str) -> String {
    format!(
        "[[exempt]]\nkind = \"FIELD_REMOVED\"\ncoordinate = \"{coordinate}\"\nreason = \"why\"\nexpires = {expires}\n"
    )
}

#[test]
fn an_exemption_holds_for_its_change_until_its_day() {
    let holds = |coordinate: &str, expires: &str| judged(&exempt(coordinate, expires), vec![removed("A.d")], |_| {});

    let until_today = holds("A.d", "2026-11-28");
    assert!(!until_today.fails() && until_today.idle.is_empty());
    let excuse = Excuse::Exempt { reason: "why".to_owned(), expires: "2026-11-28".to_owned() };
    assert_eq!(until_today.changes[0].excuse, Some(excuse));

    let other = holds("A.b", "2026-11-28");
    assert!(other.fails() && other.changes[0].fails);
    insta::assert_snapshot!(other.idle.join("\n"), @"the exemption for FIELD_REMOVED A.b matches nothing here (why); remove it when it is done with");

    let over = holds("A.d", "2026-11-27");
    assert!(over.fails() && over.changes[0].fails);
    insta::assert_snapshot!(over.expired.join("\n"), @"the exemption for FIELD_REMOVED A.d expired on 2026-11-27 (why); take the change back, or give it a new date");

    let over_and_idle = holds("A.b", "2026-11-27");
    insta::assert_snapshot!(over_and_idle.expired.join("\n"), @"the exemption for FIELD_REMOVED A.b expired on 2026-11-27 (why); it matches nothing here: remove it");
    assert!(judged(&exempt("A.b", "2026-11-27"), Vec::new(), |_| {}).fails(), "an expired one fails by itself");
}

#[test]
fn severities_are_the_policys() {
    let policy = "[severity]\nENUM_VALUE_ADDED = \"breaking\"\n[[override]]\nkind = \"FIELD_REMOVED\"\ncoordinate = \"A*\"\n\
                  severity = \"dangerous\"\nreason = \"ours\"\n";
    let changes =
        || vec![removed("A.d"), change(ChangeKind::EnumValueAdded, "E.F", Severity::Dangerous), removed("B.d")];

    let verdict = judged(policy, changes(), |_| {});
    let severities: Vec<_> =
        verdict.changes.iter().map(|judged| (&*judged.change.coordinate, judged.severity, judged.fails)).collect();
    assert_eq!(
        severities,
        [("B.d", Severity::Breaking, true), ("E.F", Severity::Breaking, true), ("A.d", Severity::Dangerous, false)]
    );

    let verdict = judged(&format!("fail_on = \"dangerous\"\n{policy}"), changes(), |_| {});
    assert!(verdict.changes.iter().all(|judged| judged.fails));
}

#[test]
fn unreachable_types_may_be_ignored() {
    let changes = || vec![removed("Lost.g"), removed("C.e")];

    assert_eq!(judged("", changes(), |_| {}).changes.iter().filter(|judged| judged.fails).count(), 2);
    let ignored = judged("unreachable_types = \"ignore\"", changes(), |_| {});
    let fails: Vec<_> = ignored.changes.iter().map(|judged| (&*judged.change.coordinate, judged.fails)).collect();
    assert_eq!(fails, [("C.e", true), ("Lost.g", false)]);
}

#[test]
fn before_a_release_the_policy_says_what_breaks() {
    let fails = |policy: &str, unreleased: bool| {
        judged(policy, vec![removed("A.d")], |facts| facts.unreleased = unreleased).fails()
    };

    assert!(fails("", true) && fails("unreleased = \"report\"", false));
    assert!(!fails("unreleased = \"report\"", true));
}

#[test]
fn what_nobody_used_may_go() {
    let used = |policy: &str, usage: &Usage, change: Change| {
        let schema = Contract::parse(SCHEMA, "s.graphql").unwrap();
        let facts = Facts {
            today: TODAY,
            unreleased: false,
            usage: Some(usage),
            operations: None,
            base: &schema,
            head: &schema,
        };
        judge(&Policy::parse(policy).unwrap(), vec![change], &facts).fails()
    };
    let (recent, old) = (date!(2026 - 10 - 29), date!(2026 - 10 - 28));

    assert!(!used("", &usage(30, &[]), removed("A.d")));
    assert!(used("strict = true", &usage(30, &[]), removed("A.d")));
    assert!(used("", &usage(29, &[]), removed("A.d")), "too short a history excuses nothing");
    assert!(used("", &usage(30, &[("A.d", "web", recent)]), removed("A.d")));
    assert!(!used("", &usage(30, &[("A.d", "web", old)]), removed("A.d")));
    assert!(!used("", &usage(30, &[("A.dd", "web", recent), ("A", "web", recent)]), removed("A.d")));
    let protected = "[usage]\nprotected_clients = [\"pos-*\"]";
    assert!(used(protected, &usage(30, &[("A.d", "pos-7", old)]), removed("A.d")));

    // Of a field that goes also its arguments are a use; of a stricter argument the whole field is.
    assert!(used("", &usage(30, &[("A.b(c:)", "web", recent)]), removed("A.b")));
    let stricter = change(ChangeKind::FieldArgumentTypeChanged, "A.b(c:)", Severity::Breaking);
    assert!(used("", &usage(30, &[("A.b", "web", recent)]), stricter));
    let gone = change(ChangeKind::FieldArgumentRemoved, "A.b(c:)", Severity::Breaking);
    assert!(!used("", &usage(30, &[("A.b", "web", recent)]), gone));
    // Who passes the object at all misses the field that is now required.
    let required = change(ChangeKind::InputFieldAdded, "C.h", Severity::Breaking);
    assert!(used("", &usage(30, &[("C", "web", recent)]), required));
    // The schema as a whole is used by every request.
    let root = change(ChangeKind::SchemaQueryTypeChanged, "schema", Severity::Breaking);
    assert!(used("", &usage(30, &[]), root));
}

#[test]
fn users_are_told_by_client_and_a_known_operation_is_a_use() {
    let schema = Contract::parse(SCHEMA, "s.graphql").unwrap();
    let document = Document {
        client: "ios".to_owned(),
        source: "a.graphql".to_owned(),
        set: String::new(),
        text: "query Page($c: C) { a { b(c: $c) } }".to_owned(),
    };
    let tried = operations::check(&schema, &schema, &[document]);
    let usage = usage(30, &[("A.b", "web", TODAY), ("A.b(c:)", "web", TODAY)]);
    let facts = Facts {
        today: TODAY,
        unreleased: false,
        usage: Some(&usage),
        operations: Some(&tried),
        base: &schema,
        head: &schema,
    };

    let verdict = judge(&Policy::default(), vec![removed("A.b"), removed("C.f"), removed("A.d")], &facts);

    let [b, f, d] = &verdict.changes[..] else { panic!("{verdict:?}") };
    assert_eq!((&*b.change.coordinate, &*f.change.coordinate, &*d.change.coordinate), ("A.b", "C.f", "A.d"));
    let ios = User { client: "ios".to_owned(), requests: None, last_day: None, operations: vec!["Page".to_owned()] };
    let web = User {
        client: "web".to_owned(),
        requests: Some(7),
        last_day: Some("2026-11-28".to_owned()),
        operations: Vec::new(),
    };
    assert_eq!(b.users, [ios.clone(), web]);
    assert_eq!((&f.users, f.fails), (&vec![ios], true));
    assert_eq!(d.excuse, Some(Excuse::Unused { days: 30 }));
}

#[test]
fn what_is_new_or_met_through_an_interface_is_not_excused_by_its_own_coordinate() {
    let of = |kind, coordinate: &str, severity| Scope::of(&change(kind, coordinate, severity));
    let within = |text: &str| Scope::Within(text.to_owned());

    assert_eq!(of(ChangeKind::EnumValueAdded, "E.B", Severity::Dangerous), within("E"));
    assert_eq!(of(ChangeKind::EnumValueRemoved, "E.B", Severity::Dangerous), within("E"));
    assert_eq!(of(ChangeKind::EnumValueRemoved, "E.B", Severity::Breaking), within("E.B"));
    assert_eq!(of(ChangeKind::ObjectTypeInterfaceRemoved, "A", Severity::Breaking), Scope::Everything);
}
