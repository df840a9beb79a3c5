-- Who saw the question or key of an item: one row a version, person, purpose and day. Never changed.
CREATE TABLE item_seen (
    version_id BYTEA NOT NULL REFERENCES item_version (id),
    account BYTEA NOT NULL,
    purpose TEXT NOT NULL,            -- bank/seen_purposes.def
    day BIGINT NOT NULL,              -- days since 1970, in UTC+8
    role BIGINT NOT NULL,             -- in which the account did it
    at_ms BIGINT NOT NULL,            -- the first time that day
    PRIMARY KEY (version_id, account, purpose, day)
);
CREATE INDEX item_seen_account ON item_seen (account, day);

-- only sqlite
CREATE TRIGGER item_seen_no_update BEFORE UPDATE ON item_seen
BEGIN SELECT RAISE(ABORT, 'what was seen stays seen'); END;
CREATE TRIGGER item_seen_no_delete BEFORE DELETE ON item_seen
BEGIN SELECT RAISE(ABORT, 'what was seen stays seen'); END;
-- end
-- only postgres
CREATE TRIGGER item_seen_no_change BEFORE UPDATE OR DELETE ON item_seen
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
