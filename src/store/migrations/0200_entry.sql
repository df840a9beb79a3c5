-- Batches, applications, what was handed in with them, and who brought whom.
CREATE TABLE programme_frozen (
    digest TEXT PRIMARY KEY,          -- SHA-256 of the data file, hex
    id TEXT NOT NULL,
    content TEXT NOT NULL
);

CREATE TABLE partner (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX partner_name ON partner (body, name);

CREATE TABLE batch (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    title TEXT NOT NULL,
    programme TEXT NOT NULL,
    programme_digest TEXT NOT NULL REFERENCES programme_frozen (digest),
    state BIGINT NOT NULL,
    version BIGINT NOT NULL,
    apply_from_ms BIGINT NOT NULL,
    apply_until_ms BIGINT NOT NULL,
    exam_from BIGINT NOT NULL,        -- day numbers
    exam_until BIGINT NOT NULL,
    quota BIGINT NOT NULL,            -- 0 = not limited
    taken BIGINT NOT NULL,
    policy TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    created_by BYTEA,
    CHECK (taken >= 0 AND (quota = 0 OR taken <= quota))
);
CREATE INDEX batch_of_body ON batch (body, exam_from);

CREATE TABLE batch_level (
    batch BYTEA NOT NULL REFERENCES batch (id),
    level BIGINT NOT NULL,
    quota BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (batch, level),
    CHECK (taken >= 0 AND (quota = 0 OR taken <= quota))
);

CREATE TABLE entry (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    batch BYTEA NOT NULL REFERENCES batch (id),
    person BYTEA NOT NULL,
    partner BYTEA,
    photo BYTEA,
    level BIGINT NOT NULL,
    direction TEXT NOT NULL,          -- '' = the programme has none
    state BIGINT NOT NULL,
    version BIGINT NOT NULL,
    holds_place BIGINT NOT NULL,      -- counted in the quotas
    facts TEXT NOT NULL,
    verdict TEXT,
    kept TEXT NOT NULL,
    reason TEXT,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    submitted_ms BIGINT NOT NULL,
    decided_ms BIGINT NOT NULL,
    decided_by BYTEA
);
-- One live application; a refused or withdrawn one does not stand in the way of a new one.
CREATE UNIQUE INDEX entry_once ON entry (batch, person, level, direction)
    WHERE state <> 5 AND state <> 6;
CREATE INDEX entry_of_batch ON entry (batch, state, submitted_ms);
CREATE INDEX entry_of_person ON entry (person);

CREATE TABLE entry_event (
    entry BYTEA NOT NULL REFERENCES entry (id),
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor BYTEA,
    act BIGINT NOT NULL,
    from_state BIGINT NOT NULL,
    to_state BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (entry, seq)
);

CREATE TABLE evidence (
    id BYTEA PRIMARY KEY,
    entry BYTEA NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL,
    fact TEXT NOT NULL,               -- pointer into the facts, '' = the whole application
    name TEXT NOT NULL,               -- as the applicant calls the file
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    removed_ms BIGINT NOT NULL
);
CREATE INDEX evidence_of_entry ON evidence (entry);

CREATE TABLE import_run (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    batch BYTEA NOT NULL REFERENCES batch (id),
    digest BYTEA NOT NULL,
    actor BYTEA,
    at_ms BIGINT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    added BIGINT NOT NULL,
    present BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    finished BIGINT NOT NULL
);
CREATE INDEX import_run_of_batch ON import_run (batch, at_ms);
