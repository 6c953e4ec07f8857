-- What ends every session of a customer ends the tokens of other issuers too, also those that were not used yet: they make
-- no session any more. Lock order: identity, then session, in both that end and the one that makes.

-- Ends every session of a customer but one, in the order of their ids. A function of two statements, so that the second one
-- finds the sessions that were made until the first one had its locks.
create or replace function sessions_end_v1(p_customer uuid, p_but uuid, p_now timestamptz) returns bigint
language sql volatile as $$
    update external_identity set valid_after = greatest(valid_after, p_now)
    where id in (select e.id from external_identity e where e.customer_id = p_customer order by e.id for no key update);
    with ended as (
        update session set revoked_at = p_now
        where id in (select s.id from session s
                     where s.customer_id = p_customer and s.revoked_at is null and s.expires_at > p_now
                       and s.id is distinct from p_but
                     order by s.id for update)
        returning id
    )
    select count(*) from ended
$$;

-- As before, but for the order of its locks.
create or replace function session_revoke_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_caller uuid, p_target uuid,
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
    perform 1 from external_identity e join session s on s.external_identity_id = e.id
    where s.id = p_target for no key update of e;
    update session set revoked_at = p_now
    where id = p_target and (id = p_caller or customer_id = v_customer) and revoked_at is null and expires_at > p_now
    returning external_identity_id into v_external;
    if not found then
        return idempotency_close_v1(p_key_hash, refusal_v1('SESSION_NOT_FOUND'));
    end if;
    update external_identity set valid_after = greatest(valid_after, p_now) where id = v_external;
    return idempotency_close_v1(p_key_hash, '{"errors": [], "count": 1}');
end $$;

-- The session of another issuer's token, whose id is derived from the token: made when something private has found none,
-- unless the identity's tokens of that time are void. A write that was refused for want of it may be made again with its key.
-- Waits for whoever voids the identity's tokens.
create function external_session_v2(p_session uuid, p_identity uuid, p_issuer text, p_subject text, p_email text,
                                    p_email_key text, p_email_verified boolean, p_given_name text, p_family_name text,
                                    p_customer uuid, p_device text, p_issued_at timestamptz, p_expires_at timestamptz,
                                    p_now timestamptz, p_key_hash bytea)
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
    for share
    on conflict (id) do nothing;
    if not session_is_live_v1(p_session, p_now) then
        return false;
    end if;
    delete from idempotency where key_hash = p_key_hash and outcome ->> 'refused' = 'SESSION_REVOKED';
    return true;
end $$;

-- What a password is verified against before a change: by the caller's session, whose attempts are counted. Without a session
-- there is nothing to guess at, and nothing is counted.
create function password_attempt_v2(p_session uuid, p_session_key bytea, p_limit integer, p_seconds integer,
                                    p_now timestamptz, out wait_ms bigint, out live boolean, out customer_id uuid,
                                    out email_key text, out password_hash text, out credential_version integer,
                                    out begun_at timestamptz)
language plpgsql volatile as $$
begin
    select true, c.id, c.email_key, c.password_hash, c.credential_version, s.created_at
    into live, customer_id, email_key, password_hash, credential_version, begun_at
    from session s left join customer c on c.id = s.customer_id
    where s.id = p_session and s.revoked_at is null and s.expires_at > p_now;
    live := found;
    wait_ms := case when live then throttle_v1(array[p_session_key], array[p_limit], array[p_seconds], p_now) else 0 end;
end $$;
