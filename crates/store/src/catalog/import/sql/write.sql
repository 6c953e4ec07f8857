-- Everything but stock figures and listing rows: nothing that a shopper's write waits for.
-- Products. A new one stands behind those that are there, in the order of the file.
insert into product (id, handle, title, description, vendor, tags, rank, created_at, updated_at)
select s.id, s.handle, s.title, s.description, s.vendor, s.tags,
       coalesce((select max(p.rank) from product p), 0) + row_number() over (order by s.n), r.now, r.now
from import_product s cross join import_run r where s.fresh;
insert into import_count select 'products', 'inserted', count(*) from import_product where fresh;

-- Variants.
insert into variant (id, product_id, sku, title, selected_options, position)
select s.id, s.product_id, s.sku, s.title, (
           select coalesce(jsonb_agg(jsonb_build_object('name', o.name, 'value', o.value) order by o.n), '[]')
           from unnest(m.names, s.option_values) with ordinality o (name, value, n)), s.position
from import_variant s join import_names m on m.product_id = s.product_id where s.fresh;
insert into import_count select 'variants', 'inserted', count(*) from import_variant where fresh;
insert into import_touched select distinct product_id from import_variant where fresh;
insert into import_counted select distinct product_id from import_variant where fresh;

with wanted as (
    select s.id, s.title, s.position, (
               select coalesce(jsonb_agg(jsonb_build_object('name', o.name, 'value', o.value) order by o.n), '[]')
               from unnest(m.names, s.option_values) with ordinality o (name, value, n)) as selected_options
    from import_variant s join import_names m on m.product_id = s.product_id where not s.fresh
), changed as (
    update variant v set title = w.title, position = w.position, selected_options = w.selected_options
    from wanted w
    where v.id = w.id and (v.title, v.position, v.selected_options) is distinct from (w.title, w.position, w.selected_options)
    returning v.product_id
), touched as (
    insert into import_touched select distinct product_id from changed
)
insert into import_count select 'variants', 'updated', count(*) from changed;

-- Variants that are not in the file follow when their product's options are renamed.
with wanted as (
    select v.id, (
               select coalesce(jsonb_agg(jsonb_build_object('name', m.names[o.n], 'value', o.e ->> 'value') order by o.n), '[]')
               from jsonb_array_elements(v.selected_options) with ordinality o (e, n)) as selected_options
    from import_product i
    join import_names m on m.product_id = i.id
    join variant v on v.product_id = i.id
    where not i.fresh and not exists (select 1 from import_variant s where s.id = v.id)
)
update variant v set selected_options = w.selected_options
from wanted w where v.id = w.id and v.selected_options <> w.selected_options;

-- A product's options with their values in the order of the variants that have them.
create temp table import_options on commit drop as
with used as (
    select v.product_id, o.n, o.e ->> 'value' as value, v.position, v.id,
           row_number() over (partition by v.product_id, o.n, o.e ->> 'value' order by v.position, v.id) as nth
    from variant v join import_names m on m.product_id = v.product_id
    cross join lateral jsonb_array_elements(v.selected_options) with ordinality o (e, n)
), listed as (
    select product_id, n, jsonb_agg(value order by position, id) as entries from used where nth = 1 group by 1, 2
)
select m.product_id, coalesce(jsonb_agg(jsonb_build_object('name', o.name, 'values', coalesce(l.entries, '[]')) order by o.n)
           filter (where o.n is not null), '[]') as options
from import_names m
left join lateral unnest(m.names) with ordinality o (name, n) on true
left join listed l on l.product_id = m.product_id and l.n = o.n
group by 1;
create unique index on import_options (product_id);

update product p set options = o.options
from import_product s join import_options o on o.product_id = s.id
where p.id = s.id and s.fresh and o.options <> '[]';

with changed as (
    update product p
    set title = s.title, description = s.description, vendor = s.vendor, tags = s.tags, options = o.options
    from import_product s join import_options o on o.product_id = s.id
    where p.id = s.id and not s.fresh
      and (p.title, p.description, p.vendor, p.tags, p.options)
          is distinct from (s.title, s.description, s.vendor, s.tags, o.options)
    returning p.id
), touched as (
    insert into import_touched select id from changed
)
insert into import_count select 'products', 'updated', count(*) from changed;
with changed as (
    update product p set options = o.options
    from import_options o
    where p.id = o.product_id and p.options <> o.options and not exists (select 1 from import_product s where s.id = p.id)
    returning p.id
)
insert into import_touched select id from changed;

-- Prices.
with changed as (
    update price p set amount = s.amount, compare_at = s.compare_at
    from import_price s
    where p.variant_id = s.variant_id and p.market_id = s.market_id
      and (p.amount, p.compare_at) is distinct from (s.amount, s.compare_at)
    returning p.variant_id
), touched as (
    insert into import_touched select distinct v.product_id from changed c join variant v on v.id = c.variant_id
)
insert into import_count select 'prices', 'updated', count(*) from changed;
with added as (
    insert into price (variant_id, market_id, amount, compare_at)
    select s.variant_id, s.market_id, s.amount, s.compare_at from import_price s
    on conflict (variant_id, market_id) do nothing
    returning variant_id
), changed as (
    select distinct v.product_id from added a join variant v on v.id = a.variant_id
), touched as (
    insert into import_touched select product_id from changed
), counted as (
    insert into import_counted select product_id from changed
)
insert into import_count select 'prices', 'inserted', count(*) from added;

-- Images: a product that the files name has those of the files, in their order.
update import_image s set position = x.nth
from (select n, row_number() over (partition by product_id order by n) as nth from import_image) x
where s.n = x.n;
create unique index on import_image (product_id, position);
with gone as (
    delete from product_image p
    where p.product_id in (select product_id from import_image)
      and not exists (select 1 from import_image s where s.product_id = p.product_id and s.position = p.position)
    returning p.product_id
), touched as (
    insert into import_touched select distinct product_id from gone
)
insert into import_count select 'images', 'removed', count(*) from gone;
with changed as (
    update product_image p set variant_id = s.variant_id, url = s.url, alt = s.alt, width = s.width, height = s.height
    from import_image s
    where p.product_id = s.product_id and p.position = s.position
      and (p.variant_id, p.url, p.alt, p.width, p.height) is distinct from (s.variant_id, s.url, s.alt, s.width, s.height)
    returning p.product_id
), touched as (
    insert into import_touched select distinct product_id from changed
)
insert into import_count select 'images', 'updated', count(*) from changed;
with added as (
    insert into product_image (product_id, position, variant_id, url, alt, width, height)
    select product_id, position, variant_id, url, alt, width, height from import_image
    on conflict (product_id, position) do nothing
    returning product_id
), touched as (
    insert into import_touched select distinct product_id from added
)
insert into import_count select 'images', 'inserted', count(*) from added;

-- Collections, and their products: a collection that collection_products names holds those of the files.
insert into collection (id, handle, title, description, position, updated_at)
select s.id, s.handle, s.title, s.description, s.position, r.now from import_collection s cross join import_run r where s.fresh;
insert into import_count select 'collections', 'inserted', count(*) from import_collection where fresh;
with changed as (
    update collection c
    set title = s.title, description = s.description, position = s.position, updated_at = r.now
    from import_collection s cross join import_run r
    where c.id = s.id and not s.fresh
      and (c.title, c.description, c.position) is distinct from (s.title, s.description, s.position)
    returning c.id
)
insert into import_count select 'collections', 'updated', count(*) from changed;

create temp table import_regrouped (collection_id uuid) on commit drop;
with gone as (
    delete from collection_product m
    where m.collection_id in (select collection_id from import_member)
      and not exists (select 1 from import_member s where s.collection_id = m.collection_id and s.product_id = m.product_id)
    returning m.collection_id
), regrouped as (
    insert into import_regrouped select distinct collection_id from gone
)
insert into import_count select 'collection_products', 'removed', count(*) from gone;
with changed as (
    update collection_product m set position = s.position
    from import_member s
    where m.collection_id = s.collection_id and m.product_id = s.product_id and m.position <> s.position
    returning m.collection_id
), regrouped as (
    insert into import_regrouped select distinct collection_id from changed
)
insert into import_count select 'collection_products', 'updated', count(*) from changed;
with added as (
    insert into collection_product (collection_id, product_id, position)
    select collection_id, product_id, position from import_member
    on conflict (collection_id, product_id) do nothing
    returning collection_id
), regrouped as (
    insert into import_regrouped select distinct collection_id from added
)
insert into import_count select 'collection_products', 'inserted', count(*) from added;
update collection c set updated_at = r.now
from import_run r where c.id in (select collection_id from import_regrouped) and c.updated_at <> r.now;

-- Every new variant can be counted from the start.
with added as (
    insert into stock (variant_id, on_hand)
    select v.id, coalesce(s.on_hand, 0)
    from (select id from import_variant where fresh union select variant_id from import_stock where fresh) v
    left join import_stock s on s.variant_id = v.id
    on conflict (variant_id) do nothing
    returning variant_id
), counted as (
    insert into import_counted select distinct v.product_id from added a join variant v on v.id = a.variant_id
)
insert into import_count
select 'stock', 'inserted', count(*) from added a where exists (select 1 from import_stock s where s.variant_id = a.variant_id);
