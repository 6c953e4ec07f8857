//! One invoice as a shopper: a guest session, a cart built with several mutations, an order, and a look at it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::seeded::Seeded;
use crate::shop_client::{Call, Figures, ShopClient};

use super::amount::Exact;
use super::documents;
use super::plan::{Invoice, Line};

/// Lines that one call can add.
const LINES_PER_CALL: usize = 250;
/// One shopper in so many refreshes the session, and one sends checkout again.
const ONE_IN: usize = 8;

/// What all shoppers know.
#[derive(Debug)]
pub(super) struct Shop {
    /// Variant ids by canonical code.
    pub(super) variants: BTreeMap<String, String>,
    /// The currency.
    pub(super) currency: String,
    /// The country of invoices without one.
    pub(super) country: String,
}

/// What the shop answered about an invoice's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// The order's number.
    pub(super) number: String,
    /// What in the answers differs from the invoice.
    pub(super) differences: Vec<String>,
}

/// A shopper with a cart.
struct Shopper<'a> {
    client: &'a ShopClient,
    random: &'a mut Seeded,
    figures: &'a mut Figures,
    cart: String,
    access_token: String,
    refresh_token: String,
    revision: i64,
}

/// Places an invoice's order and compares what is answered with the invoice. `Err` says why there is no order.
pub(super) async fn shop(
    client: &ShopClient,
    shop: &Shop,
    place: usize,
    invoice: &Invoice,
    random: &mut Seeded,
    figures: &mut Figures,
) -> Result<Placed, String> {
    let mut shopper = Shopper::enter(client, random, figures).await?;
    let calls = invoice.lines.len().div_ceil(2).clamp(1, LINES_PER_CALL);
    let mut chunks = invoice.lines.chunks(calls);
    // The address comes between two calls that add lines, where there are two.
    shopper.add(shop, chunks.next().unwrap_or_default()).await?;
    shopper.introduce(shop, place, invoice).await?;
    for chunk in chunks {
        shopper.add(shop, chunk).await?;
    }
    if shopper.random.below(ONE_IN) == 0 {
        shopper.refresh().await?;
    }
    let mut differences = shopper.look_at_cart(shop, invoice).await?;
    let (order, number) = shopper.check_out(shop, invoice, &mut differences).await?;
    differences.extend(shopper.look_at_order(shop, invoice, &order, &number).await?);
    Ok(Placed { number, differences })
}

impl<'a> Shopper<'a> {
    /// Makes the cart, and with it the session.
    async fn enter(client: &'a ShopClient, random: &'a mut Seeded, figures: &'a mut Figures) -> Result<Self, String> {
        let variables = json!({ "input": null, "key": random.uuid() });
        let call = Call { name: "cartCreate", document: documents::CREATE, variables, token: None };
        let made = client.ask(&call, random, figures).await?;
        Ok(Self {
            client,
            random,
            figures,
            cart: text(&made, "/cart/id")?,
            access_token: text(&made, "/tokens/accessToken")?,
            refresh_token: text(&made, "/tokens/refreshToken")?,
            revision: number(&made, "/revision")?,
        })
    }

    async fn ask(&mut self, name: &'static str, document: &'static str, variables: Value) -> Result<Value, String> {
        let call = Call { name, document, variables, token: Some(&self.access_token) };
        self.client.ask(&call, self.random, self.figures).await
    }

    /// Sends a change of the cart. Nobody else changes it, so each moves the revision by one, however often it is sent.
    async fn change(&mut self, name: &'static str, document: &'static str, variables: Value) -> Result<(), String> {
        let changed = self.ask(name, document, variables).await?;
        let revision = number(&changed, "/revision")?;
        if revision != self.revision + 1 {
            return Err(format!("{name}: revision {revision} follows {}", self.revision));
        }
        self.revision = revision;
        Ok(())
    }

    async fn add(&mut self, shop: &Shop, lines: &[Line]) -> Result<(), String> {
        let mut input = Vec::new();
        for line in lines {
            let variant = shop.variants.get(&line.sku).ok_or_else(|| format!("{} is not in the shop", line.sku))?;
            input.push(json!({ "variantId": variant, "quantity": line.quantity }));
        }
        let variables = json!({ "cart": self.cart, "lines": input, "key": self.random.uuid() });
        self.change("cartLinesAdd", documents::ADD, variables).await
    }

    /// Buyer, address, note and attributes in one call.
    async fn introduce(&mut self, shop: &Shop, place: usize, invoice: &Invoice) -> Result<(), String> {
        let operations = json!([
            { "setBuyer": { "email": email(invoice) } },
            { "setAddresses": { "shipping": {
                "name": format!("Buyer of {}", invoice.number),
                "line1": "1 High Street",
                "city": "Town",
                "country": country(shop, invoice),
            } } },
            { "setNote": invoice.number },
            { "setAttributes": [{ "key": "replay", "value": place.to_string() }] },
        ]);
        let variables = json!({ "cart": self.cart, "operations": operations, "key": self.random.uuid() });
        self.change("cartApply", documents::APPLY, variables).await
    }

    /// Trades the refresh token for a new pair.
    async fn refresh(&mut self) -> Result<(), String> {
        let variables = json!({ "token": self.refresh_token, "key": self.random.uuid() });
        let call = Call { name: "sessionRefresh", document: documents::REFRESH, variables, token: None };
        let session = self.client.ask(&call, self.random, self.figures).await?;
        self.access_token = text(&session, "/tokens/accessToken")?;
        self.refresh_token = text(&session, "/tokens/refreshToken")?;
        Ok(())
    }

    async fn look_at_cart(&mut self, shop: &Shop, invoice: &Invoice) -> Result<Vec<String>, String> {
        let cart = self.ask("cart", documents::CART, json!({ "cart": self.cart })).await?;
        let mut compared = Compared::new("the cart", &cart);
        compared.equal("/revision", &json!(self.revision));
        compared.equal("/lineCount", &json!(invoice.lines.len()));
        compared.equal("/totalQuantity", &json!(invoice.pieces()));
        compared.equal("/cost/total", &money(shop, invoice.total()));
        compared.equal("/readiness", &json!({ "ready": true, "missing": [] }));
        Ok(compared.differences)
    }

    /// Places the order; its id and number.
    async fn check_out(
        &mut self,
        shop: &Shop,
        invoice: &Invoice,
        differences: &mut Vec<String>,
    ) -> Result<(String, String), String> {
        let variables = json!({
            "cart": self.cart,
            "payment": { "invoice": { "reference": invoice.number } },
            "total": money(shop, invoice.total()),
            "key": self.random.uuid(),
        });
        let answer = self.ask("checkoutComplete", documents::CHECKOUT, variables.clone()).await?;
        let (order, number) = (text(&answer, "/order/id")?, text(&answer, "/order/number")?);
        let mut compared = Compared::new("checkout", &answer);
        compared.equal("/order/cost/total", &money(shop, invoice.total()));
        compared.equal("/cart", &json!({ "status": "COMPLETED", "orderId": order }));
        differences.append(&mut compared.differences);
        if self.random.below(ONE_IN) == 0 {
            let again = self.ask("checkoutComplete again", documents::CHECKOUT, variables).await?;
            let mut compared = Compared::new("checkout sent again", &again);
            compared.equal("/order/id", &json!(order));
            differences.append(&mut compared.differences);
        }
        Ok((order, number))
    }

    /// Reads the order with all its lines, page by page.
    async fn look_at_order(
        &mut self,
        shop: &Shop,
        invoice: &Invoice,
        id: &str,
        number: &str,
    ) -> Result<Vec<String>, String> {
        let (mut lines, mut after, mut differences) = (Vec::new(), Value::Null, Vec::new());
        loop {
            let order = self.ask("order", documents::ORDER, json!({ "id": id, "after": after })).await?;
            if after.is_null() {
                differences = compare_order(shop, invoice, number, &order);
            }
            lines.extend(order.pointer("/lines/nodes").and_then(Value::as_array).cloned().unwrap_or_default());
            if order.pointer("/lines/pageInfo/hasNextPage") != Some(&json!(true)) || lines.len() > invoice.lines.len() {
                break;
            }
            after = order.pointer("/lines/pageInfo/endCursor").cloned().unwrap_or_default();
        }
        differences.extend(compare_lines(shop, invoice, &lines));
        Ok(differences)
    }
}

fn compare_order(shop: &Shop, invoice: &Invoice, number: &str, order: &Value) -> Vec<String> {
    let total = money(shop, invoice.total());
    let mut compared = Compared::new("the order", order);
    compared.equal("/number", &json!(number));
    compared.equal("/note", &json!(invoice.number));
    compared.equal("/lineCount", &json!(invoice.lines.len()));
    compared.equal("/paymentStatus", &json!("PENDING"));
    compared.equal("/cost/total", &total);
    compared.equal("/buyer/email", &json!(email(invoice)));
    compared.equal("/shippingAddress/country", &json!(country(shop, invoice)));
    let payment = json!([{ "amount": { "amount": total["amount"] }, "reference": invoice.number }]);
    compared.equal("/payments", &payment);
    compared.differences
}

/// The order keeps the lines in the order in which they were added.
fn compare_lines(shop: &Shop, invoice: &Invoice, lines: &[Value]) -> Vec<String> {
    let mut differences = Vec::new();
    if lines.len() != invoice.lines.len() {
        differences.push(format!("the order has {} lines, not {}", lines.len(), invoice.lines.len()));
    }
    for (line, expected) in lines.iter().zip(&invoice.lines) {
        let expected = json!({
            "sku": expected.sku,
            "quantity": expected.quantity,
            "cost": { "unitPrice": money(shop, expected.pence), "total": money(shop, expected.total()) },
        });
        if *line != expected {
            differences.push(format!("a line is {line}, not {expected}"));
        }
    }
    differences
}

/// Differences between an answer and what it should be.
struct Compared<'a> {
    what: &'static str,
    answer: &'a Value,
    differences: Vec<String>,
}

impl<'a> Compared<'a> {
    fn new(what: &'static str, answer: &'a Value) -> Self {
        Self { what, answer, differences: Vec::new() }
    }

    fn equal(&mut self, pointer: &str, expected: &Value) {
        let found = self.answer.pointer(pointer).unwrap_or(&Value::Null);
        if found != expected {
            self.differences.push(format!("{}: {pointer} is {found}, not {expected}", self.what));
        }
    }
}

fn money(shop: &Shop, pence: i64) -> Value {
    json!({ "amount": Exact::from_pence(pence.into()).to_string(), "currency": shop.currency })
}

fn country<'a>(shop: &'a Shop, invoice: &'a Invoice) -> &'a str {
    invoice.country.unwrap_or(&shop.country)
}

fn email(invoice: &Invoice) -> String {
    let letters: String = invoice.number.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    format!("buyer-{letters}@example.com")
}

fn text(answer: &Value, pointer: &str) -> Result<String, String> {
    let found = answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| format!("the answer has no {pointer}: {answer}"))
}

fn number(answer: &Value, pointer: &str) -> Result<i64, String> {
    answer.pointer(pointer).and_then(Value::as_i64).ok_or_else(|| format!("the answer has no {pointer}: {answer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_differs_by_a_penny_is_told() {
        let shop = Shop { variants: BTreeMap::new(), currency: "GBP".to_owned(), country: "GB".to_owned() };
        let line = Line { sku: "85123A".to_owned(), pence: 255, quantity: 6 };
        let invoice = Invoice { number: "536365".to_owned(), country: None, lines: vec![line] };
        let answered = |total: &str| {
            vec![json!({
                "sku": "85123A",
                "quantity": 6,
                "cost": {
                    "unitPrice": { "amount": "2.55", "currency": "GBP" },
                    "total": { "amount": total, "currency": "GBP" },
                },
            })]
        };

        assert_eq!(compare_lines(&shop, &invoice, &answered("15.30")), Vec::<String>::new());
        assert_eq!(compare_lines(&shop, &invoice, &answered("15.31")).len(), 1);
        assert_eq!(compare_lines(&shop, &invoice, &[]).len(), 1);
        assert_eq!(country(&shop, &invoice), "GB");
        assert_eq!(email(&invoice), "buyer-536365@example.com");
    }
}
