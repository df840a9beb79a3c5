-- Rehearsals on a room's own machine, ordered at the centre (doc/decisions/0076). At the centre: what was ordered
-- and how far the node says it is; the report stands in session_rehearsal.
CREATE TABLE room_rehearsal (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL,
    candidates BIGINT NOT NULL,
    room_seats BIGINT NOT NULL,       -- of its largest room
    seb BIGINT NOT NULL,              -- in Safe Exam Browser
    at_ms BIGINT NOT NULL,
    actor BYTEA NOT NULL,
    state TEXT NOT NULL,              -- ordered, running, done, refused
    stage TEXT,                       -- the last step that came through
    problem TEXT,                     -- why there is no report
    told_ms BIGINT
);
CREATE INDEX room_rehearsal_session ON room_rehearsal (session_id, at_ms);
CREATE INDEX room_rehearsal_node ON room_rehearsal (node_id);

-- On the node: what it plays or played, and what of it the centre knows.
CREATE TABLE node_rehearsal (
    id BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL,
    candidates BIGINT NOT NULL,
    room_seats BIGINT NOT NULL,
    seb BIGINT NOT NULL,
    taken_ms BIGINT NOT NULL,
    state TEXT NOT NULL,              -- running, done, refused
    stage TEXT,
    problem TEXT,
    report TEXT,                      -- as it was measured, unjudged
    passed BIGINT,
    ended_ms BIGINT,
    told TEXT                         -- state and stage that the centre has answered for
);
