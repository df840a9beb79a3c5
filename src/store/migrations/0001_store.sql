-- What every other table leans on: the audit chain and the register of stored files.
CREATE TABLE audit_chain (
    owner BYTEA PRIMARY KEY,          -- a body or a session
    chain BIGINT NOT NULL UNIQUE,
    seq BIGINT NOT NULL,
    head BYTEA NOT NULL               -- hash of row seq, or of the owner for seq 0
);

CREATE TABLE audit_row (
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor BYTEA,
    second BYTEA,
    role BIGINT NOT NULL,
    act BIGINT NOT NULL,
    object_type TEXT NOT NULL,
    object BYTEA,
    request BYTEA,
    address BYTEA NOT NULL,
    change TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_row_object ON audit_row (object);

CREATE TABLE blob (
    id BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    at_ms BIGINT NOT NULL
);

-- only sqlite
CREATE TRIGGER audit_row_no_update BEFORE UPDATE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
-- end
-- only postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_row_no_change BEFORE UPDATE OR DELETE ON audit_row
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
