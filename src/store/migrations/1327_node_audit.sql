-- At the centre: what nodes said and sent of their audit chains (doc/decisions/0053). Rows lie in room_audit.

-- Heads of chains, from signed statements that came while the node worked.
CREATE TABLE room_audit_anchor (
    node_id BYTEA NOT NULL,
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    moment_ms BIGINT NOT NULL,        -- the node's idea of the centre's time
    statement TEXT NOT NULL,          -- signed by the node's room key
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (node_id, chain, seq)
);

-- What does not fit together. Kept for ever: a node cannot take it back.
CREATE TABLE room_audit_finding (
    node_id BYTEA NOT NULL,
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    what TEXT NOT NULL,               -- changed, missing, rewritten, cut
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (node_id, chain, seq, what)
);

-- only sqlite
CREATE TRIGGER room_audit_no_update BEFORE UPDATE ON room_audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER room_audit_no_delete BEFORE DELETE ON room_audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
CREATE TRIGGER room_audit_anchor_no_update BEFORE UPDATE ON room_audit_anchor
BEGIN SELECT RAISE(ABORT, 'anchors are never changed'); END;
CREATE TRIGGER room_audit_anchor_no_delete BEFORE DELETE ON room_audit_anchor
BEGIN SELECT RAISE(ABORT, 'anchors are never removed'); END;
CREATE TRIGGER room_audit_finding_no_update BEFORE UPDATE ON room_audit_finding
BEGIN SELECT RAISE(ABORT, 'findings are never changed'); END;
CREATE TRIGGER room_audit_finding_no_delete BEFORE DELETE ON room_audit_finding
BEGIN SELECT RAISE(ABORT, 'findings are never removed'); END;
-- end
-- only postgres
CREATE TRIGGER room_audit_no_change BEFORE UPDATE OR DELETE ON room_audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_audit_anchor_no_change BEFORE UPDATE OR DELETE ON room_audit_anchor
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_audit_finding_no_change BEFORE UPDATE OR DELETE ON room_audit_finding
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
