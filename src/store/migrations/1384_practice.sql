-- Items that candidates may practise with. An item becomes one once, when it is retired, and is never an
-- exam item again: none of its states, none of its texts can change any more.
ALTER TABLE item ADD COLUMN practice BIGINT NOT NULL DEFAULT 0;
CREATE INDEX item_practice ON item (body, practice, programme);

-- only sqlite
CREATE TRIGGER item_practice_stays BEFORE UPDATE ON item WHEN OLD.practice = 1
BEGIN SELECT RAISE(ABORT, 'a practice item is never an exam item again'); END;
CREATE TRIGGER item_practice_retired BEFORE UPDATE ON item
WHEN NEW.practice <> OLD.practice AND OLD.state <> 'retired'
BEGIN SELECT RAISE(ABORT, 'only a retired item becomes a practice item'); END;
-- end
-- only postgres
CREATE TRIGGER item_practice_stays BEFORE UPDATE ON item
FOR EACH ROW WHEN (OLD.practice = 1) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER item_practice_retired BEFORE UPDATE ON item
FOR EACH ROW WHEN (NEW.practice <> OLD.practice AND OLD.state <> 'retired')
EXECUTE FUNCTION refuse_change();
-- end
