-- The item bank. Question and key lie sealed in item_version; the rest is what composing needs.
CREATE TABLE item (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,              -- the assessment body that owns it
    code TEXT NOT NULL,               -- the author's own name for it, never reused
    programme TEXT NOT NULL,
    state TEXT NOT NULL,              -- bank/item_states.def
    version BIGINT NOT NULL,          -- the newest
    version_id BYTEA NOT NULL,
    changed_ms BIGINT NOT NULL,
    UNIQUE (body, code)
);
CREATE INDEX item_programme ON item (body, programme, state);

CREATE TABLE item_version (
    id BYTEA PRIMARY KEY,
    item BYTEA NOT NULL REFERENCES item (id),
    version BIGINT NOT NULL,
    author BYTEA,
    at_ms BIGINT NOT NULL,
    digest BYTEA NOT NULL,            -- of the text, keyed: tells "unchanged"
    sealed BYTEA NOT NULL,            -- the text under K_bank, bound to id
    kind TEXT NOT NULL,
    levels TEXT NOT NULL,             -- ",4,3,"
    directions TEXT NOT NULL,         -- ",A,C,"; "," for all
    area TEXT NOT NULL,               -- of the first point
    point TEXT NOT NULL,
    points TEXT NOT NULL,
    difficulty BIGINT NOT NULL,
    cognitive TEXT NOT NULL,
    importance TEXT NOT NULL,
    enemies TEXT NOT NULL,
    UNIQUE (item, version)
);

CREATE TABLE item_law (
    version_id BYTEA NOT NULL REFERENCES item_version (id),
    name TEXT NOT NULL,
    law_version TEXT NOT NULL,
    article TEXT NOT NULL
);
CREATE INDEX item_law_version ON item_law (version_id);

CREATE TABLE item_review (
    version_id BYTEA NOT NULL REFERENCES item_version (id),
    reviewer BYTEA NOT NULL,
    verdict BIGINT NOT NULL,          -- 1 approved, 0 returned
    note TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (version_id, reviewer)
);

-- only sqlite
CREATE TRIGGER item_version_no_update BEFORE UPDATE ON item_version
BEGIN SELECT RAISE(ABORT, 'item versions are never changed'); END;
-- end
-- only postgres
CREATE TRIGGER item_version_no_update BEFORE UPDATE ON item_version
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- end
