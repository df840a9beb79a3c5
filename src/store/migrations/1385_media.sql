-- Sounds and films of items lie beside the pictures, sealed as they are; a picture lasts no time.
ALTER TABLE attachment ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0;

-- What is too large for every paper to carry: sealed once for a room and form, under a key of its own that
-- the papers of this form hold (decision 0069). NUMBER is the subkey's in the room, from 2^24.
CREATE TABLE paper_object (
    id BYTEA PRIMARY KEY,
    session BYTEA NOT NULL,
    room BIGINT NOT NULL,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    form BYTEA NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    UNIQUE (session, room, number)
);
CREATE INDEX paper_object_of ON paper_object (session, room, form);
