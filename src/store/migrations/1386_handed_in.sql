-- Files that candidates hand in as an answer. The bytes are blobs under a key of the session; a file is
-- stored once it is whole, of its digest, and told in the cage. The journal's answer names the digest, so
-- older files stay beside the newest. Pieces go when their file is whole.
CREATE TABLE handed_file (
    attempt_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    item_no BIGINT NOT NULL,
    type TEXT NOT NULL,               -- a word of bank/upload_types.def
    size BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, digest)
);
CREATE INDEX handed_file_session ON handed_file (session_id);

CREATE TABLE handed_piece (
    attempt_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,            -- of the whole file
    place BIGINT NOT NULL,            -- where in it the piece begins
    session_id BYTEA NOT NULL,
    size BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, digest, place)
);
CREATE INDEX handed_piece_session ON handed_piece (session_id);

-- only sqlite
CREATE TRIGGER handed_file_no_update BEFORE UPDATE ON handed_file
BEGIN SELECT RAISE(ABORT, 'files that were handed in are never changed'); END;
CREATE TRIGGER handed_file_no_delete BEFORE DELETE ON handed_file
BEGIN SELECT RAISE(ABORT, 'files that were handed in are never removed'); END;
-- end
-- only postgres
CREATE TRIGGER handed_file_no_change BEFORE UPDATE OR DELETE ON handed_file
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
