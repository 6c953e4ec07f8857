-- A shop's first signing key: whichever replica comes first makes it, the others find it.
create function signing_key_first_v1(p_kid text, p_algorithm text, p_sealed bytea, p_created_at timestamptz,
                                     p_active_from timestamptz)
returns boolean language plpgsql volatile as $$
begin
    lock table signing_key in share row exclusive mode;
    insert into signing_key (kid, algorithm, sealed, created_at, active_from)
    select p_kid, p_algorithm, p_sealed, p_created_at, p_active_from
    where not exists (select 1 from signing_key);
    return found;
end $$;

-- Deletes what is abandoned, in batches, skipping rows that somebody else holds (another replica that deletes, or a
-- shopper who has just come back).
create function expire_v1(p_now timestamptz, p_batch bigint) returns bigint language plpgsql volatile as $$
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
    return v_deleted + v_rows;
end $$;
