-- How a session is held beyond its times: at home with recording, in Safe Exam Browser.
CREATE TABLE session_conduct (
    session_id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    online BIGINT NOT NULL,           -- candidates sit alone at a place of their own
    recorded BIGINT NOT NULL,         -- camera and microphone for the whole exam
    seb BIGINT NOT NULL,              -- only in Safe Exam Browser with our settings
    seb_settings TEXT,                -- JSON; the Config Key is a function of it
    seb_browser_keys TEXT NOT NULL,   -- Browser Exam Keys, hex, one a line; empty: not asked for
    changed_ms BIGINT NOT NULL
);
-- What the check page of a workstation found, the newest of a seat.
CREATE TABLE seat_check (
    room_id BYTEA NOT NULL,
    seat_no BIGINT NOT NULL,
    session_id BYTEA NOT NULL,
    result TEXT NOT NULL,             -- JSON as sitting/seat_check.h says
    passed BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (room_id, seat_no)
);
-- Pieces of a recording; each plays alone. The bytes are blobs, encrypted.
CREATE TABLE recording_piece (
    attempt_id BYTEA NOT NULL,
    source TEXT NOT NULL,             -- "camera"
    started_ms BIGINT NOT NULL,       -- by the server's time as the client knew it
    session_id BYTEA NOT NULL,
    length_ms BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    size BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, source, started_ms)
);
CREATE INDEX recording_piece_session ON recording_piece (session_id);
-- A person's decision about one thing that was noticed. Nothing computes marks from it.
CREATE TABLE notice_review (
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,              -- of the journal's event
    verdict TEXT NOT NULL,            -- "harmless", "violation"
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, epoch, seq)
);
