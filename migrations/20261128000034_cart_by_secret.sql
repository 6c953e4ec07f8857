-- no-transaction
-- A cart that is shared is found by its secret alone, also when only one of its lines is known.
create index concurrently if not exists cart_by_secret on cart (secret_hash) where secret_hash is not null;
