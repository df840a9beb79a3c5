-- The tables that grow while candidates sit are keyed by their session first (doc/decisions/0075): every
-- primary and every unique key of theirs contains session_id, so that they can be spread over machines by it
-- without another change. What lacked the column gets it from the attempt. Look-ups by the id alone keep a plain index.
-- only sqlite
CREATE TABLE attempt_next (
    session_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    seat_id BYTEA NOT NULL,
    seat_no BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    ticket TEXT NOT NULL,
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
    seal_code TEXT,                    -- as an invigilator noted it
    PRIMARY KEY (session_id, id),
    UNIQUE (session_id, seat_id),
    UNIQUE (session_id, ticket)
);
INSERT INTO attempt_next (
    session_id, id, room_id, seat_id, seat_no, entry_id, ticket, name, document_index,
    document_letter, document_country, photo_id, paper_id, paper_no, paper_digest, paper_bytes,
    state, epoch, presence, admitted_ms, opened_ms, ended_ms, end_reason, last_row, seal_code)
SELECT
    session_id, id, room_id, seat_id, seat_no, entry_id, ticket, name, document_index,
    document_letter, document_country, photo_id, paper_id, paper_no, paper_digest, paper_bytes,
    state, epoch, presence, admitted_ms, opened_ms, ended_ms, end_reason, last_row, seal_code
FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_next RENAME TO attempt;
CREATE INDEX attempt_by_id ON attempt (id);
CREATE INDEX attempt_entry ON attempt (entry_id);

CREATE TABLE attempt_epoch_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    pub BYTEA NOT NULL,
    weak BIGINT NOT NULL,
    claim_id BYTEA NOT NULL,
    main_head BYTEA NOT NULL,         -- of the main line at the claim; zeros: nothing
    takeover BIGINT NOT NULL,         -- by an invigilator's code
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, epoch)
);
INSERT INTO attempt_epoch_next (
    session_id, attempt_id, epoch, pub, weak, claim_id, main_head, takeover, at_ms)
SELECT
    a.session_id, x.attempt_id, x.epoch, x.pub, x.weak, x.claim_id, x.main_head, x.takeover,
    x.at_ms
FROM attempt_epoch x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE attempt_epoch;
ALTER TABLE attempt_epoch_next RENAME TO attempt_epoch;

CREATE TABLE attempt_closing_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    done_ms BIGINT,
    PRIMARY KEY (session_id, attempt_id)
);
INSERT INTO attempt_closing_next (
    session_id, attempt_id, reason, actor, second, at_ms, done_ms)
SELECT
    a.session_id, x.attempt_id, x.reason, x.actor, x.second, x.at_ms, x.done_ms
FROM attempt_closing x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE attempt_closing;
ALTER TABLE attempt_closing_next RENAME TO attempt_closing;

CREATE TABLE aside_decision_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, epoch)
);
INSERT INTO aside_decision_next (
    session_id, attempt_id, epoch, seq, reason, actor, second, at_ms)
SELECT
    a.session_id, x.attempt_id, x.epoch, x.seq, x.reason, x.actor, x.second, x.at_ms
FROM aside_decision x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE aside_decision;
ALTER TABLE aside_decision_next RENAME TO aside_decision;

CREATE TABLE attempt_receipt_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    head BYTEA NOT NULL,
    text TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id)
);
INSERT INTO attempt_receipt_next (
    session_id, attempt_id, head, text, at_ms)
SELECT
    a.session_id, x.attempt_id, x.head, x.text, x.at_ms
FROM attempt_receipt x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE attempt_receipt;
ALTER TABLE attempt_receipt_next RENAME TO attempt_receipt;
CREATE INDEX attempt_receipt_head ON attempt_receipt (head);

CREATE TABLE delivery_room_next (
    session_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    no BIGINT NOT NULL,               -- as in the sealed papers
    name TEXT NOT NULL,
    attempt_key BYTEA NOT NULL,        -- K_att, wrapped
    PRIMARY KEY (session_id, id)
);
INSERT INTO delivery_room_next (
    session_id, id, no, name, attempt_key)
SELECT
    session_id, id, no, name, attempt_key
FROM delivery_room;
DROP TABLE delivery_room;
ALTER TABLE delivery_room_next RENAME TO delivery_room;

CREATE TABLE handed_file_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    item_no BIGINT NOT NULL,
    type TEXT NOT NULL,               -- a word of bank/upload_types.def
    size BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, digest)
);
INSERT INTO handed_file_next (
    session_id, attempt_id, digest, item_no, type, size, blob_id, received_ms)
SELECT
    session_id, attempt_id, digest, item_no, type, size, blob_id, received_ms
FROM handed_file;
DROP TABLE handed_file;
ALTER TABLE handed_file_next RENAME TO handed_file;
CREATE TRIGGER handed_file_no_update BEFORE UPDATE ON handed_file
BEGIN SELECT RAISE(ABORT, 'files that were handed in are never changed'); END;
CREATE TRIGGER handed_file_no_delete BEFORE DELETE ON handed_file
BEGIN SELECT RAISE(ABORT, 'files that were handed in are never removed'); END;

CREATE TABLE handed_piece_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,            -- of the whole file
    place BIGINT NOT NULL,            -- where in it the piece begins
    size BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, digest, place)
);
INSERT INTO handed_piece_next (
    session_id, attempt_id, digest, place, size, blob_id, received_ms)
SELECT
    session_id, attempt_id, digest, place, size, blob_id, received_ms
FROM handed_piece;
DROP TABLE handed_piece;
ALTER TABLE handed_piece_next RENAME TO handed_piece;

CREATE TABLE recording_piece_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    source TEXT NOT NULL,             -- "camera"
    started_ms BIGINT NOT NULL,       -- by the server's time as the client knew it
    length_ms BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    size BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, source, started_ms)
);
INSERT INTO recording_piece_next (
    session_id, attempt_id, source, started_ms, length_ms, blob_id, digest, size, received_ms)
SELECT
    session_id, attempt_id, source, started_ms, length_ms, blob_id, digest, size, received_ms
FROM recording_piece;
DROP TABLE recording_piece;
ALTER TABLE recording_piece_next RENAME TO recording_piece;

CREATE TABLE notice_look_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    actor BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, epoch, seq, actor)
);
INSERT INTO notice_look_next (
    session_id, attempt_id, epoch, seq, actor, at_ms)
SELECT
    a.session_id, x.attempt_id, x.epoch, x.seq, x.actor, x.at_ms
FROM notice_look x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE notice_look;
ALTER TABLE notice_look_next RENAME TO notice_look;

CREATE TABLE notice_review_next (
    session_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,              -- of the journal's event
    verdict TEXT NOT NULL,            -- "harmless", "violation"
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, attempt_id, epoch, seq)
);
INSERT INTO notice_review_next (
    session_id, attempt_id, epoch, seq, verdict, reason, actor, at_ms)
SELECT
    a.session_id, x.attempt_id, x.epoch, x.seq, x.verdict, x.reason, x.actor, x.at_ms
FROM notice_review x JOIN attempt a ON a.id = x.attempt_id;
DROP TABLE notice_review;
ALTER TABLE notice_review_next RENAME TO notice_review;

CREATE TABLE violation_next (
    session_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
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
    decided_ms BIGINT,
    PRIMARY KEY (session_id, id)
);
INSERT INTO violation_next (
    session_id, id, attempt_id, entry_id, code, trigger_no, note, told, reporter, witness,
    at_ms, statement, state, decided_code, decision, decided_by, decided_second, decided_ms)
SELECT
    session_id, id, attempt_id, entry_id, code, trigger_no, note, told, reporter, witness,
    at_ms, statement, state, decided_code, decision, decided_by, decided_second, decided_ms
FROM violation;
DROP TABLE violation;
ALTER TABLE violation_next RENAME TO violation;
CREATE INDEX violation_by_id ON violation (id);
CREATE INDEX violation_attempt ON violation (attempt_id);

CREATE TABLE seat_check_next (
    session_id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    seat_no BIGINT NOT NULL,
    result TEXT NOT NULL,             -- JSON as sitting/seat_check.h says
    passed BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, room_id, seat_no)
);
INSERT INTO seat_check_next (
    session_id, room_id, seat_no, result, passed, at_ms)
SELECT
    session_id, room_id, seat_no, result, passed, at_ms
FROM seat_check;
DROP TABLE seat_check;
ALTER TABLE seat_check_next RENAME TO seat_check;
CREATE INDEX seat_check_room ON seat_check (room_id);

-- end
-- only postgres
ALTER TABLE attempt DROP CONSTRAINT attempt_pkey,
    DROP CONSTRAINT attempt_seat_id_key,
    DROP CONSTRAINT attempt_ticket_key,
    ADD PRIMARY KEY (session_id, id),
    ADD UNIQUE (session_id, seat_id),
    ADD UNIQUE (session_id, ticket);
DROP INDEX attempt_session;
CREATE INDEX attempt_by_id ON attempt (id);
ALTER TABLE attempt_epoch ADD COLUMN session_id BYTEA;
UPDATE attempt_epoch x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE attempt_epoch ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE attempt_epoch DROP CONSTRAINT attempt_epoch_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, epoch);
ALTER TABLE attempt_closing ADD COLUMN session_id BYTEA;
UPDATE attempt_closing x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE attempt_closing ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE attempt_closing DROP CONSTRAINT attempt_closing_pkey,
    ADD PRIMARY KEY (session_id, attempt_id);
ALTER TABLE aside_decision ADD COLUMN session_id BYTEA;
UPDATE aside_decision x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE aside_decision ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE aside_decision DROP CONSTRAINT aside_decision_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, epoch);
ALTER TABLE attempt_receipt ADD COLUMN session_id BYTEA;
UPDATE attempt_receipt x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE attempt_receipt ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE attempt_receipt DROP CONSTRAINT attempt_receipt_pkey,
    ADD PRIMARY KEY (session_id, attempt_id);
ALTER TABLE delivery_room DROP CONSTRAINT delivery_room_pkey,
    ADD PRIMARY KEY (session_id, id);
ALTER TABLE handed_file DROP CONSTRAINT handed_file_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, digest);
DROP INDEX handed_file_session;
ALTER TABLE handed_piece DROP CONSTRAINT handed_piece_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, digest, place);
DROP INDEX handed_piece_session;
ALTER TABLE recording_piece DROP CONSTRAINT recording_piece_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, source, started_ms);
DROP INDEX recording_piece_session;
ALTER TABLE notice_look ADD COLUMN session_id BYTEA;
UPDATE notice_look x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE notice_look ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE notice_look DROP CONSTRAINT notice_look_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, epoch, seq, actor);
ALTER TABLE notice_review ADD COLUMN session_id BYTEA;
UPDATE notice_review x SET session_id = a.session_id FROM attempt a WHERE a.id = x.attempt_id;
ALTER TABLE notice_review ALTER COLUMN session_id SET NOT NULL;
ALTER TABLE notice_review DROP CONSTRAINT notice_review_pkey,
    ADD PRIMARY KEY (session_id, attempt_id, epoch, seq);
ALTER TABLE violation DROP CONSTRAINT violation_pkey,
    ADD PRIMARY KEY (session_id, id);
DROP INDEX violation_session;
CREATE INDEX violation_by_id ON violation (id);
ALTER TABLE seat_check DROP CONSTRAINT seat_check_pkey,
    ADD PRIMARY KEY (session_id, room_id, seat_no);
CREATE INDEX seat_check_room ON seat_check (room_id);
-- end
