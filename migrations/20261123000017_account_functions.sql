-- What a signed-in customer changes. Each takes the session and finds its customer in the same transaction: a session that
-- has ended changes nothing.

-- The customer of a live session; refused with SESSION_REVOKED, or SIGN_IN_REQUIRED for a guest's. Holds the customer's row.
create function customer_of_session_v1(p_session uuid, p_now timestamptz, out found_customer customer, out refused text)
language plpgsql volatile as $$
begin
    select c.* into found_customer from customer c
    join session s on s.customer_id = c.id
    where s.id = p_session and s.revoked_at is null and s.expires_at > p_now
    for no key update of c;
    if not found then
        refused := case when session_is_live_v1(p_session, p_now) then 'SIGN_IN_REQUIRED' else 'SESSION_REVOKED' end;
    end if;
end $$;

create function refused_v1(p_refused text) returns jsonb language sql immutable as $$
    select case when p_refused = 'SESSION_REVOKED' then jsonb_build_object('refused', p_refused)
                else refusal_v1(p_refused) end
$$;

-- p_changes holds what changes: a key that is absent stays, null empties.
create function customer_update_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_changes jsonb,
                                   p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'customerUpdate', p_now);
    v_found record;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    end if;
    update customer
    set given_name = case when p_changes ? 'given_name' then p_changes ->> 'given_name' else given_name end
      , family_name = case when p_changes ? 'family_name' then p_changes ->> 'family_name' else family_name end
      , phone = case when p_changes ? 'phone' then p_changes ->> 'phone' else phone end
      , updated_at = p_now
    where id = (v_found.found_customer).id;
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- p_address_id names an address to replace, or is new (p_insert). At most 100 addresses; the first is the default.
create function address_save_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_address_id uuid,
                                p_insert boolean, p_address jsonb, p_make_default boolean, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'addressSave', p_now);
    v_found record;
    v_customer uuid;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := (v_found.found_customer).id;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    elsif p_insert then
        if (select count(*) from customer_address where customer_id = v_customer) >= 100 then
            return idempotency_close_v1(p_key_hash, refusal_v1('TOO_MANY_ADDRESSES'));
        end if;
        insert into customer_address (customer_id, id, address, created_at)
        values (v_customer, p_address_id, p_address, p_now);
    else
        update customer_address set address = p_address where customer_id = v_customer and id = p_address_id;
        if not found then
            return idempotency_close_v1(p_key_hash, refusal_v1('ADDRESS_NOT_FOUND'));
        end if;
    end if;
    update customer set default_address_id = p_address_id, updated_at = p_now
    where id = v_customer and (p_make_default or default_address_id is null);
    return idempotency_close_v1(p_key_hash, jsonb_build_object('address', p_address_id, 'errors', '[]'::jsonb));
end $$;

-- When the default goes, the oldest that remains takes its place.
create function address_delete_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_address_id uuid,
                                  p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'addressDelete', p_now);
    v_found record;
    v_customer uuid;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := (v_found.found_customer).id;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    end if;
    delete from customer_address where customer_id = v_customer and id = p_address_id;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('ADDRESS_NOT_FOUND'));
    end if;
    update customer
    set default_address_id = (select a.id from customer_address a where a.customer_id = v_customer order by a.id limit 1)
      , updated_at = p_now
    where id = v_customer and default_address_id is null;
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Ends one session (p_target), or all but the caller's own (p_target NULL). A guest can end its own.
create function session_revoke_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_caller uuid, p_target uuid,
                                  p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, p_operation, p_now);
    v_customer uuid;
    v_external uuid;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    select customer_id into v_customer from session
    where id = p_caller and revoked_at is null and expires_at > p_now;
    if not found then
        return idempotency_close_v1(p_key_hash, refused_v1('SESSION_REVOKED'));
    elsif p_target is null then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('errors', '[]'::jsonb, 'count',
            case when v_customer is null then 0 else sessions_end_v1(v_customer, p_caller, p_now) end));
    end if;
    update session set revoked_at = p_now
    where id = p_target and (id = p_caller or customer_id = v_customer) and revoked_at is null and expires_at > p_now
    returning external_identity_id into v_external;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('SESSION_NOT_FOUND'));
    end if;
    update external_identity set valid_after = p_now where id = v_external;
    return idempotency_close_v1(p_key_hash, '{"errors": [], "count": 1}');
end $$;

-- What a password is verified against before a change: by the caller's session, whose attempts are counted.
create function password_attempt_v1(p_session uuid, p_session_key bytea, p_limit integer, p_seconds integer,
                                    p_now timestamptz, out wait_ms bigint, out live boolean, out customer_id uuid,
                                    out email_key text, out password_hash text, out credential_version integer,
                                    out begun_at timestamptz)
language plpgsql volatile as $$
begin
    wait_ms := throttle_v1(array[p_session_key], array[p_limit], array[p_seconds], p_now);
    select true, c.id, c.email_key, c.password_hash, c.credential_version, s.created_at
    into live, customer_id, email_key, password_hash, credential_version, begun_at
    from session s left join customer c on c.id = s.customer_id
    where s.id = p_session and s.revoked_at is null and s.expires_at > p_now;
    live := coalesce(live, false);
end $$;

-- All other sessions end.
create function password_change_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_credential_version integer,
                                   p_password_hash text, p_counted bytea[], p_mail uuid, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
    v_found record;
    v_customer customer;
begin
    perform throttle_release_v1(p_counted);
    v_outcome := idempotency_open_v1(p_key_hash, p_input_hash, 'passwordChange', p_now);
    if v_outcome is not null then
        return v_outcome;
    end if;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := v_found.found_customer;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    elsif v_customer.credential_version <> p_credential_version then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    end if;
    update customer
    set password_hash = p_password_hash, credential_version = credential_version + 1, updated_at = p_now
    where id = v_customer.id;
    perform sessions_end_v1(v_customer.id, p_session, p_now);
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail, 'PASSWORD_CHANGED', v_customer.email, '{}', p_now, p_now);
    insert into security_event (kind, customer_id, session_id, happened_at)
    values ('PASSWORD_CHANGED', v_customer.id, p_session, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Sends a link to the new address and word to the old one. For an address that has an account the same rows are written,
-- the link's already void.
create function email_change_request_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid,
                                        p_credential_version integer, p_email text, p_email_key text, p_token uuid,
                                        p_kid text, p_mails uuid[], p_counted bytea[], p_keys bytea[],
                                        p_limits integer[], p_windows integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
    v_wait bigint;
    v_found record;
    v_customer customer;
    v_taken boolean;
begin
    perform throttle_release_v1(p_counted);
    v_outcome := idempotency_open_v1(p_key_hash, p_input_hash, 'emailChangeRequest', p_now);
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := throttle_v1(p_keys, p_limits, p_windows, p_now);
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := v_found.found_customer;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    elsif v_customer.credential_version <> p_credential_version then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    end if;
    v_taken := exists (select 1 from customer where email_key = p_email_key and id <> v_customer.id);
    insert into one_time_token (id, purpose, kid, customer_id, credential_version, email, email_key, created_at,
                                expires_at)
    values (p_token, 'EMAIL_CHANGE', p_kid, v_customer.id, v_customer.credential_version, p_email, p_email_key, p_now,
            p_now + case when v_taken then interval '0' else interval '1 hour' end);
    insert into mail (id, customer_id, template, recipient, data, created_at, next_try_at)
    values (p_mails[1], v_customer.id, case when v_taken then 'EMAIL_TAKEN' else 'EMAIL_CHANGE' end, p_email,
            jsonb_strip_nulls(jsonb_build_object('id', p_token, 'kid', p_kid, 'given_name', v_customer.given_name)),
            p_now, p_now)
         , (p_mails[2], v_customer.id, 'EMAIL_CHANGE_NOTICE', v_customer.email,
            jsonb_build_object('email', p_email), p_now, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- The link must have been asked for by the customer who now brings it. What went to the old address stays the customer's,
-- so that it goes with the customer.
create function email_change_confirm_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_token uuid,
                                        p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'emailChangeConfirm', p_now);
    v_found record;
    v_customer customer;
    v_token one_time_token;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    perform 1 from one_time_token where id = p_token for update;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := v_found.found_customer;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    end if;
    update one_time_token set used_at = p_now
    where id = p_token and purpose = 'EMAIL_CHANGE' and customer_id = v_customer.id
      and credential_version = v_customer.credential_version and used_at is null and expires_at > p_now
    returning * into v_token;
    if v_token.id is null then
        return idempotency_close_v1(p_key_hash, refusal_v1('ONE_TIME_TOKEN_INVALID'));
    end if;
    begin
        update customer
        set email = v_token.email, email_key = v_token.email_key, email_verified = true,
            credential_version = credential_version + 1, updated_at = p_now
        where id = v_customer.id;
    exception when unique_violation then
        return idempotency_close_v1(p_key_hash, refusal_v1('ONE_TIME_TOKEN_INVALID'));
    end;
    update mail set customer_id = v_customer.id
    where customer_id is null and (recipient = v_customer.email or lower(recipient) = v_customer.email_key);
    update one_time_token set customer_id = v_customer.id
    where email_key = v_customer.email_key and customer_id is null;
    delete from registration where email_key = v_customer.email_key;
    insert into security_event (kind, customer_id, session_id, happened_at)
    values ('EMAIL_CHANGED', v_customer.id, p_session, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Erases the customer: addresses, carts, sessions, identities, registrations and mails go; orders stay without e-mail,
-- telephone, note and attributes, because the law wants the invoice (name and addresses) kept. Everything that could bring
-- something new is locked before: a checkout that holds a cart is waited for, and its order is found.
create function customer_delete_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_email_key text,
                                   p_credential_version integer, p_counted bytea[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
    v_found record;
    v_customer customer;
begin
    perform throttle_release_v1(p_counted);
    v_outcome := idempotency_open_v1(p_key_hash, p_input_hash, 'customerDelete', p_now);
    if v_outcome is not null then
        return v_outcome;
    end if;
    perform 1 from one_time_token t join session s on s.customer_id = t.customer_id where s.id = p_session
    order by t.id for update of t;
    select * into v_found from customer_of_session_v1(p_session, p_now);
    v_customer := v_found.found_customer;
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refused_v1(v_found.refused));
    elsif v_customer.credential_version <> p_credential_version then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    elsif v_customer.email_key <> p_email_key then
        return idempotency_close_v1(p_key_hash, refusal_v1('CONFIRMATION_MISMATCH'));
    end if;
    -- In the order in which a refresh takes them: token, then session.
    perform 1 from refresh_token t join session s on s.id = t.session_id where s.customer_id = v_customer.id
    order by t.token_hash for update of t;
    perform 1 from session where customer_id = v_customer.id order by id for update;
    perform 1 from cart where customer_id = v_customer.id order by id for update;
    update order_line set attributes = '[]'
    where order_id in (select o.id from customer_order o where o.customer_id = v_customer.id) and attributes <> '[]';
    update customer_order
    set customer_id = null, email = 'erased@example.invalid', phone = null, note = null, attributes = '[]'
      , shipping_address = shipping_address - 'phone', billing_address = billing_address - 'phone'
    where customer_id = v_customer.id;
    delete from registration where email_key = v_customer.email_key;
    delete from one_time_token where email_key = v_customer.email_key;
    delete from mail
    where customer_id = v_customer.id or recipient = v_customer.email or lower(recipient) = v_customer.email_key;
    insert into erased_identity (identity_hash, erased_at)
    select identity_hash_v1(e.issuer, e.subject), p_now from external_identity e where e.customer_id = v_customer.id
    on conflict (identity_hash) do update set erased_at = excluded.erased_at;
    delete from customer where id = v_customer.id;
    insert into security_event (kind, customer_id, happened_at) values ('CUSTOMER_DELETED', v_customer.id, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Merges a cart that the caller owns or holds the secret of into one that the caller owns.
create function cart_merge_v1(p_key_hash bytea, p_input_hash bytea, p_from uuid, p_from_secret_hash bytea, p_into uuid,
                              p_session uuid, p_secret_hash bytea, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'cartMerge', p_now);
    v_from record;
    v_into record;
    v_refused record;
    v_lines integer;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    -- By id, as every statement that takes several carts.
    if p_from < p_into then
        select * into v_from from cart_lock_v1(p_from, p_session, p_from_secret_hash, p_now);
        select * into v_into from cart_lock_v1(p_into, p_session, p_secret_hash, p_now);
    else
        select * into v_into from cart_lock_v1(p_into, p_session, p_secret_hash, p_now);
        select * into v_from from cart_lock_v1(p_from, p_session, p_from_secret_hash, p_now);
    end if;
    if 'SESSION_REVOKED' in (v_from.refused, v_into.refused) then
        return idempotency_close_v1(p_key_hash, refused_v1('SESSION_REVOKED'));
    end if;
    for v_refused in
        select r.side, r.refused, r.found_cart
        from (values ('into', v_into.refused, v_into.found_cart), ('from', v_from.refused, v_from.found_cart))
             as r (side, refused, found_cart)
        where r.refused is not null
    loop
        return idempotency_close_v1(p_key_hash, jsonb_build_object('errors', jsonb_build_array(jsonb_build_object(
            'code', case v_refused.refused when 'NOT_FOUND' then 'CART_NOT_FOUND' else v_refused.refused end,
            'side', v_refused.side, 'order', (v_refused.found_cart).order_id,
            'into', (v_refused.found_cart).merged_into))));
    end loop;
    select count(distinct (variant_id, attributes_key)) into v_lines from cart_line where cart_id in (p_from, p_into);
    if v_lines > 2000 then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('cart', p_into, 'errors', jsonb_build_array(
            jsonb_build_object('code', 'TOO_MANY_LINES', 'op', 0))));
    end if;
    return idempotency_close_v1(p_key_hash, jsonb_build_object('cart', p_into, 'errors', '[]'::jsonb,
        'revision', cart_merge_lines_v1(v_from.found_cart, v_into.found_cart, p_policy, p_now)));
end $$;
