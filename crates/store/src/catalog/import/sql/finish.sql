select count(*) from (
    select 1 from product_listing l join import_listing i on i.market_id = l.market_id and i.product_id = l.product_id
    order by l.market_id, l.product_id for no key update of l) locked;

-- What can be bought is counted afresh only where the stock rows are locked; elsewhere sales go on changing it.
insert into product_listing as l (market_id, product_id, handle, title, description, vendor, tags, options, rank,
    price_min, price_max, currency, image_url, image_alt, image_width, image_height, variant_count,
    variants_available, created_at, updated_at, search)
select i.market_id, i.product_id, i.handle, i.title, i.description, i.vendor, i.tags, i.options, i.rank,
       i.price_min, i.price_max, i.currency, i.image_url, i.image_alt, i.image_width, i.image_height, i.variant_count,
       (select count(*) from variant v
        join price p on p.variant_id = v.id and p.market_id = i.market_id
        join stock s on s.variant_id = v.id and s.on_hand > s.allocated
        where v.product_id = i.product_id), i.created_at, i.updated_at, i.search
from import_listing i
on conflict (market_id, product_id) do update
set handle = excluded.handle, title = excluded.title, description = excluded.description, vendor = excluded.vendor,
    tags = excluded.tags, options = excluded.options, rank = excluded.rank, price_min = excluded.price_min,
    price_max = excluded.price_max, currency = excluded.currency, image_url = excluded.image_url,
    image_alt = excluded.image_alt, image_width = excluded.image_width, image_height = excluded.image_height,
    variant_count = excluded.variant_count,
    variants_available = case when exists (select 1 from import_counted c where c.product_id = l.product_id)
                              then excluded.variants_available else l.variants_available end,
    created_at = excluded.created_at, updated_at = excluded.updated_at, search = excluded.search;
