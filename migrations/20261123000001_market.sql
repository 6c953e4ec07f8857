-- A shop sells in markets; a price, and what a shopper sees of a product, belong to one of them.
-- One market ships; the tables take more without a change.
create table market (
    id smallint primary key,
    handle text not null unique check (handle ~ '^[a-z][a-z0-9-]{0,31}$'),
    name text not null,
    country char(2) not null check (country ~ '^[A-Z]{2}$'),
    language text not null check (language ~ '^[a-z]{2}$'),
    currency char(3) not null check (currency ~ '^[A-Z]{3}$')
);

insert into market (id, handle, name, country, language, currency)
values (1, 'gb', 'United Kingdom', 'GB', 'en', 'GBP');
