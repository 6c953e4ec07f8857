-- Orders: what was bought, frozen. One order per cart, for ever, by constraint.
create sequence order_number start 10001;

create table customer_order (
    id uuid primary key,
    cart_id uuid not null,
    -- No foreign key: sessions end, orders stay.
    session_id uuid not null,
    number bigint not null unique default nextval('order_number'),
    market_id smallint not null references market (id),
    currency char(3) not null,
    subtotal bigint not null check (subtotal >= 0),
    total bigint not null check (total = subtotal),
    line_count integer not null check (line_count >= 1),
    email text not null,
    phone text,
    shipping_address jsonb not null,
    billing_address jsonb not null,
    note text,
    attributes jsonb not null,
    payment_status text not null check (payment_status in ('PENDING', 'PAID')),
    fulfilment_status text not null check (fulfilment_status in ('UNFULFILLED', 'FULFILLED')),
    placed_at timestamptz not null,
    constraint one_order_per_cart unique (cart_id)
);
create index customer_order_by_session on customer_order (session_id, id);

create table order_line (
    order_id uuid not null references customer_order (id),
    id uuid not null,
    position integer not null,
    -- No foreign keys: the line keeps what was sold, whatever becomes of the catalogue.
    product_id uuid not null,
    variant_id uuid not null,
    sku text not null,
    title text not null,
    variant_title text not null,
    selected_options jsonb not null,
    attributes jsonb not null,
    unit_price bigint not null check (unit_price >= 0),
    quantity integer not null check (quantity between 1 and 1000000),
    total bigint not null check (total = unit_price * quantity),
    primary key (order_id, position)
);

create table payment (
    order_id uuid not null references customer_order (id),
    id uuid not null,
    method text not null check (method in ('INVOICE')),
    status text not null check (status in ('PENDING', 'PAID')),
    amount bigint not null check (amount >= 0),
    -- The buyer's own, such as the number of a purchase order.
    reference text check (length(reference) <= 100),
    created_at timestamptz not null,
    primary key (order_id, id)
);
