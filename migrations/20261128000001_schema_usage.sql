-- Which client application used which part of the schema, by day: what `tidegate schema check` asks before something is
-- taken away. A client is a registered application or what it calls itself, never a shopper, an address or a token.
-- A row stands for all requests of an application in a day, so the table grows with the schema and the applications and
-- not with traffic.
create table schema_usage (
    day date not null check (isfinite(day)),
    -- A type, field, argument, input field, enum value or directive (GraphQL specification, "Schema Coordinates").
    coordinate text not null check (length(coordinate) between 1 and 512),
    client text not null check (length(client) between 1 and 64),
    requests bigint not null check (requests > 0),
    primary key (day, coordinate, client)
);

-- Documents that applications have registered to send. One that is out of use is retired, not deleted.
create table trusted_document (
    -- SHA-256 of the body, in hexadecimal.
    hash text not null check (hash ~ '^[0-9a-f]{64}$'),
    client text not null check (length(client) between 1 and 64),
    name text check (length(name) between 1 and 128),
    body text not null check (octet_length(body) between 1 and 1048576),
    created_at timestamptz not null,
    retired_at timestamptz,
    primary key (hash, client)
);
