-- The key of a session's recordings: destroying it destroys them all (SECURITY §9). Sealed under the
-- master's field key. Pieces from before have the purpose "recording" and lie under that key itself.
CREATE TABLE recording_key (
    session_id BYTEA PRIMARY KEY,
    sealed BYTEA,                     -- NULL: destroyed
    made_ms BIGINT NOT NULL,
    destroyed_ms BIGINT
);
-- Who asked to see the recording of one flag. It is shown once two people have (the consent says so).
CREATE TABLE notice_look (
    attempt_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    actor BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, epoch, seq, actor)
);
