-- What experts handed in and what was adopted is changed by nobody: PostgreSQL had not been told.
-- only postgres
CREATE FUNCTION refuse_rating_handed_in() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF EXISTS (SELECT 1 FROM cut_round_done d WHERE d.panel = OLD.panel AND d.round = OLD.round
 AND d.account = OLD.account) THEN
RAISE EXCEPTION 'a rating that was handed in is never changed';
END IF;
RETURN NEW; END $$;
CREATE TRIGGER cut_rating_handed_in BEFORE UPDATE ON cut_rating
FOR EACH ROW EXECUTE FUNCTION refuse_rating_handed_in();
CREATE TRIGGER calibration_adopted BEFORE UPDATE ON calibration
FOR EACH ROW WHEN (OLD.adopted_ms IS NOT NULL) EXECUTE FUNCTION refuse_change();
-- end
