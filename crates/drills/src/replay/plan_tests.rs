//! Plans and waves over small records and over the day that ships.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::amount::Exact;
use super::kinds::{Count, LeftOut};
use super::month;
use super::plan::Plan;
use super::waves::{self, Wave};

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

/// Rows of `invoice,code,quantity,price,country`.
fn plan(rows: &[&str], limit: Option<usize>) -> Plan {
    let mut text = HEADER.to_owned();
    for row in rows {
        let [invoice, code, quantity, price, country] = row.split(',').collect::<Vec<_>>().try_into().unwrap();
        writeln!(text, "{invoice},{code},MUG,{quantity},2010-12-01 08:26:00,{price},,{country}").unwrap();
    }
    let mut read = Vec::new();
    month::parse(0, text.as_bytes(), &mut read).unwrap();
    Plan::new(&read, limit)
}

fn count(rows: u64, sum: &str) -> Count {
    Count { rows, sum: Exact::parse(sum).unwrap() }
}

/// Nothing is counted twice or forgotten: orders and left-out kinds make up the record.
fn assert_adds_up(plan: &Plan) {
    let mut all = plan.played;
    plan.left_out.values().for_each(|count| all.merge(*count));
    assert_eq!(all, plan.read);
    let invoiced: Exact = plan.invoices.iter().map(|invoice| Exact::from_pence(invoice.total().into())).sum();
    assert_eq!(invoiced, plan.played.sum);
}

#[test]
fn rows_of_one_code_at_one_price_are_one_line() {
    let plan = plan(
        &["1,85123a,6,2.55,EIRE", "1,22423,1,12.75,EIRE", "1,85123A,2,2.55,EIRE", "2,85123A,1,2.95,Unspecified"],
        None,
    );

    assert_adds_up(&plan);
    assert_eq!(plan.invoices.len(), 2);
    let first = &plan.invoices[0];
    let lines: Vec<_> = first.lines.iter().map(|line| (line.sku.as_str(), line.pence, line.quantity)).collect();
    assert_eq!(lines, [("85123A", 255, 8), ("22423", 1_275, 1)]);
    assert_eq!((first.total(), first.pieces(), first.country), (3_315, 9, Some("IE")));
    assert_eq!(plan.invoices[1].country, None);
    assert_eq!(plan.without_country["Unspecified"], 1);
}

#[test]
fn a_code_at_two_prices_is_left_out_of_its_invoice_alone() {
    let plan =
        plan(&["1,85123A,6,2.55,EIRE", "1,85123a,1,2.95,EIRE", "1,22423,1,12.75,EIRE", "2,85123A,1,2.95,EIRE"], None);

    assert_adds_up(&plan);
    assert_eq!(plan.left_out[&LeftOut::TwoPrices], count(2, "18.25"));
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.lines.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn a_price_finer_than_a_penny_is_counted_exactly_and_does_not_make_two_prices() {
    let plan = plan(&["1,85123A,7,0.001,EIRE", "1,85123A,2,2.95,EIRE"], None);

    assert_adds_up(&plan);
    assert_eq!(plan.left_out[&LeftOut::FinerThanAPenny], count(1, "0.007"));
    assert_eq!(plan.invoices[0].total(), 590);
}

#[test]
fn an_invoice_without_a_line_that_can_be_played_is_no_order() {
    let plan = plan(&["1,POST,1,18,France", "C2,85123A,-1,2.95,France", "3,85123A,-3,0,France"], None);

    assert_adds_up(&plan);
    assert!(plan.invoices.is_empty());
    assert_eq!(plan.left_out.len(), 3);
    assert_eq!(plan.read.sum.to_string(), "15.05");
}

#[test]
fn what_a_cart_cannot_hold_is_left_out_by_line() {
    let many: Vec<String> = (0..2_003).map(|code| format!("1,{},1,1.00,EIRE", 10_000 + code)).collect();
    let mut rows: Vec<&str> = many.iter().map(String::as_str).collect();
    rows.extend(["2,85123A,600000,1.00,EIRE", "2,85123A,400001,1.00,EIRE", "2,22423,1000000,1.00,EIRE"]);

    let plan = plan(&rows, None);

    assert_adds_up(&plan);
    assert_eq!(plan.left_out[&LeftOut::BeyondLimits], count(5, "1000004"));
    assert_eq!(plan.invoices[0].lines.len(), 2_000);
    assert_eq!(plan.invoices[1].pieces(), 1_000_000);
}

#[test]
fn a_limit_leaves_whole_invoices_out() {
    let plan = plan(&["1,85123A,1,1.00,EIRE", "2,85123A,1,1.00,EIRE", "3,85123A,1,1.00,EIRE"], Some(2));

    assert_adds_up(&plan);
    assert_eq!(plan.invoices.len(), 2);
    assert_eq!(plan.left_out[&LeftOut::NotAskedFor], count(1, "1.00"));
}

#[test]
fn an_invoice_joins_the_first_wave_that_has_its_prices() {
    let plan = plan(
        &[
            "1,85123A,1,1.00,EIRE",
            "2,85123A,2,2.00,EIRE",
            "3,85123A,4,1.00,EIRE",
            "4,85123A,8,2.00,EIRE",
            "4,22423,1,5.00,EIRE",
            "5,22423,1,6.00,EIRE",
            "6,22423,1,5.00,EIRE",
        ],
        None,
    );

    let waves = waves::assign(&plan.invoices);

    let places: Vec<_> = waves.iter().map(|wave| wave.invoices.clone()).collect();
    // Invoice 5 settles the first wave's price of 22423, so invoice 6 joins the second.
    assert_eq!(places, [vec![0, 2, 4], vec![1, 3, 5]]);
    assert_eq!(waves[0].prices["85123A"], 100);
    assert_eq!((waves[0].pieces["85123A"], waves[1].pieces["85123A"]), (5, 10));
}

#[test]
fn the_day_that_ships_is_planned_to_the_penny() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/one-day.csv.gz");
    let plan = Plan::new(&month::read(&[path]).unwrap(), None);
    let waves = waves::assign(&plan.invoices);

    assert_adds_up(&plan);
    assert_eq!(plan.read.rows, 2_202);
    let once: BTreeSet<usize> = waves.iter().flat_map(|wave| wave.invoices.clone()).collect();
    assert_eq!(once.len(), plan.invoices.len());
    assert_eq!(waves.iter().map(|wave| wave.invoices.len()).sum::<usize>(), plan.invoices.len());
    for wave in &waves {
        assert!(wave.invoices.iter().all(|index| has_prices(wave, &plan, *index)));
    }
}

fn has_prices(wave: &Wave, plan: &Plan, index: usize) -> bool {
    plan.invoices[index].lines.iter().all(|line| wave.prices.get(&line.sku) == Some(&line.pence))
}
