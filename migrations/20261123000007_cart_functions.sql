-- Applies cart operations in order to a cart whose row the caller holds. Lines are written here; the other changes are
-- made on the returned row, which the caller writes once. Errors name the operation and the element they are about.
create function cart_operations_v1(inout p_cart cart, p_operations jsonb, out errors jsonb)
language plpgsql volatile as $$
declare
    v_op jsonb;
    v_index integer := -1;
    v_done integer;
    v_asked integer;
begin
    errors := '[]';
    for v_op in select value from jsonb_array_elements(p_operations) loop
        v_index := v_index + 1;
        case v_op ->> 'op'
        when 'ADD' then
            with asked as (
                select (l.value ->> 'variant')::uuid as variant_id
                     , coalesce(l.value -> 'attributes', '[]') as attributes
                     , sum((l.value ->> 'quantity')::integer) as quantity
                     , (array_agg((l.value ->> 'id')::uuid order by l.ordinality))[1] as id
                from jsonb_array_elements(v_op -> 'lines') with ordinality l
                group by 1, 2
            ), written as (
                insert into cart_line (cart_id, id, variant_id, quantity, attributes)
                select p_cart.id, a.id, a.variant_id, a.quantity, a.attributes
                from asked a
                -- LIMIT makes it a look-up per line: PostgreSQL cannot guess how few lines there are, and would read
                -- the whole table to join it.
                cross join lateral (select 1 from price p
                                    where p.variant_id = a.variant_id and p.market_id = p_cart.market_id limit 1) sold
                order by a.id
                on conflict (cart_id, variant_id, attributes_key)
                do update set quantity = cart_line.quantity + excluded.quantity
                returning 1
            )
            select (select count(*) from written), (select count(*) from asked) into v_done, v_asked;
            if v_done < v_asked then
                errors := errors || (
                    select coalesce(jsonb_agg(jsonb_build_object('code', 'NOT_FOUND', 'op', v_index,
                               'at', l.ordinality - 1, 'variant', l.value ->> 'variant') order by l.ordinality), '[]')
                    from jsonb_array_elements(v_op -> 'lines') with ordinality l
                    where not exists (select 1 from price p where p.variant_id = (l.value ->> 'variant')::uuid
                                      and p.market_id = p_cart.market_id));
            end if;
            if (select count(*) from cart_line where cart_id = p_cart.id) > 2000 then
                errors := errors || jsonb_build_array(jsonb_build_object('code', 'TOO_MANY_LINES', 'op', v_index));
            end if;
        when 'SET' then
            errors := errors || (
                select coalesce(jsonb_agg(jsonb_build_object('code', 'NOT_FOUND', 'op', v_index,
                           'at', l.ordinality - 1, 'line', l.value ->> 'id') order by l.ordinality), '[]')
                from jsonb_array_elements(v_op -> 'lines') with ordinality l
                where not exists (select 1 from cart_line c
                                  where c.cart_id = p_cart.id and c.id = (l.value ->> 'id')::uuid));
            -- Of two quantities for one line the later holds.
            with asked as (
                select distinct on (1) (l.value ->> 'id')::uuid as id, (l.value ->> 'quantity')::integer as quantity
                from jsonb_array_elements(v_op -> 'lines') with ordinality l
                order by 1, l.ordinality desc
            ), kept as (
                update cart_line c set quantity = a.quantity from asked a
                where c.cart_id = p_cart.id and c.id = a.id and a.quantity > 0
            )
            delete from cart_line c using asked a where c.cart_id = p_cart.id and c.id = a.id and a.quantity = 0;
        when 'BUYER' then
            p_cart.email := v_op ->> 'email';
            p_cart.phone := v_op ->> 'phone';
        when 'ADDRESSES' then
            if v_op ? 'shipping' then
                p_cart.shipping_address := nullif(v_op -> 'shipping', 'null');
            end if;
            if v_op ? 'billing' then
                p_cart.billing_address := nullif(v_op -> 'billing', 'null');
            end if;
        when 'NOTE' then
            p_cart.note := v_op ->> 'note';
        when 'ATTRIBUTES' then
            p_cart.attributes := v_op -> 'attributes';
        end case;
    end loop;
end $$;

-- Writes what cart_operations_v1 changed on the row.
create function cart_write_v1(p_cart cart, p_revision integer, p_now timestamptz) returns integer language sql volatile as $$
    update cart
    set revision = p_revision
      , email = p_cart.email
      , phone = p_cart.phone
      , shipping_address = p_cart.shipping_address
      , billing_address = p_cart.billing_address
      , note = p_cart.note
      , attributes = p_cart.attributes
      , updated_at = p_now
      , expires_at = p_now + case when exists (select 1 from cart_line where cart_id = p_cart.id)
                                  then interval '30 days' else interval '6 hours' end
    where id = p_cart.id
    returning revision
$$;

create function session_is_live_v1(p_session uuid, p_now timestamptz) returns boolean language sql stable as $$
    select exists (select 1 from session s
                   where s.id = p_session and s.revoked_at is null and s.expires_at > p_now)
$$;

-- Locks an open cart for a caller who owns it through a session or opens it with its secret (either may be NULL).
-- Fills refused with SESSION_REVOKED, NOT_FOUND or CART_NOT_OPEN when the cart may not be written.
create function cart_lock_v1(p_cart uuid, p_session uuid, p_secret_hash bytea, p_now timestamptz,
                             out found_cart cart, out refused text)
language plpgsql volatile as $$
begin
    select k.* into found_cart from cart k
    where k.id = p_cart
      and k.expires_at > p_now
      and ((k.session_id = p_session and session_is_live_v1(p_session, p_now)) or k.secret_hash = p_secret_hash)
    for no key update of k;
    if not found then
        refused := case when p_session is not null and not session_is_live_v1(p_session, p_now)
                        then 'SESSION_REVOKED' else 'NOT_FOUND' end;
        found_cart := null;
    elsif found_cart.status <> 'OPEN' then
        refused := 'CART_NOT_OPEN';
    end if;
end $$;

create function cart_apply_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_cart uuid, p_session uuid,
                              p_secret_hash bytea, p_if_revision integer, p_operations jsonb, p_now timestamptz)
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
        v_errors := jsonb_build_array(jsonb_build_object('code', v_lock.refused, 'order', v_cart.order_id));
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

-- Starts a guest session with its first refresh token. A repeat within ten minutes hands out a fresh token and kills
-- the unused earlier one; after that it hands out none.
create function session_tokens_v1(p_outcome jsonb, p_refresh_hash bytea, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_session uuid := (p_outcome ->> 'session')::uuid;
begin
    if v_session is null or (p_outcome ->> 'age')::numeric > 600 or not session_is_live_v1(v_session, p_now)
       or exists (select 1 from refresh_token where session_id = v_session and used_at is not null) then
        return p_outcome || '{"tokens": false}';
    end if;
    update refresh_token set dead_at = p_now where session_id = v_session and dead_at is null;
    insert into refresh_token (token_hash, session_id, issued_at, expires_at)
    values (p_refresh_hash, v_session, p_now, p_now + interval '30 days');
    return p_outcome || '{"tokens": true}';
end $$;

create function session_insert_v1(p_session uuid, p_refresh_hash bytea, p_now timestamptz)
returns void language sql volatile as $$
    insert into session (id, kind, created_at, last_seen_at, expires_at)
    values (p_session, 'GUEST', p_now, p_now, p_now + interval '6 hours');
    insert into refresh_token (token_hash, session_id, issued_at, expires_at)
    values (p_refresh_hash, p_session, p_now, p_now + interval '30 days');
$$;

create function session_start_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_refresh_hash bytea,
                                 p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'sessionStart', p_now);
begin
    if v_outcome ? 'refused' then
        return v_outcome;
    elsif v_outcome is not null then
        return session_tokens_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    perform session_insert_v1(p_session, p_refresh_hash, p_now);
    return idempotency_close_v1(p_key_hash, jsonb_build_object('session', p_session, 'errors', '[]'::jsonb))
        || '{"tokens": true}';
end $$;

-- Makes a cart, and a guest session for it unless p_session names a live one. Nothing is made when an operation errs.
-- p_secret_hash shares the cart; a repeat within ten minutes replaces the secret as it does the tokens.
create function cart_create_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_new_session uuid,
                               p_refresh_hash bytea, p_cart uuid, p_market smallint, p_secret_hash bytea,
                               p_operations jsonb, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'cartCreate', p_now);
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
    if p_session is not null and not session_is_live_v1(p_session, p_now) then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('refused', 'SESSION_REVOKED'));
    end if;
    begin
        if p_session is null then
            perform session_insert_v1(p_new_session, p_refresh_hash, p_now);
        end if;
        update session set expires_at = p_now + interval '30 days' where id = coalesce(p_session, p_new_session);
        insert into cart (id, session_id, market_id, secret_hash, created_at, updated_at, expires_at)
        values (p_cart, coalesce(p_session, p_new_session), p_market, p_secret_hash, p_now, p_now,
                p_now + interval '6 hours')
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

-- Rotates a refresh token. The caller has read the parent's state and derived the child for p_generation.
-- Returns 'OK' (the child is live), 'INVALID', 'REUSED' (a used child's parent came again: the session is revoked;
-- RFC 9700, 4.14.2) or 'STALE' (the state moved: read it again).
create function session_refresh_v1(p_parent_hash bytea, p_generation integer, p_child_hash bytea, p_kid text,
                                   p_now timestamptz)
returns text language plpgsql volatile as $$
declare
    v_parent refresh_token;
    v_child refresh_token;
begin
    select * into v_parent from refresh_token where token_hash = p_parent_hash for update;
    if not found or v_parent.dead_at is not null or v_parent.expires_at <= p_now
       or not session_is_live_v1(v_parent.session_id, p_now) then
        return 'INVALID';
    end if;
    select * into v_child from refresh_token where parent_hash = p_parent_hash and dead_at is null for update;
    if found then
        if v_child.used_at is not null then
            update session set revoked_at = p_now where id = v_parent.session_id;
            return 'REUSED';
        end if;
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
      , expires_at = p_now + case when exists (select 1 from cart c where c.session_id = s.id)
                                    or exists (select 1 from customer_order o where o.session_id = s.id)
                                  then interval '30 days' else interval '6 hours' end
    where s.id = v_parent.session_id;
    return 'OK';
end $$;
