-- Answers that candidates wrote on paper, typed in by two people who do not see each other's; where they
-- differ a third decides. A submitted sheet and a decision are never changed.
CREATE TABLE typed_sheet (
    attempt_id BYTEA NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal IN (1, 2)),
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    answers TEXT NOT NULL,            -- JSON {"n": response in the item's own letters}
    version BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    submitted_ms BIGINT,
    PRIMARY KEY (attempt_id, ordinal),
    UNIQUE (attempt_id, account_id)
);
CREATE INDEX typed_sheet_session ON typed_sheet (session_id);

CREATE TABLE typed_decision (
    attempt_id BYTEA NOT NULL,
    n BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    response TEXT NOT NULL,           -- JSON
    reason TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, n)
);

-- only sqlite
CREATE TRIGGER typed_sheet_submitted BEFORE UPDATE ON typed_sheet
WHEN OLD.submitted_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted sheet is never changed'); END;
CREATE TRIGGER typed_decision_no_update BEFORE UPDATE ON typed_decision
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
-- end
-- only postgres
CREATE TRIGGER typed_sheet_submitted BEFORE UPDATE ON typed_sheet
FOR EACH ROW WHEN (OLD.submitted_ms IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER typed_decision_no_change BEFORE UPDATE OR DELETE ON typed_decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
