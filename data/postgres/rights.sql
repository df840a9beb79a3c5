-- Who may do what (SECURITY 8.7): run by the owner of the tables after every migration, without effect
-- for others. heng_owner migrates; heng_app serves; heng_read sees masked views; heng_retention
-- has nothing until there is a function that asks for a permit of two people.
--
-- A table whose rows a trigger keeps from being changed or removed is append-only: the rights follow
-- the trigger, so that a new table of that kind needs no line here.
DO $$
DECLARE
    one record;
    home text := current_schema();
BEGIN
    IF NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'schema_migration'::regclass),
                       'USAGE') THEN
        RETURN;
    END IF;

    FOR one IN SELECT DISTINCT t.tgrelid::regclass AS name FROM pg_trigger t
               WHERE t.tgfoid = 'refuse_change'::regproc AND NOT EXISTS
                   (SELECT 1 FROM pg_trigger x WHERE x.tgrelid = t.tgrelid
                    AND x.tgname = 'no_truncate') LOOP
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', one.name);
    END LOOP;

    IF to_regrole('heng_app') IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO heng_app', home);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM heng_app', home);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I'
                       ' TO heng_app', home);
        REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM heng_app;
        -- tgtype: 8 at DELETE, 16 at UPDATE; with a condition only some rows are kept.
        FOR one IN SELECT DISTINCT t.tgrelid::regclass AS name, t.tgtype FROM pg_trigger t
                   WHERE t.tgfoid = 'refuse_change'::regproc AND t.tgqual IS NULL LOOP
            IF one.tgtype & 16 <> 0 THEN
                EXECUTE format('REVOKE UPDATE ON %s FROM heng_app', one.name);
            END IF;
            IF one.tgtype & 8 <> 0 THEN
                EXECUTE format('REVOKE DELETE ON %s FROM heng_app', one.name);
            END IF;
        END LOOP;
    END IF;

    IF to_regrole('heng_read') IS NOT NULL THEN
        CREATE SCHEMA IF NOT EXISTS heng_masked;
        CREATE OR REPLACE VIEW heng_masked.person AS
            SELECT id, body_id, left(name, 1) || '**' AS name, created_ms FROM person;
        CREATE OR REPLACE VIEW heng_masked.entry AS
            SELECT id, body, batch, level, direction, state, submitted_ms, decided_ms FROM entry;
        CREATE OR REPLACE VIEW heng_masked.component_result AS
            SELECT entry_id, component, version, kind, millimarks, full_millimarks, passed,
                published_ms FROM component_result;
        CREATE OR REPLACE VIEW heng_masked.certificate AS
            SELECT id, body, number, class, programme, level, direction, state, issued_ms,
                left(name, 1) || '**' AS name FROM certificate;
        CREATE OR REPLACE VIEW heng_masked.audit_row AS
            SELECT chain, seq, at_ms, role, act, object_type, object, hash FROM audit_row;
        GRANT USAGE ON SCHEMA heng_masked TO heng_read;
        GRANT SELECT ON ALL TABLES IN SCHEMA heng_masked TO heng_read;
    END IF;
END $$;
