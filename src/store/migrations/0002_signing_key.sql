-- The keys that sign, their secrets wrapped under the master (SECURITY §2.2, §2.5).
CREATE TABLE signing_key (
    kid TEXT PRIMARY KEY,             -- first 4 bytes of H(pub), hex
    id BYTEA NOT NULL UNIQUE,         -- binds the wrapped secret to its row
    purpose TEXT NOT NULL,            -- a word of base/key_uses.def
    pub BYTEA NOT NULL,
    secret BYTEA NOT NULL,            -- wrapped under KEY_STORE
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    state BIGINT NOT NULL,            -- 1 published, 2 active, 3 retired, 4 compromised
    compromised_ms BIGINT NOT NULL,
    table_version BIGINT NOT NULL,
    sig TEXT NOT NULL                 -- by the root
);
CREATE UNIQUE INDEX signing_key_active ON signing_key (purpose) WHERE state = 2;
