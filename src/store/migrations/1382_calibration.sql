-- Runs that estimated item parameters from published sittings, and what two people adopted of them. The
-- adopted ones of a programme lie on one scale: the first run made it, later ones were linked to it.
-- Numbers are millionths of a logit; parameters are those of D = 1.
CREATE TABLE calibration (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    programme TEXT NOT NULL,
    model TEXT NOT NULL,              -- rasch, 2pl, 3pl
    sittings BIGINT NOT NULL,
    persons BIGINT NOT NULL,
    log_likelihood BIGINT NOT NULL,   -- thousandths
    before BIGINT NOT NULL,           -- runs adopted before this one: its scale
    anchors BIGINT NOT NULL,          -- items that link it; 0: it makes the scale
    link_a BIGINT,
    link_b BIGINT,
    actor BYTEA NOT NULL,
    ran_ms BIGINT NOT NULL,
    second BYTEA,
    adopted_ms BIGINT
);
CREATE INDEX calibration_programme ON calibration (body, programme, ran_ms);

CREATE TABLE item_parameter (
    calibration BYTEA NOT NULL REFERENCES calibration (id),
    version_id BYTEA NOT NULL REFERENCES item_version (id),
    role TEXT NOT NULL,               -- new, anchor, drifted; only the new become the bank's
    a BIGINT NOT NULL,
    b BIGINT NOT NULL,
    c BIGINT NOT NULL,
    se_a BIGINT,
    se_b BIGINT,
    se_c BIGINT,
    answers BIGINT NOT NULL,
    kept_b BIGINT,                    -- the bank's b of an anchor
    PRIMARY KEY (calibration, version_id)
);
CREATE INDEX item_parameter_version ON item_parameter (version_id);

-- only sqlite
CREATE TRIGGER item_parameter_no_update BEFORE UPDATE ON item_parameter
BEGIN SELECT RAISE(ABORT, 'parameters are never changed'); END;
CREATE TRIGGER item_parameter_no_delete BEFORE DELETE ON item_parameter
BEGIN SELECT RAISE(ABORT, 'parameters are never removed'); END;
CREATE TRIGGER calibration_adopted BEFORE UPDATE ON calibration WHEN OLD.adopted_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was adopted is never changed'); END;
-- end
-- only postgres
CREATE TRIGGER item_parameter_no_change BEFORE UPDATE OR DELETE ON item_parameter
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
