-- What is computed behind the desk, one at a time (doc/decisions/0079): who asked, how far it is, how it ended.
CREATE TABLE work (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    kind TEXT NOT NULL,               -- a row of web/work_kinds.def
    object BYTEA,                     -- what it is about, as a panel
    argument TEXT NOT NULL,           -- JSON, as the kind reads it
    account BYTEA NOT NULL,
    role BIGINT NOT NULL,
    address BYTEA NOT NULL,           -- keyed hash, for the audit rows that it will write
    process BYTEA NOT NULL,           -- the server that computes it
    state TEXT NOT NULL,              -- waiting, running, done, failed, cancelled, interrupted
    step TEXT NOT NULL,               -- what it is at: a word, '' before
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,            -- 0: not known yet
    result BYTEA,
    field TEXT NOT NULL,
    sentence TEXT NOT NULL,           -- why it failed or stopped
    asked_ms BIGINT NOT NULL,
    begun_ms BIGINT,
    beat_ms BIGINT NOT NULL,          -- when its server last said something
    cancel_ms BIGINT,                 -- somebody wants it stopped
    ended_ms BIGINT
);
CREATE INDEX work_body ON work (body, kind, asked_ms);
-- The same is asked for once at a time.
CREATE UNIQUE INDEX work_once ON work (body, kind, argument) WHERE state IN ('waiting', 'running');
CREATE INDEX work_state ON work (state, asked_ms);
