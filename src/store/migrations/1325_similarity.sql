-- A person's decision about two candidates whose answers are alike. Nothing computes marks from it.
CREATE TABLE similarity_review (
    session_id BYTEA NOT NULL,
    first_id BYTEA NOT NULL,          -- attempts, the smaller id first
    second_id BYTEA NOT NULL,
    verdict TEXT NOT NULL,            -- "harmless", "violation"
    reason TEXT NOT NULL,
    actor BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, first_id, second_id)
);
