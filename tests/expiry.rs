//! What is abandoned expires; orders stay.

use std::sync::Arc;
use tidegate_model::Clock as _;
use tidegate_testkit::Shop;
use time::Duration;

use crate::flows::Buyer;

#[tokio::test]
async fn ten_thousand_abandoned_guests_leave_no_rows() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    buyer.checkout(1).await.data();
    // Guests with empty carts, guests with a line, guests without a cart; each with a refresh token and a key.
    shop.database
        .run(
            "insert into session (id, kind, created_at, last_seen_at, expires_at)
             select md5('s' || n)::uuid, 'GUEST', now(), now(),
                    now() + case when n <= 8000 then interval '30 days' else interval '6 hours' end
             from generate_series(1, 10000) n;
             insert into refresh_token (token_hash, session_id, issued_at, expires_at)
             select sha256(('t' || n)::bytea), md5('s' || n)::uuid, now(), now() + interval '30 days' from generate_series(1, 10000) n;
             insert into cart (id, session_id, market_id, created_at, updated_at, expires_at)
             select md5('c' || n)::uuid, md5('s' || n)::uuid, 1, now(), now(),
                    now() + case when n <= 4000 then interval '30 days' else interval '6 hours' end
             from generate_series(1, 8000) n;
             insert into cart_line (cart_id, id, variant_id, quantity)
             select md5('c' || n)::uuid, md5('l' || n)::uuid, (select id from variant limit 1), 1 from generate_series(1, 4000) n;
             insert into idempotency (key_hash, input_hash, operation, outcome, created_at)
             select sha256(('k' || n)::bytea), sha256('i'), 'cartCreate', '{}', now() from generate_series(1, 10000) n;",
        )
        .await;

    shop.clock.advance(Duration::hours(7));
    expire(&shop).await;
    let after_hours = counts(&shop).await;
    shop.clock.advance(Duration::days(31));
    expire(&shop).await;

    // The 4,000 empty carts and every session without a cart are gone; the buyer's order keeps its session.
    assert_eq!(after_hours, "4001 4000 4001 10001");
    assert_eq!(counts(&shop).await, "0 0 0 0");
    assert_eq!(shop.database.ask("select count(*) || ' ' || sum(total) from customer_order").await, "1 250");
    assert_eq!(shop.database.count("select count(*) from order_line").await, 1);
}

/// Both gateways delete in turns until nothing is left.
async fn expire(shop: &Shop) {
    loop {
        let mut deleted = 0;
        for gateway in shop.gateways() {
            deleted += gateway.shared().store.expire(Arc::default(), shop.clock.now(), 500).await.unwrap();
        }
        if deleted == 0 {
            return;
        }
    }
}

async fn counts(shop: &Shop) -> String {
    shop.database
        .ask("select (select count(*) from session) || ' ' || (select count(*) from cart where status = 'OPEN') || ' ' ||
                     (select count(*) from refresh_token) || ' ' || (select count(*) from idempotency)")
        .await
}

#[tokio::test]
async fn an_empty_cart_and_its_session_are_kept_six_hours_and_a_filled_one_thirty_days() {
    let shop = Shop::open().await;
    let empty = shop.client().send(crate::flows::CREATE, serde_json::json!({})).await;
    assert!(empty.data()["cartCreate"]["cart"]["id"].is_string());
    Buyer::ready(&shop, &[("MUG-R", 1)]).await;

    shop.clock.advance(Duration::minutes(359));
    expire(&shop).await;
    assert_eq!(counts(&shop).await, "2 2 2 0");
    shop.clock.advance(Duration::minutes(2));
    expire(&shop).await;
    assert_eq!(counts(&shop).await, "1 1 1 0");
    shop.clock.advance(Duration::days(29));
    expire(&shop).await;
    assert_eq!(counts(&shop).await, "1 1 1 0");
    shop.clock.advance(Duration::days(1));
    expire(&shop).await;
    assert_eq!(counts(&shop).await, "0 0 0 0");
}
