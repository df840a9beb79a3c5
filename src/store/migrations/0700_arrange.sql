-- The arrangement of an exam: sites, sessions, rooms, seats, staff, admission tickets. Every table
-- carries the body, so that every statement can be limited to it.
CREATE TABLE site (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    note TEXT,
    created_ms BIGINT NOT NULL,
    UNIQUE (body_id, name)
);

CREATE TABLE session (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    component TEXT NOT NULL,          -- the programme's own id: theory, skills, review
    title TEXT NOT NULL,
    starts_ms BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    zone_offset_ms BIGINT NOT NULL,
    late_limit_ms BIGINT NOT NULL,
    earliest_hand_in_ms BIGINT NOT NULL,
    state TEXT NOT NULL,              -- draft, arranged, sealed, running, finished, cancelled
    version BIGINT NOT NULL,
    seed BIGINT NOT NULL,             -- of the seating
    created_ms BIGINT NOT NULL
);
CREATE INDEX session_batch ON session (batch_id);
CREATE INDEX session_start ON session (body_id, starts_ms);

CREATE TABLE room (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    site_id BYTEA NOT NULL,
    no BIGINT NOT NULL,               -- 1... within the session
    name TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    column_count BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    UNIQUE (session_id, no),
    UNIQUE (session_id, site_id, name)
);

CREATE TABLE seat (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    number BIGINT NOT NULL,           -- printed; 1... within the room
    row_no BIGINT NOT NULL,
    col_no BIGINT NOT NULL,
    entry_id BYTEA,
    person_id BYTEA,
    UNIQUE (room_id, number),
    UNIQUE (session_id, entry_id)
);
CREATE INDEX seat_entry ON seat (entry_id);
CREATE INDEX seat_person ON seat (person_id);

CREATE TABLE session_staff (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    room_id BYTEA,                    -- none: for the whole session
    account_id BYTEA NOT NULL,
    duty TEXT NOT NULL,
    UNIQUE (session_id, account_id, duty)
);
CREATE INDEX session_staff_account ON session_staff (account_id);

-- The three digits of a session among those of its day; a session that is moved to another day
-- takes another row, so that no number is given twice.
CREATE TABLE ticket_series (
    day BIGINT NOT NULL,
    no BIGINT NOT NULL,
    session_id BYTEA NOT NULL,
    PRIMARY KEY (day, no),
    UNIQUE (session_id, day)
);

CREATE TABLE ticket (
    number TEXT PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    room_id BYTEA NOT NULL,
    seat_id BYTEA NOT NULL,
    entry_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    serial BIGINT NOT NULL,
    issued_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT,              -- the arrangement was opened again
    UNIQUE (session_id, serial)
);
CREATE UNIQUE INDEX ticket_valid ON ticket (session_id, entry_id) WHERE withdrawn_ms IS NULL;
CREATE INDEX ticket_entry ON ticket (entry_id);
CREATE INDEX ticket_person ON ticket (person_id);
