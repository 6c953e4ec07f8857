-- Everything of the changed products' listing rows but what sales change: the texts and their search vectors take longest,
-- and nobody waits for them.
insert into import_counted
select distinct v.product_id from import_stock s
join stock k on k.variant_id = s.variant_id
join variant v on v.id = s.variant_id
where not s.fresh and s.on_hand <> k.on_hand and (select r.stock from import_run r);

update product p set updated_at = r.now
from import_run r where p.id in (select product_id from import_touched) and p.updated_at <> r.now;

create temp table import_listing on commit drop as
with concerned as (
    select product_id from import_touched union select product_id from import_counted
), priced as (
    select v.product_id, p.market_id, min(p.amount) as price_min, max(p.amount) as price_max, count(*) as variant_count
    from concerned c join variant v on v.product_id = c.product_id join price p on p.variant_id = v.id
    group by 1, 2
), words as (
    select v.product_id, string_agg(v.sku, ' ' order by v.position, v.id) as skus,
           string_agg(v.title, ' ' order by v.position, v.id) as titles
    from concerned c join variant v on v.product_id = c.product_id group by 1
)
select d.market_id, p.id as product_id, p.handle, p.title, p.description, p.vendor, p.tags, p.options, p.rank,
       d.price_min, d.price_max, m.currency, i.url as image_url, i.alt as image_alt, i.width as image_width,
       i.height as image_height, d.variant_count, p.created_at, p.updated_at,
       listing_search_v1(p.title, concat_ws(' ', array_to_string(p.tags, ' '), p.vendor, w.skus, w.titles, (
           select string_agg(e.value, ' ')
           from jsonb_array_elements(p.options) o, jsonb_array_elements_text(o -> 'values') e (value))),
           p.description) as search
from priced d
join product p on p.id = d.product_id
join market m on m.id = d.market_id
join words w on w.product_id = d.product_id
left join lateral (select url, alt, width, height from product_image
                   where product_id = p.id order by variant_id is not null, position limit 1) i on true;
create unique index on import_listing (market_id, product_id);
create index on import_counted (product_id);
analyze import_listing, import_counted;
