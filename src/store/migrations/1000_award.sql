-- Results: computed from marks, published by two people, amended by a new version and never
-- overwritten; awards follow from them.
CREATE TABLE component_result (
    entry_id BYTEA NOT NULL,
    component TEXT NOT NULL,
    version BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    session_id BYTEA,                 -- NULL: kept from an earlier entry, or absent
    person_id BYTEA NOT NULL,
    programme_id TEXT NOT NULL,
    level BIGINT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,               -- marked, absent, kept, void
    millimarks BIGINT NOT NULL,
    full_millimarks BIGINT NOT NULL,
    pass_millimarks BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    areas TEXT NOT NULL,              -- JSON
    source BYTEA NOT NULL,            -- hash of what it follows from
    reason TEXT,                      -- of a void or an amendment; "kept until" of a kept part
    computed_ms BIGINT NOT NULL,
    published_ms BIGINT,
    PRIMARY KEY (entry_id, component, version)
);
CREATE INDEX component_result_batch ON component_result (batch_id);
CREATE INDEX component_result_person ON component_result (person_id, programme_id);

CREATE TABLE publication (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    results BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE TABLE award (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL UNIQUE,
    person_id BYTEA NOT NULL,
    programme_id TEXT NOT NULL,
    level BIGINT NOT NULL,
    direction TEXT NOT NULL,
    digest BYTEA NOT NULL,            -- of the results it follows from
    state TEXT NOT NULL,              -- decided, void
    decided_ms BIGINT NOT NULL
);
CREATE INDEX award_batch ON award (batch_id);

CREATE TABLE recheck (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    component TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    due_day BIGINT,                   -- by when it must be answered; NULL: calendar not known yet
    answer TEXT,
    answered_by BYTEA,
    answered_ms BIGINT,
    UNIQUE (entry_id, component)
);

-- only sqlite
CREATE TRIGGER component_result_published BEFORE UPDATE ON component_result
WHEN OLD.published_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a published result is never changed'); END;
CREATE TRIGGER component_result_kept BEFORE DELETE ON component_result
WHEN OLD.published_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a published result is never removed'); END;
-- end
-- only postgres
CREATE TRIGGER component_result_published BEFORE UPDATE OR DELETE ON component_result
FOR EACH ROW WHEN (OLD.published_ms IS NOT NULL) EXECUTE FUNCTION refuse_change();
-- end
