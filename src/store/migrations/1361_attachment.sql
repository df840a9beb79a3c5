-- Pictures of items: each lies once in a body's bank, whatever number of items and versions shows it. The
-- bytes are sealed under K_bank, bound to the id, as the items are. MARK is a keyed hash of their digest:
-- it finds the same picture again and tells nobody else which one it is.
CREATE TABLE attachment (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    mark BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    account BYTEA,
    at_ms BIGINT NOT NULL,
    UNIQUE (body, mark)
);

CREATE TABLE item_attachment (
    version_id BYTEA NOT NULL REFERENCES item_version (id),
    attachment BYTEA NOT NULL REFERENCES attachment (id),
    PRIMARY KEY (version_id, attachment)
);
CREATE INDEX item_attachment_of ON item_attachment (attachment);

-- only sqlite
CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment
BEGIN SELECT RAISE(ABORT, 'attachments are never changed'); END;
-- end
-- only postgres
CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
