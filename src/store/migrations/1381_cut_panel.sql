-- A modified Angoff panel: who rates which items, in two rounds, and what came of it. What was handed in
-- is never changed.
CREATE TABLE cut_panel (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    title TEXT NOT NULL,
    programme TEXT NOT NULL,
    form BYTEA,                       -- whose items they are; null: items by code
    chair BYTEA NOT NULL,
    round BIGINT NOT NULL,            -- 1, 2
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    outcome TEXT NOT NULL,            -- '', 'held', 'abandoned'
    reason TEXT NOT NULL
);
CREATE INDEX cut_panel_body ON cut_panel (body, opened_ms);

CREATE TABLE cut_panel_item (
    panel BYTEA NOT NULL REFERENCES cut_panel (id),
    n BIGINT NOT NULL,                -- from 1
    item BYTEA NOT NULL,
    version_id BYTEA NOT NULL,
    code TEXT NOT NULL,
    millimarks BIGINT NOT NULL,
    share BIGINT,                     -- of the marks that candidates got, in ten-thousandths
    answered BIGINT NOT NULL,         -- by how many
    PRIMARY KEY (panel, n)
);

CREATE TABLE cut_panel_member (
    panel BYTEA NOT NULL REFERENCES cut_panel (id),
    account BYTEA NOT NULL,
    excused_ms BIGINT,
    excuse TEXT NOT NULL,
    PRIMARY KEY (panel, account)
);

CREATE TABLE cut_rating (
    panel BYTEA NOT NULL REFERENCES cut_panel (id),
    round BIGINT NOT NULL,
    account BYTEA NOT NULL,
    n BIGINT NOT NULL,
    percent BIGINT NOT NULL,          -- of a hundred borderline candidates
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (panel, round, account, n)
);

CREATE TABLE cut_round_done (
    panel BYTEA NOT NULL REFERENCES cut_panel (id),
    round BIGINT NOT NULL,
    account BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (panel, round, account)
);

-- only sqlite
CREATE TRIGGER cut_rating_handed_in BEFORE UPDATE ON cut_rating
WHEN EXISTS (SELECT 1 FROM cut_round_done d WHERE d.panel = OLD.panel AND d.round = OLD.round
 AND d.account = OLD.account)
BEGIN SELECT RAISE(ABORT, 'a rating that was handed in is never changed'); END;
CREATE TRIGGER cut_rating_no_delete BEFORE DELETE ON cut_rating
BEGIN SELECT RAISE(ABORT, 'a rating is never removed'); END;
CREATE TRIGGER cut_round_done_no_update BEFORE UPDATE ON cut_round_done
BEGIN SELECT RAISE(ABORT, 'a round that was handed in stays so'); END;
CREATE TRIGGER cut_round_done_no_delete BEFORE DELETE ON cut_round_done
BEGIN SELECT RAISE(ABORT, 'a round that was handed in stays so'); END;
-- end
-- only postgres
CREATE TRIGGER cut_rating_no_delete BEFORE DELETE ON cut_rating
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cut_round_done_no_change BEFORE UPDATE OR DELETE ON cut_round_done
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
