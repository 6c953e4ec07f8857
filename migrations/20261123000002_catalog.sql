-- Products, variants, prices, stock and collections, and the listing row that lists and search read.
create extension if not exists pg_trgm;

create table product (
    id uuid primary key,
    handle text not null unique check (length(handle) between 1 and 200),
    title text not null check (length(title) between 1 and 300),
    description text not null default '' check (length(description) <= 20000),
    vendor text,
    tags text[] not null default '{}',
    -- [{"name": "Colour", "values": ["Red", "Blue"]}], in the order of the options.
    options jsonb not null default '[]',
    -- The merchant's order, most relevant first.
    rank integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table variant (
    id uuid primary key,
    product_id uuid not null references product (id) on delete cascade,
    sku text not null unique check (length(sku) between 1 and 64),
    title text not null default '',
    -- [{"name": "Colour", "value": "Red"}], parallel to the product's options.
    selected_options jsonb not null default '[]',
    position integer not null
);
create index variant_by_product on variant (product_id, position, id);

-- Amounts are minor units. The ceiling keeps 2,000 lines of 1,000,000 pieces inside a bigint.
create table price (
    variant_id uuid not null references variant (id) on delete cascade,
    market_id smallint not null references market (id),
    amount bigint not null check (amount between 0 and 1000000000),
    compare_at bigint check (compare_at > amount and compare_at <= 1000000000),
    primary key (variant_id, market_id)
);

-- What can still be sold is on_hand - allocated; an order allocates. The CHECK is the last guard against overselling.
create table stock (
    variant_id uuid primary key references variant (id) on delete cascade,
    on_hand bigint not null check (on_hand between 0 and 1000000000000),
    allocated bigint not null default 0 check (allocated >= 0),
    constraint stock_never_oversold check (allocated <= on_hand)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);

create table product_image (
    product_id uuid not null references product (id) on delete cascade,
    position integer not null,
    -- NULL: the image shows the product; otherwise this variant of it.
    variant_id uuid references variant (id) on delete cascade,
    url text not null check (url ~ '^https?://' and length(url) <= 2000),
    alt text not null default '',
    width integer not null check (width between 1 and 20000),
    height integer not null check (height between 1 and 20000),
    primary key (product_id, position)
);
create index product_image_by_variant on product_image (variant_id) where variant_id is not null;

create table collection (
    id uuid primary key,
    handle text not null unique check (length(handle) between 1 and 200),
    title text not null check (length(title) between 1 and 300),
    description text not null default '',
    position integer not null,
    updated_at timestamptz not null
);
create index collection_by_position on collection (position, id);
create index collection_by_title on collection (title, id);

create table collection_product (
    collection_id uuid not null references collection (id) on delete cascade,
    product_id uuid not null references product (id) on delete cascade,
    position integer not null,
    primary key (collection_id, product_id)
);
create index collection_product_by_position on collection_product (collection_id, position, product_id);
create index collection_product_by_product on collection_product (product_id, collection_id);

-- A product as one market sees it, kept by whoever changes the product, a price, an image, or takes or adds the last
-- piece: a list is then one index scan (docs/decisions.md). variants_available is in no index, so that selling out
-- stays a heap-only update.
create table product_listing (
    market_id smallint not null references market (id),
    product_id uuid not null references product (id) on delete cascade,
    handle text not null,
    title text not null,
    description text not null,
    vendor text,
    tags text[] not null,
    options jsonb not null,
    rank integer not null,
    price_min bigint not null,
    price_max bigint not null,
    currency char(3) not null,
    image_url text,
    image_alt text,
    image_width integer,
    image_height integer,
    variant_count integer not null,
    variants_available integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    search tsvector not null,
    primary key (market_id, product_id)
) with (fillfactor = 80);
create unique index product_listing_by_handle on product_listing (market_id, handle);
create index product_listing_by_rank on product_listing (market_id, rank, product_id);
create index product_listing_by_title on product_listing (market_id, title, product_id);
create index product_listing_by_price on product_listing (market_id, price_min, product_id);
create index product_listing_by_created on product_listing (market_id, created_at, product_id);
create index product_listing_by_search on product_listing using gin (search) with (fastupdate = off);
create index product_listing_by_title_trigram on product_listing using gin (title gin_trgm_ops) with (fastupdate = off);
create index product_listing_by_tags on product_listing using gin (tags) with (fastupdate = off);
