-- Signing in, from registration to a provider's answer. Lock order: throttle rows by hash, idempotency key, one-time row,
-- customer, session, carts by id.

-- Whose a mail is, where its recipient does not tell: one to an address that the customer had, or asked for.
alter table mail add column customer_id uuid;

-- Counts an attempt under each key and tells how many milliseconds to wait: 0 when no key is over its limit. An attempt
-- that is refused counts as well.
create function throttle_v1(p_keys bytea[], p_limits integer[], p_seconds integer[], p_now timestamptz)
returns bigint language sql volatile as $$
    with counted as (
        insert into throttle as t (key_hash, attempts, window_ends_at)
        select k.key_hash, 1, p_now + make_interval(secs => k.seconds)
        from unnest(p_keys, p_seconds) k (key_hash, seconds)
        order by k.key_hash
        on conflict (key_hash) do update
        set attempts = case when t.window_ends_at <= p_now then 1 else t.attempts + 1 end
          , window_ends_at = case when t.window_ends_at <= p_now then excluded.window_ends_at else t.window_ends_at end
        returning key_hash, attempts, window_ends_at
    )
    select coalesce(max(ceil(extract(epoch from c.window_ends_at - p_now) * 1000)), 0)::bigint
    from counted c
    join unnest(p_keys, p_limits) l (key_hash, most) on l.key_hash = c.key_hash
    where c.attempts > l.most
$$;

-- Takes back the attempt of a sign-in that succeeded.
create function throttle_release_v1(p_keys bytea[]) returns void language sql volatile as $$
    update throttle set attempts = attempts - 1
    where key_hash in (select t.key_hash from throttle t where t.key_hash = any (p_keys) and t.attempts > 0
                       order by t.key_hash for update)
$$;

-- Refuses for now. That is no outcome: the same call may be made again with its key.
create function rate_limited_v1(p_key_hash bytea, p_wait bigint) returns jsonb language sql volatile as $$
    delete from idempotency where key_hash = p_key_hash;
    select jsonb_build_object('errors', jsonb_build_array(
        jsonb_build_object('code', 'RATE_LIMITED', 'retry_after_ms', p_wait)));
$$;

-- Before a password is looked at: counts the attempt, and tells what to verify it against. p_device_customer is the customer
-- that a device token names: its owner's attempts are counted apart, so that a stranger's cannot lock the owner out.
create function login_attempt_v1(p_email_key text, p_device_customer uuid, p_account_key bytea, p_device_key bytea,
                                 p_account_limit integer, p_address_key bytea, p_address_limit integer,
                                 p_seconds integer, p_now timestamptz,
                                 out wait_ms bigint, out customer_id uuid, out password_hash text,
                                 out credential_version integer, out counted bytea[])
language plpgsql volatile as $$
begin
    select c.id, c.password_hash, c.credential_version into customer_id, password_hash, credential_version
    from customer c where c.email_key = p_email_key;
    counted := array_remove(array[case when customer_id = p_device_customer then p_device_key else p_account_key end,
                                  p_address_key], null);
    wait_ms := throttle_v1(counted, (array[p_account_limit, p_address_limit])[1:cardinality(counted)],
                           array_fill(p_seconds, array[cardinality(counted)]), p_now);
end $$;

-- Moves one cart's lines into another; both are locked by the caller and open. No line is lost: of a line that is in both,
-- p_policy says how many pieces remain.
create function cart_merge_lines_v1(p_from cart, p_into cart, p_policy text, p_now timestamptz)
returns integer language sql volatile as $$
    insert into cart_line as l (cart_id, id, variant_id, quantity, attributes)
    select p_into.id, f.id, f.variant_id, f.quantity, f.attributes from cart_line f where f.cart_id = p_from.id order by f.id
    on conflict (cart_id, variant_id, attributes_key) do update
    set quantity = case p_policy
        when 'SUM' then least(l.quantity::bigint + excluded.quantity, 1000000)::integer
        when 'MAXIMUM' then greatest(l.quantity, excluded.quantity)
        when 'KEEP_FROM' then excluded.quantity
        else l.quantity end;
    delete from cart_line where cart_id = p_from.id;
    update cart
    set status = 'MERGED', merged_into = p_into.id, secret_hash = null, revision = revision + 1, updated_at = p_now
    where id = p_from.id;
    update cart i
    set revision = i.revision + 1
      , email = coalesce(i.email, p_from.email)
      , phone = coalesce(i.phone, p_from.phone)
      , shipping_address = coalesce(i.shipping_address, p_from.shipping_address)
      , billing_address = coalesce(i.billing_address, p_from.billing_address)
      , note = coalesce(i.note, p_from.note)
      , attributes = case when i.attributes = '[]' then p_from.attributes else i.attributes end
      , updated_at = p_now
      , expires_at = greatest(i.expires_at, p_from.expires_at)
    where i.id = p_into.id
    returning i.revision
$$;

-- Begins a customer's session and ends the one that the client came with. A guest's carts become the customer's; the
-- newest open one goes into the customer's newest open one. Carts are locked by id, behind the session: a cart that is made
-- meanwhile waits for the session and is then refused.
create function sign_in_v1(p_caller uuid, p_customer uuid, p_external uuid, p_session uuid, p_refresh_hash bytea,
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
        where o.session_id = p_caller and o.customer_id is null and lower(o.email) = lower(v_customer.email);
    end if;
    perform session_insert_v2(p_session, p_customer, p_external, p_device, p_refresh_hash, p_now);
    return jsonb_build_object('session', p_session, 'customer', p_customer, 'cart', coalesce(v_own.id, v_guest.id),
                              'errors', '[]'::jsonb);
end $$;

-- The outcome of a call that signs in, when it is a repeat: fresh tokens of the same session, for ten minutes.
create function sign_in_again_v1(p_outcome jsonb, p_refresh_hash bytea, p_now timestamptz)
returns jsonb language sql volatile as $$
    select case when p_outcome ? 'refused' or p_outcome -> 'session' is null then p_outcome
                else session_tokens_v1(p_outcome, p_refresh_hash, p_now) end
$$;

create function refusal_v1(p_code text) returns jsonb language sql immutable as $$
    select jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('code', p_code)))
$$;

-- After the password was verified: the customer may have changed it meanwhile. p_upgraded is the same password under
-- better parameters.
create function login_password_v1(p_key_hash bytea, p_input_hash bytea, p_customer uuid, p_credential_version integer,
                                  p_upgraded text, p_counted bytea[], p_caller uuid, p_session uuid,
                                  p_refresh_hash bytea, p_device text, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
begin
    perform throttle_release_v1(p_counted);
    v_outcome := idempotency_open_v1(p_key_hash, p_input_hash, 'login', p_now);
    if v_outcome is not null then
        return sign_in_again_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    update customer set password_hash = coalesce(p_upgraded, password_hash)
    where id = p_customer and credential_version = p_credential_version;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    end if;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, p_customer, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

-- The newest live code that was sent to an address; counts a try at it. A fifth wrong try ends it.
create function login_code_attempt_v1(p_email_key text, p_keys bytea[], p_limits integer[], p_seconds integer[],
                                      p_now timestamptz, out wait_ms bigint, out id uuid, out kid text)
language plpgsql volatile as $$
begin
    wait_ms := throttle_v1(p_keys, p_limits, p_seconds, p_now);
    if wait_ms = 0 then
        update one_time_token t set attempts = t.attempts + 1
        where t.id = (select n.id from one_time_token n
                      where n.email_key = p_email_key and n.purpose = 'LOGIN_CODE' order by n.id desc limit 1)
          and t.used_at is null and t.expires_at > p_now and t.attempts < 5
        returning t.id, t.kid into id, kid;
    end if;
end $$;

create function login_code_v1(p_key_hash bytea, p_input_hash bytea, p_token uuid, p_counted bytea[], p_caller uuid,
                              p_session uuid, p_refresh_hash bytea, p_device text, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
    v_customer uuid;
begin
    perform throttle_release_v1(p_counted);
    v_outcome := idempotency_open_v1(p_key_hash, p_input_hash, 'login', p_now);
    if v_outcome is not null then
        return sign_in_again_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    update one_time_token t set used_at = p_now
    from customer c
    where t.id = p_token and t.purpose = 'LOGIN_CODE' and t.used_at is null and t.expires_at > p_now
      and c.id = t.customer_id and c.credential_version = t.credential_version
    returning c.id into v_customer;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    end if;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, v_customer, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

-- Sends a link or a code: to a customer, to a registration that waits, or, with the same work, word that there is neither.
create function one_time_send_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_purpose text, p_token uuid,
                                 p_kid text, p_mail uuid, p_email text, p_email_key text, p_seconds integer,
                                 p_keys bytea[], p_limits integer[], p_windows integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, p_operation, p_now);
    v_wait bigint;
    v_customer customer;
    v_registration uuid;
    v_name text;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := throttle_v1(p_keys, p_limits, p_windows, p_now);
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    select * into v_customer from customer where email_key = p_email_key for key share;
    select r.id, r.given_name into v_registration, v_name from registration r
    where r.email_key = p_email_key and r.expires_at > p_now order by r.id desc limit 1 for key share;
    -- Of several that wait nobody can tell which is the owner's, and each has its own password: a link to a stranger's
    -- would let the stranger in. The owner is asked to register again, and that link is theirs.
    if exists (select 1 from registration r where r.email_key = p_email_key and r.expires_at > p_now
               and r.id <> v_registration) then
        v_registration := null;
        v_name := null;
    end if;
    insert into one_time_token (id, purpose, kid, customer_id, registration_id, credential_version, email_key,
                                created_at, expires_at)
    values (p_token, p_purpose, p_kid, v_customer.id,
            case when p_purpose = 'VERIFY_EMAIL' and v_customer.id is null then v_registration end,
            v_customer.credential_version, p_email_key, p_now, p_now + make_interval(secs => p_seconds));
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail
          , case when p_purpose = 'VERIFY_EMAIL' and v_customer.id is not null then 'HAVE_ACCOUNT'
                 when p_purpose = 'VERIFY_EMAIL' and v_registration is not null then p_purpose
                 when p_purpose <> 'VERIFY_EMAIL' and v_customer.id is not null then p_purpose
                 else 'NO_ACCOUNT' end
          , coalesce(v_customer.email, p_email)
          , jsonb_strip_nulls(jsonb_build_object('id', p_token, 'kid', p_kid,
                'given_name', coalesce(v_customer.given_name, v_name)))
          , p_now, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Keeps a registration until its e-mail is confirmed. For an address that has an account the same rows are written, already
-- void, and another mail goes out.
create function customer_register_v1(p_key_hash bytea, p_input_hash bytea, p_registration uuid, p_email text,
                                     p_email_key text, p_password_hash text, p_given_name text, p_family_name text,
                                     p_token uuid, p_kid text, p_mail uuid, p_keys bytea[], p_limits integer[],
                                     p_windows integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'customerRegister', p_now);
    v_wait bigint;
    v_known boolean;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := throttle_v1(p_keys, p_limits, p_windows, p_now);
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    v_known := exists (select 1 from customer where email_key = p_email_key);
    insert into registration (id, email, email_key, password_hash, given_name, family_name, created_at, expires_at)
    values (p_registration, p_email, p_email_key, p_password_hash, p_given_name, p_family_name, p_now,
            p_now + case when v_known then interval '0' else interval '24 hours' end);
    insert into one_time_token (id, purpose, kid, registration_id, email_key, created_at, expires_at)
    values (p_token, 'VERIFY_EMAIL', p_kid, p_registration, p_email_key, p_now,
            p_now + case when v_known then interval '0' else interval '24 hours' end);
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail, case when v_known then 'HAVE_ACCOUNT' else 'VERIFY_EMAIL' end, p_email,
            jsonb_strip_nulls(jsonb_build_object('id', p_token, 'kid', p_kid, 'given_name', p_given_name)), p_now, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- Makes the customer of a confirmed registration and signs in.
create function customer_verify_email_v1(p_key_hash bytea, p_input_hash bytea, p_token uuid, p_customer uuid,
                                         p_caller uuid, p_session uuid, p_refresh_hash bytea, p_device text,
                                         p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'customerVerifyEmail', p_now);
    v_registration registration;
begin
    if v_outcome is not null then
        return sign_in_again_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    -- Several registrations of one address may be confirmed at once: each deletes all of them, with their links.
    perform 1 from registration r where r.email_key = (select t.email_key from one_time_token t where t.id = p_token)
    order by r.id for update;
    update one_time_token set used_at = p_now
    where id = p_token and purpose = 'VERIFY_EMAIL' and used_at is null and expires_at > p_now;
    if found then
        select r.* into v_registration from registration r join one_time_token t on t.registration_id = r.id
        where t.id = p_token and r.expires_at > p_now;
    end if;
    if v_registration.id is null then
        return idempotency_close_v1(p_key_hash, refusal_v1('ONE_TIME_TOKEN_INVALID'));
    end if;
    insert into customer (id, email, email_key, email_verified, password_hash, given_name, family_name, created_at,
                          updated_at)
    values (p_customer, v_registration.email, v_registration.email_key, true, v_registration.password_hash,
            v_registration.given_name, v_registration.family_name, p_now, p_now)
    on conflict (email_key) do nothing;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('ONE_TIME_TOKEN_INVALID'));
    end if;
    delete from registration where email_key = v_registration.email_key;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, p_customer, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

-- Ends every session of a customer but one, in the order of their ids.
create function sessions_end_v1(p_customer uuid, p_but uuid, p_now timestamptz) returns bigint
language sql volatile as $$
    with ended as (
        update session set revoked_at = p_now
        where id in (select s.id from session s
                     where s.customer_id = p_customer and s.revoked_at is null and s.expires_at > p_now
                       and s.id is distinct from p_but
                     order by s.id for update)
        returning external_identity_id
    ), voided as (
        update external_identity e set valid_after = p_now
        where e.id in (select external_identity_id from ended)
    )
    select count(*) from ended
$$;

create function password_reset_v1(p_key_hash bytea, p_input_hash bytea, p_token uuid, p_password_hash text, p_mail uuid,
                                  p_caller uuid, p_session uuid, p_refresh_hash bytea, p_device text, p_policy text,
                                  p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'passwordReset', p_now);
    v_customer customer;
begin
    if v_outcome is not null then
        return sign_in_again_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    update one_time_token set used_at = p_now
    where id = p_token and purpose = 'PASSWORD_RESET' and used_at is null and expires_at > p_now;
    if found then
        update customer c
        set password_hash = p_password_hash, credential_version = c.credential_version + 1, email_verified = true,
            updated_at = p_now
        from one_time_token t
        where t.id = p_token and c.id = t.customer_id and c.credential_version = t.credential_version
        returning c.* into v_customer;
    end if;
    if v_customer.id is null then
        return idempotency_close_v1(p_key_hash, refusal_v1('ONE_TIME_TOKEN_INVALID'));
    end if;
    perform sessions_end_v1(v_customer.id, p_caller, p_now);
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail, 'PASSWORD_CHANGED', v_customer.email, '{}', p_now, p_now);
    insert into security_event (kind, customer_id, happened_at) values ('PASSWORD_RESET', v_customer.id, p_now);
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, v_customer.id, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

-- A sign-in goes to a provider. A client without a session gets a guest session, because the answer is bound to one.
create function oidc_start_v1(p_key_hash bytea, p_input_hash bytea, p_caller uuid, p_new_session uuid,
                              p_refresh_hash bytea, p_sign_in uuid, p_kid text, p_provider text, p_redirect_uri text,
                              p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'oidcStart', p_now);
    v_session uuid := coalesce(p_caller, p_new_session);
begin
    if v_outcome ? 'refused' then
        return v_outcome;
    elsif v_outcome is not null then
        return session_tokens_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    if p_caller is null then
        perform session_insert_v1(p_new_session, p_refresh_hash, p_now);
    elsif not session_is_live_v1(p_caller, p_now) then
        return idempotency_close_v1(p_key_hash, jsonb_build_object('refused', 'SESSION_REVOKED'));
    end if;
    insert into oidc_sign_in (id, kid, session_id, provider, redirect_uri, created_at, expires_at)
    values (p_sign_in, p_kid, v_session, p_provider, p_redirect_uri, p_now, p_now + interval '10 minutes');
    return idempotency_close_v1(p_key_hash, jsonb_strip_nulls(jsonb_build_object(
               'sign_in', p_sign_in, 'kid', p_kid, 'session', case when p_caller is null then p_new_session end,
               'errors', '[]'::jsonb)))
        || jsonb_build_object('tokens', p_caller is null);
end $$;

-- Takes a sign-in that came back from its provider: once, by the session that began it.
create function oidc_take_v1(p_sign_in uuid, p_caller uuid, p_now timestamptz, out kid text, out provider text,
                             out redirect_uri text)
language sql volatile as $$
    update oidc_sign_in o set used_at = p_now
    where o.id = p_sign_in and o.session_id = p_caller and o.used_at is null and o.expires_at > p_now
      and session_is_live_v1(p_caller, p_now)
    returning o.kid, o.provider, o.redirect_uri
$$;

-- The customer whom a provider vouches for: known by (issuer, subject), else by an e-mail address that the provider has
-- verified, else new. An address that is not verified is nobody's: it would let a stranger wait in somebody's account.
create function external_customer_v1(p_identity uuid, p_issuer text, p_subject text, p_email text, p_email_key text,
                                     p_email_verified boolean, p_given_name text, p_family_name text, p_customer uuid,
                                     p_now timestamptz, out identity uuid, out customer uuid, out refused text)
language plpgsql volatile as $$
begin
    select e.id, e.customer_id into identity, customer from external_identity e
    where e.issuer = p_issuer and e.subject = p_subject;
    if found then
        return;
    end if;
    if p_email_key is null or not p_email_verified then
        refused := 'EMAIL_NEEDED';
        return;
    end if;
    insert into customer as c (id, email, email_key, email_verified, given_name, family_name, created_at, updated_at)
    values (p_customer, p_email, p_email_key, p_email_verified, p_given_name, p_family_name, p_now, p_now)
    on conflict (email_key) do update set email_verified = true
    returning c.id into customer;
    insert into external_identity as e (id, issuer, subject, customer_id, created_at)
    values (p_identity, p_issuer, p_subject, customer, p_now)
    on conflict (issuer, subject) do update set customer_id = e.customer_id
    returning e.id, e.customer_id into identity, customer;
end $$;

create function login_oidc_v1(p_key_hash bytea, p_input_hash bytea, p_identity uuid, p_issuer text, p_subject text,
                              p_email text, p_email_key text, p_email_verified boolean, p_given_name text,
                              p_family_name text, p_customer uuid, p_caller uuid, p_session uuid, p_refresh_hash bytea,
                              p_device text, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'login', p_now);
    v_found record;
begin
    if v_outcome is not null then
        return sign_in_again_v1(v_outcome, p_refresh_hash, p_now);
    end if;
    select * into v_found from external_customer_v1(p_identity, p_issuer, p_subject, p_email, p_email_key, p_email_verified,
                                                    p_given_name, p_family_name, p_customer, p_now);
    if v_found.refused is not null then
        return idempotency_close_v1(p_key_hash, refusal_v1(v_found.refused));
    end if;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, v_found.customer, null, p_session, p_refresh_hash,
                                                       p_device, p_policy, p_now)) || '{"tokens": true}';
end $$;

-- Whose customer was erased: tokens that the issuer made before do not bring the customer back. Who it was is not kept.
create table erased_identity (
    identity_hash bytea primary key check (length(identity_hash) = 32),
    erased_at timestamptz not null
);
create index erased_identity_by_time on erased_identity (erased_at);

create function identity_hash_v1(p_issuer text, p_subject text) returns bytea language sql immutable as $$
    select sha256(convert_to(length(p_issuer) || ':' || p_issuer || p_subject, 'UTF8'))
$$;

-- The session of another issuer's token, whose id is derived from the token: made when the token is first used for
-- something private, unless the identity's tokens of that time are void.
create function external_session_v1(p_session uuid, p_identity uuid, p_issuer text, p_subject text, p_email text,
                                    p_email_key text, p_email_verified boolean, p_given_name text, p_family_name text,
                                    p_customer uuid, p_device text, p_issued_at timestamptz, p_expires_at timestamptz,
                                    p_now timestamptz)
returns boolean language plpgsql volatile as $$
declare
    v_found record;
begin
    if exists (select 1 from erased_identity
               where identity_hash = identity_hash_v1(p_issuer, p_subject) and erased_at >= p_issued_at) then
        return false;
    end if;
    select * into v_found from external_customer_v1(p_identity, p_issuer, p_subject, p_email, p_email_key, p_email_verified,
                                                    p_given_name, p_family_name, p_customer, p_now);
    if v_found.refused is not null then
        return false;
    end if;
    insert into session (id, kind, customer_id, external_identity_id, device, created_at, last_seen_at, expires_at)
    select p_session, 'CUSTOMER', v_found.customer, e.id, p_device, p_issued_at, p_now, p_expires_at
    from external_identity e where e.id = v_found.identity and e.valid_after < p_issued_at
    on conflict (id) do nothing;
    return session_is_live_v1(p_session, p_now);
end $$;

-- The outcome of a call that was already done under this key, NULL when there is none: for calls whose proof is good once,
-- a code or a password that the call has replaced.
create function idempotency_done_v1(p_key_hash bytea, p_input_hash bytea, p_now timestamptz)
returns jsonb language sql stable as $$
    select case when i.input_hash <> p_input_hash then '{"refused": "IDEMPOTENCY_MISMATCH"}'
                else i.outcome || jsonb_build_object('replayed', true, 'age', extract(epoch from p_now - i.created_at)) end
    from idempotency i where i.key_hash = p_key_hash
$$;

-- The same for a sign-in, with fresh tokens.
create function sign_in_done_v1(p_key_hash bytea, p_input_hash bytea, p_refresh_hash bytea, p_now timestamptz)
returns jsonb language sql volatile as $$
    select sign_in_again_v1(d.outcome, p_refresh_hash, p_now)
    from idempotency_done_v1(p_key_hash, p_input_hash, p_now) d (outcome) where d.outcome is not null
$$;

-- Sends a link to a guest's order to the address that it was placed with; to any other address, with the same work, word
-- that there is no such order.
create function order_link_send_v1(p_key_hash bytea, p_input_hash bytea, p_number bigint, p_email text,
                                   p_email_key text, p_mail uuid, p_kid text, p_expires_at timestamptz, p_keys bytea[],
                                   p_limits integer[], p_windows integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'orderLinkSend', p_now);
    v_wait bigint;
    v_order uuid;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := throttle_v1(p_keys, p_limits, p_windows, p_now);
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    select o.id into v_order from customer_order o where o.number = p_number and lower(o.email) = p_email_key;
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail, case when v_order is null then 'NO_ORDER' else 'ORDER_LINK' end, p_email,
            jsonb_strip_nulls(jsonb_build_object('order', v_order, 'number', p_number::text, 'kid', p_kid,
                'expires', extract(epoch from p_expires_at)::bigint)), p_now, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;
