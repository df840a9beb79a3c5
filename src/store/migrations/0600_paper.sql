-- Forms, sealed papers, officers' shares. Nothing here opens a paper before its release.
CREATE TABLE form (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    name TEXT NOT NULL,
    programme TEXT NOT NULL,
    component TEXT NOT NULL,
    level BIGINT NOT NULL,
    direction TEXT NOT NULL,          -- '' where the programme has none
    layout TEXT NOT NULL,             -- [{"kind","count","millimarks"}]
    seed BYTEA NOT NULL,
    items BIGINT NOT NULL,
    millimarks BIGINT NOT NULL,
    state TEXT NOT NULL,              -- draft, sealed
    created_by BYTEA,
    created_ms BIGINT NOT NULL
);
CREATE INDEX form_body ON form (body, created_ms);

CREATE TABLE form_item (
    form BYTEA NOT NULL REFERENCES form (id),
    position BIGINT NOT NULL,
    part BIGINT NOT NULL,             -- of the layout
    item BYTEA NOT NULL,
    version_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    code TEXT NOT NULL,
    area TEXT NOT NULL,
    point TEXT NOT NULL,
    millimarks BIGINT NOT NULL,
    PRIMARY KEY (form, position)
);

CREATE TABLE paper_session (
    session BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    title TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    open_at_ms BIGINT NOT NULL,
    close_at_ms BIGINT NOT NULL,
    key_set BYTEA NOT NULL,           -- sealed under K_bank, with its salt
    key_commit BYTEA NOT NULL,
    prepared_ms BIGINT NOT NULL,
    released_ms BIGINT
);

CREATE TABLE paper_room (
    session BYTEA NOT NULL,
    room BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    key_commit BYTEA NOT NULL,
    manifest BYTEA NOT NULL,          -- JCS, signed
    room_key BYTEA,                   -- wrapped under K_store, from the release on
    PRIMARY KEY (session, room)
);

CREATE TABLE paper_share (
    session BYTEA NOT NULL,
    officer BIGINT NOT NULL,          -- 1, 2, 3
    account BYTEA NOT NULL,
    box BYTEA NOT NULL,               -- HNK1 sealed to the officer's key
    PRIMARY KEY (session, officer)
);

CREATE TABLE paper (
    id BYTEA PRIMARY KEY,
    session BYTEA NOT NULL,
    room BIGINT NOT NULL,
    number BIGINT NOT NULL,           -- subkey number in the room
    revision BIGINT NOT NULL,
    form BYTEA NOT NULL,
    attempt BYTEA,                    -- null: a spare not in use
    spare BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    open_at_ms BIGINT NOT NULL,
    UNIQUE (session, room, number)
);
CREATE UNIQUE INDEX paper_attempt ON paper (attempt);

CREATE TABLE paper_blob (
    paper BYTEA PRIMARY KEY,
    blob BYTEA NOT NULL               -- HNP1
);

CREATE TABLE release_officer (
    account BYTEA PRIMARY KEY,
    public BYTEA NOT NULL,            -- X25519
    secret BYTEA NOT NULL,            -- under the officer's passphrase
    at_ms BIGINT NOT NULL
);
