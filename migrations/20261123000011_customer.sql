-- Customers and how they sign in. Guests keep what they had: an empty customer column means what it meant before.
create table customer (
    id uuid primary key,
    -- As it was typed, for mails; the canonical form decides whose it is.
    email text not null check (length(email) <= 254),
    email_key text not null unique,
    email_verified boolean not null,
    -- A PHC string with its own parameters; none for a customer who signs in by code or through a provider.
    password_hash text check (length(password_hash) <= 512),
    -- Goes up with every change of a credential: links and sign-ins that began before it are void.
    credential_version integer not null default 1,
    given_name text check (length(given_name) <= 100),
    family_name text check (length(family_name) <= 100),
    phone text check (length(phone) <= 32),
    default_address_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table customer_address (
    customer_id uuid not null references customer (id) on delete cascade,
    id uuid not null,
    address jsonb not null,
    created_at timestamptz not null,
    primary key (customer_id, id)
);
alter table customer add constraint default_address_is_own foreign key (id, default_address_id)
    references customer_address (customer_id, id) on delete set null (default_address_id);

-- Whoever another issuer calls (issuer, subject). Tokens that the issuer made before valid_after are void here.
create table external_identity (
    id uuid primary key,
    issuer text not null check (length(issuer) <= 512),
    subject text not null check (length(subject) <= 255),
    customer_id uuid not null references customer (id) on delete cascade,
    valid_after timestamptz not null default '-infinity',
    created_at timestamptz not null,
    unique (issuer, subject)
);
create index external_identity_by_customer on external_identity (customer_id);

alter table session drop constraint session_kind_check;
alter table session
    add column customer_id uuid references customer (id) on delete cascade,
    -- What it was begun with, as its owner would call it: 'Firefox on Linux'.
    add column device text check (length(device) <= 100),
    add column external_identity_id uuid references external_identity (id) on delete cascade,
    add constraint session_kind_check check (kind in ('GUEST', 'CUSTOMER')),
    add constraint customer_session_has_customer check ((kind = 'CUSTOMER') = (customer_id is not null));
create index session_by_customer on session (customer_id, id) where customer_id is not null;

-- A registration that waits for its e-mail to be confirmed. Each holds its own password, so that nobody can plant one
-- in an account that somebody else confirms by a registration of their own.
create table registration (
    id uuid primary key,
    email text not null check (length(email) <= 254),
    email_key text not null,
    password_hash text not null check (length(password_hash) <= 512),
    given_name text check (length(given_name) <= 100),
    family_name text check (length(family_name) <= 100),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index registration_by_email on registration (email_key, id);
create index registration_by_expiry on registration (expires_at);

-- What a mailed link or code stands for. The secret is not here: it is an HMAC of the id under the key kid. Customer and
-- registration are both NULL for an address that has neither, so that the two are treated alike.
create table one_time_token (
    id uuid primary key,
    purpose text not null check (purpose in ('VERIFY_EMAIL', 'PASSWORD_RESET', 'EMAIL_CHANGE', 'LOGIN_CODE')),
    kid text not null,
    customer_id uuid references customer (id) on delete cascade,
    registration_id uuid references registration (id) on delete cascade,
    credential_version integer,
    email text check (length(email) <= 254),
    email_key text not null,
    attempts integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index one_time_token_by_email on one_time_token (email_key, purpose, id);
create index one_time_token_by_expiry on one_time_token (expires_at);
create index one_time_token_by_customer on one_time_token (customer_id);
create index one_time_token_by_registration on one_time_token (registration_id);

-- A sign-in that has gone to a provider: once, for ten minutes, from one session. State, nonce and PKCE verifier are HMACs
-- of the id under the key kid.
create table oidc_sign_in (
    id uuid primary key,
    kid text not null,
    session_id uuid not null references session (id) on delete cascade,
    provider text not null,
    redirect_uri text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index oidc_sign_in_by_expiry on oidc_sign_in (expires_at);
create index oidc_sign_in_by_session on oidc_sign_in (session_id);

-- Attempts in a window, over all replicas. The key is a hash of what is limited and whom.
create table throttle (
    key_hash bytea primary key check (length(key_hash) = 32),
    attempts integer not null,
    window_ends_at timestamptz not null
) with (fillfactor = 70);
create index throttle_by_end on throttle (window_ends_at);

-- Mails to be sent, written in the transaction that wants them. Holds no secret: the sender derives it.
create table mail (
    id uuid primary key,
    template text not null,
    recipient text not null check (length(recipient) <= 254),
    data jsonb not null,
    created_at timestamptz not null,
    next_try_at timestamptz not null,
    claimed_until timestamptz,
    tries integer not null default 0,
    sent_at timestamptz,
    dead_at timestamptz,
    last_error text
) with (fillfactor = 80);
create index mail_waiting on mail (next_try_at) where sent_at is null and dead_at is null;
create index mail_by_created on mail (created_at);

-- What an operator should be able to look up later.
create table security_event (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    customer_id uuid,
    session_id uuid,
    happened_at timestamptz not null
);
create index security_event_by_time on security_event (happened_at);

-- Server-side front ends. The key itself is not kept.
create table api_key (
    id uuid primary key,
    name text not null unique check (length(name) between 1 and 100),
    key_hash bytea not null unique check (length(key_hash) = 32),
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- A cart belongs to a guest's session or to a customer.
alter table cart drop constraint cart_status_check;
alter table cart
    alter column session_id drop not null,
    add column customer_id uuid references customer (id) on delete cascade,
    -- The cart that its lines went into.
    add column merged_into uuid,
    add constraint cart_status_check check (status in ('OPEN', 'COMPLETED', 'MERGED')),
    add constraint cart_has_one_owner check (num_nonnulls(session_id, customer_id) = 1),
    add constraint merged_has_target check ((status = 'MERGED') = (merged_into is not null));
create index cart_by_customer on cart (customer_id, id) where customer_id is not null;

alter table customer_order
    alter column session_id drop not null,
    -- No foreign key: customers may go, orders stay.
    add column customer_id uuid;
create index customer_order_by_customer on customer_order (customer_id, id) where customer_id is not null;
