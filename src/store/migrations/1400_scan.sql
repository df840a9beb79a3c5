-- Scanned answer sheets: the files as they came (encrypted, by hash), their pages as they were read, and
-- what people said of the places that the reader left to them. What was said is never changed.
CREATE TABLE scan_file (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,            -- of the plain file
    blob_id BYTEA NOT NULL,
    pages BIGINT NOT NULL,
    account_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    UNIQUE (session_id, digest)
);

CREATE TABLE scan_page (
    id BYTEA PRIMARY KEY,
    file_id BYTEA NOT NULL,
    no BIGINT NOT NULL,               -- in the file, from 1
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    attempt_id BYTEA,                 -- NULL: nobody's of this session
    page BIGINT NOT NULL,             -- of the sheet, from 1; 0 where it is not known
    refused TEXT,                     -- a sentence; NULL where the page counts
    blob_id BYTEA,                    -- the page straightened
    px BIGINT NOT NULL,               -- its pixels a millimetre
    reading TEXT,                     -- JSON [{"place", "doubt", "marks"}]
    UNIQUE (file_id, no)
);
CREATE INDEX scan_page_session ON scan_page (session_id);
CREATE UNIQUE INDEX scan_page_counts ON scan_page (attempt_id, page) WHERE refused IS NULL;

-- One row an attempt: who changes what was read of it holds this row.
CREATE TABLE scan_attempt (
    attempt_id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    entered_ms BIGINT,                -- the machine's sheet was handed in
    checker_id BYTEA,                 -- who found a sampled mark read wrongly: all is theirs to read
    widened_ms BIGINT
);

CREATE TABLE scan_mark (
    attempt_id BYTEA NOT NULL,
    n BIGINT NOT NULL,
    body_id BYTEA NOT NULL,
    response TEXT NOT NULL,           -- JSON, in the item's own letters
    account_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, n)
);

-- only sqlite
CREATE TRIGGER scan_mark_no_update BEFORE UPDATE ON scan_mark
BEGIN SELECT RAISE(ABORT, 'what was said of a mark is never changed'); END;
CREATE TRIGGER scan_page_no_update BEFORE UPDATE ON scan_page
BEGIN SELECT RAISE(ABORT, 'a page that was read is never changed'); END;
-- end
-- only postgres
CREATE TRIGGER scan_mark_no_change BEFORE UPDATE OR DELETE ON scan_mark
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scan_page_no_change BEFORE UPDATE OR DELETE ON scan_page
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
