-- Carts, orders and sessions of customers. The bodies replaced here answer the callers of the release before, which knows
-- guests alone, as they did: a guest's rows have no customer.

-- Starts a session with its first refresh token. A customer's lasts thirty days after it was last refreshed.
create function session_insert_v2(p_session uuid, p_customer uuid, p_external uuid, p_device text, p_refresh_hash bytea,
                                  p_now timestamptz)
returns void language sql volatile as $$
    insert into session (id, kind, customer_id, external_identity_id, device, created_at, last_seen_at, expires_at)
    values (p_session, case when p_customer is null then 'GUEST' else 'CUSTOMER' end, p_customer, p_external, p_device,
            p_now, p_now, p_now + case when p_customer is null then interval '6 hours' else interval '30 days' end);
    insert into refresh_token (token_hash, session_id, issued_at, expires_at)
    values (p_refresh_hash, p_session, p_now, p_now + interval '30 days');
$$;

-- As before, and for the customer who owns the cart.
create or replace function cart_lock_v1(p_cart uuid, p_session uuid, p_secret_hash bytea, p_now timestamptz,
                                        out found_cart cart, out refused text)
language plpgsql volatile as $$
begin
    select k.* into found_cart from cart k
    where k.id = p_cart
      and k.expires_at > p_now
      and (k.secret_hash = p_secret_hash
           or exists (select 1 from session s
                      where s.id = p_session and s.revoked_at is null and s.expires_at > p_now
                        and (s.id = k.session_id or s.customer_id = k.customer_id)))
    for no key update of k;
    if not found then
        refused := case when p_session is not null and not session_is_live_v1(p_session, p_now)
                        then 'SESSION_REVOKED' else 'NOT_FOUND' end;
        found_cart := null;
    elsif found_cart.status <> 'OPEN' then
        refused := 'CART_NOT_OPEN';
    end if;
end $$;

create or replace function cart_apply_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_cart uuid,
                                         p_session uuid, p_secret_hash bytea, p_if_revision integer, p_operations jsonb,
                                         p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, p_operation, p_now);
    v_lock record;
    v_done record;
    v_cart cart;
    v_errors jsonb := '[]';
    v_revision integer;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_lock from cart_lock_v1(p_cart, p_session, p_secret_hash, p_now);
    v_cart := v_lock.found_cart;
    if v_lock.refused = 'CART_NOT_OPEN' then
        v_errors := jsonb_build_array(jsonb_build_object('code', v_lock.refused, 'order', v_cart.order_id,
                                                         'into', v_cart.merged_into));
    elsif v_lock.refused is not null then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('refused', v_lock.refused));
    elsif p_if_revision <> v_cart.revision then
        v_errors := jsonb_build_array(
            jsonb_build_object('code', 'REVISION_CONFLICT', 'current', v_cart.revision));
    else
        begin
            select * into v_done from cart_operations_v1(v_cart, p_operations);
            v_errors := v_done.errors;
            if v_errors <> '[]' then
                raise sqlstate 'TG001';
            end if;
            v_cart := v_done.p_cart;
            v_revision := cart_write_v1(v_cart, v_cart.revision + 1, p_now);
        exception
            when sqlstate 'TG001' then
                null;
            when check_violation then
                v_errors := jsonb_build_array(jsonb_build_object('code', 'QUANTITY_RULE'));
        end;
    end if;
    return idempotency_close_v1(p_key_hash, jsonb_build_object(
        'cart', p_cart, 'revision', coalesce(v_revision, v_cart.revision), 'errors', v_errors));
end $$;

-- As before; a customer's cart is the customer's, begins with the customer's e-mail, and outlives the session. A session
-- that ends meanwhile gets no cart: sign_in_v1 has taken what it had.
create or replace function cart_create_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_new_session uuid,
                                          p_refresh_hash bytea, p_cart uuid, p_market smallint, p_secret_hash bytea,
                                          p_operations jsonb, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'cartCreate', p_now);
    v_session uuid := coalesce(p_session, p_new_session);
    v_customer uuid;
    v_cart cart;
    v_done record;
    v_errors jsonb := '[]';
begin
    if v_outcome ? 'refused' then
        return v_outcome;
    elsif v_outcome is not null then
        if (v_outcome ->> 'age')::numeric <= 600 and p_secret_hash is not null then
            update cart set secret_hash = p_secret_hash
            where id = (v_outcome ->> 'cart')::uuid and status = 'OPEN' and secret_hash is not null;
            v_outcome := v_outcome || jsonb_build_object('secret', found);
        end if;
        return session_tokens_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    begin
        if p_session is null then
            perform session_insert_v1(p_new_session, p_refresh_hash, p_now);
        end if;
        update session set expires_at = greatest(expires_at, p_now + interval '30 days')
        where id = v_session and revoked_at is null and expires_at > p_now
        returning customer_id into v_customer;
        if not found then
            return idempotency_close_v1(p_key_hash, jsonb_build_object('refused', 'SESSION_REVOKED'));
        end if;
        insert into cart (id, session_id, customer_id, market_id, secret_hash, email, created_at, updated_at, expires_at)
        values (p_cart, case when v_customer is null then v_session end, v_customer, p_market, p_secret_hash,
                (select c.email from customer c where c.id = v_customer), p_now, p_now, p_now + interval '6 hours')
        returning * into v_cart;
        if p_operations <> '[]' then
            select * into v_done from cart_operations_v1(v_cart, p_operations);
            v_errors := v_done.errors;
            if v_errors <> '[]' then
                raise sqlstate 'TG001';
            end if;
            perform cart_write_v1(v_done.p_cart, 1, p_now);
        end if;
    exception
        when sqlstate 'TG001' then
            return idempotency_close_v1(p_key_hash, jsonb_build_object('errors', v_errors));
        when check_violation then
            return idempotency_close_v1(p_key_hash, jsonb_build_object('errors',
                jsonb_build_array(jsonb_build_object('code', 'QUANTITY_RULE'))));
    end;
    v_outcome := jsonb_build_object('cart', p_cart, 'revision', 1, 'errors', '[]'::jsonb);
    if p_session is null then
        v_outcome := v_outcome || jsonb_build_object('session', p_new_session);
    end if;
    return idempotency_close_v1(p_key_hash, v_outcome)
        || jsonb_build_object('tokens', p_session is null, 'secret', p_secret_hash is not null);
end $$;

-- As before; a customer's session lasts thirty days, and a reuse leaves an event. A child that died for a new branch and
-- comes back is a reuse too: its holder and the branch's are two. Tokens that a repeated call replaced have no parent.
create or replace function session_refresh_v1(p_parent_hash bytea, p_generation integer, p_child_hash bytea, p_kid text,
                                              p_now timestamptz)
returns text language plpgsql volatile as $$
declare
    v_parent refresh_token;
    v_child refresh_token;
begin
    select * into v_parent from refresh_token where token_hash = p_parent_hash for update;
    if not found or v_parent.expires_at <= p_now or not session_is_live_v1(v_parent.session_id, p_now)
       or (v_parent.dead_at is not null and v_parent.parent_hash is null) then
        return 'INVALID';
    end if;
    select * into v_child from refresh_token where parent_hash = p_parent_hash and dead_at is null for update;
    if v_parent.dead_at is not null or v_child.used_at is not null then
        with ended as (
            update session set revoked_at = p_now where id = v_parent.session_id returning id, customer_id
        )
        insert into security_event (kind, customer_id, session_id, happened_at)
        select 'REFRESH_TOKEN_REUSED', e.customer_id, e.id, p_now from ended e;
        return 'REUSED';
    elsif v_child.token_hash is not null then
        if v_child.token_hash = p_child_hash then
            return 'OK';
        end if;
        if v_child.issued_at > p_now - interval '60 seconds' or v_child.generation >= p_generation then
            return 'STALE';
        end if;
        update refresh_token set dead_at = p_now where token_hash = v_child.token_hash;
    elsif v_parent.used_at is not null then
        return 'INVALID';
    end if;
    insert into refresh_token (token_hash, session_id, parent_hash, kid, generation, issued_at, expires_at)
    values (p_child_hash, v_parent.session_id, p_parent_hash, p_kid, p_generation, p_now, p_now + interval '30 days');
    update refresh_token set used_at = coalesce(used_at, p_now) where token_hash = p_parent_hash;
    update session s
    set last_seen_at = p_now
      , expires_at = p_now + case when s.customer_id is not null
                                    or exists (select 1 from cart c where c.session_id = s.id)
                                    or exists (select 1 from customer_order o where o.session_id = s.id)
                                  then interval '30 days' else interval '6 hours' end
    where s.id = v_parent.session_id;
    return 'OK';
end $$;

-- As before; the order is the customer's whose cart it was.
create or replace function checkout_v1(p_key_hash bytea, p_input_hash bytea, p_cart uuid, p_session uuid,
                                       p_secret_hash bytea, p_order uuid, p_payment uuid, p_payment_method text, p_reference text,
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
            'errors', jsonb_build_array(jsonb_build_object('code', v_lock.refused, 'order', v_cart.order_id,
                                                           'into', v_cart.merged_into))));
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
            insert into customer_order (id, cart_id, session_id, customer_id, market_id, currency, subtotal, total, line_count,
                email, phone, shipping_address, billing_address, note, attributes, payment_status, fulfilment_status,
                placed_at)
            values (p_order, p_cart, v_cart.session_id, v_cart.customer_id, v_cart.market_id, v_currency, v_total, v_total, v_lines,
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

-- Deletes what is abandoned, in batches, skipping rows that somebody else holds (another replica that deletes, or a
-- shopper who has just come back).
create or replace function expire_v1(p_now timestamptz, p_batch bigint) returns bigint language plpgsql volatile as $$
declare
    v_deleted bigint := 0;
    v_rows bigint;
    v_sessions uuid[];
begin
    with gone as (
        delete from cart where id in (
            select c.id from cart c where c.expires_at <= p_now
            order by c.expires_at limit p_batch for update skip locked)
        returning session_id
    )
    select count(*), array_agg(session_id) into v_rows, v_sessions from gone;
    v_deleted := v_deleted + v_rows;

    -- A session that was made for a cart that is gone goes with it, unless there is something else to keep it for.
    delete from session where id in (
        select s.id from session s
        where s.id = any (v_sessions)
          and s.last_seen_at <= p_now - interval '6 hours'
          and not exists (select 1 from cart c where c.session_id = s.id)
          and not exists (select 1 from customer_order o where o.session_id = s.id)
        order by s.id for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from session where id in (
        select s.id from session s where s.expires_at <= p_now
        order by s.expires_at limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from idempotency where key_hash in (
        select i.key_hash from idempotency i where i.created_at <= p_now - interval '30 days'
        order by i.key_hash limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from refresh_token where token_hash in (
        select t.token_hash from refresh_token t where t.expires_at <= p_now
        order by t.token_hash limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from registration where id in (
        select r.id from registration r where r.expires_at <= p_now
        order by r.expires_at limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from one_time_token where id in (
        select t.id from one_time_token t where t.expires_at <= p_now
        order by t.expires_at limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from oidc_sign_in where id in (
        select o.id from oidc_sign_in o where o.expires_at <= p_now
        order by o.expires_at limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from throttle where key_hash in (
        select t.key_hash from throttle t where t.window_ends_at <= p_now
        order by t.key_hash limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from security_event where id in (
        select v.id from security_event v where v.happened_at <= p_now - interval '90 days'
        order by v.id limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    v_deleted := v_deleted + v_rows;

    delete from erased_identity where identity_hash in (
        select e.identity_hash from erased_identity e where e.erased_at <= p_now - interval '30 days'
        order by e.identity_hash limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    return v_deleted + v_rows;
end $$;
