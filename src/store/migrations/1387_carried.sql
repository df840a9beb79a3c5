-- What a room node keeps for the centre: files that candidates handed in, pieces of recordings. It seals
-- them to a key of their session whose secret never leaves the centre.
CREATE TABLE carry_key (
    session_id BYTEA PRIMARY KEY,
    pub BYTEA NOT NULL,
    secret BYTEA,                     -- sealed, at the centre; NULL: on a node, or destroyed with the recordings
    made_ms BIGINT NOT NULL
);

-- On a node: in the order in which they came.
CREATE TABLE carried (
    session_id BYTEA NOT NULL,
    no BIGINT NOT NULL,               -- from 1
    blob_id BYTEA NOT NULL,
    attempt_id BYTEA NOT NULL,
    kind TEXT NOT NULL,               -- "file", "piece"
    bytes BIGINT NOT NULL,            -- as sealed
    digest BYTEA NOT NULL,            -- SHA-256 as sealed
    PRIMARY KEY (session_id, no)
);

-- At the centre: what a node announced, and what became of it.
CREATE TABLE room_blob (
    session_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL,
    no BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,           -- its number on the node: the seal is bound to it
    attempt_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    plain_digest BYTEA NOT NULL,
    plain_size BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,      -- on the node
    place BIGINT NOT NULL,            -- a file's question, a piece's beginning
    word TEXT NOT NULL,               -- a file's type, a piece's source
    length_ms BIGINT NOT NULL,        -- of a piece
    media_type TEXT NOT NULL,
    state TEXT NOT NULL,              -- awaited, here, lost, bad
    refused BIGINT NOT NULL DEFAULT 0, -- times it came with another digest
    settled_ms BIGINT,
    PRIMARY KEY (session_id, node_id, no)
);
CREATE INDEX room_blob_awaited ON room_blob (session_id, node_id, no) WHERE state = 'awaited';

-- The beginning of one that came in parts; the bytes are blobs. Goes when it is whole.
CREATE TABLE room_blob_part (
    session_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL,
    no BIGINT NOT NULL,
    place BIGINT NOT NULL,
    size BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    PRIMARY KEY (session_id, node_id, no, place)
);
