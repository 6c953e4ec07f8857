//! Compares the record with what the shoppers were answered and with what the database holds.

use std::collections::BTreeMap;

use crate::replicas::Complaints;

use super::amount::Exact;
use super::kinds::Count;
use super::ledger::Stored;
use super::plan::{Invoice, Plan};
use super::play::Played;

/// Every difference between the record, the answers and the orders, in words.
pub(super) fn differences(plan: &Plan, played: &Played, orders: &[Stored], shop_country: &str) -> Vec<String> {
    let mut differences = played.differences.clone();
    let mut by_place: BTreeMap<usize, Vec<&Stored>> = BTreeMap::new();
    for order in orders {
        match order.place.filter(|place| *place < plan.invoices.len()) {
            Some(place) => by_place.entry(place).or_default().push(order),
            None => differences.push(format!("order {} is no invoice", order.number)),
        }
    }
    for (place, invoice) in plan.invoices.iter().enumerate() {
        let stored = by_place.get(&place).map(Vec::as_slice).unwrap_or_default();
        let mut of_invoice = answered(played, place, stored);
        match stored {
            [order] => of_invoice.extend(compare(invoice, order, shop_country)),
            orders => of_invoice.push(format!("{} orders", orders.len())),
        }
        differences.extend(of_invoice.into_iter().map(|words| format!("invoice {}: {words}", invoice.number)));
    }
    differences.extend(sums(plan, orders));
    differences
}

/// On-hand figures that are not what was imported last.
pub(super) fn on_hand(played: &Played, found: &BTreeMap<String, i64>) -> Vec<String> {
    let differ = played.on_hand.iter().filter(|(sku, figure)| found.get(*sku) != Some(figure));
    differ.map(|(sku, figure)| format!("{sku}: on hand {:?}, imported {figure}", found.get(sku))).collect()
}

/// What no shopper has noticed and should not have happened all the same.
pub(super) fn troubles(complaints: &Complaints, deadlocks: i64) -> Vec<String> {
    let errors = (complaints.count > 0).then(|| format!("replicas logged {} errors", complaints.count));
    let deadlocks = (deadlocks > 0).then(|| format!("the database broke {deadlocks} deadlocks"));
    errors.into_iter().chain(deadlocks).collect()
}

/// What the shopper was told, against the stored order.
fn answered(played: &Played, place: usize, stored: &[&Stored]) -> Vec<String> {
    match played.outcomes.get(&place) {
        None => vec!["was not played".to_owned()],
        Some(Err(words)) => vec![words.clone()],
        Some(Ok(told)) => {
            let mut differences = told.differences.clone();
            if !stored.iter().any(|order| order.number.to_string() == told.number) {
                differences.push(format!("was acknowledged as order {}, which is not there", told.number));
            }
            differences
        }
    }
}

fn compare(invoice: &Invoice, order: &Stored, shop_country: &str) -> Vec<String> {
    let mut differences = Vec::new();
    let mut equal = |what: &str, found: String, expected: String| {
        if found != expected {
            differences.push(format!("order {}: {what} is {found}, not {expected}", order.number));
        }
    };
    equal("total", order.total.to_string(), invoice.total().to_string());
    equal("payment", order.payments.to_string(), invoice.total().to_string());
    equal("note", order.note.clone().unwrap_or_default(), invoice.number.clone());
    let country = invoice.country.unwrap_or(shop_country);
    equal("country", order.country.clone().unwrap_or_default(), country.to_owned());
    equal("line count", order.lines.len().to_string(), invoice.lines.len().to_string());
    for ((sku, pence, quantity, total), line) in order.lines.iter().zip(&invoice.lines) {
        let expected = (&line.sku, line.pence, line.quantity, line.total());
        equal("a line", format!("{:?}", (sku, *pence, *quantity, *total)), format!("{expected:?}"));
    }
    differences
}

/// Orders and left-out kinds make up the record, to the last digit.
fn sums(plan: &Plan, orders: &[Stored]) -> Vec<String> {
    let ordered: Exact = orders.iter().map(|order| Exact::from_pence(order.total.into())).sum();
    let mut left_out = Count::default();
    plan.left_out.values().for_each(|count| left_out.merge(*count));
    let mut differences = Vec::new();
    if ordered + left_out.sum != plan.read.sum {
        let missing = plan.read.sum - left_out.sum - ordered;
        differences.push(format!(
            "orders {ordered} and left-out rows {} do not make up the record's {}: {missing} is missing",
            left_out.sum, plan.read.sum
        ));
    }
    if plan.played.rows + left_out.rows != plan.read.rows {
        differences.push(format!(
            "{} rows played and {} left out are not the {} read",
            plan.played.rows, left_out.rows, plan.read.rows
        ));
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::plan::Line;
    use crate::replay::shopper::Placed;

    /// One invoice of £15.30, one order, all in agreement.
    fn agreeing() -> (Plan, Played, Vec<Stored>) {
        let line = Line { sku: "85123A".to_owned(), pence: 255, quantity: 6 };
        let count = Count { rows: 1, sum: Exact::from_pence(1_530) };
        let plan = Plan {
            invoices: vec![Invoice { number: "536365".to_owned(), country: None, lines: vec![line] }],
            played: count,
            read: count,
            ..Plan::default()
        };
        let mut played = Played::default();
        played.outcomes.insert(0, Ok(Placed { number: "10001".to_owned(), differences: Vec::new() }));
        let order = Stored {
            place: Some(0),
            number: 10_001,
            total: 1_530,
            note: Some("536365".to_owned()),
            country: Some("GB".to_owned()),
            payments: 1_530,
            lines: vec![("85123A".to_owned(), 255, 6, 1_530)],
        };
        (plan, played, vec![order])
    }

    fn found(change: impl FnOnce(&mut Plan, &mut Played, &mut Vec<Stored>)) -> Vec<String> {
        let (mut plan, mut played, mut orders) = agreeing();
        change(&mut plan, &mut played, &mut orders);
        differences(&plan, &played, &orders, "GB")
    }

    #[test]
    fn agreement_has_no_differences() {
        assert_eq!(found(|_, _, _| ()), Vec::<String>::new());
    }

    #[test]
    fn a_lost_a_doubled_and_a_foreign_order_are_found() {
        let lost = found(|_, _, orders| orders.clear());
        assert!(lost.iter().any(|words| words.contains("which is not there")), "{lost:?}");
        assert!(lost.iter().any(|words| words.contains("0 orders")), "{lost:?}");

        let doubled = found(|_, _, orders| orders.push(orders[0].clone()));
        assert!(doubled.iter().any(|words| words.contains("2 orders")), "{doubled:?}");
        assert!(doubled.iter().any(|words| words.contains("-15.30 is missing")), "{doubled:?}");

        let foreign = found(|_, _, orders| orders.push(Stored { place: None, ..orders[0].clone() }));
        assert!(foreign.iter().any(|words| words.contains("is no invoice")), "{foreign:?}");
    }

    #[test]
    fn a_penny_a_piece_and_a_country_are_found() {
        assert_eq!(found(|_, _, orders| orders[0].lines[0].1 += 1).len(), 1);
        assert_eq!(found(|_, _, orders| orders[0].lines[0].2 -= 1).len(), 1);
        assert_eq!(found(|_, _, orders| orders[0].payments = 0).len(), 1);
        assert_eq!(found(|_, _, orders| orders[0].country = None).len(), 1);
        assert_eq!(found(|_, _, orders| orders[0].total += 1).len(), 2);
        assert_eq!(found(|_, _, orders| orders[0].lines.clear()).len(), 1);
    }

    #[test]
    fn an_invoice_that_was_refused_or_forgotten_is_found() {
        let refused = found(|_, played, _| drop(played.outcomes.insert(0, Err("cartCreate: no".to_owned()))));
        assert_eq!(refused, ["invoice 536365: cartCreate: no"]);
        assert_eq!(found(|_, played, _| played.outcomes.clear()), ["invoice 536365: was not played"]);
    }

    #[test]
    fn rows_that_nobody_counted_are_found() {
        let found = found(|plan, _, _| plan.read.merge(Count { rows: 1, sum: Exact::from_pence(1) }));
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn errors_and_deadlocks_are_found_though_all_orders_are_right() {
        assert_eq!(troubles(&Complaints::default(), 0), Vec::<String>::new());
        let complaints = Complaints { count: 3, first: vec!["unexpected failure".to_owned()] };
        assert_eq!(troubles(&complaints, 2), ["replicas logged 3 errors", "the database broke 2 deadlocks"]);
    }

    #[test]
    fn an_on_hand_figure_that_moved_is_found() {
        let mut played = Played::default();
        played.on_hand.insert("85123A".to_owned(), 6);

        assert!(on_hand(&played, &BTreeMap::from([("85123A".to_owned(), 6)])).is_empty());
        assert_eq!(on_hand(&played, &BTreeMap::from([("85123A".to_owned(), 5)])).len(), 1);
        assert_eq!(on_hand(&played, &BTreeMap::new()).len(), 1);
    }
}
