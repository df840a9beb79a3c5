-- What markers and machines said of an answer is neither changed nor removed: SQLite had only the first half.
-- only sqlite
CREATE TRIGGER scan_mark_no_delete BEFORE DELETE ON scan_mark
BEGIN SELECT RAISE(ABORT, 'what was said of a mark is never removed'); END;
CREATE TRIGGER scan_page_no_delete BEFORE DELETE ON scan_page
BEGIN SELECT RAISE(ABORT, 'a page that was read is never removed'); END;
CREATE TRIGGER script_mark_no_delete BEFORE DELETE ON script_mark
BEGIN SELECT RAISE(ABORT, 'a mark is never removed'); END;
CREATE TRIGGER typed_decision_no_delete BEFORE DELETE ON typed_decision
BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;
-- end
