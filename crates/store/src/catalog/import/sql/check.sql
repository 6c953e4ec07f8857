-- Each check takes the rows with one fault out of the staging table and says what it is. What a row refers to is checked
-- before the row, so that with a product its variants go, with a variant its prices.
analyze import_product, import_variant, import_price, import_stock, import_image, import_collection, import_member;

-- Products.
create index on import_product (handle);
with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_product window w as (partition by handle order by n)
), bad as (
    delete from import_product s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.handle, t.first_file, t.first_line
)
insert into import_bad
select 'products', b.file, b.line, format('product "%s" is already in %s, line %s', b.handle, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_product s set fresh = p.id is null, id = coalesce(p.id, case
        -- The derived id is taken by a product whose handle has changed since.
        when exists (select 1 from product o where o.id = x.id) then gen_random_uuid() else x.id end)
from import_product x left join product p on p.handle = x.handle
where s.n = x.n;
create unique index on import_product (id);

-- Variants.
create index on import_variant (sku);
with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_variant window w as (partition by sku order by n)
), bad as (
    delete from import_variant s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.sku, t.first_file, t.first_line
)
insert into import_bad
select 'variants', b.file, b.line, format('variant "%s" is already in %s, line %s', b.sku, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_variant s set fresh = v.id is null, product_id = coalesce(i.id, p.id), id = coalesce(v.id, case
        when exists (select 1 from variant o where o.id = x.id) then gen_random_uuid() else x.id end)
from import_variant x
left join variant v on v.sku = x.sku
left join import_product i on i.handle = x.product
left join product p on p.handle = x.product
where s.n = x.n;

with bad as (delete from import_variant where product_id is null returning *)
insert into import_bad select 'variants', file, line, format('product "%s" is not known', product) from bad;

with bad as (
    delete from import_variant s using variant v join product p on p.id = v.product_id
    where v.id = s.id and v.product_id <> s.product_id
    returning s.file, s.line, s.sku, p.handle
)
insert into import_bad select 'variants', file, line, format('variant "%s" belongs to product "%s"', sku, handle) from bad;

-- The names of the options of each product that is concerned: the file's, or those it has.
create temp table import_names on commit drop as
select p.id as product_id, coalesce(i.option_names,
           array(select o.e ->> 'name' from jsonb_array_elements(p.options) with ordinality o (e, n) order by o.n)) as names
from product p left join import_product i on i.id = p.id
where i.id is not null or p.id in (select product_id from import_variant)
union all
select id, option_names from import_product where fresh;
create unique index on import_names (product_id);

with bad as (
    delete from import_variant s using import_names p
    where p.product_id = s.product_id and cardinality(p.names) <> cardinality(s.option_values)
    returning s.file, s.line, cardinality(p.names) as wanted, cardinality(s.option_values) as found
)
insert into import_bad
select 'variants', file, line, format('%s option values where the product has %s options', found, wanted) from bad;

-- A product cannot change its number of options while variants keep theirs.
with left_out as (
    select distinct on (i.id) i.id, v.sku, jsonb_array_length(v.selected_options) as found
    from import_product i join variant v on v.product_id = i.id
    where not i.fresh and jsonb_array_length(v.selected_options) <> cardinality(i.option_names)
      and not exists (select 1 from import_variant s where s.id = v.id)
    order by i.id, v.sku
), bad as (
    delete from import_product s using left_out o where s.id = o.id
    returning s.id, s.file, s.line, cardinality(s.option_names) as wanted, o.sku, o.found
), restored as (
    update import_names m
    set names = array(select o.e ->> 'name' from product p, jsonb_array_elements(p.options) with ordinality o (e, n)
                      where p.id = m.product_id order by o.n)
    from bad b where b.id = m.product_id
)
insert into import_bad
select 'products', file, line,
       format('%s options, but variant "%s" keeps %s option values', wanted, sku, found) from bad;

with bad as (
    delete from import_variant s using import_names p
    where p.product_id = s.product_id and cardinality(p.names) <> cardinality(s.option_values)
    returning s.file, s.line, cardinality(p.names) as wanted, cardinality(s.option_values) as found
)
insert into import_bad
select 'variants', file, line, format('%s option values where the product has %s options', found, wanted) from bad;

with held as (
    select v.product_id, count(*) as variants from variant v
    where v.product_id in (select product_id from import_variant) group by 1
), numbered as (
    select s.n, coalesce(h.variants, 0) + row_number() over (partition by s.product_id order by s.n) as nth
    from import_variant s left join held h on h.product_id = s.product_id where s.fresh
), bad as (
    delete from import_variant s using numbered m where s.n = m.n and m.nth > 250 returning s.file, s.line, s.product
)
insert into import_bad select 'variants', file, line, format('product "%s" has more than 250 variants', product) from bad;
create unique index on import_variant (id);
create index on import_variant (product_id);

-- Prices.
with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_price window w as (partition by sku, market order by n)
), bad as (
    delete from import_price s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.sku, s.market, t.first_file, t.first_line
)
insert into import_bad
select 'prices', b.file, b.line,
       format('the price of "%s" in "%s" is already in %s, line %s', b.sku, b.market, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_price s set variant_id = coalesce(i.id, v.id), market_id = m.id
from import_price x
left join import_variant i on i.sku = x.sku
left join variant v on v.sku = x.sku
left join market m on m.handle = x.market
where s.n = x.n;

with bad as (delete from import_price where variant_id is null returning *)
insert into import_bad select 'prices', file, line, format('variant "%s" is not known', sku) from bad;
with bad as (delete from import_price where market_id is null returning *)
insert into import_bad select 'prices', file, line, format('market "%s" is not known', market) from bad;
with bad as (
    delete from import_price s using market m where m.id = s.market_id and m.currency <> s.currency
    returning s.file, s.line, s.market, s.currency, m.currency as wanted
)
insert into import_bad
select 'prices', file, line, format('market "%s" sells in %s, not in %s', market, wanted, currency) from bad;
create unique index on import_price (variant_id, market_id);

-- Stock.
with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_stock window w as (partition by sku order by n)
), bad as (
    delete from import_stock s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.sku, t.first_file, t.first_line
)
insert into import_bad
select 'stock', b.file, b.line, format('the stock of "%s" is already in %s, line %s', b.sku, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_stock s set variant_id = coalesce(i.id, v.id),
    fresh = not exists (select 1 from stock k where k.variant_id = v.id)
from import_stock x
left join import_variant i on i.sku = x.sku
left join variant v on v.sku = x.sku
where s.n = x.n;

with bad as (delete from import_stock where variant_id is null returning *)
insert into import_bad select 'stock', file, line, format('variant "%s" is not known', sku) from bad;
create unique index on import_stock (variant_id);

-- Images.
update import_image s set product_id = coalesce(i.id, p.id)
from import_image x
left join import_product i on i.handle = x.product
left join product p on p.handle = x.product
where s.n = x.n;
with bad as (delete from import_image where product_id is null returning *)
insert into import_bad select 'images', file, line, format('product "%s" is not known', product) from bad;

update import_image s set variant_id = coalesce(i.id, v.id)
from import_image x
left join import_variant i on i.sku = x.sku and i.product_id = x.product_id
left join variant v on v.sku = x.sku and v.product_id = x.product_id
where s.n = x.n and x.sku is not null;
with bad as (delete from import_image where sku is not null and variant_id is null returning *)
insert into import_bad
select 'images', file, line, format('product "%s" has no variant "%s"', product, sku) from bad;

with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_image window w as (partition by product_id, variant_id, url order by n)
), bad as (
    delete from import_image s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, t.first_file, t.first_line
)
insert into import_bad
select 'images', b.file, b.line, format('the same image is already in %s, line %s', f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

-- Collections and their products.
create index on import_collection (handle);
with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_collection window w as (partition by handle order by n)
), bad as (
    delete from import_collection s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.handle, t.first_file, t.first_line
)
insert into import_bad
select 'collections', b.file, b.line, format('collection "%s" is already in %s, line %s', b.handle, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_collection s set fresh = c.id is null, id = coalesce(c.id, case
        when exists (select 1 from collection o where o.id = x.id) then gen_random_uuid() else x.id end)
from import_collection x left join collection c on c.handle = x.handle
where s.n = x.n;

with twice as (
    select n, first_value(file) over w as first_file, first_value(line) over w as first_line,
           row_number() over w as nth
    from import_member window w as (partition by collection, product order by n)
), bad as (
    delete from import_member s using twice t where s.n = t.n and t.nth > 1
    returning s.file, s.line, s.collection, s.product, t.first_file, t.first_line
)
insert into import_bad
select 'collection_products', b.file, b.line,
       format('product "%s" of collection "%s" is already in %s, line %s', b.product, b.collection, f.name, b.first_line)
from bad b join import_file f on f.file = b.first_file;

update import_member s set collection_id = coalesce(ic.id, c.id), product_id = coalesce(ip.id, p.id)
from import_member x
left join import_collection ic on ic.handle = x.collection
left join collection c on c.handle = x.collection
left join import_product ip on ip.handle = x.product
left join product p on p.handle = x.product
where s.n = x.n;
with bad as (delete from import_member where collection_id is null returning *)
insert into import_bad
select 'collection_products', file, line, format('collection "%s" is not known', collection) from bad;
with bad as (delete from import_member where product_id is null returning *)
insert into import_bad
select 'collection_products', file, line, format('product "%s" is not known', product) from bad;
create unique index on import_member (collection_id, product_id);
