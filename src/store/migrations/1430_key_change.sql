-- What two people decided about the key of an item after a session: never changed, never removed. Each
-- makes the next key version; the marks of every version stay in theory_mark.
CREATE TABLE key_change (
    session_id BYTEA NOT NULL,
    ordinal BIGINT NOT NULL,          -- 1, 2, …; key version = that of the committed set + ordinal
    id BYTEA NOT NULL,
    body_id BYTEA NOT NULL,
    code TEXT NOT NULL,
    part BIGINT NOT NULL,             -- of a case, from 0; -1: the whole item
    effect TEXT NOT NULL,             -- replace, accept, credit
    key BYTEA,                        -- JSON under the bank key
    reason TEXT NOT NULL,
    attempts BIGINT NOT NULL,         -- scored anew
    changed BIGINT NOT NULL,          -- of them with another mark
    actor BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, ordinal)
);

-- only sqlite
CREATE TRIGGER key_change_no_update BEFORE UPDATE ON key_change
BEGIN SELECT RAISE(ABORT, 'a decided key is never changed'); END;
CREATE TRIGGER key_change_no_delete BEFORE DELETE ON key_change
BEGIN SELECT RAISE(ABORT, 'a decided key is never removed'); END;
-- end
-- only postgres
CREATE TRIGGER key_change_no_change BEFORE UPDATE OR DELETE ON key_change
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
