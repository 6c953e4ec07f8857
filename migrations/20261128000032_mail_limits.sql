-- Mails with links and codes: who may ask for how many, and the same work for an address with an account as for one without.

-- A row that names a customer or a registration was checked against them, and locked them: work that an address without
-- either did not cost. Nothing depends on the check: a row whose customer or registration is gone stands for nobody.
alter table one_time_token drop constraint one_time_token_customer_id_fkey;
alter table one_time_token drop constraint one_time_token_registration_id_fkey;
-- Tries at a code by whoever holds the token that asking for it has handed out; attempts counts those of all others.
alter table one_time_token add column bound_attempts integer not null default 0;

-- Held by whoever writes rows for an address, instead of a lock on the customer who may have it.
create function email_hold_v1(p_email_key text) returns void language sql volatile as $$
    select pg_advisory_xact_lock_shared(hashtextextended('tidegate/email/' || p_email_key, 0))
$$;

-- Held by whoever takes an address away from a customer: no rows are written for it meanwhile, and those before are found.
-- Taken last, after every row.
create function email_alone_v1(p_email_key text) returns void language sql volatile as $$
    select pg_advisory_xact_lock(hashtextextended('tidegate/email/' || p_email_key, 0))
$$;

-- Counts a mail: milliseconds to wait, 0 when it may go out. First under its asker's keys, each of which can refuse it; what
-- they let through under its recipient's, which refuse it only together. So nobody alone uses up a recipient's mails. Lock
-- order: the asker's rows, then the recipient's in the order given.
create function mail_throttle_v1(p_keys bytea[], p_limits integer[], p_seconds integer[], p_to_keys bytea[],
                                 p_to_limits integer[], p_to_seconds integer[], p_now timestamptz)
returns bigint language plpgsql volatile as $$
declare
    v_wait bigint := throttle_v1(p_keys, p_limits, p_seconds, p_now);
    v_to bigint;
begin
    if v_wait > 0 then
        return v_wait;
    end if;
    for i in 1 .. coalesce(cardinality(p_to_keys), 0) loop
        v_to := least(v_to, throttle_v1(p_to_keys[i:i], p_to_limits[i:i], p_to_seconds[i:i], p_now));
    end loop;
    return coalesce(v_to, 0);
end $$;

-- Before a password is looked at: counts the attempt, and tells what to verify it against. p_device_customer is the customer
-- that a device token names: its attempts are counted under p_device_key alone, so that neither strangers at the account nor
-- whoever shares the client's address can lock the owner out.
create function login_attempt_v2(p_email_key text, p_device_customer uuid, p_account_key bytea, p_device_key bytea,
                                 p_account_limit integer, p_address_key bytea, p_address_limit integer,
                                 p_seconds integer, p_now timestamptz,
                                 out wait_ms bigint, out customer_id uuid, out password_hash text,
                                 out credential_version integer, out counted bytea[])
language plpgsql volatile as $$
begin
    select c.id, c.password_hash, c.credential_version into customer_id, password_hash, credential_version
    from customer c where c.email_key = p_email_key;
    counted := case when customer_id = p_device_customer then array[p_device_key]
                    else array_remove(array[p_account_key, p_address_key], null) end;
    wait_ms := throttle_v1(counted, (array[p_account_limit, p_address_limit])[1:cardinality(counted)],
                           array_fill(p_seconds, array[cardinality(counted)]), p_now);
end $$;

-- A live code that was sent to an address; counts a try at it. By p_code, which only who asked for it holds, it is that one,
-- and others cannot use up its tries; else it is the newest. Five tries each.
create function login_code_attempt_v2(p_email_key text, p_code uuid, p_keys bytea[], p_limits integer[],
                                      p_seconds integer[], p_now timestamptz, out wait_ms bigint, out id uuid, out kid text)
language plpgsql volatile as $$
begin
    wait_ms := throttle_v1(p_keys, p_limits, p_seconds, p_now);
    if wait_ms = 0 then
        update one_time_token t
        set attempts = t.attempts + case when p_code is null then 1 else 0 end
          , bound_attempts = t.bound_attempts + case when p_code is null then 0 else 1 end
        where t.id = coalesce(p_code, (select n.id from one_time_token n
                                       where n.email_key = p_email_key and n.purpose = 'LOGIN_CODE'
                                       order by n.id desc limit 1))
          and t.email_key = p_email_key and t.purpose = 'LOGIN_CODE' and t.used_at is null and t.expires_at > p_now
          and case when p_code is null then t.attempts else t.bound_attempts end < 5
        returning t.id, t.kid into id, kid;
    end if;
end $$;

-- Sends a link or a code: to a customer, to a registration that waits, or, with the same work, word that there is neither.
-- A device of the customer's (p_device_customer) may ask as often as one asker may, and is not counted with the others.
create function one_time_send_v2(p_key_hash bytea, p_input_hash bytea, p_operation text, p_purpose text, p_token uuid,
                                 p_kid text, p_mail uuid, p_email text, p_email_key text, p_lifetime integer,
                                 p_device_customer uuid, p_device_key bytea, p_keys bytea[], p_limits integer[],
                                 p_seconds integer[], p_to_keys bytea[], p_to_limits integer[], p_to_seconds integer[],
                                 p_now timestamptz)
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
    perform email_hold_v1(p_email_key);
    select * into v_customer from customer where email_key = p_email_key;
    if v_customer.id = p_device_customer then
        v_wait := throttle_v1(array[p_device_key], p_limits[1:1], p_seconds[1:1], p_now);
    end if;
    if v_wait is distinct from 0 then
        v_wait := mail_throttle_v1(p_keys, p_limits, p_seconds, p_to_keys, p_to_limits, p_to_seconds, p_now);
    end if;
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    select r.id, r.given_name into v_registration, v_name from registration r
    where r.email_key = p_email_key and r.expires_at > p_now order by r.id desc limit 1;
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
            v_customer.credential_version, p_email_key, p_now, p_now + make_interval(secs => p_lifetime));
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
    return idempotency_close_v1(p_key_hash, jsonb_build_object('token', p_token, 'kid', p_kid, 'errors', '[]'::jsonb));
end $$;

-- Before the password of a registration is hashed, which is dear: counts the mail. NULL when it may go on; else what was
-- answered to the call with this key, or how long to wait.
create function customer_register_attempt_v1(p_key_hash bytea, p_input_hash bytea, p_keys bytea[], p_limits integer[],
                                             p_seconds integer[], p_to_keys bytea[], p_to_limits integer[],
                                             p_to_seconds integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_done_v1(p_key_hash, p_input_hash, p_now);
    v_wait bigint;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := mail_throttle_v1(p_keys, p_limits, p_seconds, p_to_keys, p_to_limits, p_to_seconds, p_now);
    return case when v_wait > 0 then jsonb_build_object('errors', jsonb_build_array(
        jsonb_build_object('code', 'RATE_LIMITED', 'retry_after_ms', v_wait))) end;
end $$;

-- Keeps a registration until its e-mail is confirmed. For an address that has an account the same rows are written, already
-- void, and another mail goes out.
create function customer_register_v2(p_key_hash bytea, p_input_hash bytea, p_registration uuid, p_email text,
                                     p_email_key text, p_password_hash text, p_given_name text, p_family_name text,
                                     p_token uuid, p_kid text, p_mail uuid, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'customerRegister', p_now);
    v_known boolean;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    perform email_hold_v1(p_email_key);
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

-- Before a new password is hashed: counts a try at the link, and tells whose address it went to. NULL when the link is not,
-- or no longer, good.
create function password_reset_attempt_v1(p_token uuid, p_key bytea, p_limit integer, p_seconds integer,
                                          p_now timestamptz, out wait_ms bigint, out email_key text)
language plpgsql volatile as $$
begin
    select t.email_key into email_key from one_time_token t
    where t.id = p_token and t.purpose = 'PASSWORD_RESET' and t.used_at is null and t.expires_at > p_now;
    wait_ms := case when found then throttle_v1(array[p_key], array[p_limit], array[p_seconds], p_now) else 0 end;
end $$;

-- Sends a link to the new address and word to the old one. For an address that has an account the same rows are written,
-- the link's already void.
create function email_change_request_v2(p_key_hash bytea, p_input_hash bytea, p_session uuid,
                                        p_credential_version integer, p_email text, p_email_key text, p_token uuid,
                                        p_kid text, p_mails uuid[], p_counted bytea[], p_keys bytea[],
                                        p_limits integer[], p_seconds integer[], p_to_keys bytea[],
                                        p_to_limits integer[], p_to_seconds integer[], p_now timestamptz)
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
    v_wait := mail_throttle_v1(p_keys, p_limits, p_seconds, p_to_keys, p_to_limits, p_to_seconds, p_now);
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

-- Sends a link to a guest's order to the address that it was placed with; to any other address, with the same work, word
-- that there is no such order.
create function order_link_send_v2(p_key_hash bytea, p_input_hash bytea, p_number bigint, p_email text,
                                   p_email_key text, p_mail uuid, p_kid text, p_expires_at timestamptz, p_keys bytea[],
                                   p_limits integer[], p_seconds integer[], p_to_keys bytea[], p_to_limits integer[],
                                   p_to_seconds integer[], p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb := idempotency_open_v1(p_key_hash, p_input_hash, 'orderLinkSend', p_now);
    v_wait bigint;
    v_order uuid;
begin
    if v_outcome is not null then
        return v_outcome;
    end if;
    v_wait := mail_throttle_v1(p_keys, p_limits, p_seconds, p_to_keys, p_to_limits, p_to_seconds, p_now);
    if v_wait > 0 then
        return rate_limited_v1(p_key_hash, v_wait);
    end if;
    perform email_hold_v1(p_email_key);
    select o.id into v_order from customer_order o where o.number = p_number and email_key_v1(o.email) = p_email_key;
    insert into mail (id, template, recipient, data, created_at, next_try_at)
    values (p_mail, case when v_order is null then 'NO_ORDER' else 'ORDER_LINK' end, p_email,
            jsonb_strip_nulls(jsonb_build_object('order', v_order, 'number', p_number::text, 'kid', p_kid,
                'expires', extract(epoch from p_expires_at)::bigint)), p_now, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

-- The bodies below answer as they did. What the foreign keys deleted is deleted by name, and what is refused changes nothing.
create or replace function customer_verify_email_v1(p_key_hash bytea, p_input_hash bytea, p_token uuid, p_customer uuid,
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
    select r.* into v_registration from registration r join one_time_token t on t.registration_id = r.id
    where t.id = p_token and t.purpose = 'VERIFY_EMAIL' and t.used_at is null and t.expires_at > p_now
      and r.expires_at > p_now;
    if not found then
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
    update one_time_token set used_at = p_now where id = p_token;
    delete from registration where email_key = v_registration.email_key;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, p_customer, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

create or replace function login_code_v1(p_key_hash bytea, p_input_hash bytea, p_token uuid, p_counted bytea[], p_caller uuid,
                              p_session uuid, p_refresh_hash bytea, p_device text, p_policy text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_outcome jsonb;
    v_customer uuid;
    v_version integer;
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
    returning c.id, c.credential_version into v_customer, v_version;
    -- Whoever changes the password meanwhile comes before all of this, and then the code is void, or after it, and ends the
    -- session.
    perform 1 from customer where id = v_customer and credential_version = v_version for no key update;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('INVALID_CREDENTIALS'));
    end if;
    return idempotency_close_v1(p_key_hash, sign_in_v1(p_caller, v_customer, null, p_session, p_refresh_hash, p_device,
                                                       p_policy, p_now)) || '{"tokens": true}';
end $$;

create or replace function email_change_confirm_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_token uuid,
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
    select * into v_token from one_time_token
    where id = p_token and purpose = 'EMAIL_CHANGE' and customer_id = v_customer.id
      and credential_version = v_customer.credential_version and used_at is null and expires_at > p_now;
    if not found then
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
    update one_time_token set used_at = p_now where id = p_token;
    perform email_alone_v1(v_customer.email_key);
    update mail set customer_id = v_customer.id
    where customer_id is null and (recipient = v_customer.email or email_key_v1(recipient) = v_customer.email_key);
    update one_time_token set customer_id = v_customer.id
    where email_key = v_customer.email_key and customer_id is null;
    delete from registration where email_key = v_customer.email_key;
    insert into security_event (kind, customer_id, session_id, happened_at)
    values ('EMAIL_CHANGED', v_customer.id, p_session, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;

create or replace function customer_delete_v1(p_key_hash bytea, p_input_hash bytea, p_session uuid, p_email_key text,
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
    -- Identities before sessions, as every statement that takes both; tokens before sessions, as a refresh does.
    perform 1 from external_identity where customer_id = v_customer.id order by id for update;
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
    perform email_alone_v1(v_customer.email_key);
    delete from registration where email_key = v_customer.email_key;
    delete from one_time_token where email_key = v_customer.email_key or customer_id = v_customer.id;
    delete from mail
    where customer_id = v_customer.id or recipient = v_customer.email or email_key_v1(recipient) = v_customer.email_key;
    insert into erased_identity (identity_hash, erased_at)
    select identity_hash_v1(e.issuer, e.subject), p_now from external_identity e where e.customer_id = v_customer.id
    on conflict (identity_hash) do update set erased_at = excluded.erased_at;
    delete from customer where id = v_customer.id;
    insert into security_event (kind, customer_id, happened_at) values ('CUSTOMER_DELETED', v_customer.id, p_now);
    return idempotency_close_v1(p_key_hash, '{"errors": []}');
end $$;
