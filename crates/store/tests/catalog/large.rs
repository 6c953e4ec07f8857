//! A hundred thousand products, made where they stand.

use tokio::sync::OnceCell;

use crate::database::Database;

static LARGE: OnceCell<Database> = OnceCell::const_new();

/// Titles of two to five words out of 2,000, some of which are far more frequent than others.
const FILL: &str = "
    insert into product (id, handle, title, rank, created_at, updated_at)
    select md5('product' || n)::uuid, 'product-' || n,
           (select string_agg(initcap(substr(translate(md5('word' || (power((hashint4(n * 7 + k) & 65535) / 65536.0, 3) * 2000)::int),
                                                   '0123456789', 'klmnoprstu'), 1, 4 + k)), ' ')
            from generate_series(1, 2 + n % 4) k),
           n, timestamptz '2026-01-01' + n * interval '1 minute', now()
    from generate_series(1, 100000) n;
    insert into product_listing (market_id, product_id, handle, title, description, tags, options, rank, price_min,
        price_max, currency, variant_count, variants_available, created_at, updated_at, search)
    select 1, id, handle, title, title || ' for every home', array['tag' || rank % 50], '[]', rank, 100 + rank % 5000,
           200 + rank % 5000, 'GBP', 1, rank % 2, created_at, updated_at,
           listing_search_v1(title, 'tag' || rank % 50 || ' S' || rank, title || ' for every home')
    from product;
    insert into collection (id, handle, title, position, updated_at)
    select md5('collection' || n)::uuid, 'c-' || n, 'C ' || n, n, now() from generate_series(1, 50) n;
    insert into collection_product (collection_id, product_id, position)
    select md5('collection' || (1 + n % 50))::uuid, md5('product' || n)::uuid, n from generate_series(1, 20000) n;
    analyze;";

/// The database, filled by the first test that asks for it.
pub(crate) async fn large() -> &'static Database {
    LARGE
        .get_or_init(|| async {
            let database = Database::new().await;
            database.run(FILL).await;
            database
        })
        .await
}
