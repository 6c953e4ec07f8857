-- Sessions, refresh tokens and the keys that every replica shares.
create table session (
    id uuid primary key,
    kind text not null check (kind in ('GUEST')),
    created_at timestamptz not null,
    -- Written when the session begins and at a refresh, never per request.
    last_seen_at timestamptz not null,
    -- Six hours after it was last seen without a cart or an order, thirty days with one.
    expires_at timestamptz not null,
    revoked_at timestamptz
) with (fillfactor = 80);
create index session_by_expiry on session (expires_at);

-- A refresh token is stored as its SHA-256. A family is the tokens of one session; a child names its parent.
create table refresh_token (
    token_hash bytea primary key check (length(token_hash) = 32),
    session_id uuid not null references session (id) on delete cascade,
    parent_hash bytea,
    -- The key that derived it from its parent, so that any replica derives the same child again.
    kid text,
    generation integer not null default 0,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    dead_at timestamptz
);
create index refresh_token_by_session on refresh_token (session_id);
create index refresh_token_by_parent on refresh_token (parent_hash) where parent_hash is not null;

-- One 256-bit master per key id, encrypted under the key-encryption key with id, purpose and algorithm as associated data.
create table signing_key (
    kid text primary key check (kid ~ '^[a-z0-9]{8,32}$'),
    algorithm text not null check (algorithm in ('HS256', 'EdDSA', 'ES256')),
    sealed bytea not null,
    created_at timestamptz not null,
    active_from timestamptz not null,
    retired_at timestamptz
);

-- One row per idempotency key in its scope, written in the transaction of the effect: what was asked (a hash) and what
-- came of it (ids, revision, typed errors; never a reply, a token, a secret or an address).
create table idempotency (
    key_hash bytea primary key check (length(key_hash) = 32),
    input_hash bytea not null check (length(input_hash) = 32),
    operation text not null,
    outcome jsonb not null,
    created_at timestamptz not null
);
create index idempotency_by_created on idempotency (created_at);
