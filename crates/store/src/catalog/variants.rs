//! Variants of products that were read before, and variants by id.

use sqlx::types::Json;
use std::collections::HashMap;
use std::sync::Arc;
use tidegate_model::catalog::{SelectedOption, Variant};
use tidegate_model::id::{ProductId, VariantId};
use tidegate_model::market::Market;
use uuid::Uuid;

use super::row::VariantRow;
use crate::{Conn, Statements, Store, StoreError};

/// Reads variants with a price in the market; the condition goes on behind.
macro_rules! variant_rows {
    ([$($condition:tt)+] $(, $argument:expr)*) => {
        sqlx::query_as!(
            VariantRow,
            r#"select v.id, v.product_id, l.handle as product_handle, l.title as product_title, v.sku, v.title,
                      v.selected_options as "selected_options: Json<Vec<SelectedOption>>", p.amount, p.compare_at,
                      coalesce(s.on_hand - s.allocated, 0) as "available!",
                      coalesce(i.url, l.image_url) as image_url, coalesce(i.alt, l.image_alt) as image_alt,
                      coalesce(i.width, l.image_width) as image_width,
                      coalesce(i.height, l.image_height) as image_height
               from variant v
               join product_listing l on l.market_id = $1 and l.product_id = v.product_id
               join price p on p.variant_id = v.id and p.market_id = $1
               left join stock s on s.variant_id = v.id
               left join lateral (select url, alt, width, height from product_image
                                  where variant_id = v.id order by position limit 1) i on true "# + $($condition)+
            $(, $argument)*
        )
    };
}

/// All variants of each product that the market sells, by position. At most 250 each: the import sees to that.
pub async fn variants(
    conn: &mut Conn,
    market: &Market,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<Variant>>, StoreError> {
    let ids: Vec<Uuid> = products.iter().map(|id| id.0).collect();
    let rows =
        variant_rows!(["where v.product_id = any ($2) order by v.product_id, v.position, v.id"], market.id, &ids)
            .fetch_all(conn)
            .await?;
    let mut found: HashMap<ProductId, Vec<Variant>> = HashMap::with_capacity(products.len());
    for row in rows {
        found.entry(ProductId(row.product_id)).or_default().push(row.into_variant(market.currency));
    }
    Ok(found)
}

/// Variants by id. What the market does not sell is missing.
pub async fn variants_by_id(
    conn: &mut Conn,
    market: &Market,
    variants: &[VariantId],
) -> Result<HashMap<VariantId, Variant>, StoreError> {
    let ids: Vec<Uuid> = variants.iter().map(|id| id.0).collect();
    let rows = variant_rows!(["where v.id = any ($2)"], market.id, &ids).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (VariantId(row.id), row.into_variant(market.currency))).collect())
}

impl Store {
    /// See [`variants`].
    pub async fn catalog_variants(
        &self,
        statements: Arc<Statements>,
        market: Market,
        products: Vec<ProductId>,
    ) -> Result<HashMap<ProductId, Vec<Variant>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { variants(conn, &market, &products).await })).await
    }

    /// See [`variants_by_id`].
    pub async fn catalog_variants_by_id(
        &self,
        statements: Arc<Statements>,
        market: Market,
        variants: Vec<VariantId>,
    ) -> Result<HashMap<VariantId, Variant>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { variants_by_id(conn, &market, &variants).await })).await
    }
}
