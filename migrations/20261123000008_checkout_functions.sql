-- Takes the stock of an order's lines, in variant order, last before the commit. Returns OUT_OF_STOCK errors, or '[]'.
create function stock_take_v1(p_order uuid) returns jsonb language plpgsql volatile as $$
declare
    v_variants uuid[];
    v_pieces bigint[];
    v_taken uuid[];
    v_sold_out uuid[];
begin
    select array_agg(d.variant_id), array_agg(d.pieces) into v_variants, v_pieces
    from (select variant_id, sum(quantity) as pieces from order_line where order_id = p_order
          group by variant_id order by variant_id) d;
    if cardinality(v_variants) > 1 then
        perform 1 from stock where variant_id = any (v_variants) order by variant_id for no key update;
    end if;
    with taken as (
        update stock s set allocated = s.allocated + d.pieces
        from unnest(v_variants, v_pieces) as d (variant_id, pieces)
        where s.variant_id = d.variant_id and s.on_hand - s.allocated >= d.pieces
        returning s.variant_id, s.on_hand - s.allocated as available
    )
    select array_agg(variant_id), array_agg(variant_id) filter (where available = 0) into v_taken, v_sold_out from taken;
    if v_taken is null or cardinality(v_taken) < cardinality(v_variants) then
        return (
            select jsonb_agg(jsonb_build_object('code', 'OUT_OF_STOCK', 'variant', d.variant_id,
                       'available', greatest(coalesce(s.on_hand - s.allocated, 0), 0)) order by d.variant_id)
            from unnest(v_variants, v_pieces) as d (variant_id, pieces)
            left join stock s on s.variant_id = d.variant_id
            where v_taken is null or d.variant_id <> all (v_taken));
    end if;
    if v_sold_out is not null then
        perform listing_sold_out_v1(v_sold_out);
    end if;
    return '[]';
end $$;

-- Counts variants that have just sold out off their listing rows, in product order. A relative change, so that two
-- orders that sell out two variants of one product need not see each other.
create function listing_sold_out_v1(p_variants uuid[]) returns void language plpgsql volatile as $$
declare
    v_products uuid[];
begin
    select array_agg(distinct product_id order by product_id) into v_products from variant where id = any (p_variants);
    if cardinality(v_products) > 1 then
        perform 1 from product_listing where product_id = any (v_products)
        order by market_id, product_id for no key update;
    end if;
    update product_listing l set variants_available = l.variants_available - d.pieces
    from (select p.market_id, v.product_id, count(*) as pieces
          from variant v join price p on p.variant_id = v.id
          where v.id = any (p_variants) group by 1, 2) d
    where l.market_id = d.market_id and l.product_id = d.product_id;
end $$;

create function checkout_v1(p_key_hash bytea, p_input_hash bytea, p_cart uuid, p_session uuid, p_secret_hash bytea,
                            p_order uuid, p_payment uuid, p_payment_method text, p_reference text,
                            p_expected_amount bigint, p_expected_currency text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'checkoutComplete', p_now);
    v_lock record;
    v_cart cart;
    v_revision integer;
    v_currency text;
    v_lines integer;
    v_unpriced uuid[];
    v_total bigint;
    v_written bigint;
    v_missing text[];
    v_errors jsonb := '[]';
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_lock from cart_lock_v1(p_cart, p_session, p_secret_hash, p_now);
    v_cart := v_lock.found_cart;
    if v_lock.refused = 'CART_NOT_OPEN' then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('cart', p_cart, 'revision', v_cart.revision,
            'errors', jsonb_build_array(jsonb_build_object('code', v_lock.refused, 'order', v_cart.order_id))));
    elsif v_lock.refused is not null then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('refused', v_lock.refused));
    end if;

    select m.currency into v_currency from market m where m.id = v_cart.market_id;
    select count(*), sum(p.amount * l.quantity), array_agg(l.variant_id) filter (where p.amount is null)
    into v_lines, v_total, v_unpriced
    from cart_line l left join price p on p.variant_id = l.variant_id and p.market_id = v_cart.market_id
    where l.cart_id = p_cart;
    v_missing := array_remove(array[case when v_lines = 0 then 'LINES' end
        , case when v_cart.email is null then 'BUYER_EMAIL' end
        , case when v_cart.shipping_address is null then 'SHIPPING_ADDRESS' end], null);
    if cardinality(v_missing) > 0 then
        v_errors := jsonb_build_array(jsonb_build_object('code', 'CART_NOT_READY', 'missing', to_jsonb(v_missing)));
    elsif v_unpriced is not null then
        v_errors := (select jsonb_agg(jsonb_build_object('code', 'OUT_OF_STOCK', 'variant', u.id, 'available', 0))
                     from unnest(v_unpriced) u (id));
    elsif (p_expected_amount, p_expected_currency) is distinct from (v_total, v_currency) then
        v_errors := jsonb_build_array(jsonb_build_object('code', 'TOTAL_CHANGED', 'actual', v_total,
            'actual_currency', v_currency, 'expected', p_expected_amount, 'expected_currency', p_expected_currency));
    else
        begin
            insert into customer_order (id, cart_id, session_id, market_id, currency, subtotal, total, line_count,
                email, phone, shipping_address, billing_address, note, attributes, payment_status, fulfilment_status,
                placed_at)
            values (p_order, p_cart, v_cart.session_id, v_cart.market_id, v_currency, v_total, v_total, v_lines,
                v_cart.email, v_cart.phone, v_cart.shipping_address,
                coalesce(v_cart.billing_address, v_cart.shipping_address), v_cart.note, v_cart.attributes, 'PENDING',
                'UNFULFILLED', p_now);
            with written as (
                insert into order_line (order_id, id, position, product_id, variant_id, sku, title, variant_title,
                    selected_options, attributes, unit_price, quantity, total)
                select p_order, l.id, row_number() over (order by l.id), v.product_id, v.id, v.sku, d.title, v.title,
                       v.selected_options, l.attributes, p.amount, l.quantity, p.amount * l.quantity
                from cart_line l
                join price p on p.variant_id = l.variant_id and p.market_id = v_cart.market_id
                join variant v on v.id = l.variant_id
                join product d on d.id = v.product_id
                where l.cart_id = p_cart
                returning total
            )
            select coalesce(sum(total), 0) into v_written from written;
            -- A price may have changed since the total was computed: each statement sees its own moment.
            if v_written <> v_total then
                v_errors := jsonb_build_array(jsonb_build_object('code', 'TOTAL_CHANGED', 'actual', v_written,
                    'actual_currency', v_currency, 'expected', p_expected_amount,
                    'expected_currency', p_expected_currency));
                raise sqlstate 'TG001';
            end if;
            insert into payment (order_id, id, method, status, amount, reference, created_at)
            values (p_order, p_payment, p_payment_method, 'PENDING', v_total, p_reference, p_now);
            update cart
            set status = 'COMPLETED', order_id = p_order, secret_hash = null, revision = revision + 1, updated_at = p_now
            where id = p_cart
            returning revision into v_revision;
            v_errors := stock_take_v1(p_order);
            if v_errors <> '[]' then
                raise sqlstate 'TG001';
            end if;
        exception when sqlstate 'TG001' then
            return idempotency_close_v1(p_key_hash, jsonb_build_object(
                'cart', p_cart, 'revision', v_cart.revision, 'errors', v_errors));
        end;
        return idempotency_close_v1(p_key_hash, jsonb_build_object(
            'cart', p_cart, 'revision', v_revision, 'order', p_order, 'errors', v_errors));
    end if;
    return idempotency_close_v1(p_key_hash, jsonb_build_object(
        'cart', p_cart, 'revision', v_cart.revision, 'errors', v_errors));
end $$;
