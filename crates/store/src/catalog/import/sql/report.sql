select kind, what, sum(rows)::bigint as rows from (
    select kind, what, rows from import_count
    union all select 'products', 'staged', count(*) from import_product
    union all select 'variants', 'staged', count(*) from import_variant
    union all select 'prices', 'staged', count(*) from import_price
    union all select 'stock', 'staged', count(*) from import_stock
    union all select 'images', 'staged', count(*) from import_image
    union all select 'collections', 'staged', count(*) from import_collection
    union all select 'collection_products', 'staged', count(*) from import_member
    union all select kind, 'bad', count(*) from import_bad group by 1
) counted
group by 1, 2
