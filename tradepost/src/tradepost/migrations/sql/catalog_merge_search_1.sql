-- Merges what waits to enter the search index. PostgreSQL lets only the owner of an index do that, and the running
-- program owns nothing: this one act is lent to it (docs/decisions/0014-rights-of-the-running-program.md). The body is
-- bound to the index when the function is made, so that nobody's search path can send it elsewhere.
CREATE FUNCTION catalog_merge_search() RETURNS bigint LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
    SELECT gin_clean_pending_list('ix_catalog_variant_search'::regclass);
END;
