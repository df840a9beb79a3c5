-- Marks: by the machine, by markers of written answers, by examiners and panel members. Rows that
-- somebody submitted are not changed; a new key makes new rows beside the old ones.
CREATE TABLE theory_mark (
    attempt_id BYTEA NOT NULL,
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
    PRIMARY KEY (attempt_id, key_version)
);
CREATE INDEX theory_mark_session ON theory_mark (session_id);
CREATE INDEX theory_mark_entry ON theory_mark (entry_id);

CREATE TABLE script (                 -- one written answer that people mark
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    n BIGINT NOT NULL,
    code TEXT NOT NULL,
    area TEXT NOT NULL,
    stem TEXT NOT NULL,
    guide TEXT NOT NULL,              -- JSON: key, points, common errors
    response TEXT NOT NULL,           -- JSON
    full_millimarks BIGINT NOT NULL,
    limit_millimarks BIGINT NOT NULL,
    state TEXT NOT NULL,              -- waiting, third, settled
    marks BIGINT NOT NULL DEFAULT 0,
    millimarks BIGINT,                -- when settled
    UNIQUE (attempt_id, n)
);
CREATE INDEX script_open ON script (body_id, state);

CREATE TABLE script_mark (
    script_id BYTEA NOT NULL,
    ordinal BIGINT NOT NULL,          -- 1, 2, 3
    marker_id BYTEA NOT NULL,
    millimarks BIGINT NOT NULL,
    note TEXT,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (script_id, ordinal),
    UNIQUE (script_id, marker_id)
);

CREATE TABLE score_sheet (            -- one examiner's or panel member's scores of one candidate
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    scores TEXT NOT NULL,             -- JSON {point: millimarks}
    note TEXT,
    total_millimarks BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    submitted_ms BIGINT,
    UNIQUE (session_id, entry_id, account_id)
);

CREATE TABLE score_decision (         -- the head examiner's, where the spread is too large
    session_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    body_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    millimarks BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, entry_id)
);

-- only sqlite
CREATE TRIGGER script_mark_no_update BEFORE UPDATE ON script_mark
BEGIN SELECT RAISE(ABORT, 'a mark is never changed'); END;
CREATE TRIGGER score_sheet_submitted BEFORE UPDATE ON score_sheet
WHEN OLD.submitted_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted sheet is never changed'); END;
-- end
-- only postgres
CREATE TRIGGER script_mark_no_change BEFORE UPDATE OR DELETE ON script_mark
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER score_sheet_submitted BEFORE UPDATE ON score_sheet
FOR EACH ROW WHEN (OLD.submitted_ms IS NOT NULL) EXECUTE FUNCTION refuse_change();
-- end
