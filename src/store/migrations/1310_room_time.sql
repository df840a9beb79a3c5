-- The centre's time acts on room nodes. A node writes each ledger row of the centre once, under a number of
-- its own; from_no is the centre's number. Handed up, it stands beside the row it copies.
ALTER TABLE time_ledger ADD COLUMN from_no BIGINT;
-- Below 2^40 are rows that were written here: of those none twice. Several nodes hand up copies of one row.
CREATE UNIQUE INDEX time_ledger_once ON time_ledger (session_id, from_no)
WHERE from_no IS NOT NULL AND no < 1099511627776;

-- At the centre: which of its rows a node has taken over, or why not.
CREATE TABLE room_ledger_reached (
    session_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL,
    no BIGINT NOT NULL,
    reached_ms BIGINT NOT NULL,
    problem TEXT,                     -- the node's reason for not taking it
    PRIMARY KEY (session_id, node_id, no)
);
