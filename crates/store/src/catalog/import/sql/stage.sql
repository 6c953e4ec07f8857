-- Rows as they stand in the files. n is the order in which they were read.
create temp table import_run (now timestamptz, stock boolean) on commit drop;
create temp table import_file (file integer, name text) on commit drop;
create temp table import_bad (kind text, file integer, line bigint, reason text) on commit drop;
create temp table import_count (kind text, what text, rows bigint) on commit drop;

create temp table import_product (
    n bigint generated always as identity, file integer, line bigint, id uuid, handle text, title text,
    description text, vendor text, tags text[], option_names text[], fresh boolean
) on commit drop;
create temp table import_variant (
    n bigint generated always as identity, file integer, line bigint, id uuid, product text, sku text, title text,
    option_values text[], position integer, product_id uuid, fresh boolean
) on commit drop;
create temp table import_price (
    n bigint generated always as identity, file integer, line bigint, sku text, market text, currency text,
    amount bigint, compare_at bigint, variant_id uuid, market_id smallint
) on commit drop;
create temp table import_stock (
    n bigint generated always as identity, file integer, line bigint, sku text, on_hand bigint, variant_id uuid,
    fresh boolean
) on commit drop;
create temp table import_image (
    n bigint generated always as identity, file integer, line bigint, product text, sku text, url text, alt text,
    width integer, height integer, product_id uuid, variant_id uuid, position integer
) on commit drop;
create temp table import_collection (
    n bigint generated always as identity, file integer, line bigint, id uuid, handle text, title text,
    description text, position integer, fresh boolean
) on commit drop;
create temp table import_member (
    n bigint generated always as identity, file integer, line bigint, collection text, product text, position integer,
    collection_id uuid, product_id uuid
) on commit drop;

-- Products of which something that their page shows changes, and those whose sellable variants or stock change.
create temp table import_touched (product_id uuid) on commit drop;
create temp table import_counted (product_id uuid) on commit drop;
