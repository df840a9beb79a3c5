-- How many places of a page were doubtful, counted when it is read: a list of hundreds of sheets need not read
-- what was read of each again. Of pages read before it is counted here, once.
ALTER TABLE scan_page ADD COLUMN doubtful BIGINT NOT NULL DEFAULT 0;
CREATE INDEX scan_attempt_session ON scan_attempt (session_id);

-- only sqlite
DROP TRIGGER scan_page_no_update;
-- end
-- only postgres
DROP TRIGGER scan_page_no_change ON scan_page;
-- end
-- Every place has a doubt, "" where there is none.
UPDATE scan_page SET doubtful = (LENGTH(reading) - LENGTH(REPLACE(reading, '"doubt":"', ''))) / 9
    - (LENGTH(reading) - LENGTH(REPLACE(reading, '"doubt":""', ''))) / 10 WHERE reading IS NOT NULL;
-- only sqlite
CREATE TRIGGER scan_page_no_update BEFORE UPDATE ON scan_page
BEGIN SELECT RAISE(ABORT, 'a page that was read is never changed'); END;
-- end
-- only postgres
CREATE TRIGGER scan_page_no_change BEFORE UPDATE OR DELETE ON scan_page
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
