-- Drops everything whose name begins with procrastinate_, whatever its version.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP TABLE IF EXISTS %I CASCADE', tablename) FROM pg_tables
        WHERE schemaname = current_schema AND tablename LIKE 'procrastinate\_%'
        UNION ALL
        SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = current_schema::regnamespace AND proname LIKE 'procrastinate\_%'
        UNION ALL
        SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) FROM pg_type
        WHERE typnamespace = current_schema::regnamespace AND typname LIKE 'procrastinate\_%'
            AND typtype IN ('e', 'c') AND typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind <> 'c')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
