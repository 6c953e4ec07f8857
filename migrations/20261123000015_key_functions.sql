-- Another signing key. One at a time waits for its turn: answers the id of a key that waits already, and adds nothing then.
create function signing_key_add_v1(p_kid text, p_algorithm text, p_sealed bytea, p_created_at timestamptz,
                                   p_active_from timestamptz)
returns text language plpgsql volatile as $$
declare
    v_waiting text;
begin
    lock table signing_key in share row exclusive mode;
    select kid into v_waiting from signing_key
    where active_from > p_created_at and (retired_at is null or retired_at > p_created_at)
    limit 1;
    if v_waiting is not null then
        return v_waiting;
    end if;
    insert into signing_key (kid, algorithm, sealed, created_at, active_from)
    values (p_kid, p_algorithm, p_sealed, p_created_at, p_active_from);
    return null;
end $$;

-- Ends a key at an instant. What is left must be able to sign from now on; a key that signs ends only at once, as whatever
-- it signed until then would die with it.
create function signing_key_retire_v1(p_kid text, p_at timestamptz, p_now timestamptz)
returns text language plpgsql volatile as $$
declare
    v_key signing_key;
    v_signer text;
begin
    lock table signing_key in share row exclusive mode;
    select * into v_key from signing_key where kid = p_kid;
    if not found then
        return 'UNKNOWN';
    elsif v_key.retired_at <= p_at then
        return 'RETIRED';
    elsif not exists (
        select 1 from signing_key where kid <> p_kid and active_from <= p_now and retired_at is null) then
        return 'NO_SUCCESSOR';
    end if;
    -- The order in which gateways choose their signer.
    select kid into v_signer from signing_key
    where active_from <= p_now and (retired_at is null or retired_at > p_now)
    order by active_from desc, created_at desc, kid collate "C" desc
    limit 1;
    if v_signer = p_kid and p_at > p_now then
        return 'SIGNS';
    end if;
    update signing_key set retired_at = p_at where kid = p_kid;
    return 'OK';
end $$;

-- An API key, unless its name is taken or there are as many as a gateway is to hold.
create function api_key_create_v1(p_id uuid, p_name text, p_key_hash bytea, p_scopes text[], p_now timestamptz,
                                  p_expires_at timestamptz, p_most bigint)
returns text language plpgsql volatile as $$
begin
    lock table api_key in share row exclusive mode;
    if exists (select 1 from api_key where name = p_name) then
        return 'NAME_TAKEN';
    elsif (select count(*) from api_key
           where revoked_at is null and (expires_at is null or expires_at > p_now)) >= p_most then
        return 'TOO_MANY';
    end if;
    insert into api_key (id, name, key_hash, scopes, created_at, expires_at)
    values (p_id, p_name, p_key_hash, p_scopes, p_now, p_expires_at);
    return 'OK';
end $$;

-- Ends an API key by its name or its id.
create function api_key_revoke_v1(p_name_or_id text, p_now timestamptz) returns text language plpgsql volatile as $$
declare
    v_revoked_at timestamptz;
begin
    select revoked_at into v_revoked_at from api_key where name = p_name_or_id or id::text = p_name_or_id for update;
    if not found then
        return 'UNKNOWN';
    elsif v_revoked_at is not null then
        return 'REVOKED';
    end if;
    update api_key set revoked_at = p_now where name = p_name_or_id or id::text = p_name_or_id;
    return 'OK';
end $$;
