-- Carts. Every write takes the cart row first and bumps its revision; prices are never stored here.
create table cart (
    id uuid primary key,
    session_id uuid not null references session (id) on delete cascade,
    market_id smallint not null references market (id),
    status text not null default 'OPEN' check (status in ('OPEN', 'COMPLETED')),
    revision integer not null default 1 check (revision >= 1),
    -- SHA-256 of the secret that shares the cart; none unless asked for, none after checkout.
    secret_hash bytea check (length(secret_hash) = 32),
    email text check (length(email) <= 254),
    phone text check (length(phone) <= 32),
    shipping_address jsonb,
    billing_address jsonb,
    note text check (length(note) <= 5000),
    attributes jsonb not null default '[]',
    order_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Six hours after the last change of an empty cart, thirty days after that of one with lines.
    expires_at timestamptz not null,
    constraint completed_has_order check ((status = 'COMPLETED') = (order_id is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);
create index cart_by_session on cart (session_id, id);
create index cart_by_expiry on cart (expires_at);

create table cart_line (
    cart_id uuid not null references cart (id) on delete cascade,
    id uuid not null,
    variant_id uuid not null,
    quantity integer not null check (quantity between 1 and 1000000),
    attributes jsonb not null default '[]',
    -- A digest, because an index row cannot hold long attributes.
    attributes_key text not null generated always as (case when attributes = '[]' then '' else md5(attributes::text) end) stored,
    primary key (cart_id, id),
    -- Adding the same variant with the same attributes again raises the quantity of the line that is there.
    unique (cart_id, variant_id, attributes_key)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);
