-- What was said of the audit chains outside of this database, in the order it was said: each anchor names
-- the head of every chain that had moved and the hash of the anchor before (doc/decisions/0040). Copies are
-- in files that this database cannot change.
CREATE TABLE audit_anchor (
    number BIGINT PRIMARY KEY,        -- 1, 2, …
    at_ms BIGINT NOT NULL,
    object TEXT NOT NULL,             -- the signed object, canonical
    hash BYTEA NOT NULL               -- of object
);

CREATE TABLE audit_anchor_head (
    chain BIGINT NOT NULL,
    number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX audit_anchor_head_seq ON audit_anchor_head (chain, seq);

-- only sqlite
CREATE TRIGGER audit_anchor_no_update BEFORE UPDATE ON audit_anchor
BEGIN SELECT RAISE(ABORT, 'anchors are never changed'); END;
CREATE TRIGGER audit_anchor_no_delete BEFORE DELETE ON audit_anchor
BEGIN SELECT RAISE(ABORT, 'anchors are never removed'); END;
CREATE TRIGGER audit_anchor_head_no_update BEFORE UPDATE ON audit_anchor_head
BEGIN SELECT RAISE(ABORT, 'anchors are never changed'); END;
CREATE TRIGGER audit_anchor_head_no_delete BEFORE DELETE ON audit_anchor_head
BEGIN SELECT RAISE(ABORT, 'anchors are never removed'); END;
-- end
-- only postgres
CREATE TRIGGER audit_anchor_no_change BEFORE UPDATE OR DELETE ON audit_anchor
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_anchor_head_no_change BEFORE UPDATE OR DELETE ON audit_anchor_head
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
