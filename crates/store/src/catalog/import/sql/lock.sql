-- From here on shoppers who buy these products wait for the commit. The order is the checkout's: stock by variant, then
-- listing rows by market and product (migrations/README.md).
select count(*) from (
    select 1 from stock s
    where s.variant_id in (select v.id from variant v join import_counted c on c.product_id = v.product_id)
    order by s.variant_id for no key update) locked;
