-- The delivery of an exam. Self-contained: what a room needs is copied here when a session is
-- prepared, so that a room node has these tables and none of the centre's. Tables with many rows
-- are keyed by session first, so that they can be distributed by it.
CREATE TABLE delivery_session (
    id BYTEA PRIMARY KEY,             -- the session's own id
    body_id BYTEA NOT NULL,
    title TEXT NOT NULL,
    starts_ms BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    zone_offset_ms BIGINT NOT NULL,
    late_limit_ms BIGINT NOT NULL,
    earliest_hand_in_ms BIGINT NOT NULL,
    grace_ms BIGINT NOT NULL,         -- after the deadline open attempts still take entries
    weak_allowed BIGINT NOT NULL,     -- devices without key storage
    archived_ms BIGINT,               -- out of memory since
    prepared_ms BIGINT NOT NULL
);

CREATE TABLE delivery_room (
    id BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL,
    no BIGINT NOT NULL,               -- as in the sealed papers
    name TEXT NOT NULL,
    attempt_key BYTEA NOT NULL        -- K_att, wrapped
);

CREATE TABLE attempt (
    id BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    seat_id BYTEA NOT NULL UNIQUE,
    seat_no BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    ticket TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    document_index BYTEA NOT NULL,    -- keyed hash, as people/ has it
    document_letter TEXT NOT NULL,
    document_country TEXT NOT NULL,
    photo_id BYTEA,
    paper_id BYTEA,
    paper_no BIGINT,                  -- index of its key
    paper_digest BYTEA,               -- of the blob
    paper_bytes BIGINT,
    state TEXT NOT NULL,
    epoch BIGINT NOT NULL DEFAULT 0,
    presence TEXT NOT NULL DEFAULT 'unknown', -- unknown, present, absent
    admitted_ms BIGINT,
    opened_ms BIGINT,
    ended_ms BIGINT,                  -- sealed or closed
    end_reason TEXT,                  -- hand_in, deadline, invigilator, forced, grace
    last_row BIGINT NOT NULL DEFAULT 0, -- newest journal row, kept from the end on
    seal_code TEXT                    -- as an invigilator noted it
);
CREATE INDEX attempt_session ON attempt (session_id);
CREATE INDEX attempt_entry ON attempt (entry_id);

CREATE TABLE attempt_epoch (
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    pub BYTEA NOT NULL,
    weak BIGINT NOT NULL,
    claim_id BYTEA NOT NULL,
    main_head BYTEA NOT NULL,         -- of the main line at the claim; zeros: nothing
    takeover BIGINT NOT NULL,         -- by an invigilator's code
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, epoch)
);

-- Append-only, without a second index: a row points at the one before it of the same attempt, so
-- that storing costs the same at the ten-millionth row as at the first.
CREATE TABLE journal_entry (
    session_id BYTEA NOT NULL,
    id BIGINT NOT NULL,
    before_id BIGINT NOT NULL,        -- 0: the attempt's first
    branch BIGINT NOT NULL,           -- 0 main, 1 aside
    source BIGINT NOT NULL,           -- 1 net, 2 file, 4 hand-up
    received_ms BIGINT NOT NULL,
    boot_ms BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (session_id, id)
)
-- only sqlite
WITHOUT ROWID
-- end
;

CREATE TABLE journal_batch (
    chain BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    bytes BYTEA NOT NULL,             -- HNB1
    hash BYTEA NOT NULL,
    PRIMARY KEY (chain, batch)
);

CREATE TABLE time_ledger (
    session_id BYTEA NOT NULL,
    no BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    scope_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    reason TEXT,
    server_ms BIGINT NOT NULL,
    actor BYTEA,
    second BYTEA,
    PRIMARY KEY (session_id, no)
);

-- A forced close that two people approved; the writer's thread carries it out.
CREATE TABLE attempt_closing (
    attempt_id BYTEA PRIMARY KEY,
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    done_ms BIGINT
);

-- Two people accept what lies aside, up to (epoch, seq) of that epoch.
CREATE TABLE aside_decision (
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, epoch)
);

CREATE TABLE attempt_receipt (
    attempt_id BYTEA PRIMARY KEY,
    head BYTEA NOT NULL,
    text TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE TABLE violation (
    id BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    code TEXT NOT NULL,               -- data/violation_codes.json
    trigger_no BIGINT NOT NULL,
    note TEXT NOT NULL,
    told BIGINT NOT NULL,             -- the candidate was told at the time
    reporter BYTEA NOT NULL,
    witness BYTEA,                    -- the second who signs
    at_ms BIGINT NOT NULL,
    statement TEXT,                   -- of the candidate
    state TEXT NOT NULL,              -- reported, witnessed, decided, dismissed
    decided_code TEXT,
    decision TEXT,
    decided_by BYTEA,
    decided_second BYTEA,
    decided_ms BIGINT
);
CREATE INDEX violation_session ON violation (session_id);
CREATE INDEX violation_attempt ON violation (attempt_id);

-- only sqlite
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal rows are never changed'); END;
CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal rows are never removed'); END;
CREATE TRIGGER journal_batch_no_update BEFORE UPDATE ON journal_batch
BEGIN SELECT RAISE(ABORT, 'batch records are never changed'); END;
CREATE TRIGGER journal_batch_no_delete BEFORE DELETE ON journal_batch
BEGIN SELECT RAISE(ABORT, 'batch records are never removed'); END;
CREATE TRIGGER time_ledger_no_update BEFORE UPDATE ON time_ledger
BEGIN SELECT RAISE(ABORT, 'ledger rows are never changed'); END;
CREATE TRIGGER time_ledger_no_delete BEFORE DELETE ON time_ledger
BEGIN SELECT RAISE(ABORT, 'ledger rows are never removed'); END;
-- end
-- only postgres
CREATE TRIGGER journal_entry_no_change BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_batch_no_change BEFORE UPDATE OR DELETE ON journal_batch
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER time_ledger_no_change BEFORE UPDATE OR DELETE ON time_ledger
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
