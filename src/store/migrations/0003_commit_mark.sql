-- only postgres
-- The last commit of each session with the server: when the connection breaks in a commit, the mark
-- says whether it went through. Rows of programs that were killed stay behind and do no harm.
CREATE TABLE store_commit (
    slot BIGINT PRIMARY KEY,
    mark BIGINT NOT NULL
) WITH (fillfactor = 20);
-- end
