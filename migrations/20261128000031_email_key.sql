-- What makes two e-mail addresses one. The gateway decides it (email_key in crates/model); where SQL has to compare an address
-- that was kept as it was typed, it asks this function, which says the same: ASCII letters in lower case, no blanks around.
-- Letters beyond ASCII stay: lower() of one locale is not that of another, and no mail host has to take two of them for one.
create function email_key_v1(p_email text) returns text language sql immutable strict parallel safe as $$
    select lower(btrim(p_email) collate "C")
$$;

-- Until now the gateway lowered every letter. Keys that this made of upper case beyond ASCII follow the rule; none can meet
-- another, because addresses that differed still do.
update customer set email_key = email_key_v1(email) where email_key <> email_key_v1(email);
update registration set email_key = email_key_v1(email) where email_key <> email_key_v1(email);
update one_time_token set email_key = email_key_v1(email) where email is not null and email_key <> email_key_v1(email);

-- The bodies below answer as they did; addresses are compared by their key.
create or replace function sign_in_v1(p_caller uuid, p_customer uuid, p_external uuid, p_session uuid, p_refresh_hash bytea,
                           p_device text, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_kind text;
    v_customer customer;
    v_guest cart;
    v_own cart;
begin
    -- Held, so that whoever erases the customer meanwhile comes before all of this or after it.
    select * into v_customer from customer where id = p_customer for no key update;
    if not found then
        return refusal_v1('INVALID_CREDENTIALS');
    end if;
    update session set revoked_at = p_now
    where id = p_caller and revoked_at is null and expires_at > p_now
    returning kind into v_kind;
    perform 1 from cart k
    where k.status = 'OPEN' and k.expires_at > p_now
      and (k.customer_id = p_customer or (v_kind = 'GUEST' and k.session_id = p_caller))
    order by k.id for no key update;
    select * into v_own from cart k
    where k.customer_id = p_customer and k.status = 'OPEN' and k.expires_at > p_now order by k.id desc limit 1;
    if v_kind = 'GUEST' then
        select * into v_guest from cart k
        where k.session_id = p_caller and k.status = 'OPEN' and k.expires_at > p_now order by k.id desc limit 1;
        update cart
        set session_id = null
          , customer_id = p_customer
          , secret_hash = null
          , email = case when status = 'OPEN' then coalesce(email, v_customer.email) else email end
          , revision = revision + 1
          , updated_at = case when status = 'OPEN' then p_now else updated_at end
        where session_id = p_caller;
        if v_guest.id is not null and v_own.id is not null then
            perform cart_merge_lines_v1(v_guest, v_own, p_policy, p_now);
        end if;
        update customer_order o set customer_id = p_customer
        where o.session_id = p_caller and o.customer_id is null and email_key_v1(o.email) = v_customer.email_key;
    end if;
    perform session_insert_v2(p_session, p_customer, p_external, p_device, p_refresh_hash, p_now);
    return jsonb_build_object('session', p_session, 'customer', p_customer, 'cart', coalesce(v_own.id, v_guest.id),
                              'errors', '[]'::jsonb);
end $$;
