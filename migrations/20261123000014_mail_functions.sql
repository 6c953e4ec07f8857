-- The outbox. A mail is claimed by a short update and sent with no lock held; whoever claims it counts a try.

-- The one_time_token that a mail is about, if any. One strange row must not fail the statement that claims others.
create function mail_token_v1(p_data jsonb) returns uuid language sql immutable as $$
    select case when p_data ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (p_data ->> 'id')::uuid end
$$;

-- Claims mails that are due, oldest first. Until the lease ends nobody else sees them as due: next_try_at is moved to its
-- end. expires_at is when the link or code of the mail ends: NULL for a mail without one, and for one whose row is gone.
create function mail_claim_v1(p_now timestamptz, p_lease_seconds double precision, p_batch bigint)
returns table (id uuid, template text, recipient text, data jsonb, created_at timestamptz, claimed_until timestamptz,
               expires_at timestamptz)
language plpgsql volatile as $$
declare
    v_ids uuid[];
begin
    select array_agg(due.id) into v_ids from (
        select m.id from mail m
        where m.sent_at is null and m.dead_at is null and m.next_try_at <= p_now
        order by m.next_try_at limit p_batch for update skip locked) due;
    return query
        with claimed as (
            update mail m
            set claimed_until = p_now + make_interval(secs => p_lease_seconds),
                next_try_at = p_now + make_interval(secs => p_lease_seconds),
                tries = m.tries + 1
            where m.id = any (v_ids)
            returning m.id, m.template, m.recipient, m.data, m.created_at, m.claimed_until)
        select c.id, c.template, c.recipient, c.data, c.created_at, c.claimed_until, t.expires_at
        from claimed c left join one_time_token t on t.id = mail_token_v1(c.data)
        order by c.created_at, c.id;
end $$;

-- It went out, whoever sent it and however late: nobody needs to send it again.
create function mail_sent_v1(p_id uuid, p_now timestamptz) returns boolean language plpgsql volatile as $$
begin
    update mail set sent_at = p_now, dead_at = null, claimed_until = null, last_error = null
    where id = p_id and sent_at is null;
    return found;
end $$;

-- A try failed. Counts only while the claim is still the caller's. The waits add up to about a day, after which, or at
-- once when another try is pointless, the mail is dead. Returns WAITING, DEAD or LOST.
create function mail_failed_v1(p_id uuid, p_claimed_until timestamptz, p_now timestamptz, p_error text, p_final boolean)
returns text language plpgsql volatile as $$
declare
    v_waits constant int[] := array[30, 120, 600, 3600, 21600, 21600, 21600, 21600];
    v_tries int;
begin
    select tries into v_tries from mail
    where id = p_id and claimed_until = p_claimed_until and sent_at is null and dead_at is null for update;
    if not found then
        return 'LOST';
    end if;
    if p_final or v_tries > cardinality(v_waits) then
        update mail set dead_at = p_now, claimed_until = null, last_error = p_error where id = p_id;
        return 'DEAD';
    end if;
    update mail set next_try_at = p_now + make_interval(secs => v_waits[v_tries]), claimed_until = null,
                    last_error = p_error
    where id = p_id;
    return 'WAITING';
end $$;

-- Has mails sent as soon as possible that are dead, or that wait for their next try; with a full count of tries. NULL is
-- every dead one. What is being sent now is left alone. Returns how many.
create function mail_retry_v1(p_ids uuid[], p_now timestamptz) returns bigint language plpgsql volatile as $$
declare
    v_rows bigint;
begin
    update mail set dead_at = null, tries = 0, next_try_at = p_now, claimed_until = null
    where sent_at is null
      and case when p_ids is null then dead_at is not null
               else id = any (p_ids) and (dead_at is not null or claimed_until is null or claimed_until <= p_now) end;
    get diagnostics v_rows = row_count;
    return v_rows;
end $$;

-- Deletes, in batches: mails sent 7 days ago, dead for 30 days, or due for 30 days with nobody who sends.
create function mail_expire_v1(p_now timestamptz, p_batch bigint) returns bigint language plpgsql volatile as $$
declare
    v_rows bigint;
begin
    delete from mail where id in (
        select m.id from mail m
        where m.created_at <= p_now - interval '7 days'
          and case when m.sent_at is not null then m.sent_at <= p_now - interval '7 days'
                   when m.dead_at is not null then m.dead_at <= p_now - interval '30 days'
                   else m.next_try_at <= p_now - interval '30 days' end
        order by m.created_at limit p_batch for update skip locked);
    get diagnostics v_rows = row_count;
    return v_rows;
end $$;
