-- Rehearsals of a session: what synthetic candidates measured on the machines that will hold it, against
-- which thresholds (doc/decisions/0052). The rehearsal itself lives in a store of its own and leaves nothing
-- else here.
CREATE TABLE session_rehearsal (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    node_id BYTEA,                    -- the room node it ran on; NULL: the centre
    at_ms BIGINT NOT NULL,
    candidates BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    report TEXT NOT NULL              -- JSON: stages, figures, each with its threshold
);
CREATE INDEX session_rehearsal_session ON session_rehearsal (session_id, at_ms);

-- only sqlite
CREATE TRIGGER session_rehearsal_no_update BEFORE UPDATE ON session_rehearsal
BEGIN SELECT RAISE(ABORT, 'a report is never changed'); END;
CREATE TRIGGER session_rehearsal_no_delete BEFORE DELETE ON session_rehearsal
BEGIN SELECT RAISE(ABORT, 'a report is never removed'); END;
-- end
-- only postgres
CREATE TRIGGER session_rehearsal_no_change BEFORE UPDATE OR DELETE ON session_rehearsal
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
