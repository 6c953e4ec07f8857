//! One rule says when two e-mail addresses are one: the gateway's and the database's agree, whatever the locale.

use serde_json::json;
use tidegate_model::identity::email_key;

use crate::customers::{Customer, PASSWORD, codes, login, shop};
use crate::dice::Dice;
use crate::flows::{APPLY, Buyer};

const LINK_SEND: &str = "mutation($number: String!, $email: String!) {
    orderLinkSend(number: $number, email: $email) { accepted errors { code } } }";

/// Letters whose lower case is another in some locale, in some version of Unicode, or only in context.
const LETTERS: [&str; 18] =
    ["a", "Z", "I", "i", "İ", "ı", "É", "é", "e\u{301}", "\u{212a}", "ß", "ẞ", "Σ", "ς", "Ǆ", "ａ", "Ａ", " "];

#[tokio::test]
async fn the_database_makes_the_same_key_of_an_address_as_the_gateway() {
    let shop = shop().await;
    let mut dice = Dice(7);
    let mut pairs = Vec::new();
    for _ in 0..400 {
        let local: String = (0..6).map(|_| LETTERS[usize::try_from(dice.below(18)).unwrap()]).collect();
        let typed = format!("{local}@EXAMPLE.com");
        pairs.push(format!("('{typed}', '{}')", email_key(&typed)));
    }
    let sql =
        format!("select count(*) from (values {}) v (typed, key) where email_key_v1(typed) <> key", pairs.join(","));

    assert_eq!(shop.database.count(&sql).await, 0);
}

#[tokio::test]
async fn letters_beyond_ascii_are_told_apart_and_found_again() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let operations = json!([{ "setBuyer": { "email": "Élodie@Example.com" } }]);
    let set = buyer.client.send(APPLY, json!({ "cart": buyer.cart, "operations": operations })).await;
    assert_eq!(codes(&set, "cartApply"), Vec::<&str>::new(), "{}", set.text);
    let placed = buyer.checkout(1).await;
    let number = placed.at("/data/checkoutComplete/order/number").to_owned();

    // As it was typed but for ASCII letters, and in another case beyond them.
    for (email, template) in [("Élodie@EXAMPLE.com", "ORDER_LINK"), ("élodie@example.com", "NO_ORDER")] {
        shop.client().send(LINK_SEND, json!({ "number": number, "email": email })).await.data();
        assert_eq!(shop.mails(email).await[0].template, template, "{email}");
    }

    let elodie = Customer::new(&shop, "Élodie@example.com").await;
    assert_eq!(codes(&login(&shop.client(), "Élodie@EXAMPLE.COM", PASSWORD).await, "login"), Vec::<&str>::new());
    assert_eq!(codes(&login(&shop.client(), "élodie@example.com", PASSWORD).await, "login"), ["INVALID_CREDENTIALS"]);
    // Another mailbox, as far as anybody but its host knows.
    let other = Customer::new(&shop, "élodie@example.com").await;
    assert_ne!(elodie.id, other.id);
}
