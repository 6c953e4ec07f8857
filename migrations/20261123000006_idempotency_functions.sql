-- A write is one call of a volatile function: each statement inside sees a fresh snapshot, which one CTE would not
-- (README.md of this folder). The version in the name lets two releases run side by side.
--
-- Outcomes are jsonb objects: "refused" names a refusal of the whole call, "errors" lists typed errors, the rest are
-- ids and the applied revision. SQLSTATE TG001 is ours: it undoes a block whose errors are already collected.

-- Claims an idempotency key. Returns NULL when the caller is the first and must call idempotency_close_v1; otherwise
-- the outcome of the first call, or {"refused": "IDEMPOTENCY_MISMATCH"}. A repeat waits for a first that is still
-- running, as long as lock_timeout allows.
create function idempotency_open_v1(p_key_hash bytea, p_input_hash bytea, p_operation text, p_now timestamptz)
returns jsonb language plpgsql volatile as $$
declare
    v_input bytea;
    v_outcome jsonb;
    v_created timestamptz;
begin
    if p_key_hash is null then
        return null;
    end if;
    insert into idempotency (key_hash, input_hash, operation, outcome, created_at)
    values (p_key_hash, p_input_hash, p_operation, '{}', p_now)
    on conflict (key_hash) do nothing;
    if found then
        return null;
    end if;
    select input_hash, outcome, created_at into v_input, v_outcome, v_created
    from idempotency where key_hash = p_key_hash;
    if v_input is distinct from p_input_hash then
        return jsonb_build_object('refused', 'IDEMPOTENCY_MISMATCH');
    end if;
    return v_outcome || jsonb_build_object('replayed', true, 'age', extract(epoch from p_now - v_created));
end $$;

create function idempotency_close_v1(p_key_hash bytea, p_outcome jsonb)
returns jsonb language plpgsql volatile as $$
begin
    if p_key_hash is not null then
        update idempotency set outcome = p_outcome where key_hash = p_key_hash;
    end if;
    return p_outcome;
end $$;
