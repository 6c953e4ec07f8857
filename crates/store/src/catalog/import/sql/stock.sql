with changed as (
    update stock k set on_hand = s.on_hand
    from import_stock s
    where k.variant_id = s.variant_id and not s.fresh and k.on_hand <> s.on_hand and (select r.stock from import_run r)
    returning 1
)
insert into import_count select 'stock', 'updated', count(*) from changed;
insert into import_count
select 'stock', 'left_alone', count(*) from import_stock s join stock k on k.variant_id = s.variant_id
where not s.fresh and k.on_hand <> s.on_hand and not (select r.stock from import_run r);
