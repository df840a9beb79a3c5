-- The roles of a service on PostgreSQL; once, by an administrator of the server:
--     psql -f roles.sql
-- Then give them ways to sign in, as the house does it (password, peer, certificate), for instance
--     CREATE ROLE heng_service LOGIN IN ROLE heng_app;
-- and let heng_owner make the tables:  heng init --store 'postgresql:///heng?user=…'
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['heng_owner', 'heng_app', 'heng_read', 'heng_retention'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END $$;
