//! Ordering a cart.

use serde_json::json;
use tidegate_testkit::{Shop, uuid};

use crate::flows::{Buyer, CHECKOUT};

#[tokio::test]
async fn a_cart_becomes_an_order_that_keeps_what_was_bought() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2), ("TOWEL", 1)]).await;

    let placed = buyer.checkout(1).await;

    let payload = &placed.data()["checkoutComplete"];
    assert_eq!(payload["errors"], json!([]));
    assert_eq!(payload["cart"], json!({ "status": "COMPLETED", "revision": 3 }));
    let order = placed.at("/data/checkoutComplete/order/id");
    shop.database.run("update price set amount = 999, compare_at = null; update product set title = 'Renamed'").await;
    let read = "query($id: ID!) { order(by: { id: $id }) { paymentStatus fulfilmentStatus lineCount
        cost { total { amount currency } } buyer { email } shippingAddress { city country } billingAddress { city }
        payments { method status reference amount { amount } }
        lines { nodes { sku title variantTitle quantity selectedOptions { name value } cost { unitPrice { amount } total { amount } } } } } }";
    let kept = buyer.client.send(read, json!({ "id": order })).await;
    assert_eq!(
        kept.data()["order"],
        json!({
            "paymentStatus": "PENDING", "fulfilmentStatus": "UNFULFILLED", "lineCount": 2,
            "cost": { "total": { "amount": "9.00", "currency": "GBP" } }, "buyer": { "email": "ada@example.com" },
            "shippingAddress": { "city": "London", "country": "GB" }, "billingAddress": { "city": "London" },
            "payments": [{ "method": "INVOICE", "status": "PENDING", "reference": "PO-7", "amount": { "amount": "9.00" } }],
            "lines": { "nodes": [
                { "sku": "MUG-R", "title": "Enamel Mug", "variantTitle": "Red", "quantity": 2,
                  "selectedOptions": [{ "name": "Colour", "value": "Red" }],
                  "cost": { "unitPrice": { "amount": "2.50" }, "total": { "amount": "5.00" } } },
                { "sku": "TOWEL", "title": "Linen Tea Towel", "variantTitle": "", "quantity": 1, "selectedOptions": [],
                  "cost": { "unitPrice": { "amount": "4.00" }, "total": { "amount": "4.00" } } },
            ] },
        })
    );
    let stranger = shop.guest().await.send(read, json!({ "id": order })).await;
    assert_eq!(stranger.data()["order"], json!(null));
}

#[tokio::test]
async fn another_total_than_agreed_is_refused_with_both_amounts() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
    shop.database.run("update price set amount = amount + 100, compare_at = null").await;

    let refused = buyer.checkout(1).await;

    assert_eq!(
        refused.data()["checkoutComplete"]["errors"],
        json!([{ "__typename": "TotalChangedError", "code": "TOTAL_CHANGED", "path": ["expectedTotal"],
                 "expected": { "amount": "5.00" }, "actual": { "amount": "7.00" } }])
    );
    assert_nothing_sold(&shop).await;
}

#[tokio::test]
async fn more_than_there_is_is_refused_and_nothing_is_taken() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 3), ("TOWEL", 6)]).await;

    let refused = buyer.checkout(1).await;

    let errors = &refused.data()["checkoutComplete"]["errors"];
    assert_eq!(errors.as_array().unwrap().len(), 1);
    assert_eq!((&errors[0]["code"], &errors[0]["available"]), (&json!("OUT_OF_STOCK"), &json!(5)));
    assert_eq!(refused.data()["checkoutComplete"]["cart"]["status"], json!("OPEN"));
    assert_nothing_sold(&shop).await;
}

#[tokio::test]
async fn an_unready_cart_says_what_it_lacks() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let created = client.send(crate::flows::CREATE, json!({})).await;
    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let cart = created.at("/data/cartCreate/cart/id");

    let refused = client.send(CHECKOUT, json!({ "cart": cart, "total": "0.00", "key": uuid(1) })).await;

    assert_eq!(
        refused.data()["checkoutComplete"]["errors"],
        json!([{ "__typename": "CartNotReadyError", "code": "CART_NOT_READY", "path": ["cartId"],
                 "missing": ["LINES", "BUYER_EMAIL", "SHIPPING_ADDRESS"] }])
    );
    assert_nothing_sold(&shop).await;
}

#[tokio::test]
async fn an_ordered_cart_names_its_order() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let placed = buyer.checkout(1).await;

    let again = buyer.checkout(2).await;

    let errors = &again.data()["checkoutComplete"]["errors"];
    assert_eq!((&errors[0]["code"], &errors[0]["status"]), (&json!("CART_NOT_OPEN"), &json!("COMPLETED")));
    assert_eq!(errors[0]["orderId"], *placed.value("/data/checkoutComplete/order/id"));
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 1);
}

#[tokio::test]
async fn the_last_piece_takes_the_product_off_what_can_be_bought() {
    let shop = Shop::open().await;
    let query = "{ product(by: { handle: \"tea-towel\" }) { availability { sellable } variants { nodes { availability { sellable quantity } } } } }";

    Buyer::ready(&shop, &[("TOWEL", 5)]).await.checkout(1).await.data();

    let sold_out = shop.client().send(query, json!({})).await;
    assert_eq!(
        sold_out.data()["product"],
        json!({ "availability": { "sellable": false },
                "variants": { "nodes": [{ "availability": { "sellable": false, "quantity": 0 } }] } })
    );
}

async fn assert_nothing_sold(shop: &Shop) {
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 0);
    assert_eq!(shop.database.count("select sum(allocated) from stock").await, 0);
}
