-- Full text with typo tolerance. Loading the extension's library first lets a role that is no superuser set its parameter
-- on a function below.
select similarity('', '');

-- The search vector of a listing row. Words in their stems and as they are written, so that a query finds both; the
-- title weighs most (A), then p_words: tags, vendor, option values and SKUs (B), then the description (C).
create function listing_search_v1(p_title text, p_words text, p_description text) returns tsvector
language sql immutable parallel safe as $$
    select setweight(to_tsvector('english'::regconfig, p_title) || to_tsvector('simple'::regconfig, p_title), 'A')
        || setweight(to_tsvector('english'::regconfig, p_words) || to_tsvector('simple'::regconfig, p_words), 'B')
        || setweight(to_tsvector('english'::regconfig, p_description), 'C')
$$;

-- What a shopper typed, for that vector. Takes any text; NULL, which matches nothing, for one that only excludes.
create function search_query_v1(p_text text) returns tsquery language sql immutable parallel safe as $$
    select case when querytree(q.words) = 'T' then null else q.words end
    from (select websearch_to_tsquery('english'::regconfig, p_text)
                 || websearch_to_tsquery('simple'::regconfig, p_text) as words) q
$$;

-- Listing rows whose title is like a text that may be misspelt, best first, with a score of 0 to 1. One wrong letter takes
-- up to five of n trigrams away and brings as many others, which leaves (n - 5) / (n + 5) in common; a long text has
-- enough of them to ask for no less than that, which keeps the candidates few. Only a text that finds nothing so is
-- looked for again with several errors allowed. The SET clause gives the session its own threshold back.
create function search_like_v1(p_market smallint, p_text text) returns table (product_id uuid, score real)
language plpgsql stable rows 50 set pg_trgm.word_similarity_threshold = 0.6 as $$
declare
    v_trigrams integer := greatest(cardinality(show_trgm(p_text)), 1);
    v_threshold text;
begin
    foreach v_threshold in array array[
        case when v_trigrams > 40 then '0.8'
             else round(least(greatest((v_trigrams - 5.0) / (v_trigrams + 5), 0.4), 0.62), 2)::text end,
        '0.4'
    ] loop
        perform set_config('pg_trgm.word_similarity_threshold', v_threshold, true);
        return query
            select l.product_id, ((word_similarity(p_text, l.title) + similarity(p_text, l.title)) / 2)::real
            from product_listing l
            where l.market_id = p_market and p_text <% l.title
            order by 2 desc, l.product_id
            limit 200;
        exit when found;
    end loop;
end $$;
