-- A page that counted can be withdrawn, and one that does not count set aside. What was read, said, entered and
-- marked of that attempt stays in its round and is never changed; the next round begins with the pages that are left.
CREATE TABLE scan_aside (
    page_id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    attempt_id BYTEA,                 -- NULL: nobody's
    reason TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    second_id BYTEA,                  -- of a page that counted: who agreed
    at_ms BIGINT NOT NULL
);
CREATE INDEX scan_aside_session ON scan_aside (session_id);
-- only sqlite
CREATE TRIGGER scan_aside_no_update BEFORE UPDATE ON scan_aside
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays so'); END;
CREATE TRIGGER scan_aside_no_delete BEFORE DELETE ON scan_aside
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays so'); END;
-- end
-- only postgres
CREATE TRIGGER scan_aside_no_change BEFORE UPDATE OR DELETE ON scan_aside
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end

-- In place of a withdrawn page another counts; who writes holds the row of the attempt.
DROP INDEX scan_page_counts;
CREATE INDEX scan_page_counts ON scan_page (attempt_id, page);
ALTER TABLE scan_attempt ADD COLUMN round BIGINT NOT NULL DEFAULT 0;

CREATE TABLE scan_mark_next (
    attempt_id BYTEA NOT NULL,
    round BIGINT NOT NULL,
    n BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    response TEXT NOT NULL,           -- JSON, in the item's own letters
    account_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, round, n)
);
INSERT INTO scan_mark_next (attempt_id, round, n, body_id, response, account_id, at_ms)
SELECT attempt_id, 0, n, body_id, response, account_id, at_ms FROM scan_mark;
DROP TABLE scan_mark;
ALTER TABLE scan_mark_next RENAME TO scan_mark;

CREATE TABLE typed_sheet_next (
    attempt_id BYTEA NOT NULL,
    round BIGINT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal IN (1, 2)),
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    answers TEXT NOT NULL,            -- JSON {"n": response in the item's own letters}
    version BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    submitted_ms BIGINT,
    PRIMARY KEY (attempt_id, round, ordinal),
    UNIQUE (attempt_id, round, account_id)
);
INSERT INTO typed_sheet_next (
    attempt_id, round, ordinal, body_id, session_id, account_id, answers, version, changed_ms,
    submitted_ms)
SELECT
    attempt_id, 0, ordinal, body_id, session_id, account_id, answers, version, changed_ms,
    submitted_ms
FROM typed_sheet;
DROP TABLE typed_sheet;
ALTER TABLE typed_sheet_next RENAME TO typed_sheet;
CREATE INDEX typed_sheet_session ON typed_sheet (session_id);

CREATE TABLE typed_decision_next (
    attempt_id BYTEA NOT NULL,
    round BIGINT NOT NULL,
    n BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    response TEXT NOT NULL,           -- JSON
    reason TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, round, n)
);
INSERT INTO typed_decision_next (
    attempt_id, round, n, body_id, response, reason, account_id, at_ms)
SELECT attempt_id, 0, n, body_id, response, reason, account_id, at_ms FROM typed_decision;
DROP TABLE typed_decision;
ALTER TABLE typed_decision_next RENAME TO typed_decision;

CREATE TABLE theory_mark_next (
    attempt_id BYTEA NOT NULL,
    round BIGINT NOT NULL,
    key_version BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    component TEXT NOT NULL,
    source BYTEA NOT NULL,            -- hash of what it was computed from
    millimarks BIGINT NOT NULL,       -- without what markers decide
    full_millimarks BIGINT NOT NULL,
    places TEXT NOT NULL,             -- JSON, one a place
    areas TEXT NOT NULL,              -- JSON, one a weight area
    doubtful BIGINT NOT NULL,         -- answers that a person should look at
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, round, key_version)
);
INSERT INTO theory_mark_next (
    attempt_id, round, key_version, body_id, session_id, entry_id, component, source, millimarks,
    full_millimarks, places, areas, doubtful, at_ms)
SELECT
    attempt_id, 0, key_version, body_id, session_id, entry_id, component, source, millimarks,
    full_millimarks, places, areas, doubtful, at_ms
FROM theory_mark;
DROP TABLE theory_mark;
ALTER TABLE theory_mark_next RENAME TO theory_mark;
CREATE INDEX theory_mark_session ON theory_mark (session_id);
CREATE INDEX theory_mark_entry ON theory_mark (entry_id);

-- only sqlite
CREATE TRIGGER scan_mark_no_update BEFORE UPDATE ON scan_mark
BEGIN SELECT RAISE(ABORT, 'what was said of a mark is never changed'); END;
CREATE TRIGGER scan_mark_no_delete BEFORE DELETE ON scan_mark
BEGIN SELECT RAISE(ABORT, 'what was said of a mark is never removed'); END;
CREATE TRIGGER typed_sheet_submitted BEFORE UPDATE ON typed_sheet
WHEN OLD.submitted_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted sheet is never changed'); END;
CREATE TRIGGER typed_decision_no_update BEFORE UPDATE ON typed_decision
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER typed_decision_no_delete BEFORE DELETE ON typed_decision
BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;
-- end
-- only postgres
CREATE TRIGGER scan_mark_no_change BEFORE UPDATE OR DELETE ON scan_mark
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER typed_sheet_submitted BEFORE UPDATE ON typed_sheet
FOR EACH ROW WHEN (OLD.submitted_ms IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER typed_decision_no_change BEFORE UPDATE OR DELETE ON typed_decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
