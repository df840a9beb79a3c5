-- How the items of a published sitting worked, folded once (doc/decisions/0078). Derived from journals and keys:
-- whatever the stamp does not cover any more is computed again and written over.
CREATE TABLE item_sitting_stamp (
    session_id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    stamp TEXT NOT NULL,              -- what it follows from, see measure/item_sitting.h
    at_ms BIGINT NOT NULL
);
CREATE TABLE item_sitting (
    session_id BYTEA NOT NULL,
    code TEXT NOT NULL,
    parts BYTEA NOT NULL,             -- JSON under the bank key: it has stem, key and answers
    PRIMARY KEY (session_id, code)
);
-- Which sittings had an item: from the item to its forms to their papers.
CREATE INDEX form_item_item ON form_item (item);
CREATE INDEX paper_form ON paper (form, session);
