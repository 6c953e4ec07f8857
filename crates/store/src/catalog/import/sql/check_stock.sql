-- A new on-hand figure never undoes a sale. Run without locks before anything is written, and again when the stock rows
-- are locked.
with bad as (
    delete from import_stock s using stock k
    where not s.fresh and k.variant_id = s.variant_id and k.allocated > s.on_hand
      and (select r.stock from import_run r)
    returning s.file, s.line, s.on_hand, k.allocated
)
insert into import_bad
select 'stock', file, line, format('on_hand is %s, but %s are sold already', on_hand, allocated) from bad;
